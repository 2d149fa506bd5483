"""What is to be proposed of a child, and which open referrals its facts no longer justify. People confirm both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from sop.content import Reason
from sop.referral.facts import Case
from sop.referral.triggers import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from sop.content import Service, Sop
    from sop.referral.facts import Facts

SOLVED, UNSOLVED = "solved", "unsolved"
NOT_WANTED: Final = ("not_needed", "guardian")  # of `withdraw_reason`: what the family does not need or want
ASKED: Final = "asked"  # the reason of what no rule proposed: the family or an office asked for it


@dataclass(frozen=True)
class Proposal:
    """A service that the child should be referred to, and why. The registrar confirms."""

    service: str
    reasons: tuple[Reason, ...]


class Ended(NamedTuple):
    """How what was asked came to its end, and when.

    `how`: SOLVED or UNSOLVED, as the office answered, or the reason for which it was withdrawn. `recall_on`: from which
    day on the office wants to be asked again, if it said so.
    """

    how: str
    on: date
    recall_on: date | None = None


class Before(NamedTuple):
    """What was asked for a child before, in which area (12 digits); `ended`: None while it is open."""

    service: str
    reasons: tuple[Reason, ...]
    area: str
    ended: Ended | None = None


def to_propose(sop: Sop, facts: Facts, before: Collection[Before], on: date) -> tuple[Proposal, ...]:
    """Return what is to be proposed of a child: one proposal for a service, none that is asked already or rests."""
    asked = {each.service for each in before if each.ended is None}
    found = (each for each in propose(sop, facts, on) if each.service not in asked)
    # What came to an end where the child lived before, rests there.
    here = [each for each in before if each.area == facts.area]
    return tuple(each for each in found if not any(rests(sop, each, one, on) for one in here))


def to_withdraw(sop: Sop, facts: Facts, before: Before, on: date) -> bool:
    """Tell whether what was asked before is open, and nothing justifies it any more."""
    known = before.ended is None and before.service in sop.services
    return known and unjustified(sop, before.service, before.reasons, facts, on)


def joins(reasons: Iterable[Reason], known: Iterable[Reason]) -> bool:
    """Tell whether a reason has come up that was not among those known: news, to what was declined or rests."""
    return not {reason.key for reason in reasons} <= {reason.key for reason in known}


def propose(sop: Sop, facts: Facts, on: date) -> tuple[Proposal, ...]:
    """Return the services whose rules hold of a child on a day, in the order of the version, each with all its reasons.

    Where an answer was refused, is not known or was not opened, nothing rests on it. Whom a school owes a place now
    is sent to the education bureau alone, and not beside it to a class outside school: both would answer for one need.
    """
    case = Case(sop, facts, on)
    found = (Proposal(service.code, tuple(_reasons(service, case))) for service in sop.services.values())
    return tuple(proposal for proposal in found if proposal.reasons)


def unjustified(sop: Sop, service_code: str, reasons: Iterable[Reason], facts: Facts, on: date) -> bool:
    """Tell whether what an open referral was sent for no longer holds, and it should be proposed for withdrawal.

    Only where rules alone had proposed it, none of the service's rules holds now, and enough is known of each of its
    reasons to say so. What somebody asked for (ASKED), or a reason of another version, never lapses; nor does time
    alone end a need: who arrived three months ago, or was to enter school in September, may still be unanswered.
    """
    service, case = sop.services[service_code], Case(sop, facts, on, sent=True)
    rules = TRIGGERS.get(service_code, {})
    sent_for = [rules.get(reason.key) for reason in reasons]
    judged = bool(sent_for) and all(rule is not None and rule.settled(case) for rule in sent_for)
    return judged and not any(_reasons(service, case))


def rests(sop: Sop, proposal: Proposal, before: Before, on: date) -> bool:
    """Tell whether what is proposed has just come to an end, so that nobody is asked for the same at once.

    What was solved rests until the day of recall, where the answer named one, else for `solved_rest_days`; what could
    not be solved, for `refused_rest_days`; what its sender withdrew because the family does not want or need it, for
    `withdrawn_rest_days`, while a child who left and is back waits for nothing. A reason that it was not asked for is
    news, and rests not at all. Nobody is forgotten by it: whoever is in no school stays so in file and statistics.
    """
    if before.ended is None or before.service != proposal.service or joins(proposal.reasons, before.reasons):
        return False
    return on < _rests_until(sop, before.ended)


def _rests_until(sop: Sop, ended: Ended) -> date:
    rules = sop.referrals
    if ended.how == SOLVED and ended.recall_on:
        return ended.recall_on
    days = {SOLVED: rules.solved_rest_days, UNSOLVED: rules.refused_rest_days}
    days |= dict.fromkeys(NOT_WANTED, rules.withdrawn_rest_days)
    return ended.on + timedelta(days=days.get(ended.how, 0))


def _reasons(service: Service, case: Case) -> Iterator[Reason]:
    for key in service.triggers:
        params = TRIGGERS[service.code][key].rule(case)
        if params is not None:
            yield Reason(key, params)
