"""Verbs of the end: a child left, was never there, is taken off the register, died; and what ends with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from registry.changes import service
from registry.children import following
from registry.children.episodes import (
    actor_of,
    end_episode,
    latest_of,
    note_destination,
    reopen_episode,
    set_status,
)
from registry.children.history import record_change
from registry.children.relocating import set_absence
from registry.database import db, lock
from registry.households import moving
from registry.referrals.ending import withdraw_open
from registry.transfers import queries as transfers
from registry.transfers import service as moves
from registry.transfers.errors import AlreadyOpenError, NobodyThereError
from sop.referral import ForbiddenMove
from sop.status import ENDED, ON_THE_REGISTER, ChildStatus, EpisodeStatus, may_become
from sop.transfer import Side, State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child, Episode
    from registry.vault.codecs import JsonValue
    from sop.identity import BirthDate

# Why open referrals are withdrawn (codes of `withdraw_reason`). That a child died is not told beyond its file.
WITHDRAWN_BECAUSE = {
    EpisodeStatus.LEFT: "left",
    EpisodeStatus.NOT_FOUND: "other",  # whoever is found after all needs it still
    EpisodeStatus.WITHDRAWN: "guardian",
}
NOT_NEEDED = "not_needed"
RETURNED_BECAUSE = "other"


@dataclass(frozen=True)
class Leaving:
    """How children leave: to which status, on which day (perhaps unknown), why, and where to (12 digits) if known."""

    status: EpisodeStatus
    day: BirthDate | None
    reason: str
    to_area: str | None = None


@dataclass
class Left:
    """What became of it, by child.

    `ended` left the register. `on_the_way` were announced and stay on it until they arrive. Of `placed`, who had left
    already, it is known now where to; `told` is how many of these were announced. `passed`: somebody else recorded
    something else meanwhile. `hindrances`: why an area could not be told, each once.
    """

    ended: list[UUID] = field(default_factory=list)
    on_the_way: list[UUID] = field(default_factory=list)
    placed: list[UUID] = field(default_factory=list)
    passed: list[UUID] = field(default_factory=list)
    told: int = 0
    hindrances: dict[type[Exception], Exception] = field(default_factory=dict)


def leave(viewer: Viewer, episodes: Iterable[Episode], leaving: Leaving, on: date, *, announce: bool = False) -> Left:
    """End these episodes and withdraw their open referrals; or announce the moves where a place is known.

    A child who was announced, or is on its way already, stays on the register until it arrives: that is what ends
    its episode. Of one who has left already the place is recorded. `episodes` are latest ones that the viewer may
    change; who has left meanwhile is passed over, so that a second press does nothing.
    """
    done, households, wanted = Left(), set(), list(episodes)
    moving.held_together(*(episode.household_id for episode in wanted))
    for episode in wanted:
        lock(episode)
        if not episode.latest or not _leaves(viewer, episode, leaving):
            if episode.status != leaving.status:
                done.passed.append(episode.child_id)
            continue
        if leaving.to_area and episode.status == EpisodeStatus.LEFT:
            _place(viewer, episode, leaving, on, done, announce=announce)
        elif not (announce and leaving.to_area and _is_on_its_way(viewer, episode, leaving, on, done)):
            end_episode(viewer, episode, leaving.status.value, leaving.day, _where(leaving), leaving.reason)
            withdraw_open(viewer, episode.child_id, WITHDRAWN_BECAUSE[leaving.status], on)
            done.ended.append(episode.child_id)
            households.add(episode.household_id)
    for household_id in households:
        moving.leave_round(household_id)
    following.changed(viewer, done.ended)
    return done


def come_back(viewer: Viewer, episode: Episode, reason: str, on: date) -> None:
    """Put a child who is back, or was found after all, on the register again. Raises ForbiddenStatus.

    Twice does nothing: the second press finds the child there.
    """
    moving.held(episode.household_id)
    lock(episode)
    if episode.status in ON_THE_REGISTER:
        return
    reopen_episode(viewer, episode, reason)
    moving.rejoin_round(episode.household_id, on)
    following.changed(viewer, [episode.child_id])


def record_death(viewer: Viewer, child: Child, died_on: BirthDate | None, on: date) -> None:
    """Let a child be deceased, and everything end that waits for it, at once. `child` is held.

    Its referrals, its transfer, what was to be corrected and the visits to it end: nobody calls the family any
    more. Twice does nothing. Raises ForbiddenStatus.
    """
    if child.status == ChildStatus.DECEASED:
        return
    moving.held(latest_of(child.id).household_id)
    set_status(viewer, child, ChildStatus.DECEASED.value)
    day = died_on.iso if died_on else None
    record_change(viewer, child.id, "child", child.id, "died_on", None, day, ChildStatus.DECEASED.value)
    withdraw_open(viewer, child.id, NOT_NEEDED, on)
    service.withdraw_open(viewer, child.id)
    _stop_transfer(viewer, child.id, on)
    episode = latest_of(child.id)
    set_absence(viewer, episode, None, ChildStatus.DECEASED.value)
    db.session.flush()
    moving.leave_round(episode.household_id)
    following.changed(viewer, [child.id])


def take_back_death(viewer: Viewer, child: Child, on: date) -> None:
    """Put right that a child was recorded as dead: a supervisor only. What ended stays ended, and is asked anew.

    `child` is held. Twice does nothing. Raises ForbiddenStatus.
    """
    if child.status != ChildStatus.DECEASED:
        return
    set_status(viewer, child, ChildStatus.REGISTERED.value, "revived")
    db.session.flush()
    episode = latest_of(child.id)
    if episode.status not in ENDED:
        moving.rejoin_round(episode.household_id, on)
    following.changed(viewer, [child.id])


def _leaves(viewer: Viewer, episode: Episode, leaving: Leaving) -> bool:
    """Say whether there is something to record of an episode that is held."""
    if leaving.to_area and episode.status == EpisodeStatus.LEFT:
        return True
    return may_become(episode.status, leaving.status, actor_of(viewer))


def _where(leaving: Leaving) -> dict[str, JsonValue] | None:
    return {"area": leaving.to_area} if leaving.to_area else None


def _place(viewer: Viewer, episode: Episode, leaving: Leaving, on: date, done: Left, *, announce: bool) -> None:
    """Record where a child went who has left already, and announce it where that is wished."""
    day = episode.left.open(viewer)
    if episode.destination.open(viewer) != _where(leaving) or leaving.day not in (None, day):
        note_destination(viewer, episode, str(leaving.to_area), leaving.day, leaving.reason)
        done.placed.append(episode.child_id)
    if announce and _hindrance(viewer, episode, leaving, on, done) is None:
        done.told += 1


def _is_on_its_way(viewer: Viewer, episode: Episode, leaving: Leaving, on: date, done: Left) -> bool:
    """Announce a child, and say whether an arrival will end its episode: this move's, or one that is under way."""
    met = _hindrance(viewer, episode, leaving, on, done)
    if met is None:
        note_destination(viewer, episode, str(leaving.to_area), leaving.day, leaving.reason)
        done.on_the_way.append(episode.child_id)
    return met is None or isinstance(met, AlreadyOpenError)


