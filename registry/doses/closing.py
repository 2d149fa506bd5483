"""Verbs by which entering doses answers the referral that asks for them: closed where nothing due is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.children.merging import files_of
from registry.database import db
from registry.doses.models import Immunisation
from registry.doses.queries import VACCINATION
from registry.referrals import confidential
from registry.referrals.answers import answering
from registry.referrals.errors import StaleVersionError
from registry.referrals.queries import worked_on
from sop.immunisation.standing import NOTHING_DUE
from sop.referral import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.doses.queries import Record
    from registry.referrals.models import Referral
    from registry.referrals.seen import Seen
    from sop.version import Service


def in_hand(viewer: Viewer, child_id: UUID) -> Sequence[Referral]:
    """Return the vaccination referrals of a child, of whichever of its files, that the viewer's office works on."""
    return worked_on(viewer, files_of([child_id]), VACCINATION)


def is_settled(child_id: UUID) -> bool:
    """Say whether nothing is due for a kept file as it was reckoned last; not of one that is half entered."""
    return db.session.scalar(select(Immunisation.state).where(Immunisation.child_id == child_id)) in NOTHING_DUE


def takes_next_day(viewer: Viewer, referrals: Iterable[Referral]) -> bool:
    """Say whether each of these can be answered with the day of the next dose: some procedures have no such answer."""
    return all(confidential.service_of(each, viewer).when_more for each in referrals)


def answered_by(referrals: Iterable[Referral]) -> date | None:
    """Return the day by which the first of these is to be answered; None where none is."""
    return min((each.due_on for each in referrals if each.due_on), default=None)


def close(viewer: Viewer, child_id: UUID, seen: Collection[Seen], on: date) -> int:
    """Close what the own office works on for a kept file, with the answer that all doses due by age are given.

    That is the outcome `when_complete` of the service. Nothing is closed where anything is still due, to be asked of
    the clinic, or not entered yet, nor where the procedure names no such outcome. Returns how many were closed. Raises
    StaleVersionError where somebody else has changed one since the page was fetched.
    """
    db.session.flush()
    return _answer(viewer, child_id, seen, lambda each: each.when_complete, None, on) if is_settled(child_id) else 0


def note_next(viewer: Viewer, child_id: UUID, seen: Collection[Seen], day: date | None, on: date) -> int:
    """Answer what the own office works on that more doses are to come (`when_more`), the next on a day.

    Returns how many were answered: none where the procedure has no such outcome. Raises StaleVersionError as `close`,
    and UnfitAnswerError ("day") for none, or one that has passed or lies too far off.
    """
    return _answer(viewer, child_id, seen, lambda each: each.when_more, day, on)


def _answer(
    viewer: Viewer,
    child_id: UUID,
    seen: Collection[Seen],
    outcome_of: Callable[[Service], str | None],
    day: date | None,
    on: date,
) -> int:
    versions, those = {each.id: each.version for each in seen}, in_hand(viewer, child_id)
    if {each.id for each in those} != versions.keys():
        raise StaleVersionError
    given = {each.id: outcome_of(confidential.service_of(each, viewer)) for each in those}
    answers = {key: Answer(outcome, day=day) for key, outcome in given.items() if outcome}
    if len(answers) < len(those):
        return 0
    with db.session.begin_nested():  # all of them, or none: what else was entered stays
        for key, answer in answers.items():
            answering.answer(viewer, key, versions[key], answer, on)
    return len(those)


def next_day(record: Record, on: date) -> date | None:
    """Return the first day after this one on which a dose is recommended, as a proposal; None where none is."""
    days = [each.outlook.recommended for each in record.due]
    return min((day for day in days if day and day > on), default=None)
