"""Days, months and numbers are written as each language writes them."""

from datetime import UTC, date, datetime

import pytest

from registry.web import filters
from sop.identity import BirthDate

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("day", "chinese_words", "english_words"),
    [
        (TODAY, "2026年11月22日", "22 November 2026"),
        ((2019, 8, None), "2019年8月", "August 2019"),
        (BirthDate(2019, 8, 3), "2019年8月3日", "3 August 2019"),
        (None, "—", "—"),
        (datetime(2026, 11, 21, 17, 0, tzinfo=UTC), "2026年11月22日", "22 November 2026"),
    ],
)
def test_a_day_in_running_text(spoken, day, chinese_words, english_words):
    assert filters.long_date(day) == (chinese_words if spoken == "zh" else english_words)


@pytest.mark.parametrize(
    ("day", "chinese_words", "english_words"),
    [
        (date(2026, 3, 2), "03-02", "2 Mar"),
        (date(2025, 9, 2), "2025-09-02", "2 Sep 2025"),
        ((2025, 9, None), "2025-09", "Sep 2025"),
        (None, "—", "—"),
    ],
)
def test_a_day_in_a_list_names_only_another_year(spoken, day, chinese_words, english_words):
    assert filters.short_date(day, today=TODAY) == (chinese_words if spoken == "zh" else english_words)


@pytest.mark.parametrize(
    ("span", "chinese_words", "english_words"),
    [
        ((date(2022, 9, 1), date(2025, 7, 1)), "2022-09 至 2025-07", "Sep 2022 – Jul 2025"),
        (((2025, 9, None), None), "2025-09 至今", "Sep 2025 –"),
    ],
)
def test_a_span_of_months(spoken, span, chinese_words, english_words):
    assert filters.month_span(span) == (chinese_words if spoken == "zh" else english_words)


def test_the_line_above_a_title_names_the_weekday(spoken):
    expected = "2026年11月20日 星期五" if spoken == "zh" else "Friday 20 November 2026"
    assert filters.weekday_date(date(2026, 11, 20)) == expected


def test_an_instant_is_shown_by_the_clock_of_the_offices(spoken):
    expected = "2026年11月22日 10:42" if spoken == "zh" else "22 November 2026, 10:42"
    assert filters.moment(datetime(2026, 11, 22, 2, 42, tzinfo=UTC)) == expected
    assert filters.moment(None) == "—"


def test_a_fact_too_long_for_a_line_of_a_phone_may_break(spoken):
    line = filters.joined(["常州市天宁区雕庄街道采菱社区劳动东路2号20幢1198室", "女" if spoken == "zh" else "girl"])
    assert (line.count("<span>"), line.count('<span class="app-fact">')) == (1, 1)


def test_facts_are_joined_whole_and_escaped(spoken):
    line = filters.joined(["<b>", None, "", "7"])
    between = "·<wbr>" if spoken == "zh" else ", "
    assert line == f'<span class="app-fact">&lt;b&gt;</span>{between}<span class="app-fact">7</span>'


def test_words_stand_in_a_row_and_phrases_apart_from_their_own_commas(spoken):
    assert filters.listed(["a", None, "", "b"]) == ("a、b" if spoken == "zh" else "a, b")
    assert filters.phrases(["a, b", None, "c"]) == ("a, b；c" if spoken == "zh" else "a, b; c")


def test_nothing_entered_is_a_dash_but_zero_is_an_answer(english):
    assert filters.or_dash(None) == filters.or_dash("") == "—"
    assert filters.or_dash(0) == 0


def test_a_count_has_its_thousands_set_apart_and_may_be_unknown(english):
    assert filters.number(61284) == "61,284"
    assert filters.number(0) == "0"
    assert filters.number(None) == "Unknown"
