"""Verbs of many referrals at once: weighed before anything is done, done in one act, and told what was not.

What is done to each is what its own page would do: the same rules, step, audit event and entry in the child's file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import flag_modified

from registry.database import db
from registry.referrals import confidential
from registry.referrals.answers.answering import (
    as_given,
    doses_behind,
    fit,
    settle,
    told,
    write_back,
)
from registry.referrals.errors import UnfitAnswerError
from registry.referrals.holding import in_order
from registry.referrals.lists import office_list
from registry.referrals.models import Referral
from registry.referrals.moving import give_back, take_on
from registry.referrals.queries import at_desk, hold_files, last_steps, living
from registry.referrals.seen import Seen, read_all
from sop.referral import DOSES, SCHOOL_AGE, Answer, Move, Side, State, allowed, move_for
from sop.version import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import Select

    from registry.access import Viewer
    from registry.referrals.answers.answering import Answered
    from registry.referrals.lists.office_list import Wanted
    from registry.referrals.models import ReferralStep
    from registry.referrals.steps import Said
    from sop.referral import Answer
    from sop.version import Outcome

AT_ONCE: Final = 500  # in one transaction: whoever opens one of these waits until all are written
BATCH: Final = 100  # read and written together
# Columns of a move, all written for each row: rows of which other columns changed would need a statement each.
WRITTEN: Final = (
    *("state", "version", "due_on", "climbed", "climbed_to", "accepted_on", "closed_on", "resend_by"),
    *("outcome_sealed", "outcome_kind", "recall_on", "told_at"),
)
SAID: Final = ("outcome", "reason", "note", "details")  # what a step says beside its move
OF_STEPS: Final = frozenset(f"referral_step.{name}" for name in SAID)
# Faults of an answer that others may not have.
OF_THE_CHILD: Final = (SCHOOL_AGE, DOSES, "alternative", "begins", "items")
CHANGED, SERVICE, OUTCOME = "changed", "service", "outcome"
NOT_ACCEPTED, ACCEPTED, ENDED = "not_accepted", "accepted", "ended"


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


def picked(sent: Iterable[str]) -> tuple[list[Seen], int]:
    """Read what was ticked, as `Seen.written` wrote it; return the first AT_ONCE, and how many were left out.

    Left out is what more there is, and what cannot be read.
    """
    those, unread = read_all(sent)
    return those[:AT_ONCE], unread + len(those[AT_ONCE:])


def all_of(viewer: Viewer, wanted: Wanted, on: date) -> list[Seen]:
    """Return the first AT_ONCE of a list, as they are now."""
    ids = [row.id for row in office_list.first_of(viewer, wanted, on, AT_ONCE)]
    rows = db.session.execute(select(Referral.id, Referral.version).where(Referral.id.in_(ids)))
    versions = {row.id: row.version for row in rows}
    return [Seen(each, versions[each]) for each in ids]


def first_of(viewer: Viewer, picks: Sequence[Seen]) -> Referral | None:
    """Return the oldest of these that is with the viewer's office, by whose service an answer is asked for."""
    rows = _rows(viewer, [each.id for each in picks]).order_by(None).order_by(Referral.id).limit(1)
    return db.session.scalar(rows)


def weigh(viewer: Viewer, picks: Sequence[Seen], act: Act, on: date) -> Weighed:
    """Say what an act could be done to; nothing is written. Raises UnfitAnswerError where it can be done to nobody."""
    rows = db.session.scalars(_rows(viewer, [each.id for each in picks])).all()
    return _weighed(viewer, picks, rows, act, on)


def carry_out(viewer: Viewer, picks: Sequence[Seen], act: Act, on: date) -> Weighed:
    """Do an act to each of these that it can be done to, and say what was not done and why.

    What this viewer did to one just so since the page was read counts as done: the second click of a double click.
    Statements: constant for each BATCH. Raises UnfitAnswerError where it can be done to nobody.
    """
    done, unfit, gone = list[Referral](), list[tuple[Referral, str]](), 0
    answered: list[Answered] = []
    hold_files(each.id for each in picks)
    for batch in _batches(picks):
        rows = db.session.scalars(in_order(_rows(viewer, [each.id for each in batch]), Referral)).all()
        weighed = _weighed(viewer, batch, rows, act, on)
        repeated = _repeated(viewer, batch, weighed, act, on)
        answered += _do(viewer, weighed.fit, act, on)
        done += [*weighed.fit, *(row for row, _why in weighed.unfit if row.id in repeated)]
        unfit += [each for each in weighed.unfit if each[0].id not in repeated]
        gone += weighed.gone
    write_back(viewer, answered, on)  # once all are held: proposals come after referrals, whoever holds them
    return Weighed(done, unfit, gone)


