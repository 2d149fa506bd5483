"""The one door beyond the own area: an exact look-up, counted, recorded, and answered with a masked summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import and_, delete, func, select

from registry.areas import queries as areas
from registry.audit import service as audit
from registry.children import queries
from registry.children.models import Child, Episode, LookUp, Schooling
from registry.clock import midnight, now
from registry.database import db, take_turn, uuid7
from registry.jobs.service import Batch
from registry.vault import service as vault
from sop.identity import normalise_name
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

    from registry.access import Viewer
    from registry.children.queries import MaskedSummary

By = Literal["card", "id_number", "document", "name", "identity"]
SWEPT_AT_ONCE = 1000


@dataclass(frozen=True)
class Found:
    """The one child that a look-up found. `summary` is None in the own area, where the file itself can be opened."""

    look_up_id: UUID
    child_id: UUID
    summary: MaskedSummary | None


@dataclass(frozen=True)
class Answer:
    """What a look-up may show. `several`: more than one file fits, so that none is shown."""

    by: By
    purpose: str
    found: Found | None
    several: bool


@dataclass(frozen=True)
class Onward:
    """As much as the area that a child has left goes on seeing: where it is, since when, school and vaccination.

    `area_code`: 12 digits; `school`: the latest answer, None when nobody was asked; `certificate`: the answer.
    """

    area_code: str
    since: date
    school: str | None
    certificate: str


class LookUpLimitError(Exception):
    """The viewer has made as many look-ups today as one person may; `limit` is how many."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(limit)


def look_up(viewer: Viewer, by: By, values: tuple[str, ...], purpose: str, on: date) -> Found | None:
    """Look a child up in every area and answer at once; see `ask`."""
    answer = answered(viewer, ask(viewer, by, values, purpose, on), on)
    return answer.found if answer else None


def ask(viewer: Viewer, by: By, values: tuple[str, ...], purpose: str, on: date) -> UUID:
    """Look a child up in every area; return the id under which the viewer reads the answer for the rest of the day.

    `values`, normalised as the indexes hold them: card: number · id_number: number · document: code of the list
    `document`, number · name: name, birth date as ISO text, a guardian's phone · identity: ID number, name, birth
    date. `purpose`: a code of `look_up_purpose`, or "intake". A protected file answers as if it were not there,
    and its protection officer is told; so do the deceased, the aged out and what was registered in error. Every
    look-up is recorded before the page leaves, whatever it finds. Raises LookUpLimitError (design section 6).
    """
    take_turn(viewer.user_id.bytes[8:])  # none of one person slips past the limit; a UUIDv7 is random at its end
    limit = in_force(on).transfers.look_ups_a_day
    if left(viewer, on) < 1:
        raise LookUpLimitError(limit)
    db.session.execute(delete(LookUp).where(LookUp.user_id == viewer.user_id, LookUp.at < midnight(on)))
    # Nobody is asked for just as somebody is: how long it takes must not tell what is there.
    nobody = {uuid7()}
    kept = queries.kept_files(_holders(by, values) or nobody)
    told = _told_of(viewer, {file.id for file in kept} or nobody)
    child_id = told[0] if len(told) == 1 else None
    row = LookUp(user_id=viewer.user_id, at=now(), by=by, purpose=purpose, found=len(told), child_id=child_id)
    db.session.add(row)
    db.session.flush()
    audit.note("looked_up_elsewhere", viewer=viewer, children=told, by=by, purpose=purpose)
    tell_protection(viewer, {file.id for file in kept if file.protected and file.id not in told}, "look_up")
    return row.id


def answered(viewer: Viewer, look_up_id: UUID, on: date) -> Answer | None:
    """Return what a look-up of the viewer's own of this day may show now; None for any other id.

    Whoever shows a masked summary again notes that it was shown.
    """
    row = db.session.scalars(select(LookUp).where(LookUp.id == look_up_id, *_of_today(viewer, on))).one_or_none()
    if row is None:
        return None
    by: By = row.by  # type: ignore[assignment]  # only `ask` writes it
    return Answer(by, row.purpose, _found(viewer, row) if row.child_id else None, several=row.found > 1)


def is_anothers(viewer: Viewer, look_up_id: UUID) -> bool:
    """Say whether somebody else made a look-up; one that is kept no longer is nobody's."""
    row = db.session.get(LookUp, look_up_id)
    return row is not None and row.user_id != viewer.user_id


