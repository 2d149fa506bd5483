"""Rows of a child's file: its identity and what finds it, its episode, and who cares for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.children.card_numbers import draw
from registry.children.models import Child, Episode, Guardianship
from registry.children.service import index_entries
from registry.database import uuid7
from registry.vault.models import BlindIndex
from registry.vault.service import index_rows
from seed.demo.histories import instant_of
from seed.demo.homes import block_of
from seed.demo.spelling import spelt
from sop.eligibility import FLAGS
from sop.identity import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random
    from uuid import UUID

    from seed.demo.people import Family, Kid
    from seed.demo.world import Adults, Rows, World
    from sop.eligibility import Classification


def add_identity(rows: Rows, world: World, random: Random, kid: Kid, family: Family) -> UUID:
    """Add a child with its card and its blind indexes; returns its id."""
    child = uuid7()
    card = draw(family.community.code, family.registered_on, random.choice)
    rows[Child].append(
        {
            "id": child,
            "version": 1,
            "name_sealed": Child.name.seal_for(child, kid.name),
            "pinyin_sealed": Child.pinyin.seal_for(child, spelt(kid.name)),
            "birth_date_sealed": Child.birth_date.seal_for(child, kid.birth),
            "birth_year": kid.birth.year,
            "birth_month": kid.birth.month,
            "sex": kid.sex,
            "ethnic_sealed": Child.ethnic.seal_for(child, kid.ethnic),
            "id_number_sealed": Child.id_number.seal_for(child, kid.id_number),
            "id_number_answer": kid.id_number_answer,
            "hukou_county": kid.hukou,
            "hukou_sealed": Child.hukou.seal_for(child, kid.hukou),
            "hukou_answer": kid.hukou_answer,
            "card_number_sealed": Child.card_number.seal_for(child, card),
            "certificate": kid.certificate,
            "status": "registered",
            "protected": False,
            "registered_at": instant_of(family.registered_on),
            "registered_by_office": world.places.community(family.community.code),
            "sop_version": world.sop.version,
        }
    )
    phones = [adult.phone for adult in family.adults if adult.phone]
    for kind, values, exclusive in index_entries(kid.name, kid.birth, kid.id_number, phones):
        rows[BlindIndex] += index_rows(child, kind, *values, exclusive=exclusive)
    rows[BlindIndex] += index_rows(child, "card", card, exclusive=True)
    return child


def add_episode(  # noqa: PLR0913, PLR0917 -- a row of many tables' ids
    rows: Rows,
    world: World,
    child: UUID,
    kid: Kid,
    family: Family,
    household: UUID,
    side: str,
    decision: Classification,
) -> UUID:
    """Add the episode of a child at the place of its family; returns its id."""
    complete = is_complete(kid.name, kid.birth, kid.id_number_answer)
    row = episode_row(world, child, family, household, side, [flag.code for flag in decision.flags])
    row["status"] = "active" if complete else "pending"
    row["changes_month"] = f"{decision.changes_on:%Y-%m}" if decision.changes_on else None
    rows[Episode].append(row)
    episode: UUID = row["id"]
    return episode


def episode_row(
    world: World, child: UUID, family: Family, household: UUID, side: str, flags: Iterable[str]
) -> dict[str, Any]:
    """Return the row of an episode that is the latest and has not ended."""
    episode, held = uuid7(), set(flags)
    return {
        "id": episode,
        "version": 1,
        "child_id": child,
        "household_id": household,
        "area_code": family.community.code,
        "block_id": block_of(world.places, family),
        "side": side,
        "status": "active",
        "latest": True,
        **{flag: flag in held for flag in FLAGS},
        "changes_month": None,
        "arrived_sealed": Episode.arrived.seal_for(episode, family.arrived),
        "arrived_month": family.arrived.iso[:7] if family.arrived else None,
        "left_sealed": None,
        "left_month": None,
        "destination_sealed": None,
        "circumstances_sealed": Episode.circumstances.seal_for(episode, family.circumstances),
        "registered_on": family.registered_on,
        "source": "home_visit",
        "sop_version": world.sop.version,
    }


def add_guardians(rows: Rows, child: UUID, adults: Adults, ended_month: str | None = None) -> None:
    """Add who cares for a child, or did until a month."""
    rows[Guardianship] += [
        {"id": uuid7(), "child_id": child, "guardian_id": guardian, "relation": relation, "ended_month": ended_month}
        for guardian, relation in adults
    ]
