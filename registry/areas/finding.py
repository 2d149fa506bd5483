"""Finding places by typing: characters or romanised, whole or in part, alone or with what lies above."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, case, func, or_, select

from registry.areas.codes import ancestors, is_stand_in, prefix_of
from registry.areas.models import Area
from registry.areas.queries import COLUMNS, Place, inside
from registry.database import db

if TYPE_CHECKING:
    from collections.abc import Iterable

LIMIT = 20
CONSIDERED = 400  # candidates read before the other words typed are looked for above them
LONGEST = 60
FOLDED = (("ü", "u"), ("ê", "e"), ("'", ""), (" ", ""), ("-", ""))


def search(
    text: str, *, level: int | None = None, within: str | None = None, deepest: int = 5, limit: int = LIMIT
) -> list[Place]:
    """Return divisions in force whose name holds the last word typed, the best first, at most `limit`.

    Words before it must occur in a name above ("江苏 沭阳", "jiangsu shuyang"). `level`: only this one;
    `deepest`: none below it; `within`: a 12-digit code that must lie above. Accents and apostrophes of
    romanised names need not be typed. A full 6- or 12-digit code finds its division.
    """
    words = text[:LONGEST].split()
    if not words:
        return []
    column, word = _column(words[-1])
    wanted = [Area.valid_to.is_(None), Area.level <= deepest, _holds(column, word, words[-1])]
    if level is not None:
        wanted.append(Area.level == level)
    if within is not None:
        wanted.append(inside(Area.code, [prefix_of(within)]))
    best = case((column == word, 0), (column.startswith(word, autoescape=True), 1), else_=2)
    rows = select(*COLUMNS).where(*wanted).order_by(best, Area.level, Area.code)
    found = [Place(*row) for row in db.session.execute(rows.limit(CONSIDERED))]
    real = [one for one in found if not is_stand_in(one.code, one.level)]
    return _below(real, words[:-1])[:limit]


def _column(word: str) -> tuple[ColumnElement[Any], str]:
    """Return what to compare, and the word as it is compared: Chinese as it is, Latin letters folded."""
    if any("LATIN" in unicodedata.name(sign, "") for sign in word):
        column: ColumnElement[Any] = func.lower(Area.name_en)
        for sign, plain in (("Ü", "u"), *FOLDED):
            column = func.replace(column, sign, plain)
        return column, fold(word)
    return Area.name_zh.expression, word


def _holds(column: ColumnElement[Any], word: str, typed: str) -> ColumnElement[bool]:
    inside = column.contains(word, autoescape=True)
    return or_(inside, Area.code == typed.ljust(12, "0")) if typed.isdigit() else inside


def fold(text: str) -> str:
    """Return romanised text in small letters without accents, apostrophes, hyphens and spaces."""
    letters = unicodedata.normalize("NFD", text.lower().replace("v", "u"))
    return "".join(sign for sign in letters if sign.isalnum() and not unicodedata.combining(sign))


def _below(found: list[Place], words: list[str]) -> list[Place]:
    """Keep the places above which every one of these words occurs in a name."""
    if not words:
        return found
    names = _names_above(found)
    return [one for one in found if all(_occurs(word, names[one.code]) for word in words)]


def _names_above(found: Iterable[Place]) -> dict[str, tuple[str, str]]:
    chains = {one.code: ancestors(one.code)[:-1] for one in found}
    wanted = {code for chain in chains.values() for code in chain}
    rows = {row.code: row for row in db.session.execute(select(*COLUMNS).where(Area.code.in_(wanted)))}
    return {
        code: (
            " ".join(rows[one].name_zh for one in chain if one in rows),
            " ".join(fold(rows[one].name_en) for one in chain if one in rows),
        )
        for code, chain in chains.items()
    }


def _occurs(word: str, names: tuple[str, str]) -> bool:
    chinese, romanised = names
    return word in chinese or (word.isascii() and fold(word) in romanised)
