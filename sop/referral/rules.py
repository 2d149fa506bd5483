"""What a version says of all referrals: limits where a service names none, and from when rules propose."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.reading import Table

LONGEST: Final = 250  # working days of a year
LONGEST_WAIT: Final = 366
STEPS: Final = 2  # to the supervisor, and to the level above
OLDEST: Final = 18
MONTHS: Final = 12
FURTHEST: Final = 1096  # calendar days: what lies further off is a slip of the year
RECALL, APPOINTMENT, NEXT_DOSE = "recall", "appointment", "next_dose"
ASKED_DAYS: Final = (RECALL, APPOINTMENT, NEXT_DOSE)  # the kinds of days that go with an outcome


@dataclass(frozen=True)
class ReferralRules:
    """Limits and thresholds of referrals.

    Working days: `accept_days`, `answer_days` and `climb_days` (to the supervisor after the limit, then to the level
    above) of a service that names none of its own, `soon_days` before a limit, `send_days` within which a returned
    referral is sent again or taken back. Calendar days: `overdue_dose_days` after which an overdue dose is referred,
    `newly_arrived_days` for which a child counts as newly arrived,
    `solved_rest_days`, `refused_rest_days` and `withdrawn_rest_days` for which what an office solved, what it could
    not solve and what its sender took back is not proposed again, `reopen_days` for which what was closed may be
    opened again, `latest_days` how far off a day of each kind of ASKED_DAYS may lie. From the month
    `entrants_from_month` on the entrants of the September after are proposed; below the age of `young_below` (completed
    years) a child is under child health management and is registered at the clinic on arrival.
    """

    accept_days: int
    answer_days: int
    climb_days: tuple[int, ...]
    soon_days: int
    send_days: int
    overdue_dose_days: int
    newly_arrived_days: int
    solved_rest_days: int
    refused_rest_days: int
    withdrawn_rest_days: int
    reopen_days: int
    latest_days: Mapping[str, int]
    entrants_from_month: int
    young_below: int


def read_referrals(file: Table) -> ReferralRules:
    """Build the rules out of referrals.toml, noting every fault."""
    rules = ReferralRules(
        accept_days=file.number("accept_days", LONGEST),
        answer_days=file.number("answer_days", LONGEST),
        climb_days=read_climb(file),
        soon_days=file.number("soon_days", LONGEST),
        send_days=file.number("send_days", LONGEST),
        overdue_dose_days=file.number("overdue_dose_days", LONGEST_WAIT),
        newly_arrived_days=file.number("newly_arrived_days", LONGEST_WAIT),
        solved_rest_days=file.number("solved_rest_days", LONGEST_WAIT),
        refused_rest_days=file.number("refused_rest_days", LONGEST_WAIT),
        withdrawn_rest_days=file.number("withdrawn_rest_days", LONGEST_WAIT),
        reopen_days=file.number("reopen_days", LONGEST_WAIT),
        latest_days=_latest_days(file.table("latest_days")),
        entrants_from_month=file.number("entrants_from_month", MONTHS),
        young_below=file.number("young_below", OLDEST),
    )
    file.finish()
    if rules.answer_days < rules.accept_days:
        file.fault("answer_days", "is shorter than accept_days")
    return rules


def _latest_days(table: Table) -> Mapping[str, int]:
    days = {name: table.number(name, FURTHEST) for name in ASKED_DAYS}
    table.finish()
    return MappingProxyType(days)


def read_climb(table: Table) -> tuple[int, ...]:
    """Take `climb_days`: working days to the supervisor, and from there to the level above."""
    days = table.numbers("climb_days", LONGEST)
    if days and len(days) != STEPS:
        table.fault("climb_days", "must be two numbers: to the supervisor, and from there to the level above")
    return days
