"""Verbs of reports of harm: writing one down, noting whom it was passed on to, closing it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.access import outside_scope
from registry.audit import service as audit
from registry.children import county
from registry.clock import now
from registry.database import db
from registry.protection import reports
from registry.protection.models import HarmReport, HarmTold
from registry.protection.reports import Content
from registry.protection.service import StaleError
from registry.vault.evening import evened
from sop.protection import RECIPIENTS

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from registry.access import Viewer


class NotAllToldError(Exception):
    """A report is closed only when every body that the law names was told."""


@dataclass(frozen=True)
class NewReport:
    """What somebody writes down. `id` was given by the page, so that a second click makes no second report.

    `child_id`: of a file within the viewer's reach, else `described` says which child. `county`: 12 digits, one of
    `reports.counties`; of a child on file it is the child's. Codes are those of the version in force.
    """

    id: UUID
    child_id: UUID | None
    described: str | None
    county: str
    kinds: tuple[str, ...]
    seen: str
    day: date
    urgency: str
    phoned: tuple[str, ...]
    phoned_how: str | None


def write(viewer: Viewer, new: NewReport) -> None:
    """Write a report down; the same id again, by the same person, changes nothing.

    No row of the child is touched and no event names it. Answers as absent (404) for a child whom the viewer
    does not reach, and for an id that is somebody else's report.
    """
    child = county.reached_one(viewer, new.child_id) if new.child_id else None
    place = child.county if child else new.county
    row = HarmReport(id=new.id, county=place, reporter_id=viewer.user_id, made_at=now(), version=1)
    row.child = str(new.child_id) if new.child_id else None
    content = Content(
        described=new.described,
        name=child.child.name.open(viewer) if child else None,
        area=child.area_code if child else None,
        kinds=new.kinds,
        seen=new.seen,
        day=new.day,
        urgency=new.urgency,
        phoned=new.phoned,
        phoned_how=new.phoned_how,
    )
    row.content = evened(asdict(content) | {"day": new.day.isoformat()})
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        if db.session.scalar(select(HarmReport.reporter_id).where(HarmReport.id == new.id)) != viewer.user_id:
            outside_scope()
        return
    audit.record("confidential_written", viewer=viewer, record=row.id)


def tell(viewer: Viewer, report_id: UUID, version: int, recipient: str, told_at: datetime, way: str) -> None:
    """Note that a body was told. `recipient`: one of RECIPIENTS; each is told once. Raises StaleError."""
    report = _held(viewer, report_id, version)
    if recipient not in RECIPIENTS or any(one.recipient == recipient for one in report.told):
        raise StaleError
    told = HarmTold(report_id=report.id, recipient=recipient, told_at=told_at, told_by=viewer.user_id)
    told.way = way
    db.session.add(told)
    report.version += 1
    audit.record("confidential_written", viewer=viewer, record=report.id)


def close(viewer: Viewer, report_id: UUID, version: int) -> None:
    """Close a report. Raises StaleError, and NotAllToldError while a body has still to be told."""
    report = _held(viewer, report_id, version)
    if RECIPIENTS - {one.recipient for one in report.told}:
        raise NotAllToldError
    report.closed_at = now()
    report.version += 1
    audit.record("confidential_written", viewer=viewer, record=report.id)


def _held(viewer: Viewer, report_id: UUID, version: int) -> HarmReport:
    report = reports.held(viewer, report_id)
    if report.version != version or report.closed_at is not None:
        raise StaleError
    return report
