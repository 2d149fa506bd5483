"""How courses stand on the very day of a limit, where the rules are their own."""

import pytest

from tests.sop.immunised import assessed, outlook


@pytest.mark.parametrize(
    ("course", "birth", "written", "on", "status"),
    [
        ("2vHPV", "2011-11-09", "", "2025-11-10", "none"),
        ("2vHPV", "2011-11-10", "", "2025-11-10", "overdue"),
        ("2vHPV", "2011-11-10", "", "2025-11-09", "none"),
        ("MPSV-A", "2024-01-01", "MPSV-A@2025-09-30", "2025-10-01", "not_yet"),
        ("MPSV-A", "2024-01-01", "MPSV-A@2025-10-01", "2025-10-01", "aged_out"),
        ("DTaP", "2015-01-01", "DTaP@2015-04-01;DTaP@2015-05-01;DT@2021-01-01", "2021-01-01", "complete"),
        ("DTaP", "2015-01-01", "DTaP@2015-04-01;DTaP@2015-05-01;DTaP@2015-06-01", "2021-01-01", "due"),
        ("DTaP", "2019-01-01", "DTaP@2019-04-01;DTaP@2019-05-01;DTaP@2019-06-01", "2025-01-01", "ask"),
        ("DTaP", "2019-01-01", "DTaP@2019-04-01;DTaP@2019-05-01;DT@2025-01-01", "2025-12-31", "ask"),
        ("DTaP", "2019-01-01", "DTaP@2019-04-01;DTaP@2019-05-01;DT@2025-01-01", "2026-01-01", "complete"),
        ("BCG", "2024-01-31", "", "2024-04-29", "due"),
        ("BCG", "2024-01-31", "", "2024-04-30", "ask"),
        ("BCG", "2024-02-29", "", "2028-02-29", "aged_out"),
        ("JE-L", "2023-01-01", "JE-I@2023-09-01;JE-L@2024-09-01", "2025-01-01", "ask"),
        ("MMR", "2006-12-31", "MMR@2008-01-01", "2020-01-01", "ask"),
        ("MMR", "2007-01-01", "MMR@2008-01-01", "2020-01-01", "overdue"),
    ],
)
def test_a_course_stands_by_the_rule_of_that_day(course: str, birth: str, written: str, on: str, status: str) -> None:
    assert outlook(course, birth, written, on).status == status


def test_a_dose_that_could_only_be_given_at_seven_is_one_of_dt() -> None:
    two, four = "DTaP@2020-04-01;DTaP@", "DTaP@2020-03-01;DTaP@2020-04-01;DTaP@2020-05-01;DTaP@"
    for written, product in (
        (f"{two}2026-11-02", "DTaP"),
        (f"{two}2026-11-03", "DT"),
        (f"{four}2025-11-30", "DTaP"),
        (f"{four}2026-06-01", "DT"),
    ):
        assert outlook("DTaP", "2019-12-01", written, "2026-11-22").product == product, written


def test_type_two_is_owed_no_more_after_a_trivalent_oral_dose() -> None:
    assert outlook("polio", "2021-01-01", "IPV@2021-03-01", "2021-04-01").product == "IPV"
    assert outlook("polio", "2021-01-01", "tOPV@2021-03-01", "2021-04-01").product == "bOPV"


def test_a_conjugate_dose_counts_for_one_of_its_courses_by_age() -> None:
    for day, course in (("2024-12-31", "MPSV-A"), ("2025-01-01", "MPSV-AC")):
        judged = assessed("2023-01-01", f"MCV-AC@{day}", "2026-01-01").doses
        assert [(dose.course, dose.number) for dose in judged] == [(course, 1)]
