"""Verbs of answers in a spreadsheet: taking the list out, bringing it back, applying its rows, mending the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import select

from registry.access import outside_scope
from registry.audit import service as audit
from registry.clock import now, today
from registry.database import db
from registry.ledgers.models import Ledger, LedgerRow
from registry.ledgers.out import downloads
from registry.ledgers.out.answer_judging import Judged, judged
from registry.ledgers.out.answer_judging import faults_of as unfit
from registry.ledgers.out.answer_list import Row, answers_book
from registry.ledgers.out.answer_words import said
from registry.ledgers.out.reading import Filled, answers_in
from registry.referrals import confidential, moving, queries
from registry.referrals.answers import answering as answers
from registry.referrals.errors import StaleVersionError, UnfitAnswerError
from registry.referrals.lists import office_list
from sop.referral import WITH_OFFICE, ForbiddenMove, State
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.ledgers.out.answer_judging import Fault
    from registry.vault.codecs import JsonValue

ANSWERS: Final = "answers"
REFERRALS: Final = "referrals"
READ, DONE, STOPPED = "read", "done", "stopped"
READY, FAULTY, APPLIED, TOLD = "ready", "fault", "applied", "told"
BROUGHT_BY: Final = "ledgers.answers"  # the page where a key of another office is refused
OF_ANSWERS: Final = frozenset({"ledger.plan", "ledger_row.typed", "ledger_row.messages"})
NOT_TO_MEND: Final = ("outcome", "already")  # it was answered before


class TooManyReferralsError(Exception):
    """The office has more to answer than one list holds."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(most)


class Shown(NamedTuple):
    """A row that was brought: where it stands in the file, what became of it, and how it is judged now."""

    row: LedgerRow
    judged: Judged


def take_out(viewer: Viewer, once: UUID) -> list[UUID]:
    """Take out what the viewer's office has to answer, recorded with every child on it; returns the referrals.

    `once` names this act: a second tap takes the list out again and counts once. Raises TooManyReferralsError and,
    before anything is recorded, TooManyTodayError.
    """
    most = in_force(today()).downloads.most_referrals
    waiting = office_list.to_answer(viewer, most)
    if len(waiting) > most:
        raise TooManyReferralsError(most)
    downloads.remember(viewer, downloads.TakenOut(once, REFERRALS, len(waiting)), today())
    _record_out(viewer, [each.child_id for each in waiting], len(waiting))
    return [each.id for each in waiting]


def document(viewer: Viewer, ids: list[UUID]) -> bytes:
    """Return the xlsx file of referrals that were taken out, as they stand now; it only reads."""
    found = queries.at_office(viewer, ids)
    return answers_book(viewer, [Row(found[each]) for each in ids if each in found])


def bring(viewer: Viewer, content: bytes, name: str, on: date) -> Ledger:
    """Read a list that came back and keep its rows, sealed, until the officer has seen what would be applied.

    What this officer brought before and never applied is forgotten. Keys of another office are refused and
    recorded. Raises BookError, NoHeadingsError, TooManyAnswersError.
    """
    brought = answers_in(content, name)
    _forget(viewer)
    ledger = Ledger(kind=ANSWERS, user_id=viewer.user_id, office_id=viewer.office_id, area_code=viewer.area_code)
    ledger.state, ledger.judged_on, ledger.made_at, ledger.version = READ, on, now(), 1
    ledger.plan, ledger.rows_total, ledger.rows_done = {"untouched": brought.untouched}, len(brought.rows), 0
    db.session.add(ledger)
    found = judged(viewer, brought.rows, on)
    for each in found:
        row = LedgerRow(ledger_id=ledger.id, sheet=each.filled.sheet, row=each.filled.row, outcome=_state(each.faults))
        row.child_id = each.referral.child_id if each.referral else None
        row.typed, row.messages = {"key": each.filled.key, **each.filled.typed}, _kept(each.faults)
        db.session.add(row)
    refused = sum(("key", "unknown") in each.faults for each in found)
    if refused:
        audit.note("refused", viewer=viewer, endpoint=BROUGHT_BY, why="key")
    children = {each.referral.child_id for each in found if each.referral}
    audit.record(
        "answers_brought", viewer=viewer, children=children, ledger=ledger.id, shown=len(found), refused=refused
    )
    db.session.flush()
    return ledger


def brought(viewer: Viewer, ledger_id: UUID) -> Ledger:
    """Return answers that the viewer brought; anybody else's, and any other ledger, is as if absent (404)."""
    return _found(viewer, ledger_id, lock=False)


def shown_rows(viewer: Viewer, ledger: Ledger) -> list[Shown]:
    """Return the rows of a file that came back, in its order, judged by how the referrals stand now."""
    rows = _rows_of(ledger)
    now_judged = judged(viewer, [_filled(row, viewer) for row in rows], today())
    return [Shown(row, each) for row, each in zip(rows, now_judged, strict=True)]


