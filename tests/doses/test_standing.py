"""What lists may know of a child: the most urgent of its courses, and the month of what comes next."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from registry.doses.reckoning import UNKNOWN, Course, assessed, standing_of
from sop.identity import BirthDate
from sop.immunisation import Assessment, Given, Outlook
from sop.version import load
from tests.doses.clinic import BCG, HEPB, ON, SECOND

if TYPE_CHECKING:
    from flask import Flask

    from tests.doses.clinic import Clinic

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


def test_a_record_shows_the_table_what_is_due_first_and_why_a_dose_does_not_count(app: Flask, clinic: Clinic) -> None:
    child = clinic.referred(sex="1")
    early = HEPB._replace(vaccine="MMR")
    clinic.enter(child, HEPB, BCG, early, SECOND)
    record = clinic.record(child)
    lines = {(line.row.course, line.row.number): line for line in record.rows}
    assert lines["HepB", 1].status == lines["HepB", 2].status == "given"
    given = lines["HepB", 2].given
    assert given is not None
    assert given.on == SECOND.day
    assert lines["HepB", 3].status == "overdue"
    assert (lines["polio", 1].status, lines["polio", 2].status) == ("overdue", "not_yet")
    assert lines["2vHPV", 1].status == "none"
    assert [dose.judged[0].reason for dose in record.doses if dose.vaccine == "MMR"] == ["too_young"]
    statuses = [each.outlook.status for each in record.due]
    assert statuses == sorted(statuses, key=("overdue", "due", "ask", "not_yet").index)
    days = [each.outlook.recommended for each in record.due if each.outlook.status == "overdue"]
    assert days == sorted(day for day in days if day)
    assert record.state == "overdue"
