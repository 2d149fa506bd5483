"""What a column is called, and which field that is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sop.ledger.cells import folded, unbracketed
from sop.ledger.fields import IGNORED

if TYPE_CHECKING:
    from sop.ledger.words import LedgerWords

NUMBERED: Final = re.compile(r"^(?:\d{1,2}[.、．]\s*|[一二三四五六七八九十]{1,2}[、．.]\s*)|(?<=[^\d])\d{1,2}$")
LONGEST: Final = 40  # characters of a heading; what is longer is an instruction
PARTS_OF_BIRTH: Final = {"年": "birth_year", "月": "birth_month", "日": "birth_day"}
DIVIDED: Final = frozenset({"address", "origin", "phone", "school", "vaccinated"})  # among columns under one heading
MOST_NARROW: Final = ("others", "mother", "father", "guardian")
OF_AN_OWNER: Final = {"guardian": "guardian", "father": "father", "mother": "mother"}


def field_of(heading: str, words: LedgerWords) -> str | None:
    """Return the field that a heading means by itself, `ignored` for what nobody asks for, None when not known."""
    bare = NUMBERED.sub("", unbracketed(heading).strip())
    text = folded(bare)
    if not text or len(text) > LONGEST:
        return None
    found = words.headers.get(text) or words.headers.get(folded(heading)) or _of_the_child(text, words)
    return found or _of_somebody(text, words) or _loosely(text, words)


def field_under(group: str, heading: str, words: LedgerWords) -> str | None:
    """Return the field of a heading under the heading of its group: 监护人信息 over 姓名, 出生日期 over 年.

    A heading that is the same as its group, or has none, stands by itself.
    """
    if not heading or folded(group) == folded(heading):
        return field_of(group, words)
    if not group:
        return field_of(heading, words)
    above = words.headers.get(folded(unbracketed(group)))
    if above == "birth" and folded(heading) in PARTS_OF_BIRTH:
        return PARTS_OF_BIRTH[folded(heading)]
    owner = _owner(folded(unbracketed(group)), words)
    if owner is not None and not _says_whose(heading, words):
        return _of_somebody(folded(group) + folded(unbracketed(heading)), words)
    return field_of(heading, words) or (above if above in DIVIDED else None)


def _says_whose(heading: str, words: LedgerWords) -> bool:
    """Tell whether a heading names an owner itself, or the child: the heading of its group then adds nothing."""
    text = folded(heading)
    return _owner(text, words) is not None or text.startswith(words.child)


def _of_the_child(text: str, words: LedgerWords) -> str | None:
    for word in words.child:
        if text.startswith(word) and len(text) > len(word):
            return words.headers.get(text[len(word) :].removeprefix("的"))
    return None


def _owner(text: str, words: LedgerWords) -> str | None:
    """Return whom a heading speaks of besides the child; None when it speaks of the child alone."""
    if any(text.startswith(word) and "监护人" in word for word in words.child):
        return None  # 被监护人 is the child
    return next((owner for owner in MOST_NARROW if any(word in text for word in words.owners[owner])), None)


def _of_somebody(text: str, words: LedgerWords) -> str | None:
    owner = _owner(text, words)
    if owner is None:
        return None
    rest = text
    for word in words.owners[owner]:
        rest = rest.replace(word, "")
    for field in ("relation", "phone", "away_since", "away_place", "away"):
        if any(word in rest for word in words.owned[field]):
            return _asked_of(owner, field)
    for word in words.owned["name"]:
        rest = rest.replace(word, "")
    return OF_AN_OWNER.get(owner, IGNORED) if not rest.replace("的", "") else IGNORED


def _asked_of(owner: str, field: str) -> str:
    if owner == "others":
        return IGNORED if field != "relation" else field
    return f"{owner}_away" if field == "away" and owner in ("father", "mother") else field


def _loosely(text: str, words: LedgerWords) -> str | None:
    return next((loose.field for loose in words.loose if loose.fits(text)), None)
