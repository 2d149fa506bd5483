"""What a column is called, and which field that is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sop.ledger.cells import folded, unbracketed
from sop.ledger.fields import DAYS, IGNORED

if TYPE_CHECKING:
    from sop.ledger.words import LedgerWords

NUMBERED: Final = re.compile(r"^(?:\d{1,2}[.、．]\s*|[一二三四五六七八九十]{1,2}[、．.]\s*)|(?<=[^\d])\d{1,2}$")
LONGEST: Final = 40  # characters of a heading; what is longer is an instruction
PARTS_OF_A_DAY: Final = ("年", "月", "日")
PARTS_OF_BIRTH: Final = dict(zip(PARTS_OF_A_DAY, ("birth_year", "birth_month", "birth_day"), strict=True))
DIVIDED: Final = frozenset({"address", "origin", "phone", "school", "vaccinated"})  # among columns under one heading
OF_A_HOME: Final = frozenset({"address", "community", "block"})
OF_BOTH_PARENTS: Final = frozenset({"phone", "away_place", "away_since", IGNORED})  # what 父亲 | 母亲 may divide
LIVED_IN: Final = ("现", "居住", "暂住", "租", "家庭")  # such a heading says itself that it is no place of origin
SHORTEST: Final = 2  # characters of a heading that says nothing without its group: 时间, 地址
MOST_NARROW: Final = ("others", "mother", "father", "family", "guardian")
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
    if not heading or not group or folded(group) == folded(heading):
        return field_of(group or heading, words)
    above, text = _of_group(folded(unbracketed(group)), words), folded(unbracketed(heading))
    if text in PARTS_OF_BIRTH and (above == "birth" or above in DAYS):
        return PARTS_OF_BIRTH[text] if above == "birth" else above
    if (parent := words.headers.get(text)) in ("father", "mother"):
        return f"{parent}_away" if above == "away" else above if above in OF_BOTH_PARENTS else parent
    if above == "away":
        return _of_leaving(folded(group), heading, words)
    if _owner(folded(unbracketed(group)), words) is not None and not _says_whose(heading, words):
        return _of_somebody(folded(group) + text, words)
    return _of_part(above, heading, words)


def _of_part(above: str | None, heading: str, words: LedgerWords) -> str | None:
    """Return the field of a heading under one that is of the child: 详细地址 under 户籍地 is of the place of origin."""
    text = folded(unbracketed(heading))
    found = field_of(heading, words)
    if above == "origin" and found in OF_A_HOME and not any(word in text for word in LIVED_IN):
        return above
    return found or (above if above in DIVIDED and not _is_beside(above, text, words) else None)


def _of_group(text: str, words: LedgerWords) -> str | None:
    """Return what the heading of a group means: 父母情况 is about the two of them, 父母外出情况 about their leaving."""
    if _owner(text, words) == "family":
        return None
    who, loosely = _of_somebody(text, words), _loosely(text, words)
    if who in OF_AN_OWNER:
        return who
    return words.headers.get(text) or who or (loosely if loosely in ("birth", "away", *DAYS) else None)


def _of_leaving(group: str, heading: str, words: LedgerWords) -> str | None:
    """Return the field of a heading under 外出务工情况: 时间 and 地址 are of the leaving, 姓名 is no child."""
    alone, text = field_of(heading, words), folded(unbracketed(heading))
    if alone is None or len(text) <= SHORTEST:
        together = _loosely(group + text, words)
        if together in ("away_since", "away_place") or (alone is None and together == "away"):
            return together
    return IGNORED if alone == "name" else alone


def _is_beside(field: str | None, text: str, words: LedgerWords) -> bool:
    """Tell whether an unknown heading is no part of its group's field: 房屋性质 under 现居住地, 否 under 是否入学."""
    if words.code("yes_no", text) == "no":
        return True
    return any(word in text for loose in words.loose if loose.field == field for word in loose.never)


def owner_of(heading: str, words: LedgerWords) -> str | None:
    """Return whom a heading speaks of: father, mother, guardian, family, others; None for the child or nobody."""
    return _owner(folded(heading), words)


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
    if owner == "family":
        return field if field == "phone" else IGNORED
    return f"{owner}_away" if field == "away" and owner in ("father", "mother") else field


def _loosely(text: str, words: LedgerWords) -> str | None:
    return next((loose.field for loose in words.loose if loose.fits(text)), None)
