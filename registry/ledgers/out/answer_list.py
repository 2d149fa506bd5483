"""A service office's list as a spreadsheet: what its pages show of each child, a key, and columns to be filled in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _
from xlsxwriter.utility import xl_col_to_name

from registry.children.display import answer
from registry.children.fields import sealed_fields
from registry.children.queries import children_for_service
from registry.clock import today
from registry.i18n import language
from registry.ledgers.out.answer_columns import columns_of, offers, words_of
from registry.ledgers.out.answer_keys import key_of
from registry.ledgers.out.values import DASH, WORDS, between, place_names, values_of, written
from registry.ledgers.xlsx import AS_TEXT, book, write_row
from registry.referrals import shown
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from uuid import UUID

    from registry.access import Viewer
    from registry.ledgers.out.values import Value
    from registry.referrals.models import Referral
    from sop.version import Service

    Rows = Sequence["Row"]
    Values = Mapping[str, Value]

WIDTHS: Final = {"key": 10, "reference": 12, "limit": 14, "state": 12, "outcome": 30, "reason": 20, "wrong": 50}
USUAL_WIDTH: Final = 18
LISTS: Final = "lists"
# What a field of the procedure is in a list.
OF_FIELD: Final[Mapping[str, tuple[str, ...]]] = {
    "child.name": ("name",),
    "child.sex": ("sex",),
    "child.birth_date": ("birth",),
    "child.id_number": ("id_number",),
    "child.hukou": ("origin",),
    "child.area": ("area",),
    "child.address": ("block", "address"),
    "child.guardian": ("guardians",),
    "child.phone": ("phones",),
    "child.school": ("school", "school_name"),
    "child.certificate": ("vaccinated",),
    "child.doses": (),  # on a page of their own
}
MOST_TITLE: Final = 31
ABOVE: Final = 200  # rows below the last one in which choices are offered as well


@dataclass(frozen=True)
class Row:
    """A row of the list: the referral, what was typed into it already, and what is wrong with that."""

    referral: Referral
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: str = ""


def answers_book(viewer: Viewer, rows: Rows, *, mending: bool = False) -> bytes:
    """Return the xlsx file of an office's referrals, a sheet for each service, in the language of the page.

    Each row shows what the office may see of the child in the referral's present state, and nothing else. Every cell
    is text. `mending`: a last column says what is wrong with what was typed.
    """
    values = {row.referral.id: seen for row, seen in zip(rows, _read(viewer, rows), strict=True)}
    services = {(service := shown.service_of(row.referral)).code: service for row in rows}
    with book() as (made, content):
        making = _Making(made, viewer, values, mending=mending)
        for code, service in sorted(services.items()):
            making.sheet(service, [row for row in rows if shown.service_of(row.referral).code == code])
        making.explain()
        making.lists.hide()
    return content.getvalue()


def _read(viewer: Viewer, rows: Rows) -> Iterator[Values]:
    """Open for each row what its office may see of the child in the referral's present state."""
    files = children_for_service(row.referral.child_id for row in rows)
    for row in rows:
        seen = shown.visible_fields(row.referral)
        wanted = [name for field in seen for name in OF_FIELD[field]]
        yield values_of(files[row.referral.child_id], wanted, viewer.opening(sealed_fields(seen)))


