"""Referrals of a child: for what it needs today, and some that were solved before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.children.models import Schooling
from registry.referrals.models import Referral, ReferralStep
from registry.referrals.reasons import kept
from seed.demo.histories import SOLVED_SHARE, open_history, referral_rows, solved_history
from sop.referral import State, propose

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random
    from uuid import UUID

    from seed.demo.histories import History
    from seed.demo.people import Family, Kid
    from seed.demo.world import Rows, World

SENT_SHARE = 0.85  # of needs
AT_SCHOOL = ("kindergarten", "primary", "junior")


def add_referrals(rows: Rows, world: World, random: Random, child: UUID, kid: Kid, family: Family) -> None:
    """Add what was asked of offices for the child that was added last; what one answered of its school, it told."""
    area = family.community.code
    for history, reasons in _histories(world, random, kid, family):
        referral, steps = referral_rows(history, reasons, child, world.places, area, world.sop)
        rows[Referral].append(referral)
        rows[ReferralStep] += steps
        if history.service.code == "education" and history.state is State.CLOSED and kid.school != "none":
            rows[Schooling][-1]["told_by"] = "office"


def _histories(
    world: World, random: Random, kid: Kid, family: Family
) -> Iterator[tuple[History, list[dict[str, Any]]]]:
    needs = {p.service: p for p in propose(world.sop, kid.birth, kid.school, kid.certificate, world.on)}
    answered = {"education": kid.school in AT_SCHOOL, "vaccination": kid.certificate == "seen"}
    for code, service in world.sop.services.items():
        told = (service, world.calendar, world.on)
        if code in needs and random.random() < SENT_SHARE:
            yield open_history(random, world.sop, *told, family.registered_on), kept(needs[code].reasons)
        elif code not in needs and answered[code] and random.random() < SOLVED_SHARE:
            yield solved_history(random, *told, kid.school, family.registered_on), []
