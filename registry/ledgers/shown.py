"""Ledgers as pages show them: the list, the caption of one, its sheets with the columns that were recognised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import url_for
from flask_babel import gettext as _

from registry.areas.queries import names_of
from registry.i18n import language
from registry.ledgers.forms import column_key, missing, side_key
from registry.ledgers.words import state_tag
from registry.web.filters import in_chinese, joined, long_date, marked, moment, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from markupsafe import Markup

    from registry.access import Viewer
    from registry.ledgers.models import Ledger
    from registry.ledgers.sheets import Sheet

    Plan = Mapping[str, Any]

ROWS_SAID: Final = 5  # of a file in which no headings were found
CELLS_SAID: Final = 6
LONGEST_SAID: Final = 20


@dataclass(frozen=True)
class ShownSheet:
    """A sheet of a plan: its name and side, what is missing, what is left out, and its columns to be shown.

    `several`: its rows may name more than one child. `columns` are as the plan has them, each with the `key` of its
    list in the form.
    """

    name: str
    side: str
    missing: list[str]
    left_out: str
    several: bool
    columns: list[dict[str, Any]]


def title_of(ledger: Ledger, viewer: Viewer) -> str:
    """Return what a ledger is called: the name of its file, marked where it is in Chinese."""
    title: str = marked(ledger.name.open(viewer) or _("Ledger"))
    return title


def caption_of(ledger: Ledger, viewer: Viewer) -> Markup:
    """Return the line above a title: the file, the place, and the day on which ages were reckoned."""
    place = names_of([ledger.area_code], language()).get(ledger.area_code, "")
    return joined([title_of(ledger, viewer), place, _("ages on %(day)s", day=long_date(ledger.judged_on))])


def entries(ledgers: Sequence[Ledger], viewer: Viewer) -> list[dict[str, Any]]:
    """Return ledgers as lines of a list, each with the way to its page."""
    places = names_of({ledger.area_code for ledger in ledgers}, language())
    return [
        {
            "title": title_of(ledger, viewer),
            "url": url_for("ledgers.show", ledger_id=ledger.id),
            "line": joined([moment(ledger.made_at), places.get(ledger.area_code), _done(ledger)]),
            "tag": state_tag(ledger.state),
        }
        for ledger in ledgers
    ]


def _done(ledger: Ledger) -> str:
    if ledger.state == "read" or not ledger.rows_total:
        return ""
    return str(_("%(done)s of %(total)s rows", done=number(ledger.rows_done), total=number(ledger.rows_total)))


def sheets_to_ask(plan: Plan) -> list[dict[str, Any]]:
    """Return the sheets of a plan without the columns that are empty from top to bottom."""
    return [
        {**sheet, "columns": [each for each in sheet["columns"] if each["heading"] or each["samples"]]}
        for sheet in plan["sheets"]
    ]


def shown_sheets(sheets: Sequence[Plan], chosen: Sequence[Mapping[int, str | None]]) -> list[ShownSheet]:
    """Return sheets with what the form says of their columns just now: {index: field}, sheet by sheet."""
    return [
        ShownSheet(
            name=sheet["name"] or _("Sheet %(number)s", number=place + 1),
            side=side_key(place),
            missing=missing(fields.values()),
            left_out=_listed(each["heading"] for each in sheet["columns"] if not fields[each["index"]]),
            several=bool(sheet.get("several")),
            columns=[{**each, "key": column_key(place, each["index"])} for each in sheet["columns"]],
        )
        for place, (sheet, fields) in enumerate(zip(sheets, chosen, strict=True))
    ]


def first_rows(sheets: Sequence[Sheet]) -> list[str]:
    """Return what stands in the first rows of a file without headings, so that somebody sees which file it was."""
    rows = sheets[0].rows[:ROWS_SAID] if sheets else ()
    return [
        _listed(str(cell)[:LONGEST_SAID] for cell in cells[:CELLS_SAID] if cell is not None) for _row, cells in rows
    ]


def _listed(words: Iterable[str]) -> str:
    return ("、" if in_chinese() else ", ").join(word for word in words if word)