def _hindrance(viewer: Viewer, episode: Episode, leaving: Leaving, on: date, done: Left) -> Exception | None:
    """Announce a child to the area where it goes; return why that area could not be told.

    A move that is under way comes first: whoever holds it is told already, wherever it goes.
    """
    under_way = transfers.open_of(episode.child_id)
    met: Exception | None = AlreadyOpenError(under_way.to_office) if under_way else None
    met = met or _announce(viewer, episode.child_id, str(leaving.to_area), on)
    if met is not None:
        done.hindrances[type(met)] = met
    return met


def _announce(viewer: Viewer, child_id: UUID, to_area: str, on: date) -> Exception | None:
    try:
        with db.session.begin_nested():
            moves.announce(viewer, child_id, to_area, on)
    except (AlreadyOpenError, NobodyThereError, ForbiddenMove) as error:
        return error
    return None


def _stop_transfer(viewer: Viewer, child_id: UUID, on: date) -> None:
    """End the transfer that is under way, from the side that has the file."""
    under_way = transfers.open_of(child_id)
    if under_way is None or Side.SENDING not in transfers.sides_of(viewer, under_way):
        return
    if under_way.state == State.CLAIMED:
        moves.return_(viewer, under_way.id, under_way.version, RETURNED_BECAUSE, None, on)
    else:
        moves.withdraw(viewer, under_way.id, under_way.version, on)
