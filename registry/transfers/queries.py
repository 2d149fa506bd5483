"""Reads of transfers inside the viewer's scope: one, what waits on either side, what has ended, what is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import and_, case, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload, selectinload

from registry.access import Role, outside_scope
from registry.accounts.keepers import communities_of
from registry.areas.codes import prefix_of
from registry.areas.queries import children_of, inside
from registry.children import elsewhere
from registry.database import cut, db
from registry.transfers.known import Known, known
from registry.transfers.models import Transfer, TransferStep
from sop.transfer import OPEN_STATES, Side, State, turn
from sop.version import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.sql.base import ExecutableOption

    from registry.access import Viewer
    from sop.transfer import TransferRules

ON_A_PAGE: Final = 50
RECENT: Final = 5
TABS: Final = {"out": Side.SENDING, "in": Side.RECEIVING}
ENDED: Final = (State.RETURNED, State.ARRIVED, State.WITHDRAWN)
AREA_OF: Final = {Side.SENDING: Transfer.from_area, Side.RECEIVING: Transfer.to_area}
OFFICE_OF: Final = {Side.SENDING: Transfer.from_office_id, Side.RECEIVING: Transfer.to_office_id}
# The day that counts now.
DUE: Final = case((Transfer.state == State.ACCEPTED, Transfer.arrive_by), else_=Transfer.answer_by)


class Counts(NamedTuple):
    """What is under way under each tab, and how much of it is the viewer's to do."""

    out: int
    in_: int
    mine: int


@dataclass(frozen=True)
class Page:
    """One page of a list; `after`: the id from which the next one follows, None on the last one."""

    transfers: Sequence[Transfer]
    after: UUID | None


@dataclass(frozen=True)
class UnderWay:
    """What is under way under a tab: the viewer's to do, the earliest limit first, then the others' to do."""

    mine: Sequence[Transfer]
    theirs: Page
    arrived: Sequence[Transfer]


def under_way(viewer: Viewer, tab: str, after: UUID | None = None) -> UnderWay:
    """Return a tab of the list: at most 50 of the viewer's to do, and a page of those that wait for others."""
    side = TABS[tab]
    rows = _on(viewer, side).where(_open_for(side)).options(*_listed())
    mine = rows.where(_mine(viewer)).order_by(DUE, Transfer.id).limit(ON_A_PAGE)
    theirs = rows.where(~_mine(viewer)).order_by(Transfer.id.desc()).limit(ON_A_PAGE + 1)
    arrived = _on(viewer, side).where(Transfer.state == State.ARRIVED).options(*_listed())
    return UnderWay(
        mine=[] if after else db.session.scalars(mine).all(),
        theirs=_page(theirs, after),
        arrived=[] if after else db.session.scalars(_newest(arrived).limit(RECENT)).all(),
    )


def records(viewer: Viewer, tab: str, after: UUID | None = None) -> Page:
    """Return a page of what has ended under a tab, the latest begun first."""
    ended = _on(viewer, TABS[tab]).where(Transfer.state.in_(ENDED)).options(*_listed())
    return _page(ended.order_by(Transfer.id.desc()).limit(ON_A_PAGE + 1), after)


def moved_on(viewer: Viewer, after: UUID | None = None) -> Page:
    """Return a page of the children who moved on from the viewer's area and live where they went to."""
    left = _on(viewer, Side.SENDING).where(Transfer.state == State.ARRIVED, ~_moved_again())
    away = left.where(~elsewhere.kept_in(Transfer.child_id, viewer.prefixes)).options(joinedload(Transfer.child))
    return _page(away.order_by(Transfer.id.desc()).limit(ON_A_PAGE + 1), after)


def counts(viewer: Viewer) -> Counts:
    """Return the numbers beside the tabs, and how many are the viewer's to do, in one query."""
    there = {side: and_(inside(AREA_OF[side], viewer.prefixes), _open_for(side)) for side in Side}
    columns = [func.count(case((there[side], 1))) for side in (Side.SENDING, Side.RECEIVING)]
    mine = func.count(case((and_(or_(*there.values()), _mine(viewer)), 1)))
    rows = select(*columns, mine).select_from(Transfer).where(_under_way(), _listed_for(viewer))
    return Counts._make(db.session.execute(rows).one())


def to_do(viewer: Viewer) -> int:
    """Return how many transfers wait for the viewer."""
    return db.session.scalar(_to_do(viewer)) or 0


