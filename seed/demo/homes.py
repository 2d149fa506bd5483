"""Rows of a household: where it lives, the notice that it was given, its adults, and who of them cares for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.database import uuid7
from registry.households.models import Guardian, Household, NoticeGiven
from seed.demo.histories import instant_of
from seed.demo.spelling import spelt

if TYPE_CHECKING:
    from uuid import UUID

    from registry.households.answers import GuardianAnswers
    from seed.demo.ids import Ids
    from seed.demo.people import Family
    from seed.demo.world import Adults, Rows, World


def add_home(rows: Rows, world: World, family: Family) -> tuple[UUID, Adults]:
    """Add a household with its notice and its adults; returns its id and the adults'. Visits are for later."""
    area, household, places = family.community.code, uuid7(), world.places
    office = places.community(area)
    rows[Household].append(
        {
            "id": household,
            "version": 1,
            "area_code": area,
            "block_id": block_of(places, family),
            "address_sealed": Household.address.seal_for(household, family.address),
            "registered_on": family.registered_on,
            "office_id": office,
            "visited_on": None,
            "visit_due": None,
            "sop_version": world.sop.version,
        }
    )
    rows[NoticeGiven].append(
        {
            "id": uuid7(),
            "household_id": household,
            "notice_version": world.sop.notice.version,
            "language": "zh",
            "answer": "agrees",
            "given_at": instant_of(family.registered_on),
            "given_by": places.staff[office],
        }
    )
    return household, [_add_adult(rows, household, place, adult) for place, adult in enumerate(family.adults, 1)]


def block_of(places: Ids, family: Family) -> UUID | None:
    """Return the id of the family's block, None where its community has none."""
    return places.blocks[family.community.code][family.block] if family.block is not None else None


def _add_adult(rows: Rows, household: UUID, position: int, adult: GuardianAnswers) -> tuple[UUID, str]:
    guardian = uuid7()
    rows[Guardian].append(
        {
            "id": guardian,
            "version": 1,
            "household_id": household,
            "position": position,
            "name_sealed": Guardian.name.seal_for(guardian, adult.name),
            "name_answer": adult.name_answer,
            "pinyin_sealed": Guardian.pinyin.seal_for(guardian, spelt(adult.name or "")),
            "phone_sealed": Guardian.phone.seal_for(guardian, adult.phone),
            "phone_answer": adult.phone_answer,
            "lives_here": adult.lives_here == "yes",
            "lives_here_answer": adult.lives_here,
        }
    )
    return guardian, adult.relation
