"""The number on a child's card: how it is made, read, and printed. It says nothing of the child."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U, which are taken for 1, 1, 0, V
DRAWN: Final = 7  # characters that are drawn by lot
COUNTY_DIGITS: Final = 6
NUMBER_LENGTH: Final = 17
MISREAD: Final = str.maketrans("OIL", "011")
BODY: Final = re.compile(rf"C[0-9]{{8}}[{ALPHABET}]{{{DRAWN}}}")
GROUPS: Final = ((0, 1), (1, 7), (7, 9), (9, 16), (16, 17))
VALUES: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
MODULUS: Final = 37


class CardNumberError(ValueError):
    """What was typed cannot be a card number; `code` is length, characters or check."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def card_number(county: str, year: int, drawn: str) -> str | None:
    """Return `C321322227K4M2QXR`: county (6 digits), year of issue, 7 drawn characters, check character.

    None where the check character is one that is not printed: draw again. Raises ValueError for what is no
    county or holds a character outside ALPHABET.
    """
    body = f"C{county}{year % 100:02}{drawn}"
    if len(county) != COUNTY_DIGITS or not BODY.fullmatch(body):
        raise ValueError("a card number has 6 digits of a county and 7 characters of the alphabet")
    check = _check(body)
    return body + check if check in ALPHABET else None


def read_card_number(text: str) -> str:
    """Return a typed or scanned card number as it is kept: 17 characters, capitals, no spaces.

    Spaces and dashes fall away, full-width and small letters are read, and O, I, L as the digits they look
    like. The check character catches every single slip and every exchange of neighbours (ISO 7064 MOD 37-2).
    Raises CardNumberError.
    """
    wide = unicodedata.normalize("NFKC", text).upper()
    number = "".join(sign for sign in wide if sign.isalnum()).translate(MISREAD)
    if len(number) != NUMBER_LENGTH:
        raise CardNumberError("length")
    if not BODY.fullmatch(number[:-1]) or number[-1] not in ALPHABET:
        raise CardNumberError("characters")
    if _check(number[:-1]) != number[-1]:
        raise CardNumberError("check")
    return number


def grouped(number: str) -> str:
    """Return a card number as it is printed and read aloud: `C 321322 22 7K4M2QX R`."""
    return " ".join(number[start:end] for start, end in GROUPS)


def county_in(number: str) -> str:
    """Return the 6 digits of the county that gave a number."""
    return number[1 : 1 + COUNTY_DIGITS]


def _check(body: str) -> str:
    """Return the check character by ISO 7064, system MOD 37-2; the last of VALUES stands for 36."""
    rest = 0
    for sign in body:
        rest = (rest + VALUES.index(sign)) * 2 % MODULUS
    return VALUES[(1 - rest) % MODULUS]