def one(viewer: Viewer, transfer_id: UUID) -> Transfer:
    """Return a transfer of the viewer's area, on either side, with its steps; any other is as if absent (404)."""
    return _found(
        _of_viewer(viewer, transfer_id).options(
            *_listed(), selectinload(Transfer.steps).joinedload(TransferStep.office)
        )
    )


def held(viewer: Viewer, transfer_id: UUID) -> Transfer:
    """Return a transfer of the viewer's area as it is now, locked until the transaction ends."""
    locked = _of_viewer(viewer, transfer_id).with_for_update(of=Transfer)
    return _found(locked.execution_options(populate_existing=True))


def open_of(child_id: UUID) -> Transfer | None:
    """Return the open transfer of a child; whoever calls says no more of it than who holds it."""
    rows = select(Transfer).where(Transfer.child_id == child_id, Transfer.ended_on.is_(None))
    return db.session.scalars(rows.options(*_listed())).one_or_none()


def waiting_of(child_ids: Iterable[UUID]) -> Sequence[Transfer]:
    """Return what is under way for these children, or returned and not mended, locked; knows nothing of scope."""
    rows = select(Transfer).where(Transfer.child_id.in_(set(child_ids)), _under_way()).order_by(Transfer.id)
    return db.session.scalars(rows.with_for_update(of=Transfer).execution_options(populate_existing=True)).all()


def dangling(after: UUID | None, limit: int) -> Sequence[Transfer]:
    """Return open transfers whose child died, grew up or was merged, locked: no list shows them any more."""
    gone = ~Transfer.child.has(status="registered", merged_into=None)
    rows = select(Transfer).where(Transfer.ended_on.is_(None), gone, Transfer.id > after if after else true())
    return db.session.scalars(rows.order_by(Transfer.id).limit(limit).with_for_update(of=Transfer)).all()


def has_moved_again(transfer: Transfer) -> bool:
    """Say whether the child has arrived somewhere else since it arrived by this transfer."""
    again = select(Transfer.id).where(Transfer.id == transfer.id, _moved_again())
    return db.session.scalar(again) is not None


