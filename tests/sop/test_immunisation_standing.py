"""What lists may know of a child: the most urgent of its courses, and the month of what comes next."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sop.identity import BirthDate
from sop.immunisation import Assessment, Given, Outlook
from sop.immunisation.standing import HALF_ENTERED, UNKNOWN, Course, assessed, standing, standing_of
from sop.version import Sop, load

ON = date(2026, 11, 22)
SCHEDULE = load("2026-11").immunisation
LATE, SOON = date(2026, 9, 30), date(2027, 1, 2)
OF = {
    "overdue": Outlook(1, "overdue", 2, LATE, LATE, "HepB"),
    "due": Outlook(1, "due", 2, date(2026, 10, 1), date(2026, 11, 1), "IPV"),
    "not_yet": Outlook(0, "not_yet", 1, SOON, SOON, "MMR"),
    **{status: Outlook(0, status) for status in ("ask", "complete", "aged_out", "none")},
}


@pytest.mark.parametrize(
    ("statuses", "state", "month"),
    [
        (("not_yet", "ask", "due", "overdue", "complete"), "overdue", "2026-09"),
        (("complete", "not_yet", "ask", "due"), "due", "2026-11"),
        (("complete", "not_yet", "ask"), "ask", "2027-01"),
        (("complete", "not_yet", "aged_out"), "not_yet", "2027-01"),
        (("complete", "aged_out", "none"), "complete", None),
        (("aged_out", "none"), "complete", None),
    ],
)
def test_the_most_urgent_course_is_the_state_of_the_child(
    statuses: tuple[str, ...], state: str, month: str | None
) -> None:
    found = standing_of(Assessment((), {status: OF[status] for status in statuses}))
    assert (found.state, found.due_month) == (state, month)
    assert set(found.courses) == set(statuses) - {"complete", "none"}


def test_of_a_course_its_status_next_dose_and_month_are_kept_and_no_day() -> None:
    found = standing_of(Assessment((), {"HepB": OF["overdue"], "BCG": OF["aged_out"]}))
    assert found.courses == {"HepB": Course("overdue", 2, "2026-09"), "BCG": Course("aged_out", None, None)}


def test_of_a_child_without_a_record_nothing_is_known() -> None:
    assert assessed(SCHEDULE, BirthDate(2024, 3, 1), "1", "seen", [], ON) is None
    assert standing_of(None) == UNKNOWN


def test_who_is_known_to_the_month_is_born_on_its_last_day_or_by_its_first_dose() -> None:
    def second_hepb(*given: Given) -> date | None:
        found = assessed(SCHEDULE, BirthDate(2024, 3), "1", "no_dose", given, date(2024, 4, 2))
        assert found is not None
        return found.courses["HepB"].earliest

    assert second_hepb(Given("BCG", date(2024, 3, 20))) == date(2024, 3, 20)
    assert second_hepb(Given("BCG", date(2024, 4, 1))) == date(2024, 3, 31)
    assert second_hepb() == date(2024, 3, 31)


@pytest.mark.parametrize(("more", "long"), [(0, True), (-1, False)])
def test_long_overdue_is_what_has_been_so_for_as_many_days_as_the_procedure_says(
    sop: Sop, more: int, long: bool
) -> None:
    birth, given = BirthDate(2024, 3, 1), [Given("HepB", date(2024, 3, 1))]
    found = assessed(SCHEDULE, birth, "1", "seen", given, ON)
    assert found is not None
    first = min(each.overdue_from for each in found.courses.values() if each.overdue_from)
    on = first + timedelta(days=sop.referrals.overdue_dose_days + more)
    assert standing(sop, birth, "1", "seen", given, whole=True, on=on).long_overdue is long


def test_of_what_is_half_entered_nothing_is_said(sop: Sop) -> None:
    given = [Given("HepB", date(2024, 3, 1))]
    assert standing(sop, BirthDate(2024, 3, 1), "1", "seen", given, whole=False, on=ON) == HALF_ENTERED
