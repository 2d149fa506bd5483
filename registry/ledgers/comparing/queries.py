"""Reads of comparisons: those of an area, their counts, and the children whom a community has to look up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import or_, select

from registry.access import Role, outside_scope
from registry.areas.codes import ancestors
from registry.areas.queries import inside, scope_prefixes
from registry.children import comparing
from registry.children import queries as children
from registry.database import cut, db
from registry.ledgers.comparing.reading import listed
from registry.ledgers.comparing.running import ROSTER, on_list, plan_of, range_of
from registry.ledgers.models import Ledger, LedgerRow
from registry.ledgers.queries import ON_A_PAGE, Page
from sop.identity import parse_birth_date
from sop.rosters import BOTH, GROUPS, PERHAPS, TO_ASK_ABOUT, TO_LOOK_UP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select

    from registry.access import Viewer
    from registry.children.models import Child
    from sop.identity import BirthDate

DONE, OVER = "done", "over"  # `over`: its children are kept no longer, its counts are
BY_A_FILE: Final = (*(code for code, group in GROUPS.items() if group in (BOTH, PERHAPS)), "left")


@dataclass(frozen=True)
class ToLookUp:
    """A child of a list whom somebody has to look up. `told`: what the list says; `code`: how it stands now.

    `child_id`: the viewer's own file of the child, where there is one by now.
    """

    row_id: UUID
    row: int
    told: Mapping[str, Any]
    code: str
    child_id: UUID | None

    @property
    def birth(self) -> BirthDate | None:
        """The date of birth that the list says, perhaps without its day."""
        return parse_birth_date(self.told["birth"]) if "birth" in self.told else None


@dataclass(frozen=True)
class ToAskAbout:
    """A child on file who should be on a list and is not, and why not."""

    child: Child
    code: str

    @property
    def child_id(self) -> UUID:
        """The file."""
        return self.child.id


def rosters_of(viewer: Viewer, after: UUID | None = None) -> Page[Ledger]:
    """Return a page of the comparisons of the viewer's office and area, the newest first."""
    return _page(_own(viewer), after)


def roster_of(viewer: Viewer, ledger_id: UUID) -> Ledger:
    """Return a comparison of the viewer's office or area; any other is as if absent (404)."""
    found = db.session.scalars(_own(viewer).where(Ledger.id == ledger_id)).one_or_none()
    return found if found is not None else outside_scope()


def rosters_here(viewer: Viewer, states: tuple[str, ...], after: UUID | None = None) -> Page[Ledger]:
    """Return a page of the comparisons in these states that are about the viewer's area, the newest first."""
    return _page(_about(viewer).where(Ledger.state.in_(states)), after)


def roster_here(viewer: Viewer, ledger_id: UUID, states: tuple[str, ...]) -> Ledger:
    """Return a comparison in one of these states that is about the viewer's area; any other is as if absent (404)."""
    rows = _about(viewer).where(Ledger.id == ledger_id, Ledger.state.in_(states))
    found = db.session.scalars(rows).one_or_none()
    return found if found is not None else outside_scope()


def counts_of(viewer: Viewer, ledger: Ledger) -> dict[str, dict[str, int]]:
    """Return {12-digit area: {code: number}} of a comparison that has ended, of the viewer's own area alone."""
    counts: dict[str, dict[str, int]] = plan_of(ledger).get("counts", {})
    return {area: found for area, found in counts.items() if viewer.covers(area)}


def totals(counts: Mapping[str, Mapping[str, int]]) -> Counter[str]:
    """Return the sum over all areas: {code: number}."""
    total: Counter[str] = Counter()
    for found in counts.values():
        total.update(found)
    return total


