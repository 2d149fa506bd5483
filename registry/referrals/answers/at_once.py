"""Verbs of many referrals at once: weighed before anything is done, done in one act, and told what was not.

What is done to each is what its own page would do: the same rules, step, audit event and entry in the child's file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import flag_modified

from registry.database import db
from registry.referrals import confidential
from registry.referrals.answers.answering import finish_answered, fit, settle, write_back
from registry.referrals.errors import UnfitAnswerError
from registry.referrals.lists import office_list
from registry.referrals.models import Referral, ReferralStep
from registry.referrals.moving import check_reason
from registry.referrals.queries import at_desk, living
from registry.referrals.steps import advance, finish
from sop.referral import Answer, Move, Side, State, allowed, move_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy import Select

    from registry.access import Viewer
    from registry.referrals.answers.answering import Answered
    from registry.referrals.lists.office_list import Wanted
    from sop.referral import Answer
    from sop.version import Outcome

AT_ONCE: Final = 500  # in one transaction: whoever opens one of these waits until all are written
BATCH: Final = 100  # read and written together
# Columns of a move, all written for each row: rows of which other columns changed would need a statement each.
WRITTEN: Final = (
    *("state", "version", "due_on", "climbed", "climbed_to", "accepted_on", "closed_on"),
    *("outcome_sealed", "outcome_kind", "recall_on", "told_at"),
)
OF_THE_CHILD: Final = ("alternative", "begins", "items")  # faults of an answer that others may not have
CHANGED, SERVICE, OUTCOME = "changed", "service", "outcome"
NOT_ACCEPTED, ACCEPTED, ENDED = "not_accepted", "accepted", "ended"


class Pick(NamedTuple):
    """A referral that was ticked, with the version that the page showed."""

    id: UUID
    version: int


@dataclass(frozen=True)
class Act:
    """What is to be done to each: accept it, answer it (`given`, for those of `service`), or return it (`reason`)."""

    given: Answer | None = None
    service: str | None = None
    reason: str | None = None
    note: str | None = None


class Weighed(NamedTuple):
    """What could be done or was, what not and why, and how many are with the office no longer.

    Why: changed (since the page was read), service (it is of another one), outcome (its version of the procedure has
    none such), not_accepted, accepted (already), ended, or one of OF_THE_CHILD, the field that does not fit this child.
    """

    fit: list[Referral]
    unfit: list[tuple[Referral, str]]
    gone: int


def picked(sent: Iterable[str]) -> list[Pick]:
    """Read what was ticked, `id.version` each; what cannot be read, and more than AT_ONCE, is left out."""
    found: dict[UUID, Pick] = {}
    for each in sent:
        key, _, version = each.partition(".")
        try:
            pick = Pick(UUID(key), int(version))
        except ValueError:
            continue
        found.setdefault(pick.id, pick)
    return list(found.values())[:AT_ONCE]


def all_of(viewer: Viewer, wanted: Wanted, on: date) -> list[Pick]:
    """Return the first AT_ONCE of a list, as they are now."""
    ids = [row.id for row in office_list.first_of(viewer, wanted, on, AT_ONCE)]
    rows = db.session.execute(select(Referral.id, Referral.version).where(Referral.id.in_(ids)))
    versions = {row.id: row.version for row in rows}
    return [Pick(each, versions[each]) for each in ids]


def first_of(viewer: Viewer, picks: Sequence[Pick]) -> Referral | None:
    """Return the oldest of these that is with the viewer's office, by whose service an answer is asked for."""
    rows = _rows(viewer, [each.id for each in picks]).order_by(None).order_by(Referral.id).limit(1)
    return db.session.scalar(rows)


def weigh(viewer: Viewer, picks: Sequence[Pick], act: Act, on: date) -> Weighed:
    """Say what an act could be done to; nothing is written. Raises UnfitAnswerError where it can be done to nobody."""
    _check(act, on)
    rows = db.session.scalars(_rows(viewer, [each.id for each in picks])).all()
    return _weighed(viewer, picks, rows, act, on)


def carry_out(viewer: Viewer, picks: Sequence[Pick], act: Act, on: date) -> Weighed:
    """Do an act to each of these that it can be done to, and say what was not done and why.

    What this viewer did to one just so since the page was read counts as done: the second click of a double click.
    Statements: constant for each BATCH. Raises UnfitAnswerError where it can be done to nobody.
    """
    _check(act, on)
    done, unfit, gone = list[Referral](), list[tuple[Referral, str]](), 0
    for batch in _batches(picks):
        held = _rows(viewer, [each.id for each in batch]).with_for_update(of=Referral)
        rows = db.session.scalars(held.execution_options(populate_existing=True)).all()
        weighed = _weighed(viewer, batch, rows, act, on)
        repeated = _repeated(viewer, batch, weighed, act)
        _do(viewer, weighed.fit, act, on)
        done += [*weighed.fit, *(row for row, _why in weighed.unfit if row.id in repeated)]
        unfit += [each for each in weighed.unfit if each[0].id not in repeated]
        gone += weighed.gone
    return Weighed(done, unfit, gone)


