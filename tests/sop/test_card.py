"""The card number: made for a county and a year, read however it was typed, and no slip passes."""

from __future__ import annotations

from random import Random

import pytest

from sop.card import ALPHABET, CardNumberError, card_number, grouped, read_card_number

NUMBER = "C321322227K4M2QXR"


def some_numbers(count: int) -> list[str]:
    """Numbers as they are drawn, the same in each run."""
    random, made = Random(20261122), list[str]()  # noqa: S311 -- the same in each run
    while len(made) < count:
        drawn = "".join(random.choice(ALPHABET) for _place in range(7))
        number = card_number(random.choice(("321322", "320402", "442000")), random.choice((2026, 2031)), drawn)
        made += [number] if number else []
    return made


def test_a_number_is_made_of_county_year_draw_and_check_and_printed_in_groups() -> None:
    assert card_number("321322", 2022, "7K4M2QX") == NUMBER
    assert grouped(NUMBER) == "C 321322 22 7K4M2QX R"
    assert read_card_number(grouped(NUMBER)) == NUMBER


@pytest.mark.parametrize(
    "typed",
    [
        "c 321322 22 7k4m2qx r",
        "C-321322-22-7K4M2QX-R",
        "Ｃ３２１３２２２２７Ｋ４Ｍ２ＱＸＲ",
        "\u3000C321322227K4M2QXR\n",
    ],
)
def test_spaces_dashes_small_and_full_width_letters_are_read(typed: str) -> None:
    assert read_card_number(typed) == NUMBER


def test_letters_that_look_like_digits_are_read_as_those_digits() -> None:
    number = next(each for each in some_numbers(500) if "0" in each[9:] and "1" in each[9:])
    assert read_card_number(number[:9] + number[9:].replace("0", "o").replace("1", "l")) == number
    assert read_card_number(number.replace("1", "I").replace("0", "O")) == number


def test_every_single_slip_is_caught() -> None:
    for number in some_numbers(60):
        for place, sign in enumerate(number):
            for other in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ":
                wrong = number[:place] + other + number[place + 1 :]
                if other == sign or (sign in "01" and other in {"0": "O", "1": "IL"}[sign]):
                    continue
                with pytest.raises(CardNumberError):
                    read_card_number(wrong)


def test_every_exchange_of_neighbours_is_caught() -> None:
    exchanged = 0
    for number in some_numbers(400):
        for place in range(len(number) - 1):
            first, second = number[place : place + 2]
            if first != second:
                exchanged += 1
                with pytest.raises(CardNumberError):
                    read_card_number(number[:place] + second + first + number[place + 2 :])
    assert exchanged > 5000


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "length"),
        ("C321322227K4M2QX", "length"),
        ("321322201906149019", "length"),
        ("K321322227K4M2QXR", "characters"),
        ("C32132A227K4M2QXR", "characters"),
        ("C321322227K4M2QUR", "characters"),
        ("C321322227K4M2QX卡", "characters"),
        ("C321322227K4M2QXS", "check"),
    ],
)
def test_what_cannot_be_a_card_number_is_refused_with_its_reason(typed: str, code: str) -> None:
    with pytest.raises(CardNumberError) as refused:
        read_card_number(typed)
    assert refused.value.code == code


def test_no_number_is_made_whose_check_character_would_be_misread() -> None:
    drawn = [card_number("321322", 2026, f"7K4M2Q{sign}") for sign in ALPHABET]
    assert None in drawn
    assert all(number[-1] in ALPHABET for number in drawn if number)


@pytest.mark.parametrize(("county", "drawn"), [("32132", "7K4M2QXX"), ("321322", "7K4M2Q"), ("32132A", "7K4M2QX")])
def test_a_number_is_made_of_nothing_else(county: str, drawn: str) -> None:
    with pytest.raises(ValueError, match="card number has"):
        card_number(county, 2026, drawn)
