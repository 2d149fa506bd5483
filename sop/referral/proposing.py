"""What is to be proposed of a child, and which open referrals its facts no longer justify. People confirm both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from sop.content import Reason
from sop.referral.facts import Case
from sop.referral.triggers import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from sop.content import Service, Sop
    from sop.referral.facts import Facts

ASKED: Final = "asked"  # the reason of what no rule proposed: the family or an office asked for it


@dataclass(frozen=True)
class Proposal:
    """A service that the child should be referred to, and why. The registrar confirms."""

    service: str
    reasons: tuple[Reason, ...]


class Solved(NamedTuple):
    """When an office solved what it was asked, and from which day on it wants to be asked again, if it said so."""

    closed_on: date
    recall_on: date | None


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


def rests(sop: Sop, proposal: Proposal, sent_for: Iterable[Reason], solved: Solved, on: date) -> bool:
    """Tell whether an office has just solved what is proposed, so that nobody is asked for the same at once.

    It rests until the day of recall, where the answer named one, else for `solved_rest_days`; a reason that the
    referral was not sent for is news, and rests not at all.
    """
    until = solved.recall_on or solved.closed_on + timedelta(days=sop.referrals.solved_rest_days)
    return on < until and {reason.key for reason in proposal.reasons} <= {reason.key for reason in sent_for}


def _reasons(service: Service, case: Case) -> Iterator[Reason]:
    for key in service.triggers:
        params = TRIGGERS[service.code][key].rule(case)
        if params is not None:
            yield Reason(key, params)