def to_look_up(viewer: Viewer, ledger: Ledger, after: UUID | None = None) -> Page[ToLookUp]:
    """Return a page of the children whom a list has in the viewer's area and the register had not, or not for sure.

    Each is looked for again as the page is shown. What was found by a file that the viewer may not see any more is
    told as of a child without one.
    """
    rows = _waiting(viewer).where(LedgerRow.ledger_id == ledger.id)
    rows = rows.where(LedgerRow.id > after) if after else rows
    found = db.session.scalars(rows.order_by(LedgerRow.id).limit(ON_A_PAGE + 1)).all()
    shown, last = cut(found, ON_A_PAGE)
    told = [cast("dict[str, Any]", row.read.open(viewer)) for row in shown]
    now = comparing.find_listed(viewer, [listed(each) for each in told]) if shown else []
    each = [_to_look_up(row, said, file) for row, said, file in zip(shown, told, now, strict=True)]
    return Page(each, last.id if last else None)


def to_ask_about(viewer: Viewer, ledger: Ledger, after: UUID | None = None) -> Page[ToAskAbout]:
    """Return a page of the viewer's files that should be on a list and are not, as they stand now."""
    of = range_of(ledger)
    if of is None:
        return Page([], None)
    page = comparing.Page(TO_ASK_ABOUT, after, ON_A_PAGE + 1)
    found = comparing.unlisted(viewer, _both_in(viewer, ledger), on_list(ledger.id), of, page)
    shown, last = cut(found, ON_A_PAGE)
    files = children.children_for_service(child_id for child_id, _code in shown)
    return Page([ToAskAbout(files[child_id], code) for child_id, code in shown], last[0] if last else None)


def row_of(viewer: Viewer, row_id: UUID) -> LedgerRow:
    """Return a row that somebody in the viewer's area has to look up, or has; any other is as if absent (404)."""
    rows = select(LedgerRow).join(LedgerRow.ledger).where(LedgerRow.id == row_id, Ledger.state == DONE)
    rows = rows.where(Ledger.kind == ROSTER, LedgerRow.outcome.in_(TO_LOOK_UP))
    found = db.session.scalars(rows.where(inside(LedgerRow.area_code, viewer.prefixes))).one_or_none()
    return found if found is not None else outside_scope()


def _to_look_up(row: LedgerRow, told: Mapping[str, Any], file: comparing.Found | None) -> ToLookUp:
    code = file.code if file else "absent" if row.outcome in BY_A_FILE else row.outcome
    return ToLookUp(row.id, row.row, told, code, file.child_id if file else None)


def _waiting(viewer: Viewer) -> Select[LedgerRow]:
    open_rows = LedgerRow.outcome.in_(TO_LOOK_UP), LedgerRow.settled_at.is_(None)
    return select(LedgerRow).where(*open_rows, inside(LedgerRow.area_code, viewer.prefixes))


def _own(viewer: Viewer) -> Select[Ledger]:
    whose: list[ColumnElement[bool]] = [Ledger.office_id == viewer.office_id]
    if viewer.role is Role.SUPERVISOR:
        whose.append(inside(Ledger.area_code, viewer.prefixes))
    return select(Ledger).where(Ledger.kind == ROSTER, Ledger.state != "replaced", or_(*whose))


def _about(viewer: Viewer) -> Select[Ledger]:
    here = or_(inside(Ledger.area_code, viewer.prefixes), Ledger.area_code.in_(ancestors(viewer.area_code)))
    return select(Ledger).where(Ledger.kind == ROSTER, here)


def _page(rows: Select[Ledger], after: UUID | None) -> Page[Ledger]:
    rows = rows.where(Ledger.id < after) if after else rows
    found: Sequence[Ledger] = db.session.scalars(rows.order_by(Ledger.id.desc()).limit(ON_A_PAGE + 1)).all()
    shown, last = cut(found, ON_A_PAGE)
    return Page(shown, last.id if last else None)


def _both_in(viewer: Viewer, ledger: Ledger) -> tuple[str, ...]:
    """Return the prefixes of the viewer's area that the comparison was about, or of the comparison's inside it."""
    compared = scope_prefixes(ledger.area_code)
    own = (each for each in viewer.prefixes if each.startswith(compared))
    return tuple({*own, *(each for each in compared if each.startswith(viewer.prefixes))})
