"""What a version says of all referrals: limits where a service names none, and from when rules propose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sop.reading import Table

LONGEST: Final = 250  # working days of a year
LONGEST_WAIT: Final = 366
STEPS: Final = 2  # to the supervisor, and to the level above
OLDEST: Final = 18
MONTHS: Final = 12


@dataclass(frozen=True)
class ReferralRules:
    """Limits and thresholds of referrals.

    Working days: `accept_days`, `answer_days` and `climb_days` (to the supervisor after the limit, then to the level
    above) of a service that names none of its own, `soon_days` before a limit. Calendar days: `overdue_dose_days`
    after which an overdue dose is referred, `newly_arrived_days` for which a child counts as newly arrived,
    `solved_rest_days` for which what an office solved is not proposed again. From the
    month `entrants_from_month` on the entrants of the September after are proposed; below the age of `young_below`
    (completed years) a child is under child health management and is registered at the clinic on arrival.
    """

    accept_days: int
    answer_days: int
    climb_days: tuple[int, ...]
    soon_days: int
    overdue_dose_days: int
    newly_arrived_days: int
    solved_rest_days: int
    entrants_from_month: int
    young_below: int


def read_referrals(file: Table) -> ReferralRules:
    """Build the rules out of referrals.toml, noting every fault."""
    rules = ReferralRules(
        accept_days=file.number("accept_days", LONGEST),
        answer_days=file.number("answer_days", LONGEST),
        climb_days=read_climb(file),
        soon_days=file.number("soon_days", LONGEST),
        overdue_dose_days=file.number("overdue_dose_days", LONGEST_WAIT),
        newly_arrived_days=file.number("newly_arrived_days", LONGEST_WAIT),
        solved_rest_days=file.number("solved_rest_days", LONGEST_WAIT),
        entrants_from_month=file.number("entrants_from_month", MONTHS),
        young_below=file.number("young_below", OLDEST),
    )
    file.finish()
    if rules.answer_days < rules.accept_days:
        file.fault("answer_days", "is shorter than accept_days")
    return rules


def read_climb(table: Table) -> tuple[int, ...]:
    """Take `climb_days`: working days to the supervisor, and from there to the level above."""
    days = table.numbers("climb_days", LONGEST)
    if days and len(days) != STEPS:
        table.fault("climb_days", "must be two numbers: to the supervisor, and from there to the level above")
    return days
