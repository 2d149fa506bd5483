"""Why a dose does not count, which one it is where it does, and what is to be given next."""

import pytest

from sop.content import SopError
from tests.sop.immunised import assessed, outlook, reasons

REFUSED = [
    ("too_young", "HepB", "2024-01-31", "HepB@2024-01-30"),
    ("too_young", "HepB", "2024-01-31", "HepB@2024-01-31;HepB@2024-02-28"),
    ("interval", "HepB", "2024-01-31", "HepB@2024-02-20;HepB@2024-03-18"),
    ("interval", "HepB", "2024-01-01", "HepB@2024-04-01;HepB@2024-05-01;HepB@2024-07-31"),  # four months from the first
    ("repeated", "BCG", "2024-01-31", "BCG@2024-01-31;BCG@2024-05-01"),
    ("wrong_product", "polio", "2020-01-01", "bOPV@2020-03-01;bOPV@2020-04-01;bOPV@2020-05-01"),
    ("too_young", "polio", "2020-01-01", "IPV@2020-03-01;IPV@2020-04-01;bOPV@2020-05-01;bOPV@2023-12-31"),
    ("wrong_product", "DTaP", "2015-01-01", "DT@2020-12-31"),
    ("wrong_product", "DTaP", "2012-01-01", "DT@2024-01-01"),
    ("wrong_product", "DTaP", "2018-01-01", "DTaP@2025-01-01"),
    ("interval", "DTaP", "2015-01-01", "DT@2022-01-01;DT@2022-02-01;DT@2022-07-31"),
    ("wrong_product", "MMR", "2019-10-01", "MR@2020-06-01"),
    ("repeated", "MMR", "2010-01-01", "MV@2010-09-01;MV@2011-07-01;MV@2012-01-01"),  # measles is no longer missing
    ("interval", "MMR", "2010-01-01", "MV@2010-09-01;MV@2011-07-01;MMR@2011-07-28"),
    ("interval", "JE-L", "2023-01-01", "JE-I@2023-09-01;JE-I@2023-09-07"),
    ("wrong_product", "MPSV-A", "2023-01-01", "MPSV-A@2025-01-01"),
    ("wrong_product", "MPSV-AC", "2023-01-01", "MPSV-AC@2024-12-31"),
    ("too_young", "MPSV-AC", "2020-01-01", "MPSV-A@2020-07-01;MPSV-A@2020-10-01;MPSV-AC@2022-12-31"),
    ("interval", "MPSV-AC", "2020-01-01", "MPSV-A@2021-11-01;MPSV-AC@2022-01-31"),
    ("interval", "HepA-L", "2020-01-01", "HepA-I@2021-07-01;HepA-L@2021-12-31"),
    ("repeated", "HepA-L", "2020-01-01", "HepA-L@2021-07-01;HepA-I@2023-07-01"),
    ("too_young", "2vHPV", "2012-01-01", "2vHPV@2024-12-31"),
    ("live_spacing", "JE-L", "2024-01-01", "MMR@2024-09-01;JE-L@2024-09-28"),
    ("live_spacing", "JE-L", "2024-01-01", "MMR@2024-08-20;JE-L@2024-09-16"),  # the MMR itself was given too early
    ("immunoglobulin", "MMR", "2024-01-01", "IG@2024-08-30;MMR@2024-11-29"),
    ("immunoglobulin", "JE-L", "2024-01-01", "IG@2024-08-30;JE-I@2024-09-29"),
]


@pytest.mark.parametrize(("reason", "course", "birth", "written"), REFUSED)
def test_a_dose_that_does_not_count_says_why(reason: str, course: str, birth: str, written: str) -> None:
    *_, (_, number, said) = reasons(birth, written, course)
    assert (number, said) == (None, reason)


COUNTED = [
    (2, "HepB", "2024-01-31", "HepB@2024-01-31;HepB@2024-02-29"),
    (3, "HepB", "2024-01-01", "HepB@2024-04-01;HepB@2024-05-01;HepB@2024-08-01"),
    (1, "BCG", "2014-01-31", "BCG@2024-01-31"),
    (3, "polio", "2020-01-01", "bOPV@2020-03-01;bOPV@2020-04-01;bOPV@2020-05-01;IPV@2020-06-01"),
    (3, "polio", "2021-01-01", "tOPV@2021-03-01;bOPV@2021-04-01;bOPV@2021-05-01"),
    (4, "polio", "2022-01-01", ";".join(f"DTaP-IPV-Hib@{day}" for day in ("2022-03-01", "2022-04-01", "2022-05-01"))
        + ";IPV@2023-07-01"),
    (1, "DTaP", "2024-11-01", "DTaP@2025-01-01"),
    (3, "DTaP", "2015-01-01", "DT@2022-01-01;DT@2022-02-01;DT@2022-08-01"),
    (5, "DTaP", "2015-01-01", "DTaP@2015-04-01;DTaP@2015-05-01;DTaP@2015-06-01;DTaP@2016-07-01;DTaP@2021-01-01"),
    (3, "MMR", "2010-01-01", "MV@2010-09-01;MV@2011-07-01;MMR@2011-07-29"),
    (2, "JE-L", "2023-01-01", "JE-I@2023-09-01;JE-I@2023-09-08"),
    (1, "MPSV-A", "2023-01-01", "MCV-AC@2024-12-31"),
    (1, "MPSV-AC", "2023-01-01", "MCV-AC@2025-01-01"),
    (1, "MPSV-AC", "2020-01-01", "MPSV-A@2021-11-01;MPSV-AC@2022-02-01"),
    (2, "HepA-L", "2020-01-01", "HepA-I@2021-07-01;HepA-L@2022-01-01"),
    (1, "2vHPV", "2012-01-01", "2vHPV@2025-01-01"),  # before the edition that knows it
    (1, "JE-L", "2024-01-01", "MMR@2024-09-01;JE-L@2024-09-29"),
    (1, "JE-L", "2024-01-01", "MMR@2024-09-01;JE-L@2024-09-01"),
    (1, "MMR", "2024-01-01", "IG@2024-08-30;MMR@2024-11-30"),
    (1, "MMR", "2024-01-01", "IG@2024-09-30;MMR@2024-09-30"),
    (1, "HepA-L", "2024-01-01", "IG@2025-07-01;HepA-I@2025-07-02"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "course", "birth", "written"), COUNTED)
