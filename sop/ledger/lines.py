"""Which lines of a sheet hold a child, and which are totals, signatures, notes, examples or headings of a part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sop.ledger.cells import folded
from sop.ledger.columns import is_repeated
from sop.ledger.fields import IGNORED
from sop.ledger.titles import place_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sop.ledger.columns import Column, Header
    from sop.ledger.values import Row, Values
    from sop.ledger.words import LedgerWords

FEWEST: Final = 3  # cells beside the name by which a nameless line is still taken for a child
BEGINNING: Final = 3  # cells of a line that say what it is; further on there may be a remark on a child
HINTS: Final = 2  # cells that say how to fill in
BESIDE_THE_CHILD: Final = frozenset({"name", "number", IGNORED})
COUNTED: Final = 4  # cells of a line that numbers the columns
PAGE: Final = re.compile(r"第\d+页|共\d+页|page\d+")
LONGEST_CHINESE: Final = 4  # characters of a name that is not of another language


def is_child(row: Row, values: Values, header: Header, texts: Sequence[str], words: LedgerWords) -> bool:
    """Tell whether a line holds a child, however badly filled in: such a line is never dropped.

    A name with a birth date or a number is a child, and so is a line with these but no name. Of the others, what the
    line says decides; one that says a single thing heads a part (一年级, 已搬走), even where that might be a
    name. `texts`: the cells of the line itself, before anything is taken from above.
    """
    said = [text for text in texts if text]
    if folded(said[0]) in words.lines["examples"] or _is_signed(row, words):
        return False
    dated = values.birth is not None or values.id_number is not None
    if dated and values.name:
        return True
    filled = len({texts[column.index] for column in _asked(header) if column.index < len(texts)} - {""})
    if dated and filled >= FEWEST:
        return True
    if is_repeated(header, texts, words) or _says_otherwise(said, words):
        return False
    return _has_name(values, row, said) or filled >= FEWEST


def _says_otherwise(said: list[str], words: LedgerWords) -> bool:
    """Tell whether a line is one of totals, signatures, notes, hints, or numbers of columns."""
    return _is_counted(said) or _is_hint(said, words) or any(_is_no_child(text, words) for text in said[:BEGINNING])


def _asked(header: Header) -> Iterator[Column]:
    return (column for column in header.columns if column.field and column.field not in BESIDE_THE_CHILD)


def _is_signed(row: Row, words: LedgerWords) -> bool:
    """Tell whether 填表人 or 合计 stands where a serial number or a name would."""
    labels = (folded(row.texts.get(name, "")) for name in ("number", "name"))
    return any(label in words.lines[kind] for label in labels for kind in ("signatures", "totals"))


def section(texts: Sequence[str], words: LedgerWords) -> str | None:
    """Return the community for which the lines below stand, where a line says nothing else: 一、府琛社区."""
    said = {text for text in texts if text}
    return place_in(next(iter(said)), words) if len(said) == 1 else None


def _has_name(values: Values, row: Row, said: list[str]) -> bool:
    """Tell whether a line without birth date and number has a name in its place, and not a sentence."""
    things = len(set(said))
    if not values.name or things == 1:
        return False
    short = len(values.name) <= LONGEST_CHINESE or "·" in values.name
    return short or bool(row.text("number")) or things >= FEWEST


def _is_no_child(text: str, words: LedgerWords) -> bool:
    """Tell whether a cell says that its line holds no child: 合计, 填表人：, 注：, 第2页."""
    start = folded(text)
    if not start:
        return False
    if start.startswith(words.lines["totals"]):
        return len(start) <= len("本页合计") * 3
    label, colon, _ = text.replace("：", ":").partition(":")
    marked = folded(label) if colon else start
    return marked in words.lines["signatures"] or marked in words.lines["notes"] or bool(PAGE.search(start))


def _is_hint(said: list[str], words: LedgerWords) -> bool:
    return sum(1 for text in said if any(hint in folded(text) for hint in words.lines["hints"])) >= HINTS


def _is_counted(said: list[str]) -> bool:
    """Tell whether a line only numbers the columns: 1 2 3 4."""
    numbers = [int(text) for text in said if text.isdecimal()]
    return len(numbers) >= COUNTED and len(numbers) >= len(said) - 1 and numbers == sorted(set(numbers))
