"""Verbs of a child's file: registering a child once, and recording what is told about it later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from registry.areas.codes import county_of, full
from registry.audit import service as audit
from registry.children import card_numbers, elsewhere, queries
from registry.children.models import Child, Episode, Guardianship, Schooling
from registry.clock import now
from registry.database import db
from registry.names import romanise
from registry.vault import service as vault
from registry.vault.errors import TokenTakenError
from sop.identity import BirthDate, is_complete, is_placeholder, normalise_name
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.queries import Kept
    from registry.vault.codecs import JsonValue
    from registry.vault.service import IndexKind
    from sop.eligibility import Classification

Identity = tuple[str, str, str]


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


class Entry(NamedTuple):
    """One blind index of a child, as `registry.vault.service.index_child` takes it."""

    kind: IndexKind
    values: tuple[str, ...]
    exclusive: bool = False


@dataclass(frozen=True)
class Registered:
    """A new file and its episode; `same_number`: the other files that hold its ID number."""

    child_id: UUID
    episode_id: UUID
    same_number: tuple[Kept, ...]


class SameChildError(Exception):
    """The child is on file already, with the same ID number, name and birth date."""

    def __init__(self, child_id: UUID) -> None:
        self.child_id = child_id
        super().__init__(str(child_id))


def find_same(number: str | None, name: str, birth: BirthDate) -> UUID | None:
    """Return the id of the file with the same ID number, name and birth date; without a number nothing is the same.

    A merged file answers as the one it was merged into, a protected one as if it were not there.
    """
    if number is None:
        return None
    kept = queries.kept_files(vault.find_children(db.session(), "identity", *_identity(number, name, birth)))
    return next((child.id for child in kept if not child.protected), None)


def hold_numbers(numbers: Iterable[str | None]) -> None:
    """Keep whoever else registers one of these ID numbers waiting until this transaction ends.

    Everybody holds them in the same order: two workers at the same siblings queue up and do not lock each
    other out. Registering one child holds its number by itself.
    """
    vault.hold_each(db.session(), "id_number", [(number,) for number in numbers if number])


def register_child(viewer: Viewer, new: NewChild, place: Place, classification: Classification, on: date) -> Registered:
    """Open a file for a child, with its episode, its guardians and its schooling.

    The same number with another name or birth date makes a second file: whoever calls raises the pair with each
    of `same_number` (matching knows files, which do not know it). Raises SameChildError when the child is on
    file, even if another office registered it in this very second, and ValueError for a child outside every
    definition. Household and guardians are rows of this transaction.
    """
    if classification.outside is not None:
        raise ValueError("a child outside every definition is not kept as a file")
    if new.id_number is not None:
        vault.hold(db.session(), "id_number", new.id_number)
        _give_way(viewer, _identity(new.id_number, new.name, new.birth))
    try:
        with db.session.begin_nested():
            child = draw_up(viewer, new, place, classification, on)
            db.session.add(child)
            db.session.flush()
            card_numbers.give(child, place.area_code, on)
            for kind, values, exclusive in index_entries(new.name, new.birth, new.id_number, place.phones):
                vault.index_child(db.session(), child.id, kind, *values, exclusive=exclusive)
    except TokenTakenError:
        if same := find_same(new.id_number, new.name, new.birth):
            raise SameChildError(same) from None
        raise
    return record_registered(viewer, child, classification, _others_with(new.id_number, child.id))


def record_registered(
    viewer: Viewer, child: Child, classification: Classification, same_number: tuple[Kept, ...]
) -> Registered:
    """Record that a file was opened, and return it."""
    episode, flags = child.episodes[0], [flag.code for flag in classification.flags]
    audit.record("child_registered", viewer=viewer, children=[child.id], episode=episode.id, flags=flags)
    return Registered(child.id, episode.id, same_number)


def index_entries(name: str, birth: BirthDate, number: str | None, phones: Iterable[str]) -> Iterator[Entry]:
    """Give the blind indexes by which a child is found; a placeholder is no name to find anybody by.

    `number` and `phones` as `NewChild` and `Place` hold them.
    """
    name = normalise_name(name)
    yield from (Entry("phone", (phone,)) for phone in dict.fromkeys(phones))
    if not is_placeholder(name):
        yield Entry("name_birth", (name, birth.iso))
    if number is not None:
        yield Entry("id_number", (number,))
        yield Entry("identity", _identity(number, name, birth), exclusive=True)


def index_phones(child_id: UUID, phones: Iterable[str]) -> None:
    """Let a child be found by these phone numbers and no other; `phones` as `Place` holds them."""
    session = db.session()
    vault.forget_child_index(session, child_id, "phone")
    for phone in dict.fromkeys(phones):
        vault.index_child(session, child_id, "phone", phone)


def _identity(number: str, name: str, birth: BirthDate) -> Identity:
    return number, normalise_name(name), birth.iso


def _give_way(viewer: Viewer, identity: Identity) -> None:
    """Raise SameChildError for a file that may be shown; let any other one give up its claim unseen.

    A protected file must not keep the child from being registered again, for a refusal would tell that it
    exists; nor must one elsewhere that was withdrawn or closed by mistake, for nobody could look it up and claim
    it. So it no longer holds the identity for itself alone, and from here on the second file behaves
    as any other: it may be found, and registering a third time meets it.
    """
    session = db.session()
    for held_by in vault.find_children(session, "identity", *identity):
        for child in queries.kept_files([held_by]):
            if queries.in_scope(viewer, child.id) or elsewhere.may_be_told_of(child.id):
                raise SameChildError(child.id)
            vault.forget_child_index(session, held_by, "identity")
            vault.index_child(session, held_by, "identity", *identity)


def new_episode(place: Place, classification: Classification, status: str, on: date) -> Episode:
    """Return an episode that begins at a place; whose it is, the caller says."""
    changes_on = classification.changes_on
    return Episode(
        household_id=place.household_id,
        area_code=place.area_code,
        block_id=place.block_id,
        side=place.side,
        status=status,
        arrived=place.arrived,
        arrived_month=place.arrived.iso[:7] if place.arrived else None,
        circumstances=place.circumstances,
        registered_on=on,
        source=place.source,
        sop_version=in_force(on).version,
        changes_month=_month(changes_on) if changes_on else None,
        **{flag.code: True for flag in classification.flags},
    )


def draw_up(viewer: Viewer, new: NewChild, place: Place, classification: Classification, on: date) -> Child:
    """Return the rows of a new file, which nobody has added to the transaction yet; arguments as `register_child`."""
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
        hukou=new.hukou_code and full(new.hukou_code),
        hukou_county=new.hukou_code and full(county_of(new.hukou_code)),
        hukou_answer=new.hukou_answer,
        certificate=new.certificate,
        registered_at=now(),
        registered_by_office=viewer.office_id,
        sop_version=version,
    )
    complete = is_complete(new.name, new.birth, new.id_number_answer)
    child.episodes = [new_episode(place, classification, "active" if complete else "pending", on)]
    child.guardianships = [Guardianship(guardian_id=who, relation=what) for who, what in place.guardians]
    child.schooling = [Schooling(stage=new.school, from_month=_month(on), told_by="guardian")]
    return child


def _others_with(number: str | None, child_id: UUID) -> tuple[Kept, ...]:
    holders = vault.find_children(db.session(), "id_number", number) if number else []
    return tuple(queries.kept_files(holder for holder in holders if holder != child_id))


def _month(day: date) -> str:
    return f"{day:%Y-%m}"
