"""What rules may know of many children at once: plain columns, and the few answers that they ask for, opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from sqlalchemy import select, true

from registry.children.answers import SENSITIVE
from registry.children.filters import on_the_register
from registry.children.models import Child, ChildAnswer, Episode, HouseholdAnswer, Schooling
from registry.database import db
from sop.identity import BirthDate

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from registry.vault.codecs import JsonValue
    from registry.vault.sealed import Opener
    from sop.questions import Question, Value

    Told = dict[str, Value]

NOBODY_ASKED: Final = "unknown"  # of the answers about school
FIELDS: Final = frozenset({"child_answer.value", "household_answer.value"})  # what whoever asks has to be allowed


class Known(NamedTuple):
    """A child on the register. `birth` to the month; `area_code`: 12 digits; `arrived`: year and month, if known.

    `school`, `certificate`: codes of the lists of these names. `answers`: those that were asked for, by question.
    """

    id: UUID
    birth: BirthDate
    area_code: str
    school: str
    certificate: str
    arrived: BirthDate | None
    answers: Mapping[str, Value]


def ids_after(after: UUID | None, most: int) -> list[UUID]:
    """Return the next ids of all files, whatever their status, in their order: for a round that goes over them."""
    rest = Child.id > after if after else true()
    return list(db.session.scalars(select(Child.id).where(rest).order_by(Child.id).limit(most)))


def known_of(files: Mapping[UUID, UUID], questions: Collection[Question], opener: Opener) -> dict[UUID, Known]:
    """Return what is known of those of these children who are on the register, by id.

    `files` as `merging.files_of` returns it: answers of a merged file stand behind those of the kept one. Who grew up,
    died, left or was merged is left out; protected files are not. Four statements, however many they are. `opener` may
    open FIELDS.
    """
    rows = {row.id: row for row in db.session.execute(_plain().where(Child.id.in_(set(files.values()))))}
    own = _own({file: kept for file, kept in files.items() if kept in rows}, questions, opener)
    homes = _of_homes({row.household_id for row in rows.values()}, questions, opener)
    return {
        key: Known(
            id=key,
            birth=BirthDate(row.birth_year, row.birth_month),
            area_code=row.area_code,
            school=row.stage or NOBODY_ASKED,
            certificate=row.certificate,
            arrived=_month(row.arrived_month),
            answers={**homes.get(row.household_id, {}), **own.get(key, {})},
        )
        for key, row in rows.items()
    }


def _plain() -> Any:  # noqa: ANN401 -- a statement of several tables
    child = Child.id, Child.birth_year, Child.birth_month, Child.certificate
    episode = Episode.area_code, Episode.household_id, Episode.arrived_month
    present = (Schooling.child_id == Child.id) & Schooling.to_month.is_(None)
    rows = select(*child, *episode, Schooling.stage).join(Child.episodes).outerjoin(Schooling, present)
    return rows.where(Episode.latest, on_the_register(), Child.merged_into.is_(None))


def _own(files: Mapping[UUID, UUID], questions: Collection[Question], opener: Opener) -> dict[UUID, Told]:
    """Return the answers of children by kept file, what was told for the kept one last, so that it stands."""
    row = ChildAnswer
    told: dict[UUID, Told] = {}
    names = _names(questions, "child")
    rows = select(row.id, row.child_id, row.value_sealed).where(row.child_id.in_(files), row.question.in_(names))
    by_file = _opened(row, rows, questions, opener)
    for file, values in sorted(by_file, key=lambda each: each[0] == files[each[0]]):
        told.setdefault(files[file], {}).update(values)
    return told


def _of_homes(homes: set[UUID], questions: Collection[Question], opener: Opener) -> dict[UUID, Told]:
    row = HouseholdAnswer
    told: dict[UUID, Told] = {}
    names = _names(questions, "household")
    rows = select(row.id, row.household_id, row.value_sealed)
    rows = rows.where(row.household_id.in_(homes), row.question.in_(names))
    for home, values in _opened(row, rows, questions, opener):
        told.setdefault(home, {}).update(values)
    return told


def _names(questions: Collection[Question], scope: str) -> set[str]:
    """Return the names of the rows that hold the answers: of what says much about a child only that it does."""
    return {SENSITIVE if each.sensitive else each.key for each in questions if each.scope == scope}


def _opened(
    row: type[ChildAnswer | HouseholdAnswer],
    rows: Any,  # noqa: ANN401 -- of either table
    questions: Collection[Question],
    opener: Opener,
) -> list[tuple[UUID, Told]]:
    """Return whose answers they are, and those that were asked for."""
    found = db.session.execute(rows.where(row.value_sealed.is_not(None))).all()
    values = row.value.open_each([(each[0].bytes, each[2]) for each in found], opener)
    keys = {question.key for question in questions}
    told = (cast("dict[str, JsonValue]", each) for each in values)
    kept = [cast("Told", {key: one for key, one in each.items() if key in keys}) for each in told]
    return [(each[1], those) for each, those in zip(found, kept, strict=True)]


def _month(text: str | None) -> BirthDate | None:
    return BirthDate(int(text[:4]), int(text[5:7])) if text else None
