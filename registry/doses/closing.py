"""Verbs by which entering doses answers the referral that asks for them: closed where nothing due is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from registry.children.merging import files_of
from registry.database import db
from registry.doses.models import Immunisation
from registry.doses.queries import VACCINATION
from registry.doses.reckoning import COMPLETE, NOT_YET
from registry.referrals.answers import answering
from registry.referrals.errors import StaleVersionError
from registry.referrals.queries import worked_on
from sop.referral import Answer

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.doses.queries import Record
    from registry.referrals.models import Referral

ALL_GIVEN, MORE_TO_COME = "01", "02"  # outcomes of vaccination (domain 4.7)
SETTLED: Final = frozenset({COMPLETE, NOT_YET})  # nothing is due by age, whatever comes later

Seen = tuple["UUID", int]  # a referral, and the version of it that the page showed


def in_hand(viewer: Viewer, child_id: UUID) -> Sequence[Referral]:
    """Return the vaccination referrals of a child, of whichever of its files, that the viewer's office works on."""
    return worked_on(viewer, files_of([child_id]), VACCINATION)


def is_settled(child_id: UUID) -> bool:
    """Say whether nothing is due for a kept file as it was reckoned last; not of one that is half entered."""
    return db.session.scalar(select(Immunisation.state).where(Immunisation.child_id == child_id)) in SETTLED


def close(viewer: Viewer, child_id: UUID, seen: Collection[Seen], on: date) -> int:
    """Close what the own office works on for a kept file, with the answer that all doses due by age are given.

    Nothing is closed where anything is still due, to be asked of the clinic, or not entered yet. Returns how many were
    closed. Raises StaleVersionError where somebody else has changed one since the page was fetched.
    """
    db.session.flush()
    return _answer(viewer, child_id, seen, Answer(ALL_GIVEN), on) if is_settled(child_id) else 0


def note_next(viewer: Viewer, child_id: UUID, seen: Collection[Seen], day: date | None, on: date) -> int:
    """Answer what the own office works on that more doses are to come, the next on a day.

    Raises StaleVersionError as `close`, and UnfitAnswerError ("day") for none, or one that has passed.
    """
    return _answer(viewer, child_id, seen, Answer(MORE_TO_COME, day=day), on)


def _answer(viewer: Viewer, child_id: UUID, seen: Collection[Seen], given: Answer, on: date) -> int:
    versions, those = dict(seen), in_hand(viewer, child_id)
    if {each.id for each in those} != versions.keys():
        raise StaleVersionError
    with db.session.begin_nested():  # all of them, or none: what else was entered stays
        for each in those:
            answering.answer(viewer, each.id, versions[each.id], given, on)
    return len(those)


def next_day(record: Record, on: date) -> date | None:
    """Return the first day after this one on which a dose is recommended, as a proposal; None where none is."""
    days = [each.outlook.recommended for each in record.due]
    return min((day for day in days if day and day > on), default=None)
