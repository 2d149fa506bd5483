"""What a list says of a child, field by field, and how an office wants it written: days, codes or words, places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.areas.queries import full_names_of, names_of
from registry.children.display import answer, unanswered
from registry.children.facts import away_since_of, birth_of, circumstances_of
from registry.children.fields import guardian, phone_numbers, without_number
from registry.children.guardianships import present
from registry.children.queries import present_episode, present_schooling
from registry.clock import today
from registry.i18n import language
from registry.web.filters import in_chinese
from sop.identity import BirthDate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from registry.access import Viewer
    from registry.children.models import Child

DASH, PLAIN, SLASH = "dash", "plain", "slash"
DATES: Final = (DASH, PLAIN, SLASH)
WORDS, CODES = "words", "codes"
ANSWERS: Final = (WORDS, CODES)
PRESENT: Final = "registered"  # of a child who is on the register somewhere: then the episode says how it stands


@dataclass(frozen=True)
class Coded:
    """A code of one of the procedure's lists."""

    list: str
    code: str


@dataclass(frozen=True)
class Place:
    """A division by its 12-digit code; `whole`: with all that lies above it."""

    code: str
    whole: bool = True


@dataclass(frozen=True)
class Instead:
    """What stands where there is no value: declined, not known, to follow. Only words say it, no code does."""

    words: str


Value = str | BirthDate | Coded | Place | Instead | tuple[Coded, ...] | None
Names = dict[Place, str]


def values_of(child: Child, fields: Iterable[str], viewer: Viewer) -> dict[str, Value]:
    """Return these fields of a child and open no other. `child` as `children.queries.children_for_service` has it."""
    return {field: READERS[field](child, viewer) for field in fields if field in READERS}


def place_names(rows: Iterable[Mapping[str, Value]]) -> Names:
    """Return the names of all places in some rows, in two queries."""
    places = {value for row in rows for value in row.values() if isinstance(value, Place)}
    whole = full_names_of({one.code for one in places if one.whole}, language())
    own = names_of({one.code for one in places if not one.whole}, language())
    return {one: (whole if one.whole else own).get(one.code, one.code) for one in places}


def written(value: Value, dates: str, answers: str, names: Names) -> str:
    """Return a value as it stands in a cell. `dates`: one of DATES; `answers`: words or codes; "" for nothing."""
    if isinstance(value, BirthDate):
        return written_day(value, dates)
    if isinstance(value, tuple):
        apart = between() if answers == WORDS else ";"
        return apart.join(written(one, dates, answers, names) for one in value)
    if isinstance(value, Coded):
        return value.code if answers == CODES else answer(value.list, value.code)
    if isinstance(value, Place):
        return value.code if answers == CODES else names[value]
    if isinstance(value, Instead):
        return "" if answers == CODES else value.words
    return value or ""


def between() -> str:
    """Return what stands between several values in one cell."""
    return "、" if in_chinese() else "; "


def written_day(day: BirthDate, dates: str) -> str:
    """Return 2013-06-24, 20130624 or 2013/6/24; without its day 2013-06, 201306 or 2013/6."""
    parts = [day.year, day.month, *([day.day] if day.day else [])]
    if dates == SLASH:
        return "/".join(str(part) for part in parts)
    return ("" if dates == PLAIN else "-").join(f"{part:02d}" for part in parts)


def _origin(child: Child, viewer: Viewer) -> Value:
    code = child.hukou.open(viewer)
    return Place(code) if code else Instead(unanswered(child.hukou_answer))


def _address(child: Child, viewer: Viewer) -> Value:
    home = present_episode(child).household
    return home.address.open(viewer) or Instead(unanswered(home.address_answer))


def _block(child: Child, _viewer: Viewer) -> Value:
    block = present_episode(child).block
    return block.name(language()) if block else None


def _guardian(child: Child, viewer: Viewer) -> Value:
    for one in present(child):
        return one.guardian.name.open(viewer) or Instead(unanswered(one.guardian.name_answer))
    return None


def _guardians(child: Child, viewer: Viewer) -> Value:
    return between().join(guardian(one, viewer) for one in present(child))


def _phones(child: Child, viewer: Viewer) -> Value:
    return between().join(phone_numbers(child, viewer))


def _relation(child: Child, _viewer: Viewer) -> Value:
    for one in present(child):
        return Coded("relation", one.relation)
    return None


def _phone(child: Child, viewer: Viewer) -> Value:
    """The first number of all guardians; where there is none, what the first of them answered."""
    adults = [one.guardian for one in present(child)]
    numbers = (adult.phone.open(viewer) for adult in adults)
    said = unanswered(adults[0].phone_answer) if adults else ""
    return next((number for number in numbers if number), None) or Instead(said)


def _school(child: Child, _viewer: Viewer) -> Value:
    spell = present_schooling(child)
    return Coded("school", spell.stage) if spell else None


def _school_name(child: Child, viewer: Viewer) -> Value:
    spell = present_schooling(child)
    return spell.school.open(viewer) if spell else None


def _ethnic(child: Child, viewer: Viewer) -> Value:
    code = child.ethnic.open(viewer)
    return Coded("ethnic", code) if code else None


def _away(child: Child, viewer: Viewer) -> Value:
    who = circumstances_of(present_episode(child), viewer).get("who_away")
    return Coded("who_away", who) if isinstance(who, str) and who else None


def _away_place(child: Child, viewer: Viewer) -> Value:
    code = circumstances_of(present_episode(child), viewer).get("away_area")
    return Place(code) if isinstance(code, str) and code else None


def _status(child: Child, _viewer: Viewer) -> Value:
    ended = child.status != PRESENT
    return Coded("child_status", child.status) if ended else Coded("episode_status", present_episode(child).status)


READERS: Final[Mapping[str, Callable[[Child, Viewer], Value]]] = {
    "name": lambda child, viewer: child.name.open(viewer),
    "pinyin": lambda child, viewer: child.pinyin.open(viewer),
    "sex": lambda child, _viewer: Coded("sex", child.sex),
    "birth": birth_of,
    "age": lambda child, viewer: str(birth_of(child, viewer).age_on(today())),
    "ethnic": _ethnic,
    "id_number": lambda child, viewer: child.id_number.open(viewer) or Instead(without_number(child)),
    "card_number": lambda child, viewer: child.card_number.open(viewer),
    "origin": _origin,
    "area": lambda child, _viewer: Place(present_episode(child).area_code),
    "community": lambda child, _viewer: Place(present_episode(child).area_code, whole=False),
    "block": _block,
    "address": _address,
    "arrived": lambda child, viewer: present_episode(child).arrived.open(viewer),
    "guardian": _guardian,
    "guardians": _guardians,
    "phones": _phones,
    "relation": _relation,
    "phone": _phone,
    "school": _school,
    "school_name": _school_name,
    "vaccinated": lambda child, _viewer: Coded("certificate", child.certificate),
    "flags": lambda child, _viewer: tuple(Coded("flag", flag) for flag in present_episode(child).flags),
    "away": _away,
    "away_since": lambda child, viewer: away_since_of(circumstances_of(present_episode(child), viewer)),
    "away_place": _away_place,
    "registered": lambda child, _viewer: BirthDate.of(present_episode(child).registered_on),
    "left": lambda child, viewer: present_episode(child).left.open(viewer),
    "status": _status,
}