def _batches(picks: Sequence[Seen]) -> list[list[Seen]]:
    """Return BATCH at a time, in the order of the children, as the file of each is written with its referral.

    It is the order of `holding`, within each batch and from one to the next.
    """
    seen = {each.id: each for each in picks}
    order = select(Referral.id).where(Referral.id.in_(seen)).order_by(Referral.child_id, Referral.id)
    known = [seen.pop(key) for key in db.session.scalars(order)]
    those = [*known, *seen.values()]
    return [those[start : start + BATCH] for start in range(0, len(those), BATCH)]


def _rows(viewer: Viewer, ids: Sequence[UUID]) -> Select[Referral]:
    wanted = at_desk(viewer).where(Referral.id.in_(ids), living()).options(joinedload(Referral.child, innerjoin=True))
    return wanted.order_by(Referral.child_id, Referral.id)


def _weighed(viewer: Viewer, picks: Iterable[Seen], rows: Sequence[Referral], act: Act, on: date) -> Weighed:
    seen = {each.id: each.version for each in picks}
    doses = doses_behind(rows) if act.given is not None else {}
    judged = [(row, _hindrance(viewer, row, seen[row.id], act, doses, on)) for row in rows]
    unfit = [(row, why) for row, why in judged if why]
    return Weighed([row for row, why in judged if not why], unfit, len(seen) - len(rows))


def _hindrance(
    viewer: Viewer, referral: Referral, seen: int, act: Act, doses: Mapping[UUID, str], on: date
) -> str | None:
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
    return _misfit(viewer, referral, act, doses, on)


def _misfit(viewer: Viewer, referral: Referral, act: Act, doses: Mapping[UUID, str], on: date) -> str | None:
    if act.given is None:
        known = act.reason is None or load(referral.sop_version).codes["return_reason"].has(act.reason)
        return None if known else OUTCOME
    try:
        fit(confidential.service_of(referral, viewer), act.given, referral, on, doses)
    except UnfitAnswerError as error:
        if not _of_this_child(error, act.given):
            raise
        return error.field
    return None


def _of_this_child(error: UnfitAnswerError, given: Answer) -> bool:
    """Say whether another child might have been given this answer; a first day that is missing fits none."""
    faults = {error.field, *error.also}
    return faults.issubset(OF_THE_CHILD) and not ("begins" in faults and given.begins is None)


def _outcome(viewer: Viewer, referral: Referral, act: Act) -> Outcome | None:
    """Return the outcome of an answer, as the version has it under which the referral was sent."""
    if act.given is None:
        return None
    return confidential.service_of(referral, viewer).find_outcome(act.given.outcome)


def _move(act: Act, outcome: Outcome | None) -> Move:
    if outcome is not None:
        return move_for(outcome)
    return Move.ACCEPT if act.reason is None else Move.RETURN_


def _do(viewer: Viewer, referrals: Sequence[Referral], act: Act, on: date) -> list[Answered]:
    answered: list[Answered] = []
    for referral in referrals:
        outcome = _outcome(viewer, referral, act)
        if outcome is not None and act.given is not None:
            answered.append(settle(viewer, referral, outcome, act.given, on, Side.RECEIVER))
        elif act.reason is not None:
            give_back(viewer, referral, Side.RECEIVER, on, reason=act.reason, note=act.note)
        else:
            take_on(viewer, referral, Side.RECEIVER, on)
        for name in WRITTEN:
            flag_modified(referral, name)
    db.session.flush()
    return answered


def _repeated(viewer: Viewer, picks: Iterable[Seen], weighed: Weighed, act: Act, on: date) -> set[UUID]:
    """Return those that were changed since the page was read by just this act of just this viewer."""
    seen = {each.id: each.version for each in picks}
    stale = {row.id: row for row, why in weighed.unfit if why == CHANGED and row.version == seen[row.id] + 1}
    if not stale:
        return set()
    mine = {key: step for key, step in last_steps(stale).items() if step.user_id == viewer.user_id}
    return {key for key, step in mine.items() if _is_same(viewer, stale[key], step, act, on)}


def _is_same(viewer: Viewer, referral: Referral, step: ReferralStep, act: Act, on: date) -> bool:
    """Say whether a step tells all that an act says, to the last word of its note."""
    outcome = _outcome(viewer, referral, act)
    if (outcome is None) is not (act.given is None) or step.move != _move(act, outcome):
        return False
    said: Said = {"reason": act.reason, "note": act.note}
    if outcome is not None and act.given is not None:
        said = told(outcome, as_given(referral, outcome, act.given, on))
        day = act.given.day if outcome.asks else None
        if confidential.code_of(referral, viewer) != act.service or referral.recall_on != day:
            return False
    own = viewer.opening(OF_STEPS)  # what this viewer has written itself is compared, and shown to nobody
    kept = (getattr(step, name).open(own) or None for name in SAID)
    return all(one == (said.get(name) or None) for name, one in zip(SAID, kept, strict=True))
