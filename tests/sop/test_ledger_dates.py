"""Days as people type them: every kind that says one day is read, every other is refused with the right word."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.ledger.cells import Cell
from sop.ledger.dates import DAY_ZERO, DateFault, read_date

DAY = date(2013, 6, 24)
SAME_DAY = [
    *(
        "2013/6/24",
        "2013-6-24",
        "2013.6.24",
        "2013年6月24日",
        "20130624",
        "20130624.0",
        "2013 . 6 . 24",
        " 2013-06-24 ",
    ),
    *(
        "13.6.24",
        "13年6月24日",
        "130624",
        "2013624",
        "24/6/2013",
        "6/24/2013",
        "24.06.2013",
        "2013,6,24",
        "2013、6、24",
    ),
    *(
        "二〇一三年六月二十四日",
        "二零一三年六月廿四日",
        "２０１３．６．２４",
        "２０１３年６月２４日",
        "2013。6。24",
        "2013.0624",
    ),
    *("2013.6.24生", "2013年6月24日出生", "生于2013年6月24日", "2013年6月24号", "2013/6/24日", "公历2013年6月24日"),
    *(
        "2013年6月24日（公历）",
        "2013-06-24 00:00:00",
        "2013-6-24 8:30",
        "2013.6.24 星期一",
        "'2013-06-24",
        "\u200b2013-06-24",
    ),
    *("24 June 2013", "June 24, 2013", "24-Jun-13", "2013-Jun-24", "Monday, June 24, 2013", "24th June 2013", "41449"),
    *(20130624, 20130624.0, 130624.0, 41449, 41449.0, 41449.73, datetime(2013, 6, 24, 5, 30), DAY),
]


@pytest.mark.parametrize("cell", SAME_DAY)
def test_every_way_of_writing_a_day_is_read(cell: Cell) -> None:
    assert read_date(cell).iso == "2013-06-24"


@pytest.mark.parametrize(
    "cell", ["2013.6", "2013年6月", "201306", "2013-06", "13年6月", "6/2013", "June 2013", 2013.6, 201306.0]
)
def test_a_month_alone_is_a_month(cell: Cell) -> None:
    assert read_date(cell).iso == "2013-06"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        *((cell, "empty") for cell in (None, "", "  ", "\u3000")),
        *(
            (cell, "unreadable")
            for cell in ("不详", "去年", "不记得", "6月24日", "/", "王芳", "520524201306249070", True)
        ),
        *((cell, "unreadable") for cell in ("上学期", "2013-6-24-1", "13.6", 7.0, "1306")),
        *(
            (cell, "lunar")
            for cell in (
                "农历2013年五月初八",
                "2013年6月24日（农历）",
                "阴历2013.5.8",
                "2013年腊月初三",
                "lunar 2013-5-8",
                "2013-5-8（阴）",
                "2013-5-8(农)",
                "2013.5.8【旧】",
            )
        ),
        *(
            (cell, "approximate")
            for cell in ("约2013年6月", "2019年左右", "大概2013年", "2013.6前后", "approx. 2013", "2013?")
        ),
        *((cell, "ambiguous") for cell in ("6/5/2013", "05.06.2013", "2013111", 2013.1, "12062013")),
        *((cell, "ambiguous") for cell in ("5/6/13", "24/6/13", "13/6/24", " 13 / 06 / 24 ", "5.6.13", "5-6-13")),
        *(
            (cell, "calendar")
            for cell in ("2013-02-30", "2013年13月1日", "20131301", "2013-6-31", "2013-06-00", "0201-6-24")
        ),
        *((cell, "year") for cell in ("2013", "2013年", 2013.0, "7岁", "5周岁", "20130000")),
    ],
)
def test_what_is_no_day_says_why(cell: Cell, code: str) -> None:
    with pytest.raises(DateFault) as caught:
        read_date(cell)
    assert caught.value.code == code


def test_a_first_month_that_may_have_lost_its_nought_is_not_guessed() -> None:
    """A spreadsheet makes 2013.1 of 2013.10; typed as text it is January, and 10 is October."""
    assert read_date("2013.1").iso == "2013-01"
    assert read_date("2013.10").iso == "2013-10"
    with pytest.raises(DateFault, match="ambiguous"):
        read_date(2013.1)


def test_two_digits_are_a_year_of_a_living_person() -> None:
    assert read_date("69.1.2").iso == "2069-01-02"
    assert read_date("85.1.2").iso == "1985-01-02"


@pytest.mark.parametrize(
    ("cell", "day"),
    [("6/24/13", "2013-06-24"), ("13/6/2", "2013-06-02"), ("85/1/2", "1985-01-02"), ("6/6/13", "2013-06-06")],
)
def test_short_days_between_slashes_are_read_where_one_order_fits(cell: str, day: str) -> None:
    """Some write the day first, some the month, some the year; a year has two digits at least."""
    assert read_date(cell).iso == day


WRITTEN = [
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day:%Y%m%d}",
    lambda day: float(f"{day:%Y%m%d}"),
    lambda day: float((day - DAY_ZERO).days),
    lambda day: f"{day.day} {day:%B} {day.year}",
]


@given(day=st.dates(date(1990, 1, 1), date(2060, 12, 31)), way=st.sampled_from(WRITTEN))
def test_no_day_is_read_as_another(day: date, way: object) -> None:
    assert read_date(way(day)).earliest == day  # type: ignore[operator]


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans()))
def test_whatever_is_typed_is_read_or_refused(cell: Cell) -> None:
    codes = {"empty", "unreadable", "lunar", "approximate", "ambiguous", "calendar", "year"}
    assert told(cell) in codes | {str(year) for year in range(1900, 2101)}


def told(cell: Cell) -> str:
    """Return the year that is read, or why none is."""
    try:
        return str(read_date(cell).year)
    except DateFault as fault:
        return fault.code
