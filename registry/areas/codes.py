"""What a division code says by itself: its prefix, what lies above it, whether it only stands in."""

from __future__ import annotations

LENGTH = 12
TOWNSHIP = 9  # digits
GROUPS = (2, 4, 6, 9, 12)
MUNICIPALITIES = ("11", "12", "31", "50")
DIRECT = "90"  # counties directly under a province have 90 where others have a prefecture
PREFECTURE = 2
JIAYUGUAN_DISTRICTS = "620201000000"


def full(code: str) -> str:
    """Return a code of 2, 4, 6, 9 or 12 digits padded to 12."""
    return code.ljust(LENGTH, "0")


def prefix_of(code: str) -> str:
    """Return a 12-digit code without the groups of zeros at its end: "320402000000" gives "320402"."""
    return next((code[:end] for end in GROUPS if full(code[:end]) == code), code)


def ancestors(code: str) -> tuple[str, ...]:
    """Return the codes from the province down to the code itself, each once.

    A city without counties (442000) gives its towns no code between: the county group of zeros is the city.
    """
    return tuple(dict.fromkeys(full(code[:end]) for end in GROUPS if end <= len(prefix_of(code))))


def parent_of(code: str) -> str | None:
    """Return the code one level up; None for a province."""
    above = ancestors(code)[:-1]
    return above[-1] if above else None


def level_of(code: str) -> int:
    """Return the level that a 12-digit code stands for, 1 province to 5 community."""
    return GROUPS.index(len(prefix_of(code))) + 1


def county_of(code: str) -> str:
    """Return the county of a deeper code, or the code itself where it is a county or wider."""
    return full(code[:6])


def same_township(code: str, other: str) -> bool:
    """Say whether two places (12 digits) lie in one township, inside which a family moves without a transfer."""
    return code[:TOWNSHIP] == other[:TOWNSHIP]


def is_stand_in(code: str, level: int) -> bool:
    """Say whether a row only fills a place of the scheme: 市辖区, 县, 省直辖县级行政区划.

    Municipalities have such a prefecture, provinces one for the counties they govern directly, and the city
    of Jiayuguan such a county. Nobody chooses them and no address shows them.
    """
    if level == PREFECTURE:
        return code.startswith(MUNICIPALITIES) or code[2:4] == DIRECT
    return code == JIAYUGUAN_DISTRICTS
