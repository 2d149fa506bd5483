"""The year of admission: what runs on a day, what ended before it, what comes next, here and elsewhere."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from sop import version
from sop.admission import around, steps
from sop.building import build
from sop.content import SopError
from sop.version import Sop

ANYWHERE = "442000"


@pytest.mark.parametrize(
    ("on", "before", "now", "coming"),
    [
        (date(2026, 2, 28), "vaccination_recheck", [], ["notices"]),
        (date(2026, 3, 1), "vaccination_recheck", ["notices"], ["registration"]),
        (date(2026, 4, 30), "vaccination_recheck", ["notices", "registration"], ["checks"]),
        (date(2026, 5, 1), "notices", ["registration", "checks"], ["places"]),
        (date(2026, 8, 31), "checks", ["places"], ["term", "vaccination_check", "student_status"]),
        (date(2026, 9, 1), "places", ["term", "vaccination_check", "student_status"], ["vaccination_recheck"]),
        (date(2026, 11, 22), "student_status", [], ["vaccination_recheck"]),
        (date(2026, 12, 31), "student_status", ["vaccination_recheck"], ["notices"]),
    ],
)
def test_the_steps_around_a_day(sop: Sop, on: date, before: str, now: list[str], coming: list[str]) -> None:
    found = around(sop, ANYWHERE, on)
    assert found.before is not None
    assert found.before.code == before
    assert [step.code for step in found.now] == now
    assert [step.code for step in found.coming] == coming


def test_a_place_says_only_what_differs_from_its_year_on(sop: Sop) -> None:
    def notices(area: str, year: int) -> date:
        return next(step.starts for step in steps(sop, area, year) if step.code == "notices")

    assert notices("320402", 2023) == date(2023, 3, 1)
    assert notices("320402", 2024) == notices("320412001001", 2024) == date(2024, 5, 28)
    assert notices("120104", 2025) == date(2025, 3, 1)
    nankai = {step.code: step for step in steps(sop, "120104", 2025)}
    assert nankai["registration"].ends == date(2025, 3, 31)
    assert nankai["registration"].calendar.year == 2025
    assert nankai["checks"].calendar.code == "national"


@pytest.mark.parametrize(
    ("area", "on", "before", "now", "coming"),
    [
        (ANYWHERE, date(2028, 2, 29), "vaccination_recheck", [], ["notices"]),
        (ANYWHERE, date(2028, 10, 1), "vaccination_check", ["student_status"], ["vaccination_recheck"]),
        (ANYWHERE, date(2029, 1, 1), "vaccination_recheck", [], ["notices"]),
        ("320412", date(2028, 3, 31), "vaccination_recheck", [], ["registration"]),
        ("320412", date(2028, 5, 27), "vaccination_recheck", ["registration", "checks"], ["notices"]),
        ("320412", date(2028, 5, 28), "vaccination_recheck", ["registration", "checks", "notices"], ["places"]),
        ("320412", date(2028, 5, 29), "notices", ["registration", "checks"], ["places"]),
        ("120104", date(2028, 3, 31), "vaccination_recheck", ["registration", "notices"], ["checks"]),
        ("120104", date(2028, 4, 15), "registration", ["notices"], ["checks"]),
        ("120104", date(2028, 11, 15), "student_status", [], ["vaccination_recheck"]),
    ],
)
def test_the_steps_around_a_day_in_a_place_of_its_own(
    sop: Sop, area: str, on: date, before: str, now: list[str], coming: list[str]
) -> None:
    found = around(sop, area, on)
    assert found.before is not None
    assert (found.before.code, [step.code for step in found.now]) == (before, now)
    assert [step.code for step in found.coming] == coming


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('starts = "03-01"', 'starts = "02-29"', "national.steps.notices.starts: '02-29' is no month and day"),
        ('starts = "03-01"', 'starts = "3月1日"', "national.steps.notices.starts: '3月1日' is no month and day"),
        ('ends = "04-30"', 'ends = "02-28"', "national.steps.notices.ends: is before it starts"),
        ('mark = "B"', 'mark = "Z"', "national.steps.vaccination_check.mark: 'Z' is not known"),
        ('area = "3204"', 'area = "CZ"', "changzhou_2024.area: 'CZ' is no prefix of an area code"),
        ("[national]", '[national]\narea = "12"', "-: no calendar holds everywhere and in every year"),
        ('starts = "03-01"', 'starts = "03-01"\nwho = 1', "national.steps.notices.who: unknown key"),
    ],
)
def test_a_fault_is_named_by_file_and_key(tmp_path: Path, old: str, new: str, fault: str) -> None:
    folder = Path(shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11"))
    text = (folder / "admission.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "admission.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SopError) as caught:
        build(folder)
    assert any(found.startswith(f"admission.toml: {fault}") for found in caught.value.faults)
