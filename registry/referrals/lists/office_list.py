"""Reads of an office's list: what it has to answer, narrowed and in the order asked for, and what has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, true, tuple_

from registry.database import db
from registry.referrals import confidential
from registry.referrals.lists import office_filters
from registry.referrals.lists.office_filters import Filters
from registry.referrals.lists.pages import PAGE, Page, page_of, place_of
from registry.referrals.models import Referral
from registry.referrals.queries import is_overdue, listed, shown_to_offices
from sop.referral import WITH_OFFICE, State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from registry.access import Viewer

COUNTED_AT_MOST: Final = 10_000  # from there on the page says "10,000+"
NOTHING: Final = Filters()
ENDED: Final = "ended"
OVERDUE: Final = "overdue"
STATES_OF_TAB: Final = {
    "open": WITH_OFFICE,
    OVERDUE: WITH_OFFICE,
    "waiting": frozenset({State.SENT}),
    "in_progress": frozenset({State.ACCEPTED}),
    "appointed": frozenset({State.APPOINTED}),
    ENDED: frozenset(State) - WITH_OFFICE - {State.DRAFT},
}
TABS: Final = tuple(STATES_OF_TAB)


class Order(NamedTuple):
    """An order of the list: by a column, then by the id. `read`: of the column's value as an address has it."""

    column: ColumnElement[Any]
    read: Callable[[str], Any]
    descending: bool = False

    def by(self) -> tuple[ColumnElement[Any], ...]:
        """Return what the database sorts by."""
        keys: tuple[Any, ...] = (self.column, Referral.id)
        return tuple(key.desc() for key in keys) if self.descending else keys

    def after(self, place: tuple[Any, UUID] | None) -> ColumnElement[bool]:
        """Return the condition on what comes after a place."""
        if place is None:
            return true()
        keys = tuple_(self.column, Referral.id)
        return keys < place if self.descending else keys > place


LIMIT: Final = "limit"
SORTS: Final[Mapping[str, Order]] = {
    LIMIT: Order(Referral.due_on.expression, date.fromisoformat),
    "sent": Order(Referral.sent_on.expression, date.fromisoformat),
    "community": Order(Referral.area_code.expression, str),
    "grade": Order(Referral.entry_year.expression, int, descending=True),  # who enters last is the youngest
}
# Of what has ended the newest first: nothing of the child is said any more, and nothing told by the order.
LATEST: Final = Order(Referral.id.expression, UUID, descending=True)


@dataclass(frozen=True)
class Wanted:
    """What is asked of the list: one of TABS, what it is narrowed to, and one of SORTS.

    What has ended is narrowed by nothing: the office sees nothing of these children any more.
    """

    tab: str = TABS[0]
    filters: Filters = NOTHING
    sort: str = LIMIT

    @property
    def named(self) -> dict[str, Any]:
        """The same as it stands in an address; what goes without saying is left out."""
        kept = {"tab": self.tab} if self.tab != TABS[0] else {}
        return kept | self.filters.named | ({"sort": self.sort} if self.sort != LIMIT else {})

    @property
    def order(self) -> Order:
        """The order of the rows."""
        return LATEST if self.tab == ENDED else SORTS[self.sort]


def sorts_for(served: Sequence[str], on: date) -> list[str]:
    """Return the orders, codes of SORTS, that are offered to an office which answers these services."""
    return [sort for sort in SORTS if sort != "grade" or office_filters.is_of_school(served, on)]


def read(asked: Mapping[str, str], served: Sequence[str], on: date) -> Wanted:
    """Read what is wanted from the address of the list of an office that answers these services.

    What is not offered leaves the list as it is.
    """
    tab, sort = asked.get("tab", ""), asked.get("sort", "")
    tab = tab if tab in TABS else TABS[0]
    if tab == ENDED:
        return Wanted(ENDED)
    return Wanted(tab, office_filters.read(asked, served, on), sort if sort in sorts_for(served, on) else LIMIT)


def inbox(viewer: Viewer, wanted: Wanted, on: date, after: str | None = None) -> Page:
    """Return a page of the referrals that the viewer's own office has to answer. `after`: what the page before gave.

    First the ids of the page are found, then what it shows is read: sorting an office's rows whole would cost many
    times as much. A constant number of statements.
    """
    order = wanted.order
    place = place_of(after, order.read)
    found = first_of(viewer, wanted, on, PAGE + 1, place)
    rows = _in_full(viewer, [row.id for row in found])
    by = {row.id: row.by for row in found}
    return page_of(rows, lambda last: by[last.id])