def on_the_way(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the state of the open transfers of these children, whose files the viewer may open, in one query."""
    rows = select(Transfer.child_id, Transfer.state).where(
        Transfer.child_id.in_(set(ids)), Transfer.state.in_(OPEN_STATES)
    )
    return {row.child_id: row.state for row in db.session.execute(rows)}


def of_child(child_id: UUID) -> Sequence[Transfer]:
    """Return all transfers of a child whose file the viewer may open, the latest first."""
    rows = select(Transfer).where(Transfer.child_id == child_id).order_by(Transfer.id.desc())
    return db.session.scalars(rows.options(*_offices())).all()


def known_of(viewer: Viewer, transfer: Transfer) -> Known:
    """Return what the arriving intake starts from; 404 before acceptance, after the end, and for the other side."""
    if transfer.state != State.ACCEPTED or Side.RECEIVING not in sides_of(viewer, transfer):
        outside_scope()
    return known(viewer, transfer.child_id)


def sides_of(viewer: Viewer, transfer: Transfer) -> frozenset[Side]:
    """Return the sides on which the viewer stands; both, where a child moves inside a supervisor's area."""
    areas = {Side.SENDING: transfer.from_area, Side.RECEIVING: transfer.to_area}
    return frozenset(side for side, area in areas.items() if viewer.covers(area))


def is_wide(area_code: str) -> bool:
    """Say whether a 12-digit code is no community: somebody has still to name one inside it."""
    return prefix_of(area_code) != area_code


def communities(viewer: Viewer, within: str | None = None) -> list[str]:
    """Return the 12-digit codes of the communities where the viewer may let a child arrive, inside another code.

    A registrar's own one, or those of the own township; of a supervisor's area those where a registrar works.
    """
    if viewer.role is Role.REGISTRAR:
        found = _communities_of_office(viewer.area_code)
    else:
        found = [code for area in communities_of(viewer) for code in _communities_of_office(area)]
    return [code for code in dict.fromkeys(found) if code.startswith(prefix_of(within) if within else "")]


def rules_of(transfer: Transfer) -> TransferRules:
    """Return the limits of the version that the transfer was begun under."""
    return load(transfer.sop_version).transfers


def _communities_of_office(area_code: str) -> list[str]:
    return [one.code for one in children_of(area_code)] if is_wide(area_code) else [area_code]


@lru_cache(maxsize=1000)
def _to_do(viewer: Viewer) -> Select[int]:
    """Every page asks this: to put the statement together anew each time takes ten times as long as to answer it."""
    return select(func.count()).select_from(Transfer).where(_under_way(), _mine(viewer), _listed_for(viewer))


def _on(viewer: Viewer, side: Side) -> Select[Transfer]:
    return select(Transfer).where(inside(AREA_OF[side], viewer.prefixes), _listed_for(viewer))


def _of_viewer(viewer: Viewer, transfer_id: UUID) -> Select[Transfer]:
    there = or_(*(inside(AREA_OF[side], viewer.prefixes) for side in Side))
    return select(Transfer).where(Transfer.id == transfer_id, there, _shown_to(viewer))


def _shown_to(viewer: Viewer) -> ColumnElement[bool]:
    """A protected child is as if absent but for its named registrar, while that person is one."""
    ordinary = Transfer.child.has(protected=False)
    named = Transfer.child.has(protected_registrar_id=viewer.user_id)
    return or_(ordinary, named) if viewer.role is Role.REGISTRAR else ordinary


def _listed_for(viewer: Viewer) -> ColumnElement[bool]:
    """The dead, the grown-up and the merged stop lists at once; one by one their transfers can still be closed."""
    return and_(Transfer.child.has(status="registered", merged_into=None), _shown_to(viewer))


def _under_way() -> ColumnElement[bool]:
    return or_(Transfer.state.in_(OPEN_STATES), and_(Transfer.state == State.RETURNED, ~_followed()))


def _open_for(side: Side) -> ColumnElement[bool]:
    """What a side has before it: what is open, and what was returned to it and not mended since."""
    back = and_(Transfer.state == State.RETURNED, Transfer.begun_by == side.value, ~_followed())
    return or_(Transfer.state.in_(OPEN_STATES), back)


def _followed() -> ColumnElement[bool]:
    """Say whether another transfer of the same child was begun afterwards: nothing is left to be mended then."""
    later = aliased(Transfer)
    return select(later.id).where(later.child_id == Transfer.child_id, later.id > Transfer.id).exists()


def _moved_again() -> ColumnElement[bool]:
    """Say whether the child has moved once more since: from then on its whereabouts are not the former area's."""
    later = aliased(Transfer)
    moved = later.child_id == Transfer.child_id, later.id > Transfer.id, later.state == State.ARRIVED
    return select(later.id).where(*moved).exists()


def _mine(viewer: Viewer) -> ColumnElement[bool]:
    """A registrar has what waits in the own area; a supervisor what waits for the own office, where no registrar is."""
    if viewer.role is Role.REGISTRAR:
        waits: dict[Side, ColumnElement[bool]] = {side: inside(AREA_OF[side], viewer.prefixes) for side in Side}
    else:
        waits = {side: OFFICE_OF[side] == viewer.office_id for side in Side}
    return or_(*(and_(_turn_of(side), there) for side, there in waits.items()))


def _turn_of(side: Side) -> ColumnElement[bool]:
    """Say as `sop.transfer.turn` does whose turn it is, in a condition; nobody's after the end."""
    return or_(
        *(
            and_(Transfer.state == state, Transfer.begun_by == begun_by.value)
            for state in State
            for begun_by in Side
            if turn(state, begun_by) is side
        )
    )


def _listed() -> tuple[ExecutableOption, ...]:
    return (joinedload(Transfer.child), *_offices())


def _offices() -> tuple[ExecutableOption, ...]:
    return joinedload(Transfer.from_office), joinedload(Transfer.to_office)


def _newest(rows: Select[Transfer]) -> Select[Transfer]:
    return rows.order_by(Transfer.ended_on.desc(), Transfer.id.desc())


def _page(rows: Select[Transfer], after: UUID | None) -> Page:
    """Cut a page of 50 from rows that come newest first and were asked for with one more."""
    found = db.session.scalars(rows.where(Transfer.id < after) if after else rows).all()
    shown, last = cut(found, ON_A_PAGE)
    return Page(shown, last.id if last else None)


def _found(rows: Select[Transfer]) -> Transfer:
    transfer = db.session.scalars(rows).one_or_none()
    return transfer if transfer is not None else outside_scope()