def _check(act: Act, on: date) -> None:
    if act.given is None and act.reason is not None:
        check_reason("return_reason", act.reason, on)


def _batches(picks: Sequence[Pick]) -> list[list[Pick]]:
    """Return BATCH at a time, in the order of the children, as the file of each is written with its referral.

    It is one order everywhere, so that two who do the same at once do not wait for each other in a ring.
    """
    seen = {each.id: each for each in picks}
    order = select(Referral.id).where(Referral.id.in_(seen)).order_by(Referral.child_id, Referral.id)
    known = [seen.pop(key) for key in db.session.scalars(order)]
    those = [*known, *seen.values()]
    return [those[start : start + BATCH] for start in range(0, len(those), BATCH)]


def _rows(viewer: Viewer, ids: Sequence[UUID]) -> Select[Referral]:
    wanted = at_desk(viewer).where(Referral.id.in_(ids), living()).options(joinedload(Referral.child, innerjoin=True))
    return wanted.order_by(Referral.child_id, Referral.id)


def _weighed(viewer: Viewer, picks: Iterable[Pick], rows: Sequence[Referral], act: Act, on: date) -> Weighed:
    seen = {each.id: each.version for each in picks}
    judged = [(row, _hindrance(viewer, row, seen[row.id], act, on)) for row in rows]
    unfit = [(row, why) for row, why in judged if why]
    return Weighed([row for row, why in judged if not why], unfit, len(seen) - len(rows))


def _hindrance(viewer: Viewer, referral: Referral, seen: int, act: Act, on: date) -> str | None:
    """Say why an act cannot be done to a referral; None where it can."""
    if referral.version != seen:
        return CHANGED
    if act.given is not None and confidential.code_of(referral, viewer) != act.service:
        return SERVICE
    if referral.due_on is None:
        return ENDED
    outcome = _outcome(viewer, referral, act)
    if act.given is not None and outcome is None:
        return OUTCOME
    state = State(referral.state)
    if _move(act, outcome) not in allowed(state, Side.RECEIVER):
        return NOT_ACCEPTED if state is State.SENT else ACCEPTED
    return _misfit(viewer, referral, act, on)


def _misfit(viewer: Viewer, referral: Referral, act: Act, on: date) -> str | None:
    if act.given is None:
        return None
    try:
        fit(confidential.service_of(referral, viewer), act.given, referral, on)
    except UnfitAnswerError as error:
        if error.field not in OF_THE_CHILD:
            raise
        return error.field
    return None


def _outcome(viewer: Viewer, referral: Referral, act: Act) -> Outcome | None:
    """Return the outcome of an answer, as the version has it under which the referral was sent."""
    if act.given is None:
        return None
    return confidential.service_of(referral, viewer).find_outcome(act.given.outcome)


def _move(act: Act, outcome: Outcome | None) -> Move:
    if outcome is not None:
        return move_for(outcome)
    return Move.ACCEPT if act.reason is None else Move.RETURN_


def _do(viewer: Viewer, referrals: Sequence[Referral], act: Act, on: date) -> None:
    answered: list[Answered] = []
    for referral in referrals:
        outcome = _outcome(viewer, referral, act)
        move = _move(act, outcome)
        advance(referral, move, Side.RECEIVER)
        if move is Move.ACCEPT:
            referral.accepted_on = on
        if outcome is not None and act.given is not None:
            answered.append(settle(referral, outcome, act.given, on))
            finish_answered(viewer, answered[-1])
        else:
            finish(viewer, referral, move, reason=act.reason, note=act.note)
        for name in WRITTEN:
            flag_modified(referral, name)
    write_back(viewer, answered, on)
    db.session.flush()


def _repeated(viewer: Viewer, picks: Iterable[Pick], weighed: Weighed, act: Act) -> set[UUID]:
    """Return those that were changed since the page was read by just this act of just this viewer."""
    seen = {each.id: each.version for each in picks}
    stale = {row.id: row for row, why in weighed.unfit if why == CHANGED and row.version == seen[row.id] + 1}
    if not stale:
        return set()
    steps = select(ReferralStep).where(ReferralStep.referral_id.in_(stale)).order_by(ReferralStep.id)
    last = {step.referral_id: step for step in db.session.scalars(steps)}
    return {key for key, step in last.items() if step.user_id == viewer.user_id and _is_same(viewer, step, act)}


def _is_same(viewer: Viewer, step: ReferralStep, act: Act) -> bool:
    if act.given is not None:
        return step.outcome.open(viewer) == act.given.outcome
    return step.move == (Move.ACCEPT if act.reason is None else Move.RETURN_).value