def sweep(on: date, _after: UUID | None) -> Batch:
    """Remove a batch of look-ups of earlier days, also of people who ask no more: work of the nightly round."""
    old = db.session.scalars(select(LookUp.id).where(LookUp.at < midnight(on)).limit(SWEPT_AT_ONCE)).all()
    db.session.execute(delete(LookUp).where(LookUp.id.in_(old)))
    return Batch(len(old), old[-1] if len(old) == SWEPT_AT_ONCE else None)


def left(viewer: Viewer, on: date) -> int:
    """Return how many look-ups the viewer may still make on this day."""
    made = db.session.scalar(select(func.count()).select_from(LookUp).where(*_of_today(viewer, on))) or 0
    return max(in_force(on).transfers.look_ups_a_day - made, 0)


def tell_protection(viewer: Viewer, children: set[UUID], by: str) -> None:
    """Let the protection officer know that somebody came upon protected files, and was told nothing."""
    if children:
        audit.note("protected_file_met", viewer=viewer, children=sorted(children), by=by)


def may_be_told_of(child_id: UUID) -> bool:
    """Say whether a file may be told of to another area: not protected, and somebody's present file."""
    return child_id in told_among({child_id})


def told_among(ids: set[UUID]) -> set[UUID]:
    """Return those of these files that may be told of to another area."""
    return set(db.session.scalars(select(Child.id).join(Child.episodes).where(_ordinary(ids))))


def onward(ids: Iterable[UUID]) -> dict[UUID, Onward]:
    """Return what the areas that these children have left go on seeing, in one query that opens nothing.

    Whoever calls has checked that a child moved on from the viewer's area. A protected file is left out.
    """
    at_school = and_(Schooling.child_id == Child.id, Schooling.to_month.is_(None))
    rows = db.session.execute(
        select(Child.id, Episode.area_code, Episode.registered_on, Schooling.stage, Child.certificate)
        .join(Child.episodes)
        .outerjoin(Schooling, at_school)
        .where(_ordinary(set(ids)))
    )
    return {row[0]: Onward(*row[1:]) for row in rows}


def kept_in(child_id: InstrumentedAttribute[UUID], prefixes: tuple[str, ...]) -> ColumnElement[bool]:
    """Return the condition that the file of the child in a column is kept below one of these division prefixes."""
    there = (Episode.child_id == child_id, Episode.latest, areas.inside(Episode.area_code, prefixes))
    return select(Episode.id).where(*there).exists()


def _told_of(viewer: Viewer, ids: set[UUID]) -> list[UUID]:
    """Return which of these files the viewer may be told of: the own ones where there are any, else the others."""
    own = queries.seen_among(viewer, ids)
    elsewhere = db.session.scalars(select(Child.id).join(Child.episodes).where(_ordinary(ids))).all()
    return sorted(own or set(elsewhere))


def _ordinary(ids: list[UUID] | set[UUID]) -> ColumnElement[bool]:
    return (
        Child.id.in_(ids)
        & Child.protected.is_(False)
        & Child.merged_into.is_(None)
        & (Child.status == "registered")
        & Episode.latest
        & (Episode.status != "withdrawn")
    )


def _found(viewer: Viewer, row: LookUp) -> Found | None:
    """Follow a file that was merged since; one that was protected since is no longer there."""
    for kept in queries.kept_files([row.child_id] if row.child_id else []):
        if kept.id in queries.seen_among(viewer, [kept.id]):
            return Found(row.id, kept.id, None)
        if may_be_told_of(kept.id) and (summary := queries.masked_summary(viewer, kept.id)):
            return Found(row.id, kept.id, summary)
    return None


def _holders(by: By, values: tuple[str, ...]) -> set[UUID]:
    session = db.session()
    if by == "name":
        name, birth, phone = values
        named = vault.find_children(session, "name_birth", normalise_name(name), birth)
        return set(named) & set(vault.find_children(session, "phone", phone))
    if by == "identity":
        number, name, birth = values
        return set(vault.find_children(session, "identity", number, normalise_name(name), birth))
    return set(vault.find_children(session, by, *values))


def _of_today(viewer: Viewer, on: date) -> tuple[ColumnElement[bool], ...]:
    tomorrow = midnight(on + timedelta(days=1))
    return LookUp.user_id == viewer.user_id, LookUp.at >= midnight(on), LookUp.at < tomorrow