def test_a_dose_that_counts_says_which_it_is(number: int, course: str, birth: str, written: str) -> None:
    *_, (_, counted, reason) = reasons(birth, written, course)
    assert (counted, reason) == (number, None)


@pytest.mark.parametrize(
    ("course", "birth", "written", "kept"),
    [
        ("polio", "2020-01-01", "bOPV@2020-03-01;IPV@2020-03-01", "IPV"),
        ("polio", "2020-01-01", "IPV@2020-03-01;IPV@2020-04-01;IPV@2020-05-01;bOPV@2020-05-01", "bOPV"),
        ("MMR", "2010-01-01", "MR@2010-09-01;MMR@2010-09-01;MV@2010-09-01", "MMR"),
        ("JE-L", "2023-01-01", "JE-I@2023-09-01;JE-L@2023-09-01", "JE-L"),
        ("JE-L", "2023-01-01", "JE-I@2023-09-01;JE-L@2023-09-08;JE-I@2023-09-08", "JE-I"),
        ("DTaP", "2015-01-01", "DTaP@2021-06-01;DT@2021-06-01", "DT"),
        ("DTaP", "2019-01-01", "DTaP@2025-06-01;DT@2025-06-01", "DTaP"),
    ],
)
def test_of_several_on_one_day_what_the_course_wants_counts_and_the_rest_is_repeated(
    course: str, birth: str, written: str, kept: str
) -> None:
    last_day = written.rsplit("@", 1)[1]
    judged = [dose for dose in assessed(birth, written, "2026-11-22").doses if dose.course == course]
    of_the_day = [(dose.code, dose.reason) for dose in judged if dose.on.isoformat() == last_day]
    assert of_the_day[0] == (kept, None)
    assert {reason for _, reason in of_the_day[1:]} == {"repeated"}


def test_a_combined_vaccine_is_judged_for_each_of_its_courses_and_immunoglobulin_for_none() -> None:
    judged = assessed("2024-01-01", "IG@2024-02-01;DTaP-IPV-Hib@2024-03-01", "2024-04-01").doses
    assert [(dose.course, dose.number) for dose in judged] == [("polio", 1), ("DTaP", 1)]


def test_doses_are_answered_by_day() -> None:
    judged = assessed("2024-01-01", "MMR@2024-09-01;HepB@2024-01-01;IPV@2024-03-01;BCG@2024-01-02", "2026-01-01").doses
    assert [dose.code for dose in judged] == ["HepB", "BCG", "IPV", "MMR"]


@pytest.mark.parametrize(
    ("course", "birth", "written", "on", "product"),
    [
        ("polio", "2024-01-01", "", "2024-03-01", "IPV"),
        ("polio", "2024-01-01", "IPV@2024-03-01;IPV@2024-04-01", "2024-05-01", "bOPV"),
        ("polio", "2018-01-01", "IPV@2018-03-01", "2024-05-01", "bOPV"),
        ("polio", "2024-01-01", "bOPV@2024-03-01;bOPV@2024-04-01", "2024-05-01", "IPV"),
        ("DTaP", "2018-01-01", "", "2024-12-31", "DT"),
        ("DTaP", "2018-06-01", "", "2025-01-01", "DTaP"),
        ("DTaP", "2018-01-01", "", "2025-01-01", "DT"),
        ("JE-L", "2024-01-01", "JE-I@2024-09-01", "2025-01-01", "JE-I"),
        ("HepA-L", "2024-01-01", "HepA-I@2025-07-01", "2026-01-01", "HepA-I"),
        ("HepA-L", "2024-01-01", "", "2026-01-01", "HepA-L"),
    ],
)
def test_the_next_vaccine_is_named(course: str, birth: str, written: str, on: str, product: str) -> None:
    assert outlook(course, birth, written, on).product == product


def test_another_live_vaccine_of_today_keeps_back_only_what_cannot_be_given_today() -> None:
    both_due = outlook("JE-L", "2024-01-01", "MMR@2024-09-01", "2024-09-01")
    assert (both_due.status, str(both_due.earliest)) == ("due", "2024-09-01")
    tomorrow = outlook("JE-L", "2024-01-01", "JE-L@2024-09-01;MMR@2025-12-31", "2025-12-31")
    assert str(tomorrow.earliest) == "2026-01-28"


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(SopError, match="no vaccine 'Measles'"):
        assessed("2024-01-01", "Measles@2024-09-01", "2025-01-01")


def test_days_beyond_the_calendar_are_no_error() -> None:
    assert outlook("HepB", "9999-12-01", "HepB@9999-12-01", "9999-12-31").valid == 1
