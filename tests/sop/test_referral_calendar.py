"""A year that the program does not know comes as a file of local rules; where one is missing, that is known."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sop import version
from sop.overlay import build_with
from sop.referral import Calendar, Deadlines, YearOfCalendar, calendar_known, deadlines, with_years
from sop.version import SopError

if TYPE_CHECKING:
    from sop.version import Sop

BASE = version.FOLDER / "2026-11"
OVERLAY = Path(__file__).parent / "calendar_2027"
KNOWN = Calendar(
    holidays=frozenset({date(2026, 1, 1), date(2026, 10, 1)}),
    workdays=frozenset({date(2026, 10, 10)}),
    complete_years=frozenset({2025, 2026}),
)
SENT = date(2026, 12, 25)


@pytest.fixture(scope="module")
def local() -> Sop:
    return build_with(BASE, OVERLAY)


def test_the_version_itself_holds_no_year(sop: Sop) -> None:
    assert sop.calendar == {}
    assert with_years(KNOWN, sop.calendar) == KNOWN


def test_limits_over_the_new_year_follow_the_calendar_once_it_is_there(sop: Sop, local: Sop) -> None:
    service, after = sop.services["vaccination"], with_years(KNOWN, local.calendar)
    assert deadlines(service, SENT, KNOWN) == Deadlines(date(2027, 1, 1), date(2027, 1, 15))
    assert deadlines(service, SENT, after) == Deadlines(date(2027, 1, 4), date(2027, 1, 18))


def test_over_the_spring_festival_worked_weekends_count(local: Sop) -> None:
    after = with_years(KNOWN, local.calendar)
    limits = deadlines(local.services["vaccination"], date(2027, 1, 29), after)
    # 30 January is a worked Saturday; 5 to 12 February are off; Sunday 14 February is worked.
    assert limits == Deadlines(date(2027, 2, 4), date(2027, 2, 25))


def test_the_page_is_told_of_a_missing_year_only_while_it_is_missing(local: Sop) -> None:
    due = date(2027, 1, 1)
    assert not calendar_known(KNOWN, SENT, due)
    assert calendar_known(with_years(KNOWN, local.calendar), SENT, due)
    assert calendar_known(KNOWN, SENT, date(2026, 12, 31))


def test_a_missing_year_in_between_is_known_to_be_missing() -> None:
    gap = Calendar(frozenset(), frozenset(), frozenset({2026, 2028}))
    assert not calendar_known(gap, SENT, date(2028, 1, 3))
    assert calendar_known(gap, date(2028, 1, 3), date(2028, 2, 1))


def test_a_year_of_the_version_stands_for_the_whole_of_that_year() -> None:
    own = YearOfCalendar(frozenset({date(2026, 5, 1)}), frozenset(), complete=False)
    merged = with_years(KNOWN, {2026: own})
    assert merged == Calendar(frozenset({date(2026, 5, 1)}), frozenset(), frozenset({2025}))


FAULTS = [
    ("[2027]\nholidays = []\nworkdays = []\ncomplete = true", "2027.holidays: a complete year has some"),
    ("[2027]\nholidays = [2026-12-31]\nworkdays = []\ncomplete = true", "2027.holidays: 2026-12-31 is not of this"),
    ("[2027]\nholidays = []\nworkdays = [2027-01-04]\ncomplete = false", "2027.workdays: 2027-01-04 is neither"),
    ("[2027]\nholidays = [2027-01-02]\nworkdays = [2027-01-02]\ncomplete = true", "2027.workdays: 2027-01-02 is a h"),
    ("[2027]\nholidays = [1]\nworkdays = []\ncomplete = false", "2027.holidays: must be a list of days"),
    (
        "[2027]\nholidays = [2027-01-01, 2027-01-01]\nworkdays = []\ncomplete = true",
        "2027.holidays: names something twice",
    ),
    ("[2027]\nholidays = [2027-01-01]\ncomplete = true", "2027.workdays: is missing"),
    ("[2027]\nholidays = [2027-01-01]\nworkdays = []", "2027.complete: is missing"),
    ("[2027]\nholidays = [2027-01-01]\nworkdays = []\ncomplete = true\nsun = 1", "2027.sun: unknown key"),
    ("[next]\nholidays = [2027-01-01]\nworkdays = []\ncomplete = true", "next: is no year from 2020 to 2099"),
]


@pytest.mark.parametrize(("text", "fault"), FAULTS)
def test_a_fault_in_a_calendar_is_named_by_year_and_key(tmp_path: Path, text: str, fault: str) -> None:
    folder = tmp_path / "nanjing"
    folder.mkdir()
    (folder / "calendar.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SopError) as caught:
        build_with(BASE, folder)
    assert len(caught.value.faults) == 1
    assert caught.value.faults[0].startswith(f"nanjing/calendar.toml: {fault}")


def test_a_year_is_told_as_a_local_rule(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(OVERLAY, tmp_path / "changzhou"))
    keys = [each.key for each in version.local_differences(BASE, folder)]
    assert keys == ["2027.holidays", "2027.workdays", "2027.complete"]