class _Making:
    """The file on its way: its formats, its hidden sheet of choices, and whose eyes it is for."""

    def __init__(self, made: Any, viewer: Viewer, values: Mapping[UUID, Values], *, mending: bool) -> None:  # noqa: ANN401
        self.made, self.viewer, self.values, self.mending = made, viewer, values, mending
        self.names = place_names(values.values())
        self.rules = in_force(today()).downloads
        self.head = made.add_format({"bold": True, "bg_color": "#DFEEF1", "bottom": 1, "text_wrap": True})
        self.open_head = made.add_format({"bold": True, "bg_color": "#FFF4D1", "bottom": 1, "text_wrap": True})
        self.cell = made.add_format({"num_format": AS_TEXT})
        self.quiet = made.add_format({"num_format": AS_TEXT, "font_color": "#43525A"})
        self.offered = 0  # columns of the hidden sheet that are taken
        self.open_cell = made.add_format({"num_format": AS_TEXT, "bg_color": "#FFFBEC"})

    def sheet(self, service: Service, rows: Rows) -> None:
        """Write the sheet of one service."""
        made = self.made.add_worksheet(sheet_name(service, language()))
        fields = tuple(each for each in (*service.visible_before, *service.visible_after) if OF_FIELD[each])
        before, after = ("key", "reference", "limit", "state"), self._filled_in(service)
        columns = (*before, *fields, *after)
        for place, column in enumerate(columns):
            made.set_column(place, place, WIDTHS.get(column, USUAL_WIDTH), self._format(column, self.cell))
            made.write_string(0, place, self._heading(column), self._format(column, self.head, heads=True))
        for place, row in enumerate(rows, start=1):
            for at, text in enumerate(self._cells(row, columns)):
                _write(made, place, at, text, self._format(columns[at], self.cell))
        self._offer(made, service, columns, len(rows) + ABOVE)
        made.freeze_panes(1, len(before) + 1)

    def _filled_in(self, service: Service) -> tuple[str, ...]:
        """Return the columns to be filled in that an answer of this service may have use for."""
        wanted = columns_of(service)
        columns = (column for column in self.rules.filled_in if column in wanted)
        return (*columns, *(("wrong",) if self.mending else ()))

    def _heading(self, column: str) -> str:
        if column in self.rules.answers:
            return self.rules.answers[column].in_language(language())
        words = answer("field", column)
        return words[:1].upper() + words[1:]

    def _format(self, column: str, usual: Any, *, heads: bool = False) -> Any:  # noqa: ANN401
        if column in self.rules.filled_in:
            return self.open_head if heads else self.open_cell
        return usual if heads or column != "key" else self.quiet

    def _cells(self, row: Row, columns: Sequence[str]) -> list[str]:
        referral, due = row.referral, shown.standing(row.referral).due
        told = {
            "key": key_of(self.viewer, referral),
            "reference": shown.reference(referral),
            "limit": due.isoformat() if due else "",
            "state": shown.state_tag(referral)[0],
            "wrong": row.wrong,
        }
        told |= {field: self._fact(referral.id, field) for field in shown.visible_fields(referral)}
        return [told.get(column) or row.typed.get(column, "") for column in columns]

    def _fact(self, referral_id: UUID, field: str) -> str:
        """Return a field of the procedure as text; what a page says in one line may be several fields of a list."""
        values = (self.values[referral_id][name] for name in OF_FIELD[field])
        return between().join(text for value in values if (text := written(value, DASH, WORDS, self.names)))

    def _offer(self, made: Any, service: Service, columns: Sequence[str], last: int) -> None:  # noqa: ANN401
        """Offer what may be chosen from the hidden sheet: a list inside the cell may have 255 letters only."""
        for column, offer in offers(service, in_force(today())).items():
            if column not in columns:
                continue
            for row, entry in enumerate(offer):
                self.lists.write_string(row, self.offered, words_of(entry, language()))
            source = _range(self.offered, len(offer))
            made.data_validation(1, columns.index(column), last, columns.index(column), _listed(source))
            self.offered += 1

    @property
    def lists(self) -> Any:  # noqa: ANN401
        """The hidden sheet of choices; made at the first need."""
        return self.made.get_worksheet_by_name(LISTS) or self.made.add_worksheet(LISTS)

    def explain(self) -> None:
        """Write how the list is filled in; of a list without rows only that."""
        made, wrapped = self.made.add_worksheet(_("How to fill it in")), self.made.add_format({"text_wrap": True})
        made.set_column(0, 0, 90, wrapped)
        for number, line in enumerate(_explanation()):
            write_row(made, number, [line], wrapped)


def sheet_name(service: Service, tongue: str) -> str:
    """Return the name of a service's sheet, which may have 31 characters only: a longer one ends with a whole word."""
    name = service.name.in_language(tongue)
    return name if len(name) <= MOST_TITLE else name[: MOST_TITLE + 1].rpartition(" ")[0]


def _write(sheet: Any, row: int, column: int, text: str, style: Any) -> None:  # noqa: ANN401
    if text:
        sheet.write_string(row, column, text, style)
    else:
        sheet.write_blank(row, column, None, style)


def _range(column: int, number: int) -> str:
    letter = xl_col_to_name(column)
    return f"={LISTS}!${letter}$1:${letter}${number}"


def _listed(source: str) -> dict[str, str]:
    return {
        "validate": "list",
        "source": source,
        "error_title": _("Not in the list"),
        "error_message": _("Choose one of the entries of the list."),
    }


def _explanation() -> list[str]:
    return [
        _("Choose an outcome in the yellow columns, and fill in the others where the outcome asks for them."),
        _("Leave the key as it is: it says which referral a row is. Rows without an outcome stay as they are."),
        _("Days are written 2026-12-01. Rows may be sorted, moved and deleted; columns may be moved."),
        _("Then upload the file on the page from which it came. Nothing is applied before you have seen it there."),
        _("Holds personal data of children. Keep it locked, pass it on to nobody, and delete it after use."),
    ]
