"""Families of a ledger: which household a row's family is, or a new one for it. Nobody has spoken with them yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from registry.audit import service as audit
from registry.children import queries as children
from registry.children.queries import ON_THE_REGISTER
from registry.database import db
from registry.households.models import Guardian, Household
from registry.names import romanise
from registry.vault import service as vault
from sop.identity import normalise_name
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer


Called = tuple[str, str, str, str]


class Family(NamedTuple):
    """The family of a row. `area_code`: 12 digits, of the community or what is known of it.

    `guardian`: as written; `phone`: as `sop.identity.normalise_phone` returns it. None where the row has none.
    """

    area_code: str
    guardian: str | None
    phone: str | None
    address: str | None

    @property
    def called(self) -> Called:
        """What is alike of one family: its place with the adult's name and phone; one of them wants the address too."""
        name, phone = _plain(self.guardian), self.phone or ""
        return self.area_code, name, phone, "" if name and phone else _plain(self.address)


class Home(NamedTuple):
    """Where a family lives, and the adult whom the ledger names, who may be nobody."""

    household_id: UUID
    guardian_id: UUID | None


def known(viewer: Viewer, families: Iterable[Family]) -> dict[Called, Home]:
    """Return the households on file that these families are: same place, same adult's name and phone.

    Found by the children on the register there whose files the viewer may open, in a few queries for all: a child
    that joins a household shows its address and its other adults. So nobody joins one of a protected child, not
    even by its named registrar, whose colleagues see the new file. Whose name or phone is not told is nobody.
    """
    wanted = {family.called for family in families if family.guardian and family.phone}
    by_phone = vault.find_each(db.session(), "phone", [(phone,) for _area, _name, phone, _address in wanted])
    holders = {child_id for ids in by_phone.values() for child_id in ids}
    seen = children.seen_among(viewer, holders) if holders else set()
    found: dict[Called, Home] = {}
    for household in _open_homes_of(seen) if seen else ():
        for adult in household.guardians:
            called = Family(household.area_code, adult.name.open(viewer), adult.phone.open(viewer), None).called
            if called in wanted:
                found.setdefault(called, Home(household.id, adult.id))
    return found


def lives_with(viewer: Viewer, child_id: UUID, family: Family) -> bool:
    """Say whether a child on file lives with this family: with an adult of that name, or at that address.

    Whoever calls has seen that the viewer may open the file.
    """
    name, address = _plain(family.guardian), _plain(family.address)
    for household in _homes_of({child_id}):
        names = {_plain(adult.name.open(viewer)) for adult in household.guardians}
        if (name and name in names) or (address and address == _plain(household.address.open(viewer))):
            return True
    return False


def shares_home(viewer: Viewer, child_id: UUID, family: Family) -> bool:
    """Say whether a child on file lives with this family: one of its adult's name, phone and address is the same.

    Where nothing is told of the family, nothing must be known of that of the file.
    """
    told = {_plain(family.guardian), family.phone or "", _plain(family.address)} - {""}
    known_of = set[str]()
    for household in _homes_of({child_id}):
        known_of.add(_plain(household.address.open(viewer)))
        for adult in household.guardians:
            known_of |= {_plain(adult.name.open(viewer)), adult.phone.open(viewer) or ""}
    known_of.discard("")
    return bool(told & known_of) or not (told or known_of)


def settle(family: Family, office_id: UUID, on: date) -> Home:
    """Make a household for a family, with the adult that the ledger names. No notice: nobody has spoken with them.

    `office_id`: of the office that keeps the files of the place. The rows are of this transaction, not yet sent.
    """
    named = family.guardian is not None or family.phone is not None
    household = Household(
        area_code=family.area_code,
        address=family.address,
        address_answer="given" if family.address else "",
        registered_on=on,
        office_id=office_id,
        sop_version=in_force(on).version,
        guardians=[_adult(family)] if named else [],
    )
    db.session.add(household)
    return Home(household.id, household.guardians[0].id if named else None)


def record(viewer: Viewer, household_id: UUID, children: Iterable[UUID]) -> None:
    """Record that a household was registered with these children, without a notice."""
    audit.record("household_registered", viewer=viewer, children=children, household=household_id, notice="none")


def _adult(family: Family) -> Guardian:
    return Guardian(
        position=1,
        name=family.guardian,
        name_answer="given" if family.guardian else "",
        pinyin=romanise(family.guardian) if family.guardian else None,
        phone=family.phone,
        phone_answer="given" if family.phone else "",
        lives_here=True,  # a ledger names the adult with whom the child lives
        lives_here_answer="yes",
    )


def _open_homes_of(child_ids: set[UUID]) -> list[Household]:
    """Return the households of these children, without those where the file of a protected child is, of any status."""
    homes = _homes_of(child_ids)
    episode = Household.episodes.property.mapper.class_
    here = episode.household_id.in_([home.id for home in homes])
    hidden = select(episode.household_id).where(here, episode.latest, episode.child.has(protected=True))
    secret = set(db.session.scalars(hidden))
    return [home for home in homes if home.id not in secret]


def _homes_of(child_ids: set[UUID]) -> list[Household]:
    episode = Household.episodes.property.mapper.class_
    there = (
        select(episode.household_id)
        .join(episode.child)
        .where(episode.child_id.in_(child_ids), episode.latest, episode.status.in_(ON_THE_REGISTER))
    )
    rows = select(Household).where(Household.id.in_(there)).options(selectinload(Household.guardians))
    return list(db.session.scalars(rows.order_by(Household.id)))


def _plain(text: str | None) -> str:
    return "".join(normalise_name(text or "").split())