def first_of(
    viewer: Viewer, wanted: Wanted, on: date, most: int, place: tuple[Any, UUID] | None = None
) -> Sequence[Any]:
    """Return `by` (what it is sorted by) and `id` of the first ones after a place, in their order.

    Read desk by desk, as each has an index in the order of the list, and merged.
    """
    order = wanted.order
    rows = [
        row
        for desk in _desks(viewer, wanted.filters)
        for row in db.session.execute(
            desk.where(*_fitting(wanted, on), order.after(place))
            .with_only_columns(order.column.label("by"), Referral.id)
            .order_by(*order.by())
            .limit(most)
        )
    ]
    rows.sort(key=lambda row: (row.by, row.id), reverse=order.descending)
    return rows[:most]


def to_answer(viewer: Viewer, limit: int) -> Sequence[Referral]:
    """Return what the viewer's own office has to answer, the earliest limit first; one more than `limit` at most."""
    return listed_first(viewer, Wanted(), date.min, limit + 1)


def listed_first(viewer: Viewer, wanted: Wanted, on: date, most: int) -> Sequence[Referral]:
    """Return so many of a list, from its beginning, with what a list shows of them."""
    return _in_full(viewer, [row.id for row in first_of(viewer, wanted, on, most)])


def counts(viewer: Viewer, on: date, filters: Filters = NOTHING) -> dict[str, int]:
    """Return how many of the viewer's office stand under each tab, of those that fit the filters.

    One more than COUNTED_AT_MOST at most, so that nobody waits for the counting of very many. What has ended is
    narrowed by nothing.
    """
    found = _up_to_most(viewer, on, [ENDED] if filters.named else TABS)
    if filters.named:
        found |= _by_state(viewer, on, filters)
    return {tab: min(found[tab], COUNTED_AT_MOST + 1) for tab in TABS}


def _up_to_most(viewer: Viewer, on: date, tabs: Sequence[str]) -> dict[str, int]:
    found = dict.fromkeys(tabs, 0)
    for desk in _desks(viewer, NOTHING):
        ones = [desk.where(_in_tab(tab, on)).with_only_columns(literal(1)).limit(COUNTED_AT_MOST + 1) for tab in tabs]
        numbers = (select(func.count()).select_from(one.subquery()).scalar_subquery() for one in ones)
        for tab, number in zip(tabs, db.session.execute(select(*numbers)).one(), strict=True):
            found[tab] += number
    return found


def _by_state(viewer: Viewer, on: date, filters: Filters) -> dict[str, int]:
    """Count what fits some filters in one going over, as each tab by itself might have to look at every row."""
    found = dict.fromkeys((tab for tab in TABS if tab != ENDED), 0)
    columns = Referral.state, func.count(), func.count(case((is_overdue(on), 1)))
    for desk in _desks(viewer, filters):
        rows = desk.where(*_fitting(Wanted(filters=filters), on)).with_only_columns(*columns).group_by(Referral.state)
        for state, number, late in db.session.execute(rows):
            found[OVERDUE] += late
            for tab in found.keys() - {OVERDUE}:
                found[tab] += number if state in STATES_OF_TAB[tab] else 0
    return found


def _desks(viewer: Viewer, filters: Filters) -> list[Select[Referral]]:
    """What the viewer's office has, of ordinary and of confidential services: each in the order of its own index."""
    desks, ways = confidential.desks_of(viewer.office_id), office_filters.ways(filters)
    return [select(Referral).where(desk, way, shown_to_offices()) for desk in desks for way in ways]


def _in_full(viewer: Viewer, ids: Sequence[UUID]) -> list[Referral]:
    """Read what a list shows of these, in their order."""
    rows = db.session.scalars(select(Referral).where(Referral.id.in_(ids)).options(*listed())).all()
    confidential.load_offices(rows, viewer)
    found = {each.id: each for each in rows}
    return [found[each] for each in ids]


def _fitting(wanted: Wanted, on: date) -> list[ColumnElement[bool]]:
    return [_in_tab(wanted.tab, on), *office_filters.conditions(wanted.filters, on)]


def _in_tab(tab: str, on: date) -> ColumnElement[bool]:
    if tab == ENDED:
        return and_(Referral.due_on.is_(None), Referral.state.in_(STATES_OF_TAB[ENDED]))
    there = and_(Referral.due_on.is_not(None), Referral.state.in_(STATES_OF_TAB[tab]))
    return and_(there, is_overdue(on)) if tab == OVERDUE else there