def apply(viewer: Viewer, ledger_id: UUID, on: date) -> Ledger:
    """Apply the rows that are ready, each as the office's own page would; what cannot be applied keeps its reason.

    A row that was changed, answered or withdrawn since it was shown is told, and nothing of it is written. Sent
    twice it does nothing more.
    """
    ledger = _found(viewer, ledger_id, lock=True)
    if ledger.state != READ:
        return ledger
    pairs = [each for each in shown_rows(viewer, ledger) if each.row.outcome == READY]
    # In one order everywhere: offices that answer for the same children at once do not wait for each other in a ring
    for row, each in sorted(pairs, key=lambda pair: (str(pair.row.child_id), str(pair.row.id))):
        faults = each.faults or _applied(viewer, each, on)
        row.outcome, row.messages = _state(faults) if faults else APPLIED, _kept(faults)
        if not faults:
            row.typed = {"key": each.filled.key, "outcome": each.filled.typed["outcome"]}
            ledger.rows_done += 1
    ledger.state, ledger.ended_at, ledger.version = DONE, now(), ledger.version + 1
    db.session.flush()
    return ledger


def to_mend(viewer: Viewer, ledger_id: UUID) -> bytes:
    """Return the rows that could not be applied as an xlsx file, with what was typed and what is wrong beside it.

    Their keys are new, so that whoever has looked at a changed referral may answer it. A row whose key names none
    of the office's referrals cannot be mended: its answer belongs into a list taken out anew. A file's rows count
    once on a day. Raises TooManyTodayError.
    """
    ledger = _found(viewer, ledger_id, lock=False)
    shown = [each for each in shown_rows(viewer, ledger) if each.row.outcome == FAULTY]
    rows = [
        Row(each.judged.referral, each.judged.filled.typed, " ".join(said(faults_of(each.row, viewer))))
        for each in shown
        if each.judged.referral is not None and each.judged.referral.state in WITH_OFFICE
    ]
    downloads.remember(viewer, downloads.TakenOut(ledger.id, REFERRALS, len(rows)), today())
    _record_out(viewer, [row.referral.child_id for row in rows], len(rows))
    return answers_book(viewer, rows, mending=True)


def faults_of(row: LedgerRow, viewer: Viewer) -> list[Fault]:
    """Return what was wrong with a row when it was brought or applied."""
    kept = row.messages.open(viewer.opening(OF_ANSWERS))
    pairs = kept if isinstance(kept, list) else []
    return [(str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list)]


def untouched(ledger: Ledger, viewer: Viewer) -> int:
    """Return how many rows of the list nobody had filled in."""
    plan = ledger.plan.open(viewer.opening(OF_ANSWERS))
    number = plan.get("untouched") if isinstance(plan, dict) else None
    return number if isinstance(number, int) else 0


def _record_out(viewer: Viewer, children: list[UUID], number: int) -> None:
    audit.record(
        "list_taken_out",
        viewer=viewer,
        children=set(children),
        list=REFERRALS,
        shown=number,
        filter="none",
        purpose="service",
    )


def _applied(viewer: Viewer, each: Judged, on: date) -> list[Fault]:
    """Take on and answer one referral; return what stood in the way, after which nothing of it is written."""
    referral = each.referral
    if referral is None:
        return [("key", "unknown")]
    try:
        with db.session.begin_nested():
            version = referral.version
            if referral.state == State.SENT:
                version = moving.accept(viewer, referral.id, version, on).version
            if each.given is not None:
                answers.answer(viewer, referral.id, version, each.given, on)
    except (StaleVersionError, ForbiddenMove):
        return [("outcome", "changed")]
    except UnfitAnswerError as error:
        return unfit(error, confidential.service_of(referral, viewer), each.filled)
    return []


def _forget(viewer: Viewer) -> None:
    """Forget what was brought and never applied: a new file takes its place."""
    mine = select(Ledger).where(Ledger.kind == ANSWERS, Ledger.user_id == viewer.user_id, Ledger.state == READ)
    for ledger in db.session.scalars(mine.with_for_update()):
        ledger.state, ledger.ended_at, ledger.version = STOPPED, now(), ledger.version + 1
        for row in _rows_of(ledger):
            db.session.delete(row)


def _found(viewer: Viewer, ledger_id: UUID, *, lock: bool) -> Ledger:
    mine = (Ledger.kind == ANSWERS, Ledger.user_id == viewer.user_id, Ledger.office_id == viewer.office_id)
    rows = select(Ledger).where(Ledger.id == ledger_id, Ledger.state != STOPPED, *mine)
    if lock:
        rows = rows.with_for_update().execution_options(populate_existing=True)
    ledger = db.session.scalars(rows).one_or_none()
    if ledger is None:
        outside_scope()
    return ledger


def _rows_of(ledger: Ledger) -> list[LedgerRow]:
    rows = select(LedgerRow).where(LedgerRow.ledger_id == ledger.id).order_by(LedgerRow.sheet, LedgerRow.row)
    return list(db.session.scalars(rows))


def _filled(row: LedgerRow, viewer: Viewer) -> Filled:
    kept = row.typed.open(viewer.opening(OF_ANSWERS))
    told = {key: str(value) for key, value in kept.items()} if isinstance(kept, dict) else {}
    columns = in_force(today()).downloads.filled_in
    return Filled(row.sheet, row.row, told.get("key", ""), {column: told.get(column, "") for column in columns})


def _state(faults: list[Fault]) -> str:
    if not faults:
        return READY
    return TOLD if faults == [NOT_TO_MEND] else FAULTY


def _kept(faults: list[Fault]) -> JsonValue:
    return [[column, code] for column, code in faults] or None
