"""Verbs of episodes and statuses: a child leaves, is back, arrives, grows up, dies. Who may is sop's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.access import Role
from registry.areas.codes import prefix_of
from registry.audit import service as audit
from registry.children import following
from registry.children.facts import birth_of
from registry.children.history import record_change
from registry.children.models import Child, Episode, Guardianship
from registry.children.service import index_phones, new_episode
from registry.clock import today
from registry.database import db
from sop.identity import BirthDate, is_complete, parse_birth_date
from sop.status import Actor, by_completeness, check_child_move, check_episode_move

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.service import Place
    from registry.vault.codecs import JsonValue
    from sop.eligibility import Classification

ARRIVED = "arrived"  # the reason, in a history, of what an arrival elsewhere brings about
COMPLETED = "completed"


def actor_of(viewer: Viewer | None) -> Actor:
    """Return as whom a viewer changes a status; nobody is the rule itself."""
    if viewer is None:
        return Actor.RULE
    return Actor.SUPERVISOR if viewer.role is Role.SUPERVISOR else Actor.REGISTRAR


def end_episode(
    viewer: Viewer,
    episode: Episode,
    status: str,
    on: BirthDate | None,
    destination: Mapping[str, JsonValue] | None,
    reason: str,
) -> None:
    """End an episode as left, not_found or withdrawn. It stays the latest: whose file this is does not change.

    `on`: the day, perhaps without its day, None when nobody knows it. `destination`: sealed answers on where to
    (`area`: 12 digits, `note`). `reason`: a code of `leaving_reason`. Raises ForbiddenStatus.
    """
    check_episode_move(episode.status, status, actor_of(viewer))
    _end(viewer, episode, status, on, destination, reason)


def _end(
    viewer: Viewer,
    episode: Episode,
    status: str,
    on: BirthDate | None,
    destination: Mapping[str, JsonValue] | None,
    reason: str,
) -> None:
    before = episode.left.open(viewer)
    _set_status(viewer, episode, status, reason)
    record_change(viewer, episode.child_id, "episode", episode.id, "left", _iso(before), _iso(on), reason)
    where = dict(destination) if destination else None
    old = episode.destination.open(viewer)
    record_change(viewer, episode.child_id, "episode", episode.id, "destination", old, where, reason)
    episode.left = on
    episode.left_month = on.iso[:7] if on else _month(today())
    episode.destination = where
    audit.record("episode_ended", viewer=viewer, children=[episode.child_id], episode=episode.id, status=str(status))


def note_destination(viewer: Viewer, episode: Episode, to_area: str, on: BirthDate | None, reason: str) -> None:
    """Keep where a child goes, or has gone: no status changes by it.

    `to_area`: 12 digits; `on`: the day, perhaps without its day, None where it is not known. Of a child who has left
    it is the day of leaving; of one who is still to arrive it waits beside the place until the episode ends.
    """
    of = (viewer, episode.child_id, "episode", episode.id)
    left = episode.left.open(viewer)
    where: dict[str, JsonValue] = {"area": to_area}
    if episode.left_month is None:
        where |= {"day": _iso(on)} if on else {}
    elif on is not None and on != left:
        record_change(*of, "left", _iso(left), on.iso, reason)
        episode.left, episode.left_month = on, on.iso[:7]
    record_change(*of, "destination", episode.destination.open(viewer), where, reason)
    episode.destination = where
    episode.version += 1
    audit.record("child_changed", viewer=viewer, children=[episode.child_id], field="destination", before=None)


def reopen_episode(viewer: Viewer, episode: Episode, reason: str) -> None:
    """Put a child who is back on the register again, in the same episode. Raises ForbiddenStatus.

    Only the latest episode is opened again: one who arrived elsewhere comes back by a transfer.
    """
    status = status_by_rule(viewer, episode.child)
    check_episode_move(episode.status, status, actor_of(viewer))
    if not episode.latest:
        raise ValueError("the child has arrived elsewhere since")
    left, where = episode.left.open(viewer), episode.destination.open(viewer)
    _set_status(viewer, episode, status, reason)
    of = (viewer, episode.child_id, "episode", episode.id)
    record_change(*of, "left", _iso(left), None, reason)
    record_change(*of, "destination", where, None, reason)
    episode.left, episode.left_month, episode.destination = None, None, None
    audit.record("episode_begun", viewer=viewer, children=[episode.child_id], episode=episode.id)


def begin_episode(viewer: Viewer, child: Child, place: Place, classification: Classification, on: date) -> Episode:
    """Let a child arrive: close its latest episode, open one here with its guardians, in one act.

    An old episode that is still open ends as left on the day that was noted there for this place, else on the day
    of arrival; on `on` where that is not known, or does not lie between the old arrival and `on`. The guardianships
    of the old household end and those of `place` begin; the child is found by the new phones. Whoever calls has
    checked that the viewer may take the child in. Household and guardians are rows of this transaction.
    Raises ValueError for a child outside every definition.
    """
    if classification.outside is not None:
        raise ValueError("a child outside every definition is not kept on the register")
    old = latest_of(child.id)
    if old.left_month is None:
        check_episode_move(old.status, "left", Actor.RULE)
        _end(viewer, old, "left", _left_on(viewer, old, place, on), {"area": place.area_code}, ARRIVED)
    old.latest, old.version = False, old.version + 1
    db.session.flush()  # a child has one latest episode at a time
    episode = new_episode(place, classification, status_by_rule(viewer, child), on)
    episode.child_id = child.id
    db.session.add(episode)
    set_guardians(child, place.guardians, on)
    index_phones(child.id, place.phones)
    db.session.flush()
    db.session.expire(child, ["episodes", "guardianships"])
    of = (viewer, child.id, "episode", episode.id)
    record_change(*of, "area", old.area_code, episode.area_code, ARRIVED)
    following.arrived(viewer, child.id)
    audit.record("episode_begun", viewer=viewer, children=[child.id], episode=episode.id)
    return episode


def set_guardians(child: Child, guardians: tuple[tuple[UUID, str], ...], on: date) -> None:
    """End the guardianships that no longer hold and begin the new ones: (guardian id, code of `relation`)."""
    wanted, month = dict(guardians), _month(on)
    rows = db.session.scalars(select(Guardianship).where(Guardianship.child_id == child.id)).all()
    for row in rows:
        if row.guardian_id not in wanted:
            row.ended_month = row.ended_month or month
            continue
        row.relation, row.ended_month = wanted.pop(row.guardian_id), None
    db.session.add_all(Guardianship(child_id=child.id, guardian_id=who, relation=what) for who, what in wanted.items())
    db.session.flush()


def set_status(viewer: Viewer | None, child: Child, status: str, reason: str | None = None) -> None:
    """Let a child be registered, aged_out or deceased; nobody as viewer is the nightly rule.

    Raises ForbiddenStatus. What hangs on it (lists, referrals, visits) is for whoever calls.
    """
    check_child_move(child.status, status, actor_of(viewer))
    record_change(viewer, child.id, "child", child.id, "status", child.status, str(status), reason or str(status))
    child.status, child.version = str(status), child.version + 1
    audit.record("child_status_changed", viewer=viewer, children=[child.id], status=str(status))


def settle_status(viewer: Viewer, child: Child) -> None:
    """Let the latest episode of a child be active or pending by the rule, after its file was filled in or corrected."""
    episode = latest_of(child.id)
    status = status_by_rule(viewer, child)
    if episode.left_month is None and episode.status != status:
        check_episode_move(episode.status, status, Actor.RULE)
        _set_status(viewer, episode, status, COMPLETED)


def status_by_rule(viewer: Viewer, child: Child) -> str:
    """Return what a child on the register is: active when its file is complete, else pending."""
    name, birth = child.name.open(viewer) or "", birth_of(child, viewer)
    return by_completeness(complete=is_complete(name, birth, child.id_number_answer)).value


def latest_of(child_id: UUID) -> Episode:
    """Return the episode that says whose file this is."""
    return db.session.scalars(select(Episode).where(Episode.child_id == child_id, Episode.latest)).one()


def _left_on(viewer: Viewer, old: Episode, place: Place, on: date) -> BirthDate:
    """Return when a child left the place that it has now arrived from."""
    noted, came = old.destination.open(viewer), old.arrived.open(viewer)
    days = [place.arrived]
    if isinstance(noted, dict) and place.area_code.startswith(prefix_of(str(noted.get("area")))):
        day = noted.get("day")
        days.insert(0, parse_birth_date(day) if isinstance(day, str) else None)
    fits = (day for day in days if day and day.earliest <= on and (came is None or came.earliest <= day.latest))
    return next(fits, BirthDate.of(on))


def _set_status(viewer: Viewer | None, episode: Episode, status: str, reason: str) -> None:
    record_change(viewer, episode.child_id, "episode", episode.id, "status", episode.status, str(status), reason)
    episode.status, episode.version = str(status), episode.version + 1


def _iso(day: BirthDate | None) -> str | None:
    return day.iso if day else None


def _month(day: date) -> str:
    return f"{day:%Y-%m}"
