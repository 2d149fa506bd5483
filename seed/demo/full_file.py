"""Answers of the full file that one family in eight has given: those from which services are proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from registry.children.answers import EVEN, SENSITIVE
from registry.children.kept import TOLD
from registry.children.models import ChildAnswer, HouseholdAnswer
from registry.database import uuid7
from registry.vault.evening import evened
from seed.demo.changes import add_change

if TYPE_CHECKING:
    from random import Random
    from uuid import UUID

    from registry.vault.codecs import JsonValue
    from seed.demo.people import Family, Kid
    from seed.demo.world import Rows, World
    from sop.questions import Value

    Answers = dict[str, Value]
    Kept = type[ChildAnswer | HouseholdAnswer]

ASKED_SHARE = 0.12  # of families
AID_SHARE = 0.25  # of these, where something was found that aid is for
# Answers of one child with their shares of a hundred.
PLAIN = {
    "birth_certificate": (("seen", 70), ("later", 20), ("none", 6), ("unknown", 4)),
    "hukou_registered": (("yes", 94), ("no", 3), ("unknown", 3)),
    "insurance": (("here", 45), ("hukou", 38), ("none", 13), ("refused", 4)),
}
RECORDS = (("yes", 78), ("no", 16), ("unknown", 6))
HEALTH = (("healthy", 93), ("ill", 3), ("disabled", 3), ("refused", 1))
GRADES = (("1", 15), ("2", 20), ("3", 15), ("4", 10), ("none", 40))
YOUNG = 7  # years
SENSITIVE_ONES = frozenset({"health", "disability_grade", "aid"})  # kept under a name that says nothing


class Told(NamedTuple):
    """What was told of each child, in their order, and of all of them."""

    own: list[Answers]
    shared: Answers


def drawn(random: Random, world: World, kids: list[Kid]) -> Told:
    """Draw what a family told; most tell nothing yet."""
    if random.random() >= ASKED_SHARE:
        return Told([{} for _ in kids], {})
    own = [_of_child(random, kid.birth.age_on(world.on)) for kid in kids]
    found = any(told["health"] in {"ill", "disabled"} for told in own)
    aid: Value = ["subsistence"] if found and random.random() < AID_SHARE else ["none"]
    return Told(own, {"aid": aid})


def _of_child(random: Random, age: int) -> Answers:
    told: Answers = {question: _one_of(random, shares) for question, shares in PLAIN.items()}
    if age < YOUNG:
        told["health_record"] = _one_of(random, RECORDS)
    told["health"] = _one_of(random, HEALTH)
    if told["health"] == "disabled":
        told["disability_grade"] = _one_of(random, GRADES)
    return told


def _one_of(random: Random, shares: tuple[tuple[str, int], ...]) -> str:
    return random.choices([code for code, _ in shares], [share for _, share in shares])[0]


def add_answers(rows: Rows, world: World, child: UUID, told: Answers, family: Family) -> None:
    """Add what was told of a child, with the history that it leaves."""
    for name, values in _apart(told):
        of = {"child_id": child, "to_come": values.get(name) == "later"}
        row = _written(rows, world, ChildAnswer, of, name, values, family)
        _add_changes(rows, world, child, ("answer", row), name, values, family)


def add_household_answers(
    rows: Rows, world: World, household: UUID, kids: list[UUID], told: Answers, family: Family
) -> None:
    """Add what was told of a household; it stands in the history of each of its children."""
    for name, values in _apart(told):
        row = _written(rows, world, HouseholdAnswer, {"household_id": household}, name, values, family)
        for child in kids:
            _add_changes(rows, world, child, ("household", row), name, values, family)


def _apart(told: Answers) -> list[tuple[str, Answers]]:
    """Return the answers by the name under which they are kept: sensitive ones together under one."""
    sensitive = {key: value for key, value in told.items() if key in SENSITIVE_ONES}
    apart: list[tuple[str, Answers]] = [(key, {key: value}) for key, value in told.items() if key not in sensitive]
    return [*apart, (SENSITIVE, sensitive)] if sensitive else apart


def _written(
    rows: Rows, world: World, model: Kept, of: dict[str, Any], name: str, values: Answers, family: Family
) -> UUID:
    row = uuid7()
    rows[model].append(
        {
            "id": row,
            "version": len(values),
            **of,
            "question": name,
            "value_sealed": model.value.seal_for(row, _sealed_as(name, values)),
            "answered_on": family.registered_on,
            "answered_by": world.places.staff[world.places.community(family.community.code)],
            "sop_version": world.sop.version,
        }
    )
    return row


def _add_changes(
    rows: Rows, world: World, child: UUID, of: tuple[str, UUID], name: str, values: Answers, family: Family
) -> None:
    office = world.places.community(family.community.code)
    for key, value in values.items():
        after = _sealed_as(name, {key: value})
        add_change(rows, world, child, of, name, None, after, TOLD, family.registered_on, office)


def _sealed_as(name: str, values: Answers) -> JsonValue:
    told = cast("dict[str, JsonValue]", values)
    return evened(told, EVEN) if name == SENSITIVE else told
