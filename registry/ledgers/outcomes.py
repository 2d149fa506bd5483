"""What became of the rows of a ledger, as pages and the corrected copy say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from flask import url_for
from flask_babel import gettext as _

from registry.i18n import language
from registry.ledgers.records import messages_of
from registry.ledgers.refused import MendColumn, MendRow, MendSheet
from registry.ledgers.words import OUTCOMES
from registry.web.filters import number
from sop.ledger.fields import IGNORED
from sop.ledger.headings import field_of
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from registry.access import Viewer
    from registry.children.models import Child
    from registry.ledgers.models import Ledger, LedgerRow
    from registry.ledgers.queries import Page
    from sop.ledger.messages import Message
    from sop.ledger.words import LedgerWords

    Plan = Mapping[str, Any]
    Typed = Mapping[str, str]

FIGURE_KINDS: Final = {"refuse": "late", "register": "head"}


@dataclass(frozen=True)
class ShownRow:
    """A row and what became of it. `child`: its file, where it is in the viewer's scope; `name`: as it was typed."""

    place: str
    name: str
    child: Child | None
    reasons: list[str]
    proposals: list[str]


def figures(counts: Mapping[str, int]) -> list[dict[str, str | None]]:
    """Return the four outcomes with their numbers."""
    return [
        {
            "number": number(counts.get(code, 0)),
            "label": str(words),
            "kind": FIGURE_KINDS.get(code) if counts.get(code) else None,
        }
        for code, words in reversed(OUTCOMES.items())
    ]


def tabs(ledger: Ledger, counts: Mapping[str, int], tab: str) -> list[dict[str, Any]]:
    """Return a tab for each outcome, that which is to be worked on first."""
    return [
        {
            "text": str(words),
            "url": url_for("ledgers.show", ledger_id=ledger.id, tab=code),
            "count": number(counts.get(code, 0)),
            "current": code == tab,
            "late": code == "refuse" and counts.get(code, 0) > 0,
        }
        for code, words in OUTCOMES.items()
    ]


def shown_rows(ledger: Ledger, page: Page[LedgerRow], plan: Plan, viewer: Viewer) -> list[ShownRow]:
    """Return rows with what there is to say of them, and the files in the viewer's scope."""
    words = in_force(ledger.judged_on).ledgers
    shown = []
    for row in page.rows:
        messages = messages_of(row, viewer)
        child = page.children.get(row.child_id) if row.child_id else None
        name = _typed(row, viewer).get("name", "")
        shown.append(ShownRow(_place(row, plan), name, child, reasons(messages, words), proposals(messages, words)))
    return shown


def reasons(messages: Iterable[Message], words: LedgerWords) -> list[str]:
    """Return what was found in a row, each thing once, in the language of the page."""
    return list(dict.fromkeys(message.reason(language(), words) for message in messages))


def proposals(messages: Iterable[Message], words: LedgerWords) -> list[str]:
    """Return what to do about it, each thing once, in the language of the page."""
    said: list[str] = []
    for message in messages:
        said.append(message.advice(language(), words))
        if message.proposal:
            said.append(_("Perhaps %(value)s is meant.", value=message.proposal))
    return list(dict.fromkeys(text for text in said if text))


def _place(row: LedgerRow, plan: Plan) -> str:
    """The row as the spreadsheet counts it, with its sheet where there are several."""
    sheets = plan["sheets"]
    if len(sheets) > 1 and row.sheet < len(sheets):
        return str(_("%(sheet)s, row %(row)s", sheet=sheets[row.sheet]["name"], row=row.row))
    return str(_("Row %(row)s", row=row.row))


def to_mend(ledger: Ledger, refused: Sequence[LedgerRow], plan: Plan, viewer: Viewer) -> list[MendSheet]:
    """Return the refused rows of a ledger by sheet, under the headings that its office wrote."""
    sop, sheets = in_force(ledger.judged_on), []
    for place, sheet in enumerate(plan["sheets"]):
        typed = [(row, _typed(row, viewer)) for row in refused if row.sheet == place]
        if typed:
            rows = [_mend_row(row, cells, viewer, sop.ledgers) for row, cells in typed]
            columns = _mend_columns(sheet, [cells for _row, cells in typed], sop.ledgers)
            title = sop.empty_ledger.titles[sheet["side"]].in_language(language())
            sheets.append(MendSheet(sheet["name"] or "", title, columns, rows))
    return sheets


def _typed(row: LedgerRow, viewer: Viewer) -> Typed:
    return cast("Typed", row.typed.open(viewer) or {})


def _mend_row(row: LedgerRow, typed: Typed, viewer: Viewer, words: LedgerWords) -> MendRow:
    messages = messages_of(row, viewer)
    faulty = frozenset(message.field for message in messages)
    return MendRow(row.row, typed, reasons(messages, words), proposals(messages, words), faulty)


def _mend_columns(sheet: Plan, typed: Iterable[Typed], words: LedgerWords) -> list[MendColumn]:
    """Each field once, as its first column is called; then what no column of the sheet held, say the community above.

    A heading that only its office knows is replaced by one that everybody does, so that the copy needs no asking.
    """
    headings: dict[str, str] = {}
    for column in sheet["columns"]:
        if column["field"] and column["field"] != IGNORED:
            headings.setdefault(column["field"], column["heading"])
    for field in dict.fromkeys(field for cells in typed for field, value in cells.items() if value):
        headings.setdefault(field, "")
    return [
        MendColumn(_heading(field, heading, words), field) for field, heading in headings.items() if field != IGNORED
    ]


def _heading(field: str, heading: str, words: LedgerWords) -> str:
    if heading and field_of(heading, words) == field:
        return heading
    return next((word for word, meant in words.headers.items() if meant == field), heading)
