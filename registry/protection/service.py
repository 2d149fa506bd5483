"""Verbs of risk: recording what was judged of a child's care after a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from registry.audit import service as audit
from registry.children import county
from registry.clock import now, today
from registry.database import db
from registry.protection import queries
from registry.protection.models import RiskAssessment
from registry.vault.evening import evened
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from uuid import UUID

    from flask import Flask

    from registry.access import Viewer
    from registry.protection.queries import Answers

FOLLOWERS = "protection.followers"


class StaleError(Exception):
    """Somebody else has saved since the page was fetched."""


def assess(viewer: Viewer, child_id: UUID, answers: Answers, seen: UUID | None) -> None:
    """Record an assessment as the one that counts; "no concern" is recorded like any other.

    The audit says that a confidential record was written, as for a report of harm: nobody tells one from the other.
    `seen`: the latest assessment that the page showed, None when there was none. The same answers sent again by
    the same person change nothing. Raises StaleError when another one was saved meanwhile; answers as absent
    (404) for a child whom the viewer does not reach. `answers` hold codes of the version in force.
    """
    child = county.reached_one(viewer, child_id)
    before = queries.latest(child_id)
    if (before.id if before else None) != seen:
        if not _said_before(viewer, before, answers):
            raise StaleError
        return
    made = _replace(viewer, child.child.id, before, answers)
    audit.record("confidential_written", viewer=viewer, record=made.id)
    for follow in current_app.extensions.get(FOLLOWERS, ()):
        follow(child.child.id, today())


def after_assessing(app: Flask, follow: Callable[[UUID, date], None]) -> None:
    """Let a room that reckons with the risk do so in the same act; called with the child and the day."""
    app.extensions.setdefault(FOLLOWERS, []).append(follow)


def _said_before(viewer: Viewer, before: RiskAssessment | None, answers: Answers) -> bool:
    """Tell a second click from a second saver."""
    if before is None or before.user_id != viewer.user_id:
        return False
    return queries.opened(before, viewer).answers == answers


def _replace(viewer: Viewer, child_id: UUID, before: RiskAssessment | None, answers: Answers) -> RiskAssessment:
    """Both steps or neither: the unique index lets one of two savers pass."""
    row = RiskAssessment(
        child_id=child_id,
        made_on=today(),
        made_at=now(),
        user_id=viewer.user_id,
        office_id=viewer.office_id,
        latest=True,
        sop_version=in_force(today()).version,
    )
    row.answers = evened(
        {
            "guardianship": answers.guardianship,
            "assessment": answers.assessment,
            "categories": list(answers.categories),
            "note": answers.note,
        }
    )
    try:
        with db.session.begin_nested():
            if before is not None:
                still = (RiskAssessment.id == before.id, RiskAssessment.latest)
                db.session.execute(update(RiskAssessment).where(*still).values(latest=False))
            db.session.add(row)
    except IntegrityError as error:
        raise StaleError from error
    return row
