"""The age band that a child is counted in, and when its file is complete."""

import pytest

from sop.identity import BirthDate, band_of, is_complete
from sop.version import Sop


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "0-2"),
        (2, "0-2"),
        (3, "3-5"),
        (5, "3-5"),
        (6, "6-11"),
        (11, "6-11"),
        (12, "12-14"),
        (14, "12-14"),
        (15, "15"),
        (16, "15"),
    ],
)
def test_every_age_has_its_band(sop: Sop, age: int, band: str) -> None:
    assert band_of(sop.codes["age_band"], age) == band


@pytest.mark.parametrize(
    ("name", "birth", "answer", "complete"),
    [
        ("陈雨桐", BirthDate(2019, 6, 14), "given", True),
        ("陈雨桐", BirthDate(2019, 6, 14), "none", True),
        ("陈雨桐", BirthDate(2019, 6, 14), "later", False),
        ("陈雨桐", BirthDate(2019, 6, 14), "refused", True),
        ("陈雨桐", BirthDate(2019, 6), "given", False),
        ("王芳之女", BirthDate(2019, 6, 14), "given", False),
    ],
)
def test_a_file_is_complete_with_a_name_a_day_and_a_settled_number(
    name: str, birth: BirthDate, answer: str, complete: bool
) -> None:
    assert is_complete(name, birth, answer) is complete
