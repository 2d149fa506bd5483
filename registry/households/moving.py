"""Verbs on a household that lives on: it moves within the township, and what was written of its adults is put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from registry.areas.codes import same_township
from registry.audit import service as audit
from registry.children import following, relocating, together
from registry.children.correcting import Why
from registry.children.history import record_change
from registry.children.queries import ON_THE_REGISTER
from registry.database import db
from registry.households.models import Household
from registry.names import romanise
from registry.transfers.following import follow

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.households.models import Guardian
    from registry.vault.codecs import JsonValue

GIVEN = "given"
WITHHELD = frozenset({"unknown", "refused"})
MOVED = Why("moved")


class Address(NamedTuple):
    """Where a household lives: the community (12 digits), the block, the address in it, or why there is none.

    `answer`: given, unknown, refused or "".
    """

    area_code: str
    block_id: UUID | None
    street: str | None
    answer: str


def address_of(household: Household, viewer: Viewer) -> Address:
    """Open where a household lives."""
    street = household.address.open(viewer)
    return Address(household.area_code, household.block_id, street, household.address_answer)


def told(household: Household, viewer: Viewer) -> dict[str, JsonValue]:
    """Return where a household lives as a history keeps it: area (12 digits), block (its name), address, answer."""
    block = household.block.name_zh if household.block else None
    street = household.address.open(viewer)
    return {"area": household.area_code, "block": block, "address": street, "answer": household.address_answer}


def named(household: Household, viewer: Viewer) -> dict[str, JsonValue]:
    """Return how a history names a household: by its id, its adults and where it lives."""
    opened = (adult.name.open(viewer) for adult in household.guardians)
    adults: list[JsonValue] = [name for name in opened if name]
    return {"household": str(household.id), "guardians": adults, **told(household, viewer)}


def held(household_id: UUID) -> Household:
    """Return a household with its guardians as it is now, locked until the transaction ends.

    Whoever calls has seen a file that belongs to it. Who needs two takes them together: `held_together`.
    """
    return held_together(household_id)[household_id]


def held_together(*household_ids: UUID) -> dict[UUID, Household]:
    """Return households as `held` does, by id: always locked in one order, so that no two acts wait for each other."""
    rows = (
        select(Household)
        .where(Household.id.in_(set(household_ids)))
        .options(selectinload(Household.guardians))
        .order_by(Household.id)
        .with_for_update(of=Household, key_share=True)
    )
    return {home.id: home for home in db.session.scalars(rows.execution_options(populate_existing=True))}


def move(viewer: Viewer, household: Household, to: Address, office_id: UUID | None, why: Why, on: date) -> None:
    """Let a household live elsewhere in the township, or its address be put right, with every child on the register.

    `household` is held; `office_id`: the office that looks after the new community, None where it stays with the
    present one. The episodes go on. Raises relocating.BeyondTownshipError.
    """
    before = address_of(household, viewer)
    if before == to:
        return
    if not same_township(before.area_code, to.area_code):
        raise relocating.BeyondTownshipError(to.area_code)
    written = told(household, viewer)
    household.area_code, household.block_id = to.area_code, to.block_id
    household.address, household.address_answer = to.street, to.answer
    household.office_id = office_id or household.office_id
    household.version += 1
    db.session.flush()
    db.session.refresh(household, ["block"])
    there = [each for each in together.of_household(household.id) if each.status in ON_THE_REGISTER]
    if before.area_code != to.area_code:
        follow(viewer, (each.child_id for each in there), to.area_code, on)
    for episode in there:
        of = (viewer, episode.child_id, "household", household.id)
        record_change(*of, "address", written, told(household, viewer), why.reason, why.note)
        relocating.move(viewer, episode, to.area_code, to.block_id, on)
    following.changed(viewer, [episode.child_id for episode in there])
    audit.record(
        "household_moved",
        viewer=viewer,
        children=[episode.child_id for episode in there],
        household=household.id,
    )


def value_of(guardian: Guardian, viewer: Viewer, field: str) -> str | None:
    """Return an adult's name or phone now, or the answer in its place."""
    handle, answer = getattr(guardian, field), getattr(guardian, f"{field}_answer")
    value: str | None = handle.open(viewer)
    return value or (answer if answer in WITHHELD else None)


def correct_guardian(viewer: Viewer, guardian: Guardian, field: str, value: str, why: Why) -> None:
    """Let an adult have another name or phone, for all children to whom it is a guardian, who are found by it.

    `field`: name or phone; `value` normalised, or unknown or refused. `guardian` is held by its household's row.
    """
    before = value_of(guardian, viewer, field)
    if before == value:
        return
    known = None if value in WITHHELD else value
    setattr(guardian, field, known)
    setattr(guardian, f"{field}_answer", GIVEN if known else value)
    if field == "name":
        guardian.pinyin = romanise(known) if known else None
    guardian.version += 1
    db.session.flush()
    children = [child.id for child in together.children_of_guardian(guardian.id)]
    for child_id in children:
        of = (viewer, child_id, "guardian", guardian.id, f"guardian_{field}")
        record_change(*of, before, value, why.reason, why.note)
    if field == "phone":
        together.renew_phones(viewer, children)
    audit.record("child_changed", viewer=viewer, children=children, field=f"guardian_{field}", before=None)


def leave_round(household_id: UUID) -> None:
    """Take a household off the round of visits when none of its children is on the register any more."""
    remaining = any(
        each.status in ON_THE_REGISTER and each.child.status == "registered"
        for each in together.of_household(household_id)
    )
    household = held(household_id)
    if not remaining and household.visit_due is not None:
        household.visit_due = None
        household.version += 1


def rejoin_round(household_id: UUID, on: date) -> None:
    """Put a household on the round of visits again, due at once: somebody is back."""
    household = held(household_id)
    if household.visit_due is None:
        household.visit_due = on
        household.version += 1
