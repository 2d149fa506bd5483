"""How often a family is visited, what counts, and when the next visit is due: all of it data."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from sop import version
from sop.building import build
from sop.protection import LEVELS
from sop.version import Sop, SopError
from sop.visits import Standing, due, family_due, listed_until, months_between_visits

SINCE = date(2026, 3, 1)
CONTACT, SEEN = date(2026, 8, 31), date(2026, 7, 15)


@pytest.mark.parametrize(
    ("level", "must", "months"),
    [
        (None, False, 1),
        ("ordinary", False, 6),
        ("raised", False, 3),
        ("high", False, 1),
        (None, True, 1),
        ("ordinary", True, 3),
        ("raised", True, 3),
        ("high", True, 1),
    ],
)
def test_frequency_follows_risk(sop: Sop, level: str | None, must: bool, months: int) -> None:
    assert months_between_visits(sop.visits, level, must_be_seen=must) == months


@pytest.mark.parametrize(
    ("child", "day"),
    [
        (Standing(SINCE), date(2026, 3, 16)),  # the first visit: 15 days after registration
        (Standing(SINCE, CONTACT), date(2026, 9, 30)),  # a month on, and there is no 31 September
        (Standing(SINCE, CONTACT, level="ordinary"), date(2027, 2, 28)),
        (Standing(SINCE, CONTACT, SEEN, "raised"), date(2026, 11, 30)),
        (Standing(SINCE, CONTACT, SEEN, "high", judged=date(2026, 10, 9)), date(2026, 10, 9)),  # late from then on
    ],
)
def test_the_next_visit_is_due_an_interval_after_the_last_one_that_counts(sop: Sop, child: Standing, day: date) -> None:
    assert due(sop.visits, child) == day


def test_a_child_who_must_be_seen_stays_due_until_seen(sop: Sop) -> None:
    unseen = Standing(SINCE, CONTACT, must_be_seen=True)
    assert due(sop.visits, unseen) == date(2026, 3, 16), "a call moves nothing"
    assert due(sop.visits, Standing(SINCE, CONTACT, SEEN, must_be_seen=True)) == date(2026, 8, 15)


def test_a_family_is_due_by_its_most_pressing_child(sop: Sop) -> None:
    calm = Standing(SINCE, CONTACT, level="ordinary")
    assert family_due(sop.visits, [calm, Standing(SINCE, CONTACT)]) == date(2026, 9, 30)
    assert family_due(sop.visits, [calm]) == date(2027, 2, 28)
    assert family_due(sop.visits, []) is None


def test_a_visit_is_listed_a_week_before_it_is_due(sop: Sop) -> None:
    assert listed_until(sop.visits, date(2026, 11, 20)) == date(2026, 11, 27)


def test_what_counts_is_data(sop: Sop) -> None:
    assert sop.visits.counting == {"seen", "phoned"}
    assert [each.code for each in sop.visits.outcomes] == ["seen", "phoned", "neighbour", "nobody", "declined"]
    assert [each.code for each in sop.visits.outcomes if each.sees] == ["seen"]
    with pytest.raises(SopError, match="no outcome 'moved'"):
        sop.visits.outcome("moved")


def test_every_frequency_in_use_has_words_in_both_languages(sop: Sop) -> None:
    assert set(sop.visits.months) == {"unassessed", "must_be_seen", *LEVELS}
    for months in sop.visits.months.values():
        words = sop.visits.frequency[months]
        assert re.search("[一-鿿]", words.zh)
        assert words.en.isascii()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("first_days = 15", "first_days = 0", "visits.toml: first_days: must be a number from 1 to 60"),
        ("round_families = ", "round_families = 9", "visits.toml: round_families: must be a number from 1 to 30"),
        ("high = 1", "hihg = 1", "visits.toml: months.hihg: unknown key"),
        ("high = 1", "hihg = 1", "visits.toml: months.high: must be a number from 1 to 12"),
        ("raised = 3", "raised = 13", "visits.toml: months.raised: must be a number"),
        ("raised = 3", "raised = 2", "visits.toml: frequency: has no words for 2 months"),
        ("\n3 = ", "\nthree = ", "visits.toml: frequency.three: is no number of months"),
        ("seen = { counts = true, sees = true,", "seen = { counts = true,", "outcomes: seen must be there"),
        ("nobody = {", "nobody = { sees = true,", "outcomes: seen must be there, and be the only one that sees"),
        ("seen = { counts = true, sees", "seen = { sees", "outcomes: to have seen a child must count"),
        ('zh = "电话联系", ', "", "visits.toml: outcomes.phoned.text.zh: is missing or empty"),
        ("phoned = { counts", "phoned = { count", "visits.toml: outcomes.phoned.count: unknown key"),
    ],
)
def test_a_fault_is_named_by_file_and_key(tmp_path: Path, old: str, new: str, fault: str) -> None:
    folder = Path(shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11"))
    text = (folder / "visits.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "visits.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SopError) as caught:
        build(folder)
    assert any(fault in found for found in caught.value.faults), caught.value.faults
