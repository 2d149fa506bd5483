"""Birth dates, identity numbers, names and phones are read as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

from sop.identity import (
    BirthDate,
    IdNumberError,
    PhoneError,
    add_months,
    check_character,
    is_placeholder,
    mask_id_number,
    normalise_name,
    normalise_phone,
    parse_birth_date,
    read_id_number,
)

TODAY = date(2026, 11, 22)
DIVISIONS = ["110105", "440524", "320402", "320412", "321322", "442000", "120104"]
BIRTHS = st.dates(min_value=date(1950, 1, 1), max_value=TODAY)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    body = draw(st.sampled_from(DIVISIONS)) + f"{draw(BIRTHS):%Y%m%d}" + f"{draw(st.integers(0, 999)):03d}"
    return body + draw(st.sampled_from("0123456789X"))


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_samples_of_the_standard_have_no_fault(number: str) -> None:
    assert read_id_number(number, TODAY).faults == ()


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "110105-19491231-002X",
        "110105—19491231—002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105\u200b19491231002ｘ",
        "110105\u300019491231\u00a0002X",
    ],
)
def test_a_number_is_read_however_it_was_typed(typed: str) -> None:
    read = read_id_number(typed, TODAY)
    assert (read.number, read.division, read.birth) == ("11010519491231002X", "110105", date(1949, 12, 31))
    assert (read.sex, read.faults) == ("2", ())


@given(numbers())
def test_check_characters_agree_with_an_independent_judge(number: str) -> None:
    assert check_character(number) == ric.calc_check_digit(number)
    assert bool(read_id_number(number, TODAY).faults) == (ric.calc_check_digit(number) != number[-1])


@given(numbers())
def test_birth_and_acceptance_agree_with_an_independent_judge(number: str) -> None:
    read = read_id_number(number, TODAY)
    assert read.birth == ric.get_birth_date(number)
    try:
        ric.validate(number)
    except InvalidChecksum:
        assert read.faults == ("check_digit",)
    except (InvalidComponent, KeyError):
        # The judge does not know the division of that year; ours never judges divisions, only what it read.
        assert set(read.faults) <= {"check_digit"}
    except ValidationError as error:
        pytest.fail(f"the judge refuses what was read: {error!r}")
    else:
        assert read.faults == ()


@given(numbers(), st.integers(0, 16))
def test_one_wrong_digit_is_always_noticed(number: str, place: int) -> None:
    right = number[:17] + check_character(number)
    wrong = right[:place] + str((int(right[place]) + 1) % 10) + right[place + 1 :]
    assert check_character(wrong) != right[-1]


def test_a_wrong_check_digit_is_kept_with_its_fault() -> None:
    read = read_id_number("321322201704129024", TODAY)
    assert read.number == "321322201704129024"
    assert read.faults == ("check_digit",)


@pytest.mark.parametrize("division", ["000000", "320405", "999999"])
def test_an_unknown_or_abolished_division_is_never_judged(division: str) -> None:
    body = division + "20170412902"
    assert read_id_number(body + check_character(body), TODAY).division == division


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "length"),
        ("3213222017041290", "length"),
        ("3213222017041290231", "length"),
        ("320402990101001", "length"),
        ("32132220170412902A", "characters"),
        ("X21322201704129023", "characters"),
        ("XX", "characters"),
        ("三二一三二二", "characters"),
        ("321322२०17041290", "characters"),
        ("321322201702299023", "birth"),
        ("321322201713019023", "birth"),
        ("321322000001019023", "birth"),
        ("321322202611239023", "future"),
    ],
)
def test_what_cannot_be_a_number_says_why(typed: str, code: str) -> None:
    with pytest.raises(IdNumberError) as caught:
        read_id_number(typed, TODAY)
    assert caught.value.code == code


def test_a_child_born_today_has_a_number_today_but_not_yesterday() -> None:
    assert read_id_number("321322202611229013", TODAY).sex == "1"
    with pytest.raises(IdNumberError, match="future"):
        read_id_number("321322202611229013", date(2026, 11, 21))


def test_a_masked_number_shows_four_characters_at_each_end() -> None:
    assert mask_id_number("321322201906149049") == "3213**********9049"
    assert mask_id_number("12345678") == "********"
    assert mask_id_number("") == ""


@pytest.mark.parametrize(
    ("birth", "eve", "birthday", "age"),
    [
        (BirthDate(2010, 11, 22), date(2026, 11, 21), date(2026, 11, 22), 16),
        (BirthDate(2010, 11), date(2026, 11, 29), date(2026, 11, 30), 16),
        (BirthDate(2012, 2), date(2028, 2, 28), date(2028, 2, 29), 16),
        (BirthDate(2012, 2, 29), date(2028, 2, 28), date(2028, 2, 29), 16),
        (BirthDate(2012, 2, 29), date(2013, 2, 27), date(2013, 2, 28), 1),
        (BirthDate(2012, 2, 28), date(2016, 2, 27), date(2016, 2, 28), 4),
        (BirthDate(2010, 12, 31), date(2026, 12, 30), date(2026, 12, 31), 16),
        (BirthDate(2010, 1, 1), date(2025, 12, 31), date(2026, 1, 1), 16),
    ],
)
def test_a_year_is_completed_on_the_birthday_and_not_before(
    birth: BirthDate, eve: date, birthday: date, age: int
) -> None:
    assert birth.age_on(eve) == age - 1
    assert birth.age_on(birthday) == age


def test_a_birth_date_knows_its_span_and_writes_itself() -> None:
    month, day = BirthDate(2024, 2), BirthDate(2024, 2, 5)
    assert (month.earliest, month.latest, month.iso) == (date(2024, 2, 1), date(2024, 2, 29), "2024-02")
    assert (day.earliest, day.latest, day.iso) == (date(2024, 2, 5), date(2024, 2, 5), "2024-02-05")
    assert BirthDate.of(date(2024, 2, 5)) == day


@given(BIRTHS)
def test_what_a_birth_date_writes_is_read_back(day: date) -> None:
    assert parse_birth_date(BirthDate.of(day).iso) == BirthDate.of(day)
    assert parse_birth_date(BirthDate(day.year, day.month).iso) == BirthDate(day.year, day.month)


@pytest.mark.parametrize(
    "text",
    ["", "2019", "2019-13", "2019-02-29", "2019-00", "2019-06-00", "19-6-14", "2019/06", "２０１９-06"],
)
def test_what_is_no_birth_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_birth_date(text)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 8, 30), 6, date(2027, 2, 28)),
        (date(2026, 9, 1), 6, date(2027, 3, 1)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 5, 31), 6, date(2026, 11, 30)),
        (date(2026, 2, 28), 6, date(2026, 8, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_months_are_calendar_months_clamped_to_the_end(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@pytest.mark.parametrize("dot", "·•・．‧∙⋅･.")
def test_every_middle_dot_becomes_the_one(dot: str) -> None:
    assert normalise_name(f"阿卜杜拉{dot}买买提") == "阿卜杜拉·买买提"
    assert normalise_name(f"阿卜杜拉 {dot} 买买提") == "阿卜杜拉·买买提"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  李思琪　", "李思琪"),
        ("A.  B. Smith", "A. B. Smith"),
        ("Jose\u0301", "José"),
        ("龘", "龘"),
        ("𠮷田𬭼", "𠮷田𬭼"),
        ("李\u200b思\ufeff琪", "李思琪"),
        ("", ""),
    ],
)
def test_names_are_trimmed_and_otherwise_kept(typed: str, kept: str) -> None:
    assert normalise_name(typed) == kept


@given(st.text())
def test_normalising_a_name_twice_changes_nothing_more(text: str) -> None:
    assert normalise_name(normalise_name(text)) == normalise_name(text)


@pytest.mark.parametrize(
    "name",
    [
        *("某某之子", "王芳之女", "王芳 之子", "李之子", "王芳之长女", "王芳之子2", "未取名"),
        *("王芳的孩子", "王芳的女儿", "某", "某某", "宝宝"),
        *("Child of Wang Fang", "daughter of Wang", "Baby  girl of Wang Fang"),
    ],
)
def test_a_child_without_a_name_has_a_placeholder(name: str) -> None:
    assert is_placeholder(name)


@pytest.mark.parametrize(
    "name", ["", "之子", "李思琪", "王之子涵", "李子", "女", "的孩子", "李宝宝", "某小明", "Boyd Ofer", "Sonia"]
)
def test_a_name_is_no_placeholder(name: str) -> None:
    assert not is_placeholder(name)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("15400002671", "15400002671"),
        ("154 0000 2671", "15400002671"),
        ("154-0000-2671", "15400002671"),
        ("１５４００００２６７１", "15400002671"),
        ("+86 154 0000 2671", "15400002671"),
        ("＋86-15400002671", "15400002671"),
        ("008615400002671", "15400002671"),
        ("0519-8000 0001", "051980000001"),
        ("(0519)80000001", "051980000001"),
        ("（022）2000-0001", "02220000001"),
        ("07531234567", "07531234567"),
    ],
)
def test_a_phone_is_read_however_it_was_typed(typed: str, digits: str) -> None:
    assert normalise_phone(typed) == digits


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        (" - ", "empty"),
        ("1540000267", "length"),
        ("154000026711", "length"),
        ("25400002671", "length"),
        ("80000001", "length"),
        ("1540000267a", "characters"),
        ("没有", "characters"),
    ],
)
def test_what_cannot_be_a_phone_says_why(typed: str, code: str) -> None:
    with pytest.raises(PhoneError) as caught:
        normalise_phone(typed)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("year", "month", "age"),
    [(2023, 10, 3), (2023, 11, 2), (2026, 10, 0), (2010, 11, 15), (2010, 10, 16)],
)
def test_where_the_month_alone_is_known_a_birthday_counts_from_its_end(year: int, month: int, age: int) -> None:
    assert BirthDate(year, month).age_on(TODAY) == age
