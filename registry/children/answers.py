"""The answers of the full file: what is known of a child from anywhere, and recording what is told at a later visit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import or_, select

from registry.audit import service as audit
from registry.children import following, kept, same
from registry.children.facts import birth_of
from registry.children.history import record_change
from registry.children.models import Child, ChildAnswer, Episode, HouseholdAnswer
from registry.children.queries import present_episode
from registry.children.reclassifying import reclassify
from registry.database import db
from registry.vault import service as vault
from registry.vault.evening import evened, without_filling
from sop.eligibility import FLAGS
from sop.questions import Question, QuestionSection, Situation, asked, is_to_come, still_open
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.vault.codecs import JsonValue
    from sop.questions import Value

# Under one name for all, so that the plain name of a row never tells what a sealed answer says.
SENSITIVE: Final = "sensitive"
EVEN: Final = 1_024  # bytes, into which all of them fit: their length tells no illness from health


@dataclass(frozen=True)
class Answers:
    """What is known of one child: by question, from the file itself, from its own answers and its household's."""

    child: Child
    episode: Episode
    values: Mapping[str, Value]
    situation: Situation = field(repr=False)
    on: date

    def asked(self) -> tuple[Question, ...]:
        """Return the questions that concern the child, answered or not."""
        return asked(in_force(self.on).questions, self.situation)

    def open(self) -> tuple[Question, ...]:
        """Return the questions that are still to be asked."""
        return still_open(in_force(self.on).questions, self.situation)

    def sections(self, questions: Iterable[Question]) -> list[QuestionSection]:
        """Return the sections that hold any of these questions, in their order."""
        wanted = {question.section for question in questions}
        return [section for section in in_force(self.on).questions.sections if section.code in wanted]


def answers_of(viewer: Viewer, child: Child, on: date) -> Answers:
    """Return what is known of a child on a day, in two queries. `child` comes from `queries.file_of`.

    The file itself is asked first (school, certificate, who is away), so that nobody is asked twice.
    """
    return _answers(viewer, child, on, _own([child.id], viewer), _of_households([present_episode(child)], viewer))


def answers_again(viewer: Viewer, child: Child, on: date) -> Answers:
    """Return what is known after answers were recorded in this transaction."""
    db.session.flush()
    db.session.expire(child, ["schooling", "certificate"])
    return answers_of(viewer, child, on)


def answers_of_all(viewer: Viewer, children: Iterable[Child], on: date) -> list[Answers]:
    """Return what is known of several children, in two queries, in their order."""
    files = list(children)
    own = _own([child.id for child in files], viewer)
    homes = _of_households([present_episode(child) for child in files], viewer)
    return [_answers(viewer, child, on, own, homes) for child in files]


def _answers(
    viewer: Viewer,
    child: Child,
    on: date,
    own: Mapping[UUID, Mapping[str, Value]],
    homes: Mapping[UUID, Mapping[str, Value]],
) -> Answers:
    episode = present_episode(child)
    values = {**homes.get(episode.household_id, {}), **own.get(child.id, {}), **kept.read(child, episode, viewer)}
    flags = frozenset(flag for flag in FLAGS if getattr(episode, flag))
    situation = Situation(birth_of(child, viewer).age_on(on), episode.side, flags, values)
    return Answers(child, episode, values, situation, on)


def _own(ids: list[UUID], viewer: Viewer) -> dict[UUID, dict[str, Value]]:
    """Return the answers of children, those of files that were merged into theirs behind their own."""
    merged = select(Child.id).where(Child.merged_into.in_(ids))
    rows = db.session.execute(
        select(ChildAnswer, Child.merged_into)
        .join(Child, Child.id == ChildAnswer.child_id)
        .where(or_(ChildAnswer.child_id.in_(ids), ChildAnswer.child_id.in_(merged)))
        .order_by(Child.merged_into.is_(None))
    ).all()
    found: dict[UUID, dict[str, Value]] = {}
    for row, into in rows:
        found.setdefault(into or row.child_id, {}).update(_opened(row, viewer))
    return found


def _of_households(episodes: list[Episode], viewer: Viewer) -> dict[UUID, dict[str, Value]]:
    homes = {episode.household_id for episode in episodes}
    found: dict[UUID, dict[str, Value]] = {}
    for row in db.session.scalars(select(HouseholdAnswer).where(HouseholdAnswer.household_id.in_(homes))):
        found.setdefault(row.household_id, {}).update(_opened(row, viewer))
    return found


def _opened(row: ChildAnswer | HouseholdAnswer, viewer: Viewer) -> dict[str, Value]:
    return cast("dict[str, Value]", without_filling(cast("dict[str, JsonValue]", row.value.open(viewer) or {})))


