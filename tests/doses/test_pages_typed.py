"""What people type for a dose is read as they mean it, and refused where it could mean something else."""

from __future__ import annotations

from datetime import date

import pytest

from registry.clock import today
from registry.doses.typed import TypedError, read_day, read_vaccine, split
from sop.version import in_force

SCHEDULE = in_force(today()).immunisation
FIRST = date(2024, 3, 1)


@pytest.mark.parametrize(
    "typed",
    [
        *("20240301", "2024-3-1", "2024-03-01", "2024.3.1", "2024/3/1", "24.3.1", "24-03-01", "240301"),
        *(
            "2024年3月1日",
            "2024年3月1号",
            "2024 3 1",
            " 2024-3-1 ",
            "２０２４－３－１",
            "２０２４年３月１日",
            "2024 年 3 月 1 日",
        ),
    ],
)
def test_a_day_is_read_in_every_usual_way_of_writing_it(typed: str) -> None:
    assert read_day(typed) == FIRST


@pytest.mark.parametrize(
    "typed",
    [
        *("", "3月1日", "2024", "2024-3", "1.3.2024", "202431", "2024-3-1-2", "yesterday", "2024031"),
        *("0024-3-1", "1024-03-01", "18991231", "00240301"),
    ],
)
def test_what_is_no_day_is_not_guessed(typed: str) -> None:
    with pytest.raises(TypedError) as raised:
        read_day(typed)
    assert raised.value.code in {"unreadable", "no_such_day"}


@pytest.mark.parametrize("typed", ["20240230", "2023-2-29", "2024-13-1", "24.0.1"])
def test_a_day_that_does_not_exist_is_told_apart_from_what_cannot_be_read(typed: str) -> None:
    with pytest.raises(TypedError) as raised:
        read_day(typed)
    assert raised.value.code == "no_such_day"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *(("HepB", "HepB"), ("hepb", "HepB"), ("乙肝", "HepB"), ("乙肝疫苗", "HepB"), ("HepB 乙肝疫苗", "HepB")),
        *(("je-i", "JE-I"), ("乙脑灭活", "JE-I"), ("百白破", "DTaP"), ("双价HPV", "2vHPV"), ("ＢＣＧ", "BCG")),
        *(("MPSV-AC", "MPSV-AC"), ("BCG vaccine", "BCG"), ("免疫球蛋白", "IG"), ("卡介苗", "BCG"), ("卡介", "BCG")),
        *(
            ("五联", "DTaP-IPV-Hib"),
            ("五联疫苗", "DTaP-IPV-Hib"),
            ("卡", "BCG"),
            ("cg", "BCG"),
            ("Hib", "DTaP-IPV-Hib"),
        ),
    ],
)
def test_a_vaccine_is_known_by_its_code_and_by_its_name(typed: str, code: str) -> None:
    assert read_vaccine(SCHEDULE, typed) == code


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        *(("乙脑", "several"), ("脊灰", "several"), ("水痘", "unknown"), ("", "unknown"), ("HepC", "unknown")),
        *(("q", "unknown"), ("b", "unknown"), ("-", "unknown"), ("c-", "unknown"), ("2", "unknown"), ("群", "several")),
    ],
)
def test_a_name_that_fits_several_vaccines_or_none_is_refused(typed: str, why: str) -> None:
    with pytest.raises(TypedError) as raised:
        read_vaccine(SCHEDULE, typed)
    assert raised.value.code == why


def test_every_vaccine_is_found_by_all_that_the_list_proposes() -> None:
    for code, vaccine in SCHEDULE.vaccines.items():
        for proposed in (
            code,
            f"{code} {vaccine.name.zh}",
            f"{code} {vaccine.name.en}",
            vaccine.name.zh,
            vaccine.name.en,
        ):
            assert read_vaccine(SCHEDULE, proposed) == code


def test_a_vaccine_may_stand_before_the_day_of_a_box() -> None:
    assert split(SCHEDULE, "je-i 2024-3-1") == ("JE-I", "2024-3-1")
    assert split(SCHEDULE, "2024 3 1") == (None, "2024 3 1")
    assert split(SCHEDULE, "20240301") == (None, "20240301")
