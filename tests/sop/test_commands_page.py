"""docs/commands.md names whatever the commands take and answer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.procedure import doses, schooling
from sop.immunisation import STATUSES, Outlook
from sop.schooling.needs import LISTS, Needs

if TYPE_CHECKING:
    from sop.version import Sop

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
_, DOSES, SCHOOLING, _ = re.split(r"^## registry sop .*$", PAGE, flags=re.MULTILINE)


def first_cells(section: str, heading: str) -> set[str]:
    """Return what stands in the first column of the table under a heading."""
    lines = section.split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {heading} |"))
    rows = lines[start + 2 :]
    end = next(number for number, line in enumerate(rows) if not line.startswith("|"))
    return {row.split("|")[1].strip().strip("`") for row in rows[:end]}


def test_the_columns_of_both_files_are_described() -> None:
    assert first_cells(DOSES, "column") == set(doses.COLUMNS)
    assert first_cells(SCHOOLING, "column") == set(schooling.COLUMNS)


def test_the_fields_of_both_answers_are_described() -> None:
    assert first_cells(DOSES, "field") == set(Outlook._fields) - {"product", "overdue_from"}
    assert first_cells(SCHOOLING, "field") == set(Needs._fields)


def test_every_status_of_a_course_is_described() -> None:
    assert first_cells(DOSES, "status") == set(STATUSES)


@pytest.mark.parametrize(
    ("heading", "codes"),
    [("status", "schooling_status"), ("needs", "schooling_need"), ("flag", "schooling_flag")],
)
def test_every_status_need_and_flag_of_schooling_is_described(heading: str, codes: str) -> None:
    assert first_cells(SCHOOLING, heading) == set(LISTS[codes] or ())


def test_every_code_of_a_vaccine_a_course_and_a_stage_is_named(sop: Sop) -> None:
    told = set(re.findall(r"`([^`]+)`", DOSES))
    assert set(sop.immunisation.codes) | set(sop.immunisation.courses) <= told
    stages = next(line for line in SCHOOLING.split("\n") if line.startswith("| `stage` |"))
    assert {code.code for code in sop.codes["school"]} <= set(re.findall(r"`([^`]+)`", stages))


def test_every_way_to_write_the_sex_is_named() -> None:
    line = next(line for line in DOSES.split("\n") if line.startswith("| `sex` |"))
    told = {word.casefold() for words in re.findall(r"`([^`]+)`", line) for word in words.split()}
    assert set(doses.SEXES) - {""} <= told
