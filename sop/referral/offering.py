"""What an office is asked: which outcomes it may give, what goes with each, and what may be chosen there.

One answer for every way in which an office answers: page, many at once, slip of paper and spreadsheet.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sop import schooling
from sop.content import Code
from sop.ledger.words import UNSAID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sop.content import Outcome, Service, Sop
    from sop.referral.answering import Answer

    Choices = Mapping[str, tuple[Code, ...]]

REASON, DAY, ALTERNATIVE = "reason", "day", "alternative"
KIND, GRADE, ITEMS = "school_kind", "grade", "items"
KINDS: Final = ("solved", "interim", "unsolved")  # of outcomes, in the order in which they are offered


def goes_with(outcome: Outcome) -> frozenset[str]:
    """Return the fields of `Answer` that are told beside an outcome: reason, day, alternative, and what it takes.

    A note goes with every outcome, and items with every one of a service that compares some.
    """
    asked = {REASON: outcome.reasons, DAY: outcome.asks, ALTERNATIVE: outcome.alternative}
    return frozenset({*(name for name, needs in asked.items() if needs), *outcome.takes})


def wanting(service: Service, field: str) -> tuple[Outcome, ...]:
    """Return the outcomes of a service with which a field of `Answer` goes."""
    return tuple(each for each in service.outcomes if field in goes_with(each))


def needs_items(service: Service, outcome: Outcome) -> bool:
    """Say whether an outcome needs a result for every item: a solved one, of a service that compares some."""
    return bool(service.items) and outcome.kind == KINDS[0]


def for_many(service: Service) -> tuple[Outcome, ...]:
    """Return the outcomes that many children may be given at once: those that need no result item by item."""
    return tuple(each for each in service.outcomes if not needs_items(service, each))


def by_kind(outcomes: Iterable[Outcome]) -> list[tuple[str, list[Outcome]]]:
    """Return outcomes under their kinds, in the order of KINDS; empty kinds are left out."""
    those = list(outcomes)
    grouped = [(kind, [each for each in those if each.kind == kind]) for kind in KINDS]
    return [(kind, members) for kind, members in grouped if members]


def offers(sop: Sop, service: Service) -> Choices:
    """Return what may be chosen for each field of `Answer` that is chosen from a list, in the order of that list.

    Of the kinds of school those that an office knows: a family may say that it does not know, or would rather not
    say. Grades from kindergarten (0) to the last year of senior school. `items`: the results of any item.
    """
    reasons = {code for each in service.outcomes for code in each.reasons}
    instead = {code for each in service.outcomes for code in each.alternative}
    grades = range(schooling.LAST_GRADE + 1)
    return {
        "outcome": tuple(Code(each.code, each.text) for each in service.outcomes),
        REASON: tuple(each for each in sop.codes["outcome_reason"] if each.code in reasons),
        ALTERNATIVE: tuple(each for each in sop.codes["alternative"] if each.code in instead),
        KIND: tuple(each for each in sop.codes["schooling_kind"] if each.code not in UNSAID),
        GRADE: tuple(Code(str(grade), schooling.name_of_grade(sop, grade)) for grade in grades),
        ITEMS: tuple(sop.codes["item_result"]) if service.items else (),
    }


def kept_beside(outcome: Outcome, given: Answer) -> dict[str, Any]:
    """Return what an answer says beside outcome, reason, day and note, as it is kept with the step.

    The keys are those of `Answer`; a day is written as in 2026-11-22. What the outcome does not take is left out.
    """
    names = [*outcome.takes, *((ALTERNATIVE,) if outcome.alternative else ())]
    told = {name: getattr(given, name) for name in names} | {ITEMS: dict(given.items or {})}
    kept = {name: value for name, value in told.items() if value or value == 0}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in kept.items()}
