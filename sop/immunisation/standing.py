"""How a child stands with its vaccines, from its doses: what lists and statistics may know of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from sop.identity import add_months
from sop.immunisation.assessing import assess

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from sop.content import Sop
    from sop.identity import BirthDate
    from sop.immunisation.history import Given
    from sop.immunisation.schedule import Assessment, Outlook, Schedule

NOT_RECORDED: Final = "not_recorded"
PARTLY: Final = "partly"
COMPLETE: Final = "complete"
NOT_YET: Final = "not_yet"
URGENCY: Final = ("overdue", "due", "ask", NOT_YET)  # the most urgent first; then there is nothing left to do
DATED: Final = frozenset({"overdue", "due", NOT_YET})
NOTHING_DUE: Final = frozenset({COMPLETE, NOT_YET})  # states of a child who has all that is due by age
ENDED: Final = frozenset({COMPLETE, "none"})  # courses of which there is nothing to keep
NO_DOSE, NO_CERTIFICATE = "no_dose", "none"  # of the answers about the certificate


class Course(NamedTuple):
    """One course that is neither complete nor not for the child; `due_month` is 2026-11."""

    status: str
    next_dose: int | None
    due_month: str | None


class Standing(NamedTuple):
    """The state over all courses, the month of the earliest recommended dose, and the open courses by code.

    `long_overdue`: one of them has been overdue for so long that the child is to be referred.
    """

    state: str
    due_month: str | None
    courses: Mapping[str, Course]
    long_overdue: bool = False


UNKNOWN: Final = Standing(NOT_RECORDED, None, {})
HALF_ENTERED: Final = Standing(PARTLY, None, {})  # a dose that is not entered yet may not be called overdue


def assessed(
    schedule: Schedule, birth: BirthDate, sex: str, certificate: str, given: Iterable[Given], on: date
) -> Assessment | None:
    """Judge a child by the doses that count; None where nobody has recorded any, and so nothing can be claimed.

    `certificate`: the answer about it. "No dose at all" is a record of its own; no certificate yet is one for who is
    younger than a month, whose certificate is being made out. A child of whom only the month of birth is known is
    judged as born on its last day, so that nothing becomes due too early, or on the day of its first dose, which it
    cannot have had before.
    """
    doses = list(given)
    if not doses and not _born_lately_or_without_any(birth, certificate, on):
        return None
    return assess(schedule, _born(birth, doses), sex, doses, on)


def _born_lately_or_without_any(birth: BirthDate, certificate: str, on: date) -> bool:
    return certificate == NO_DOSE or (certificate == NO_CERTIFICATE and on < add_months(birth.latest, 1))


def _born(birth: BirthDate, doses: Iterable[Given]) -> date:
    if birth.day:
        return birth.latest
    return min([birth.latest, *(dose.on for dose in doses if dose.on >= birth.earliest)])


def is_half_entered(certificate: str, given: Collection[Given], whole: bool) -> bool:
    """Say whether doses of a certificate are entered, and others of it are not yet.

    `whole`: somebody has said that all are. Who has no dose by the answer about the certificate lacks nothing here.
    """
    return bool(given) and not whole and certificate != NO_DOSE


def standing_of(assessment: Assessment | None, *, partly: bool = False, long_since: date | None = None) -> Standing:
    """Return what may be said of an assessment; of one that is only half entered nothing is claimed.

    `long_since`: what has been overdue from this day on or longer is long overdue; left out, nothing is.
    """
    if assessment is None:
        return UNKNOWN
    if partly:
        return HALF_ENTERED
    courses = assessment.courses
    statuses = {outlook.status for outlook in courses.values()}
    state = next((status for status in URGENCY if status in statuses), COMPLETE)
    days = [each.recommended for each in courses.values() if each.status in DATED and each.recommended]
    still_open = {code: _course(each) for code, each in courses.items() if each.status not in ENDED}
    limits = [each.overdue_from for each in courses.values() if each.overdue_from]
    long_overdue = long_since is not None and any(limit <= long_since for limit in limits)
    return Standing(state, _month(min(days, default=None)), still_open, long_overdue)


def standing(
    sop: Sop, birth: BirthDate, sex: str, certificate: str, given: Collection[Given], *, whole: bool, on: date
) -> Standing:
    """Return how a child stands on a day; see `assessed` and `is_half_entered`.

    Long overdue is what has been so for more than `overdue_dose_days` of the procedure's rules for referrals.
    """
    if is_half_entered(certificate, given, whole):
        return HALF_ENTERED
    found = assessed(sop.immunisation, birth, sex, certificate, given, on)
    return standing_of(found, long_since=on - timedelta(days=sop.referrals.overdue_dose_days))


def _course(outlook: Outlook) -> Course:
    return Course(outlook.status, outlook.next_dose, _month(outlook.recommended))


def _month(day: date | None) -> str | None:
    return day.isoformat()[:7] if day else None
