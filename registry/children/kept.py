"""Answers that the file itself keeps, in columns of its own: school, certificate, hukou, and who is away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import select

from registry.children import correcting, recording
from registry.children.facts import BY_ADULTS, by_adults, circumstances_of
from registry.children.history import record_change
from registry.children.models import Schooling
from registry.children.queries import present_schooling
from registry.database import db
from sop.eligibility import parents_away
from sop.questions import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from registry.access import Viewer
    from registry.children.facts import Circumstances
    from registry.children.models import Child, Episode
    from registry.vault.codecs import JsonValue
    from sop.questions import Value

TOLD: Final = "guardian"  # the reason, in a history, of what a family told at a later visit
OF_RECEIVING: Final = ("guardian_here", "stays")  # of the circumstances, asked where a family has come to
DECIDES: Final = frozenset({"who_away", "away_since", "away_area", "other_parent_can_care", *OF_RECEIVING})
CODES: Final = ("who_away", "other_parent_can_care", "boarding", *OF_RECEIVING)  # of the circumstances, kept as codes
WITH_ANSWER: Final = ("away_since", "away_area")  # of the circumstances, kept beside why there is none
WITHHELD_ANSWERS: Final = ("unknown", "refused")
TOWN_DIGITS: Final = slice(6, 9)


def read(child: Child, episode: Episode, viewer: Viewer) -> dict[str, Value]:
    """Return what the columns of a file answer, by question; what nobody said is left out."""
    told = circumstances_of(episode, viewer)
    found: dict[str, Value | None] = {
        "id_number": child.id_number_answer,
        "certificate": child.certificate,
        "hukou_place": _hukou(child, viewer),
        **_school(child, viewer),
        **{key: _text(told, key) for key in CODES if episode.side == "receiving" or key not in OF_RECEIVING},
        **{key: _text(told, key) or _withheld(_text(told, f"{key}_answer")) for key in WITH_ANSWER},
    }
    return {key: value for key, value in found.items() if value}


def _school(child: Child, viewer: Viewer) -> dict[str, Value | None]:
    present = present_schooling(child)
    if present is None:
        return {}
    name = present.school.open(viewer)
    said: Value | None = _withheld(name) or name
    return {"school": present.stage, "school_kind": present.kind.open(viewer), "school_name": said}


def _hukou(child: Child, viewer: Viewer) -> Value | None:
    """Only a township answers; a county leaves the question open."""
    code = child.hukou.open(viewer)
    if code:
        return code if code[TOWN_DIGITS].strip("0") else None
    return _withheld(child.hukou_answer)


def begins(child: Child, viewer: Viewer) -> dict[str, str]:
    """Return what is known of a place of which more is asked: the county of the hukou."""
    code = child.hukou.open(viewer)
    return {"hukou_place": code} if code and not code[TOWN_DIGITS].strip("0") else {}


def takes(child: Child, key: str, value: Value) -> bool:
    """Say whether the file itself keeps this answer.

    That nobody tells the township does not make a known county unknown: such an answer stands by itself.
    """
    return key in WRITERS and not (key == "hukou_place" and isinstance(value, dict) and bool(child.hukou))


def write(viewer: Viewer, child: Child, episode: Episode, key: str, value: Value, on: date) -> None:
    """Put an answer into the columns that keep it, and keep what stood there."""
    WRITERS[key](viewer, child, episode, key, value, on)


def _certificate(viewer: Viewer, child: Child, _episode: Episode, _key: str, value: Value, _on: date) -> None:
    recording.record_certificate(viewer, child.id, str(value))


def _write_hukou(viewer: Viewer, child: Child, episode: Episode, _key: str, value: Value, on: date) -> None:
    code, answer = _parted(value)
    correcting.correct(viewer, child, episode, "hukou", code or answer, correcting.Why(TOLD), on)


def _stage(viewer: Viewer, child: Child, _episode: Episode, _key: str, value: Value, on: date) -> None:
    recording.record_schooling(viewer, child.id, str(value), None, None, on)
    db.session.flush()


def _kind(viewer: Viewer, child: Child, _episode: Episode, _key: str, value: Value, _on: date) -> None:
    spell = _spell(child)
    before = spell.kind.open(viewer)
    spell.kind = str(value)
    record_change(viewer, child.id, "schooling", spell.id, "kind", before, str(value), TOLD)


def _name(viewer: Viewer, child: Child, _episode: Episode, _key: str, value: Value, _on: date) -> None:
    spell = _spell(child)
    name, answer = _parted(value)
    before = spell.school.open(viewer)
    spell.school = name or answer
    record_change(viewer, child.id, "schooling", spell.id, "school", before, name or answer, TOLD)


def _circumstance(viewer: Viewer, child: Child, episode: Episode, key: str, value: Value, _on: date) -> None:
    """Keep an answer among the circumstances; who lives here holds until something else is told of an adult."""
    told = dict(circumstances_of(episode, viewer))
    before = dict(told)
    if key in WITH_ANSWER:
        told[key], told[f"{key}_answer"] = _parted(value)
    else:
        told[key] = str(value)
    if key == "who_away":
        told["father_away"], told["mother_away"] = parents_away(str(value))
    if key == "guardian_here":
        told[BY_ADULTS] = by_adults(child)
    episode.circumstances = cast("JsonValue", told)
    episode.version += 1
    of = (viewer, child.id, "episode", episode.id, key)
    record_change(*of, before.get(key) or before.get(f"{key}_answer"), told.get(key) or told.get(f"{key}_answer"), TOLD)


WRITERS: Final[Mapping[str, Callable[[Viewer, Child, Episode, str, Value, date], None]]] = {
    "certificate": _certificate,
    "hukou_place": _write_hukou,
    "school": _stage,
    "school_kind": _kind,
    "school_name": _name,
    **dict.fromkeys((*CODES, *WITH_ANSWER), _circumstance),
}


def _spell(child: Child) -> Schooling:
    """Return the present spell of schooling as it stands in the database."""
    return db.session.scalars(
        select(Schooling).where(Schooling.child_id == child.id, Schooling.to_month.is_(None))
    ).one()


def _parted(value: Value) -> tuple[str | None, str]:
    """Return (value, given), or (None, unknown or refused)."""
    return (None, value.get(WITHHELD, "")) if isinstance(value, dict) else (str(value), "given")


def _withheld(code: str | None) -> Value | None:
    return {WITHHELD: code} if code in WITHHELD_ANSWERS else None


def _text(told: Circumstances, key: str) -> str | None:
    value = told.get(key)
    return value if isinstance(value, str) and value else None
