"""Children of one household, and children of one guardian: whom a change of the household concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from registry.children.models import Child, Episode, Guardianship
from registry.children.queries import ON_THE_REGISTER, visible
from registry.children.service import index_phones
from registry.database import db
from registry.vault import service as vault
from sop.status import ChildStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from sqlalchemy import Select

    from registry.access import Viewer
    from registry.vault.sealed import Opener


def latest_locked(child_id: UUID) -> Episode:
    """Return the episode that says whose file a child's is, as it is now, locked until the transaction ends."""
    rows = select(Episode).where(Episode.child_id == child_id, Episode.latest)
    locked = rows.with_for_update(of=Episode, key_share=True)
    return db.session.scalars(locked.execution_options(populate_existing=True)).one()


def household_of(child_id: UUID) -> UUID:
    """Return the household where a child lives, as it is now and not as it was when the page was read."""
    rows = select(Episode.household_id).where(Episode.child_id == child_id, Episode.latest)
    return db.session.scalars(rows).one()


def of_household(household_id: UUID) -> list[Episode]:
    """Return the latest episodes of a household with their children, on the register or not, in order.

    Knows nothing of scope: what happens to a household happens to each of its children.
    """
    return list(db.session.scalars(_latest().where(Episode.household_id == household_id)))


def has_protected(household_id: UUID) -> bool:
    """Say whether a file of a household's children is protected, for whoever leaves something out because of it.

    Knows nothing of scope: no page says that it is so.
    """
    rows = select(Episode.id).join(Episode.child).where(Episode.household_id == household_id, Episode.latest)
    return db.session.scalar(rows.where(Child.protected).limit(1)) is not None


def seen_of_household(viewer: Viewer, household_id: UUID, statuses: Iterable[str] = ON_THE_REGISTER) -> list[Episode]:
    """Return those of a household's children whose files the viewer may see, in order; who grew up or died is none.

    `statuses` of their episodes: those on the register, unless others are asked for.
    """
    there = Episode.status.in_(tuple(statuses)), Child.status == ChildStatus.REGISTERED
    return list(db.session.scalars(_latest().where(Episode.household_id == household_id, visible(viewer), *there)))


def seen_in_community(viewer: Viewer, area_code: str) -> list[Episode]:
    """Return the children on the register of one community (12 digits) whose files the viewer may see.

    Their households and present guardians are loaded, in a constant number of queries.
    """
    there = Episode.status.in_(ON_THE_REGISTER), Child.status == ChildStatus.REGISTERED
    guardians = selectinload(Child.guardianships).joinedload(Guardianship.guardian)
    rows = (
        select(Episode)
        .join(Episode.child)
        .options(contains_eager(Episode.child).options(guardians), joinedload(Episode.household))
        .where(visible(viewer), Episode.area_code == area_code, *there)
        .order_by(Episode.id)
    )
    return list(db.session.scalars(rows))


def seen_with_phone(viewer: Viewer, phone: str) -> list[Episode]:
    """Return the children on the register who are found by a phone and whose files the viewer may see."""
    ids = vault.find_children(db.session(), "phone", phone)
    there = Episode.status.in_(ON_THE_REGISTER), Child.status == ChildStatus.REGISTERED
    return list(db.session.scalars(_latest().where(Child.id.in_(ids), visible(viewer), *there)))


def children_of_guardian(guardian_id: UUID) -> list[Child]:
    """Return the children to whom an adult is a guardian now. Knows nothing of scope."""
    return list(
        db.session.scalars(
            select(Child)
            .join(Guardianship, Guardianship.child_id == Child.id)
            .where(Guardianship.guardian_id == guardian_id, Guardianship.ended_month.is_(None))
            .order_by(Child.id)
        )
    )


def renew_phones(reader: Opener, child_ids: Iterable[UUID]) -> None:
    """Let children be found by the phones that their present guardians have now, and by no other."""
    for child_id in child_ids:
        rows = db.session.scalars(
            select(Guardianship)
            .options(joinedload(Guardianship.guardian))
            .where(Guardianship.child_id == child_id, Guardianship.ended_month.is_(None))
        )
        opened = (row.guardian.phone.open(reader) for row in rows)
        index_phones(child_id, [phone for phone in opened if phone])


def _latest() -> Select[Episode]:
    return (
        select(Episode)
        .join(Episode.child)
        .options(contains_eager(Episode.child))
        .where(Episode.latest, Child.merged_into.is_(None))
        .order_by(Episode.id)
    )
