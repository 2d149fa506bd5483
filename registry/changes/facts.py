"""The facts of a file that are put right at once: what each says now, and the verb that changes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from registry.areas.queries import blocks_of
from registry.children import correcting, following, recording
from registry.children.episodes import latest_of
from registry.children.queries import present_episode, present_schooling
from registry.database import lock
from registry.households import moving
from registry.i18n import language

if TYPE_CHECKING:
    from datetime import date

    from registry.access import Viewer
    from registry.children.correcting import Why
    from registry.children.models import Child
    from registry.vault.codecs import JsonValue

OF_CHILD = ("sex", "ethnic", "hukou", "certificate", "schooling", "arrived")
OF_HOUSEHOLD = ("address",)
OF_GUARDIAN = ("guardian_name", "guardian_phone")
WITHHELD = frozenset({"unknown", "refused"})


@dataclass(frozen=True)
class Fact:
    """One fact of a file: its field, its value now, and the row that keeps it, with its version."""

    key: str
    value: JsonValue
    row: Any  # a child, an episode, a household or a guardian

    @property
    def version(self) -> int:
        """The version of the row."""
        return int(self.row.version)


def fact_of(
    viewer: Viewer, child: Child, key: str, guardian_id: UUID | None = None, *, hold: bool = False
) -> Fact | None:
    """Return a fact of a file that the viewer may change, None for one that it does not have.

    `child` from `children.queries.file_of`. `hold` reads it anew and locks its row until the transaction ends.
    """
    if key in OF_CHILD and guardian_id is None:
        return _of_child(viewer, child, key, hold=hold)
    if key in OF_HOUSEHOLD and guardian_id is None:
        return _address(viewer, child, hold=hold)
    adult = next((one.guardian for one in child.guardianships if one.guardian_id == guardian_id), None)
    if key not in OF_GUARDIAN or adult is None:
        return None
    if hold:
        lock(adult)
    value = moving.value_of(adult, viewer, key.removeprefix("guardian_"))
    return Fact(key, value, adult)


def write(viewer: Viewer, child: Child, fact: Fact, value: JsonValue, why: Why, on: date) -> None:
    """Let a fact be another, and keep what stood there. `fact` is held; `value` as its form tells it."""
    if fact.key in OF_GUARDIAN:
        moving.correct_guardian(viewer, fact.row, fact.key.removeprefix("guardian_"), str(value), why)
    elif fact.key == "address":
        where = cast("dict[str, Any]", value)
        block = UUID(where["block"]) if where["block"] else None
        answer = "given" if where["street"] else where["answer"]
        to = moving.Address(fact.row.area_code, block, where["street"], answer)
        moving.move(viewer, fact.row, to, None, why, on)
    elif fact.key == "schooling":
        spell = cast("dict[str, Any]", value)
        recording.record_schooling(
            viewer, child.id, spell["stage"], spell["kind"], spell["school"], on, why.reason, why.note
        )
        following.changed(viewer, [child.id])
    else:
        correcting.correct(viewer, child, latest_of(child.id), fact.key, str(value), why, on)
        following.changed(viewer, [child.id])


def as_kept(fact: Fact, told: JsonValue) -> JsonValue:
    """Return what a form told as the file keeps it: the kind of a school stays while its stage does."""
    if fact.key != "schooling":
        return told
    before, after = cast("dict[str, Any]", fact.value or {}), cast("dict[str, Any]", told)
    kind = before.get("kind") if before.get("stage") == after["stage"] else None
    return {**after, "kind": kind}


def in_history(fact: Fact, value: JsonValue) -> JsonValue:
    """Return a value of a fact as a page words it: of an address with its community and the block's name."""
    if fact.key != "address":
        return value
    where = cast("dict[str, Any]", value)
    block = next((row.name(language()) for row in blocks_of(fact.row.area_code) if str(row.id) == where["block"]), None)
    return {"area": fact.row.area_code, "block": block, "address": where["street"], "answer": where["answer"]}


def _of_child(viewer: Viewer, child: Child, key: str, *, hold: bool) -> Fact:
    if hold:
        correcting.held(child)
    if key == "schooling":
        spell = present_schooling(child)
        value: JsonValue = None
        if spell is not None:
            value = {"stage": spell.stage, "kind": spell.kind.open(viewer), "school": spell.school.open(viewer)}
        return Fact(key, value, child)
    episode = latest_of(child.id)
    if hold and key == "arrived":
        lock(episode)
    value = correcting.value_of(viewer, child, episode, key)
    return Fact(key, value, episode if key == "arrived" else child)


def _address(viewer: Viewer, child: Child, *, hold: bool) -> Fact:
    household = present_episode(child).household
    if hold:
        household = moving.held(household.id)
    where = moving.address_of(household, viewer)
    block = str(where.block_id) if where.block_id else None
    answer = where.answer if where.answer in WITHHELD else None
    value: JsonValue = {"block": block, "street": where.street, "answer": answer}
    return Fact("address", value, household)
