"""Verbs of transfers: announce, claim, accept, return, withdraw, arrive. Who may move, and by when, is the SOP's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy.exc import IntegrityError

from registry.access import outside_scope
from registry.accounts.keepers import office_of
from registry.audit import service as audit
from registry.children import elsewhere
from registry.children import queries as children
from registry.children.episodes import begin_episode
from registry.clock import now
from registry.database import db
from registry.referrals.calendar import working_calendar
from registry.referrals.ending import withdraw_open
from registry.transfers import queries
from registry.transfers.errors import AlreadyOpenError, NobodyThereError, StaleVersionError, UnfitPlaceError
from registry.transfers.models import Transfer, TransferStep
from sop.referral import ForbiddenMove
from sop.transfer import Basis, Move, Side, State, answer_by, arrive_by, begin, mover_of, next_state
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Episode
    from registry.children.service import Place
    from sop.eligibility import Classification


# What brings a child nearer; the rest only closes a transfer, and stays possible whatever became of the file.
GOES_ON: Final = frozenset({Move.ACCEPT, Move.ARRIVE})
LEFT: Final = "left"  # of the list `withdraw_reason`


class _Way(NamedTuple):
    """From where to where, and the offices that answer there."""

    from_area: str
    from_office_id: UUID
    to_area: str
    to_office_id: UUID


def announce(viewer: Viewer, child_id: UUID, to_area: str, on: date, note: str | None = None) -> Transfer:
    """Tell another area that a child of the viewer's own is on its way there.

    `to_area`: 12 digits, a community or the wider area that is known; the office that keeps its files is told.
    Raises UnfitPlaceError where the child is there already, NobodyThereError, AlreadyOpenError, and ForbiddenMove
    for a file that another area may not be told of (protected, deceased, aged out).
    """
    if not children.in_scope(viewer, child_id):
        outside_scope()
    if not elsewhere.may_be_told_of(child_id):
        raise ForbiddenMove("another area is not told of this file")
    there = office_of(to_area)
    if there is None:
        raise NobodyThereError
    way = _Way(_area_of(child_id), viewer.office_id, to_area, there.id)
    return _begin(viewer, child_id, Move.ANNOUNCE, Basis.ANNOUNCED, way, on, note)


def claim(viewer: Viewer, child_id: UUID, basis: Basis, to_area: str, on: date) -> Transfer:
    """Ask another area for the file of a child who has come to `to_area`, a community of the viewer's own.

    Whoever calls has found the child through `children.elsewhere`. Of two claims at once one wins: the other
    raises AlreadyOpenError. A protected file is as if it were not there (404), and its protection officer is
    told. Raises UnfitPlaceError, NobodyThereError.
    """
    if to_area not in queries.communities(viewer):
        raise UnfitPlaceError
    if not elsewhere.may_be_told_of(child_id):
        met = {file.id for file in children.kept_files([child_id]) if file.protected}
        elsewhere.tell_protection(viewer, met, "claim")
        outside_scope()
    here, from_area = office_of(to_area), _area_of(child_id)
    there = office_of(from_area)
    if there is None or here is None:
        raise NobodyThereError
    way = _Way(from_area, there.id, to_area, here.id)
    return _begin(viewer, child_id, Move.CLAIM, basis, way, on)


def accept(viewer: Viewer, transfer_id: UUID, version: int, on: date, community: str | None = None) -> Transfer:
    """Say yes for the side that was asked: the child may come, or will be received.

    `community`: 12 digits, to be named by a receiving side that was told a wider area only. Raises
    ForbiddenMove, StaleVersionError, UnfitPlaceError.
    """
    transfer = _held(viewer, transfer_id, version)
    side = mover_of(State(transfer.state), Move.ACCEPT, Side(transfer.begun_by))
    _advance(viewer, transfer, Move.ACCEPT)
    if side is Side.RECEIVING and queries.is_wide(transfer.to_area):
        _settle(viewer, transfer, community)
    transfer.accepted_on = on
    transfer.arrive_by = arrive_by(queries.rules_of(transfer), on)
    return _finish(viewer, transfer, side, Move.ACCEPT)


def return_(viewer: Viewer, transfer_id: UUID, version: int, reason: str, note: str | None, on: date) -> Transfer:
    """Give a transfer back with a reason of the list `transfer_return_reason`; the child is free to be claimed again.

    The note stays with the side that writes it. Raises ForbiddenMove, StaleVersionError, ValueError.
    """
    if not in_force(on).codes["transfer_return_reason"].has(reason):
        raise ValueError("not a reason for returning a transfer")
    transfer = _held(viewer, transfer_id, version)
    side = mover_of(State(transfer.state), Move.RETURN_, Side(transfer.begun_by))
    _advance(viewer, transfer, Move.RETURN_)
    transfer.reason, transfer.ended_on = reason, on
    return _finish(viewer, transfer, side, Move.RETURN_, reason, note)


def withdraw(viewer: Viewer, transfer_id: UUID, version: int, on: date) -> Transfer:
    """Take back what the own side began, or an accepted child that does not arrive; let a returned one rest.

    Raises ForbiddenMove, StaleVersionError.
    """
    transfer = _held(viewer, transfer_id, version)
    side = mover_of(State(transfer.state), Move.WITHDRAW, Side(transfer.begun_by))
    _advance(viewer, transfer, Move.WITHDRAW)
    transfer.ended_on = transfer.ended_on or on
    return _finish(viewer, transfer, side, Move.WITHDRAW)


def correct(viewer: Viewer, transfer_id: UUID, version: int, to_area: str, on: date) -> Transfer:
    """Announce a returned child anew, to another place; what was returned stays as it was said, and rests.

    Raises as `announce`, and StaleVersionError.
    """
    returned = queries.held(viewer, transfer_id)
    if (returned.state, returned.begun_by) != (State.RETURNED, Side.SENDING):
        raise ForbiddenMove("only what was announced and returned is sent to another place")
    withdraw(viewer, transfer_id, version, on)
    return announce(viewer, returned.child_id, to_area, on)


def arrive(viewer: Viewer, transfer_id: UUID, place: Place, classification: Classification, on: date) -> Episode:
    """Let an accepted child arrive: the old episode closes and a new one opens, in one act.

    What offices of the old area were asked is withdrawn: they answer for a child who has left.
    Household and guardians of `place` are rows of this transaction; the area is one of the viewer's own. Raises
    ForbiddenMove for anything but an accepted transfer (a second press, say), UnfitPlaceError.
    """
    transfer = queries.held(viewer, transfer_id)
    if not viewer.covers(place.area_code):
        raise UnfitPlaceError
    _advance(viewer, transfer, Move.ARRIVE)
    episode = begin_episode(viewer, transfer.child, place, classification, on)
    withdraw_open(viewer, transfer.child_id, LEFT, on)
    transfer.to_area, transfer.ended_on = place.area_code, on
    _finish(viewer, transfer, Side.RECEIVING, Move.ARRIVE)
    return episode


def _begin(
    viewer: Viewer, child_id: UUID, move: Move, basis: Basis, way: _Way, on: date, note: str | None = None
) -> Transfer:
    if way.from_area == way.to_area:
        raise UnfitPlaceError
    side = Side.SENDING if move is Move.ANNOUNCE else Side.RECEIVING
    sop = in_force(on)
    transfer = Transfer(
        child_id=child_id,
        begun_by=side.value,
        basis=basis.value,
        state=begin(move, side).value,
        opened_on=on,
        opened_by=viewer.user_id,
        answer_by=answer_by(sop.transfers, on, working_calendar()),
        sop_version=sop.version,
        version=1,
        **way._asdict(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(transfer)
    except IntegrityError as error:
        under_way = queries.open_of(child_id)
        if under_way is None:
            raise
        raise AlreadyOpenError(under_way.to_office) from error
    return _finish(viewer, transfer, side, move, note=note)


def _area_of(child_id: UUID) -> str:
    area = children.area_of(child_id)
    return area if area is not None else outside_scope()


def _held(viewer: Viewer, transfer_id: UUID, version: int) -> Transfer:
    """Hold the transfer until the end of the transaction, if it is still as the viewer saw it."""
    transfer = queries.held(viewer, transfer_id)
    if transfer.version != version:
        raise StaleVersionError
    return transfer


def _settle(viewer: Viewer, transfer: Transfer, community: str | None) -> None:
    """Name the community inside the announced area where the child goes, and with it who waits for it."""
    named = community if community in queries.communities(viewer, transfer.to_area) else None
    office = office_of(named) if named else None
    if named is None or office is None:
        raise UnfitPlaceError
    transfer.to_area, transfer.to_office_id = named, office.id


def _advance(viewer: Viewer, transfer: Transfer, move: Move) -> None:
    if move in GOES_ON and not elsewhere.may_be_told_of(transfer.child_id):
        raise ForbiddenMove("the file is protected, merged or closed since")
    following = next_state(State(transfer.state), move, queries.sides_of(viewer, transfer), Side(transfer.begun_by))
    transfer.state = following.value
    transfer.version += 1


def _finish(
    viewer: Viewer, transfer: Transfer, side: Side, move: Move, reason: str | None = None, note: str | None = None
) -> Transfer:
    db.session.add(
        TransferStep(
            transfer_id=transfer.id,
            child_id=transfer.child_id,
            at=now(),
            user_id=viewer.user_id,
            office_id=viewer.office_id,
            side=side.value,
            move=move.value,
            state=transfer.state,
            reason=reason,
            note=note,
        )
    )
    db.session.flush()
    told = {"transfer": transfer.id, "move": move.value, "state": transfer.state}
    audit.record("transfer_moved", viewer=viewer, children=[transfer.child_id], **told)
    return transfer
