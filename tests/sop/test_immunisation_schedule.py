"""The schedule as data: its editions, the table of the certificate, what is uncertain, and faults by file and key."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from sop import version
from sop.building import build
from sop.immunisation import REFUSALS, STATUSES, certificate, uncertain
from sop.version import SopError
from tests.sop.immunised import SCHEDULE

FILE = "immunisation.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11"))


@pytest.mark.parametrize(
    ("day", "key"),
    [
        ("1999-01-01", "2021"),
        ("2024-12-31", "2021"),
        ("2025-01-01", "2025"),
        ("2025-11-09", "2025"),
        ("2025-11-10", "2025-11"),
        ("2026-06-16", "2025-11"),
        ("2026-06-17", "2026"),
    ],
)
def test_an_edition_is_in_force_from_its_day(day: str, key: str) -> None:
    assert SCHEDULE.edition(date.fromisoformat(day)).key == key


def test_an_edition_keeps_what_it_does_not_say_otherwise() -> None:
    first, *_, last = SCHEDULE.editions
    assert last.tables["HepB"] is first.tables["HepB"]
    before = [str(dose.before) for dose in last.tables["MPSV-A"].routes["MPSV-A"]]
    assert before != [str(dose.before) for dose in first.tables["MPSV-A"].routes["MPSV-A"]]
    assert [edition.key for edition in SCHEDULE.editions if "2vHPV" in edition.tables] == ["2025-11", "2026"]


def test_all_words_are_there_and_all_courses_in_the_order_of_the_certificate() -> None:
    assert tuple(SCHEDULE.statuses) == STATUSES
    assert tuple(SCHEDULE.reasons) == REFUSALS
    expected = "HepB BCG polio DTaP MMR JE-L MPSV-A MPSV-AC HepA-L 2vHPV"
    assert " ".join(SCHEDULE.courses) == expected
    codes = (
        "HepB BCG IPV bOPV tOPV DTaP DT DTaP-IPV-Hib MMR MR MV JE-L JE-I MPSV-A MPSV-AC MCV-AC HepA-L HepA-I 2vHPV IG"
    )
    assert set(SCHEDULE.codes) == set(codes.split())


@pytest.mark.parametrize(
    ("on", "doses"), [("2021-06-01", 22), ("2025-11-09", 22), ("2025-11-10", 24), ("2026-11-22", 24)]
)
def test_the_certificate_shows_as_many_doses_as_the_edition_has(on: str, doses: int) -> None:
    rows = certificate(SCHEDULE, date.fromisoformat(on))
    assert len(rows) == doses
    assert [row.months for row in rows] == sorted(row.months for row in rows)


def test_the_certificate_names_age_course_dose_and_vaccine() -> None:
    rows = certificate(SCHEDULE, date(2026, 11, 22))
    told = [(row.age.zh, row.age.en, row.course, row.number, row.vaccine) for row in rows]
    assert told[0] == ("出生时", "At birth", "HepB", 1, "HepB")
    assert ("1月龄", "1 month", "HepB", 2, "HepB") in told
    assert ("24月龄", "24 months", "JE-L", 2, "JE-L") in told
    assert ("6周岁", "6 years", "DTaP", 5, "DTaP") in told
    assert told[-1] == ("13周岁6个月", "13 years 6 months", "2vHPV", 2, "2vHPV")
    earlier = certificate(SCHEDULE, date(2024, 12, 31))
    assert [row.months for row in earlier if row.course == "DTaP"] == [3, 4, 5, 18, 72]
    assert [(row.course, row.vaccine) for row in earlier[-2:]] == [("DTaP", "DT"), ("MPSV-AC", "MPSV-AC")]


def test_every_cell_whose_mark_asks_for_a_check_is_listed_once_where_it_is_first_said() -> None:
    written = (version.FOLDER / "2026-11" / FILE).read_text(encoding="utf-8").split("[vaccines]", 1)[1]
    marked = re.findall(r'"[^"]+ \(([a-z,]+)\)"', written)
    to_check = [marks for marks in marked if set(marks.split(",")) & {"c", "e", "k", "open"}]
    found = uncertain(SCHEDULE)
    assert sorted(",".join(cell.marks) for cell in found) == sorted(to_check)
    assert all(why.zh and why.en for cell in found for why in cell.why)
    places = [cell[:5] for cell in found]
    assert ("2025", "DTaP", None, None, "dt_only_from") in places
    assert ("2021", "JE-L", "JE-I", 4, "interval") in places
    assert (None, "MMR", None, None, "after_immunoglobulin") in places
    assert not any(cell.marks in {("a",), ("b",)} for cell in found)


FAULTS = [
    ('minimum_age = "1 m (a)"', 'minimum_age = "1 month (a)"', "HepB.2.minimum_age: must be written as 28 d, 2 m or"),
    ('minimum_age = "1 m (a)"', 'minimum_age = "1 m"', "HepB.2.minimum_age: must be written as"),
    ('minimum_age = "1 m (a)"', 'minimum_age = "1 m (z)"', "HepB.2.minimum_age: mark 'z' is not known"),
    ('minimum_age = "1 m (a)", ', "", "editions.2021.courses.HepB.routes.HepB.2.minimum_age: is missing"),
    ('minimum_age = "1 m (a)"', 'minimum_age = "1 m (a)", ages = "1 m (a)"', "HepB.2.ages: unknown key"),
    ('vaccine = "BCG (a)"', 'vaccine = "HepB (a)"', "BCG.1.vaccine: 'HepB' is no vaccine of this course"),
    ('"2019-10-01 (k)"', '"2019-13-01 (k)"', "polio.type_2_born_from: must be written as 2019-10-01"),
    ('type_2_doses = "2 (c,k)"\n', "", "editions.2021.courses.polio.type_2_doses: is missing"),
    ('type_2_doses = "2 (c,k)"', 'type_2_doses = "two (c,k)"', "polio.type_2_doses: must be written as 2"),
    ('4 = { vaccine = "bOPV (a)"', '5 = { vaccine = "bOPV (a)"', "polio.5: the doses of a route are numbered: 4"),
    ("[editions.2021.courses.JE-L.routes.JE-I]", "[editions.2021.courses.JE-L.routes.JE-X]", "speaks of JE-I with 4"),
    ("[editions.2021.courses.HepB]", "[editions.2021.courses.Flu]\n[editions.2021.courses.HepB]", "Flu: is no course"),
    ('latest_age = "4 y (a)"\n', "", "editions.2021.courses.BCG.latest_age: is missing"),
    ('rule = "bcg"', 'rule = "tuberculosis"', "courses.BCG.rule: 'tuberculosis' is not known"),
    ('based_on = "2025"', 'based_on = "2030"', "editions.2025-11.based_on: '2030' is no edition before this one"),
    ('"2025-11-10 (b)"', '"2024-11-10 (b)"', "editions.2025-11: must be valid from a later day than"),
    ('courses = ["BCG"]', 'courses = ["TB"]', "vaccines.BCG.courses: 'TB' is not known"),
    (", immunoglobulin = true", "", "vaccines.IG.courses: is missing or empty"),
    ('live = "28 d (e)"', 'live = "28 (e)"', "spacing.live: must be written as"),
    ('due = { zh = "应种"', 'du = { zh = "应种"', "statuses.due: is missing or empty"),
    ('"JE-I (a)", minimum_age = "8 m (a)" }', '"JE-I (a)" }', "JE-I.1.minimum_age: is missing"),
    ("[courses]", '[courses]\nFlu = { rule = "plain", name = { zh = "流感", en = "Flu" } }', "Flu: no edition has"),
    ("[readings]", "[reading]", "readings: is missing or empty"),
    ("years_from = 36", "years_from = 0", "ages.years_from: must be a number from 1"),
    ("a = { check = false", 'a = { check = "no"', "marks.a.check: must be of kind bool"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS)
def test_a_fault_of_the_schedule_is_named_by_file_and_key(folder: Path, old: str, new: str, fault: str) -> None:
    text = (folder / FILE).read_text(encoding="utf-8")
    assert old in text, "the file no longer holds what this test changes"
    (folder / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SopError) as caught:
        build(folder)
    assert any(found.startswith(f"{FILE}: ") and fault in found for found in caught.value.faults), caught.value.faults


def test_a_course_that_no_edition_has_is_named() -> None:
    with pytest.raises(SopError, match="no edition knows the course 'Flu'"):
        SCHEDULE.rule("Flu", date(2026, 11, 22))


def test_the_schedule_cannot_be_changed() -> None:
    for mapping in (SCHEDULE.courses, SCHEDULE.vaccines, SCHEDULE.editions[0].rules, SCHEDULE.editions[0].tables):
        with pytest.raises(TypeError):
            mapping["x"] = None  # type: ignore[index]
