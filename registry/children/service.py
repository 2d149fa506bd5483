"""Verbs of a child's file: registering a child once, and recording what is told about it later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from blinker import Signal
from sqlalchemy import update

from registry.access import Role
from registry.audit import service as audit
from registry.children import queries
from registry.children.models import Child, Episode, Guardianship, Schooling
from registry.clock import now
from registry.database import db
from registry.names import romanise
from registry.vault import service as vault
from registry.vault.errors import TokenTakenError
from sop.identity import BirthDate, is_placeholder, normalise_name
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.vault.codecs import JsonValue
    from sop.eligibility import Classification

Identity = tuple[str, str, str]
# Sent in the transaction of a registration whose ID number other files hold; matching listens, which knows
# files while they do not know it. Sender: the new child's id; viewer, others (Kept), area_code (12 digits).
same_number_met = Signal()


@dataclass(frozen=True)
class NewChild:
    """A child as answered at intake.

    `id_number`: 18 characters as `sop.identity.read_id_number` returns them; a wrong check digit is kept.
    `hukou_code`: 6 to 12 digits. `ethnic`, `certificate`, `school`: codes of their lists, among them
    "unknown" and "refused".
    """

    name: str
    birth: BirthDate
    sex: str
    id_number: str | None
    id_number_answer: str  # given, later, none, refused
    ethnic: str
    hukou_code: str | None
    hukou_answer: str  # given, unknown, refused
    certificate: str
    school: str


@dataclass(frozen=True)
class Place:
    """Where, with whom and since when a child lives: what becomes its episode.

    `guardians`: (guardian id, relation code). `phones`: theirs, as `sop.identity.normalise_phone` returns
    them. `circumstances`: by the keys that `registry.children.facts` reads; others may stand beside them.
    """

    household_id: UUID
    area_code: str
    block_id: UUID | None
    side: str  # receiving or sending
    arrived: BirthDate | None
    circumstances: dict[str, JsonValue]
    source: str
    guardians: tuple[tuple[UUID, str], ...]
    phones: tuple[str, ...]


@dataclass(frozen=True)
class Same:
    """The file that already holds this ID number, name and birth date."""

    child_id: UUID


@dataclass(frozen=True)
class Registered:
    """A new file and its episode."""

    child_id: UUID
    episode_id: UUID


class SameChildError(Exception):
    """The child is on file already, with the same ID number, name and birth date."""

    def __init__(self, child_id: UUID) -> None:
        self.child_id = child_id
        super().__init__(str(child_id))


def find_same(number: str | None, name: str, birth: BirthDate) -> Same | None:
    """Return the file with the same ID number, name and birth date; without a number nothing is the same.

    A merged file answers as the one it was merged into, a protected one as if it were not there.
    """
    if number is None:
        return None
    kept = queries.kept_files(vault.find_children(db.session(), "identity", *_identity(number, name, birth)))
    return next((Same(child.id) for child in kept if not child.protected), None)


def register_child(viewer: Viewer, new: NewChild, place: Place, classification: Classification, on: date) -> Registered:
    """Open a file for a child, with its episode, its guardians and its schooling.

    The same number with another name or birth date makes a second file and a pair to be decided. Raises
    SameChildError when the child is on file, even if another office registered it in this very second, and
    ValueError for a child outside every definition. Household and guardians are rows of this transaction.
    """
    if classification.outside is not None:
        raise ValueError("a child outside every definition is not kept as a file")
    if new.id_number is not None:
        _give_way(viewer, _identity(new.id_number, new.name, new.birth))
    try:
        with db.session.begin_nested():
            child = _file(viewer, new, place, classification, on)
            _index(child, new, place)
    except TokenTakenError:
        if same := find_same(new.id_number, new.name, new.birth):
            raise SameChildError(same.child_id) from None
        raise
    _tell_of_same_number(viewer, child, new.id_number, place.area_code)
    episode = child.episodes[0]
    flags = [flag.code for flag in classification.flags]
    audit.record("child_registered", viewer=viewer, children=[child.id], episode=episode.id, flags=flags)
    return Registered(child.id, episode.id)


def record_schooling(
    viewer: Viewer, child_id: UUID, stage: str, kind: str | None, school: str | None, on: date
) -> None:
    """Close the present spell of schooling and open the next one.

    `stage`: a school answer; `kind`: code of the list schooling_kind. Whoever calls has checked that the
    viewer may answer for this child.
    """
    month = _month(on)
    present = (Schooling.child_id == child_id, Schooling.to_month.is_(None))
    db.session.execute(update(Schooling).where(*present).values(to_month=month))
    told_by = "office" if viewer.role is Role.OFFICER else "guardian"
    spell = Schooling(child_id=child_id, stage=stage, kind=kind, from_month=month, told_by=told_by)
    spell.school = school
    db.session.add(spell)
    audit.record("child_changed", viewer=viewer, children=[child_id], field="schooling")


def record_certificate(viewer: Viewer, child_id: UUID, answer: str) -> None:
    """Record the answer about the vaccination certificate; scope is checked as for `record_schooling`."""
    changed = {"certificate": answer, "version": Child.version + 1}
    db.session.execute(update(Child).where(Child.id == child_id).values(**changed))
    audit.record("child_changed", viewer=viewer, children=[child_id], field="certificate")


def _identity(number: str, name: str, birth: BirthDate) -> Identity:
    return number, normalise_name(name), birth.iso


def _give_way(viewer: Viewer, identity: Identity) -> None:
    """Raise SameChildError for a file that may be shown; let a protected one give up its claim unseen.

    A protected file must not keep the child from being registered again, for a refusal would tell that it
    exists. So it no longer holds the identity for itself alone, and from here on the second file behaves
    as any other: it may be found, and registering a third time meets it.
    """
    session = db.session()
    for held_by in vault.find_children(session, "identity", *identity):
        for child in queries.kept_files([held_by]):
            if not child.protected or queries.in_scope(viewer, child.id):
                raise SameChildError(child.id)
            vault.forget_child_index(session, held_by, "identity")
            vault.index_child(session, held_by, "identity", *identity)


def _file(viewer: Viewer, new: NewChild, place: Place, classification: Classification, on: date) -> Child:
    if viewer.office_id is None:
        raise ValueError("a file is opened by an office")
    name, version = normalise_name(new.name), in_force(on).version
    child = Child(
        name=name,
        pinyin=romanise(name),
        birth_date=new.birth,
        birth_year=new.birth.year,
        birth_month=new.birth.month,
        sex=new.sex,
        ethnic=new.ethnic,
        id_number=new.id_number,
        id_number_answer=new.id_number_answer,
        hukou_code=new.hukou_code,
        hukou_answer=new.hukou_answer,
        certificate=new.certificate,
        registered_at=now(),
        registered_by_office=viewer.office_id,
        sop_version=version,
    )
    child.episodes = [_episode(new, place, classification, on)]
    child.guardianships = [Guardianship(guardian_id=who, relation=what) for who, what in place.guardians]
    child.schooling = [Schooling(stage=new.school, from_month=_month(on), told_by="guardian")]
    db.session.add(child)
    db.session.flush()
    return child


def _episode(new: NewChild, place: Place, classification: Classification, on: date) -> Episode:
    changes_on = classification.changes_on
    return Episode(
        household_id=place.household_id,
        area_code=place.area_code,
        block_id=place.block_id,
        side=place.side,
        status=_status(new),
        arrived=place.arrived,
        arrived_month=place.arrived.iso[:7] if place.arrived else None,
        circumstances=place.circumstances,
        registered_on=on,
        source=place.source,
        sop_version=in_force(on).version,
        changes_month=_month(changes_on) if changes_on else None,
        **{flag.code: True for flag in classification.flags},
    )


def _status(new: NewChild) -> str:
    """A file is active when it is complete: a real name, the day of birth, and an answer about the number."""
    named = not is_placeholder(new.name)
    answered = new.id_number_answer in {"given", "none"}
    return "active" if named and new.birth.day and answered else "pending"


def _index(child: Child, new: NewChild, place: Place) -> None:
    """Let the child be found. A placeholder is no name to find anybody by."""
    session, name = db.session(), normalise_name(new.name)
    for number in dict.fromkeys(place.phones):
        vault.index_child(session, child.id, "phone", number)
    if not is_placeholder(name):
        vault.index_child(session, child.id, "name_birth", name, new.birth.iso)
    if new.id_number is not None:
        vault.index_child(session, child.id, "id_number", new.id_number)
        identity = _identity(new.id_number, name, new.birth)
        vault.index_child(session, child.id, "identity", *identity, exclusive=True)


def _tell_of_same_number(viewer: Viewer, child: Child, number: str | None, area_code: str) -> None:
    if number is None:
        return
    holders = [holder for holder in vault.find_children(db.session(), "id_number", number) if holder != child.id]
    if others := queries.kept_files(holders):
        same_number_met.send(child.id, viewer=viewer, others=others, area_code=area_code)


def _month(day: date) -> str:
    return f"{day:%Y-%m}"