def hold(child_id: UUID) -> None:
    """Keep whoever else answers for this child, or for its household, waiting until this transaction ends."""
    rows = select(Child.id).join(Child.episodes).join(Episode.household).where(Child.id == child_id, Episode.latest)
    households = Episode.household.property.mapper.class_
    db.session.execute(rows.with_for_update(of=(Child, households), key_share=True))


def record_answer(viewer: Viewer, child: Child, question: Question, value: Value, on: date) -> None:
    """Record one answer, where it belongs: in the file itself, with the child, or with its household.

    Whoever calls has checked that the viewer may change this file, and holds it (`hold`). `value` as
    `sop.questions.Value` says. Keeps the value before; flags that follow from the answer are reckoned anew.
    """
    episode = present_episode(child)
    if kept.takes(child, question.key, value):
        kept.write(viewer, child, episode, question.key, value, on)
        if question.key in kept.DECIDES:
            db.session.flush()
            reclassify(viewer, viewer, child, episode, on, kept.TOLD)
    elif question.scope == "household":
        _record_of_household(viewer, child, episode, question, value, on)
    else:
        _record_own(viewer, child, question, value, on)


def note_answered(viewer: Viewer, child: Child) -> None:
    """Record that answers of a file were changed; which ones stands in its history alone."""
    audit.record("child_changed", viewer=viewer, children=[child.id], field="answers", before=None)
    following.changed(viewer, [child.id])


def _record_own(viewer: Viewer, child: Child, question: Question, value: Value, on: date) -> None:
    name = _kept_as(question)
    row = db.session.scalar(
        select(ChildAnswer).where(ChildAnswer.child_id == child.id, ChildAnswer.question == name)
    ) or ChildAnswer(child_id=child.id, question=name, version=0)
    before = _write(viewer, row, question, value, on)
    if question.kind == "document":
        _index_document(viewer, child, value)
    _keep_before(viewer, child.id, row.id, question, before, value)


def _record_of_household(
    viewer: Viewer, child: Child, episode: Episode, question: Question, value: Value, on: date
) -> None:
    name, home = _kept_as(question), episode.household_id
    row = db.session.scalar(
        select(HouseholdAnswer).where(HouseholdAnswer.household_id == home, HouseholdAnswer.question == name)
    ) or HouseholdAnswer(household_id=home, question=name, version=0)
    before = _write(viewer, row, question, value, on)
    of_home = select(Episode.child_id).where(Episode.household_id == home, Episode.latest)
    for child_id in {child.id, *db.session.scalars(of_home)}:
        _keep_before(viewer, child_id, row.id, question, before, value)


def _write(
    viewer: Viewer, row: ChildAnswer | HouseholdAnswer, question: Question, value: Value, on: date
) -> Value | None:
    """Put the answer into its row, and return the one before."""
    values = _opened(row, viewer)
    before = values.get(question.key)
    row.value = _sealed_as(question, {**values, question.key: value})
    row.version += 1
    row.answered_on, row.answered_by = on, viewer.user_id
    row.sop_version = in_force(on).version
    if isinstance(row, ChildAnswer) and not question.sensitive:
        row.to_come = is_to_come(question, value)
    db.session.add(row)
    db.session.flush()
    return before


def _keep_before(
    viewer: Viewer, child_id: UUID, row_id: UUID, question: Question, before: Value | None, after: Value
) -> None:
    """The name of the question is as telling as its answer and is sealed with it: {key: value}."""
    was = None if before is None else _sealed_as(question, {question.key: before})
    now = _sealed_as(question, {question.key: after})
    subject = "household" if question.scope == "household" else "answer"
    record_change(viewer, child_id, subject, row_id, _kept_as(question), was, now, kept.TOLD)


def _kept_as(question: Question) -> str:
    return SENSITIVE if question.sensitive else question.key


def _sealed_as(question: Question, told: Mapping[str, Value]) -> JsonValue:
    values = cast("dict[str, JsonValue]", told)
    return evened(values, EVEN) if question.sensitive else values


def _index_document(viewer: Viewer, child: Child, value: Value) -> None:
    """Let the child be found by its document and by no other of before. Other files that hold it are told of inside."""
    session = db.session()
    vault.forget_child_index(session, child.id, "document")
    if isinstance(value, dict) and "number" in value:
        document = value["kind"], value["number"]
        vault.hold(session, "document", *document)
        vault.index_child(session, child.id, "document", *document)
        following.same_document(viewer, child.id, same.with_document(document, besides=child.id))
