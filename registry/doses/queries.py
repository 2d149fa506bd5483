"""Reads of doses: what a child's file and the clinic's page show of them, and who may enter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import select

from registry.access import Permission
from registry.children.facts import birth_of
from registry.children.merging import files_of, with_merged
from registry.children.queries import in_scope, kept_by_id
from registry.clock import today
from registry.database import db
from registry.doses.models import Dose, Immunisation
from registry.doses.tables import COUNTING, children
from registry.referrals.queries import is_working_on
from sop.immunisation import Given, Row, certificate
from sop.immunisation.standing import COMPLETE, NOT_YET, URGENCY, assessed, is_half_entered, standing_of
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child
    from registry.vault.sealed import Opener
    from sop.immunisation import Assessment, Judged, Outlook

VACCINATION = "vaccination"
GIVEN, NOT_NEEDED = "given", "not_needed"
SURE: Final = frozenset({GIVEN, NOT_NEEDED, "none"})  # what holds whatever else is still to be entered


class Shown(NamedTuple):
    """A dose that was entered. `judged`: once for each course that it is meant for; empty for a guardian's word.

    `id`: of its first entry; `office_ids`: of all offices that entered it.
    """

    id: UUID
    vaccine: str
    day: date
    source: str
    office_ids: frozenset[UUID]
    judged: tuple[Judged, ...]


class Line(NamedTuple):
    """A line of the certificate's table: `given` where the dose was given, and how it stands.

    `status`: given, due, overdue, not_yet, not_needed (the course is complete without it), ask, aged_out, none (the
    course is not for this child); None where nothing is claimed, since nothing or not all is recorded.
    """

    row: Row
    given: Judged | None
    status: str | None


class Due(NamedTuple):
    """A course in which something is to be done: overdue, due, to be asked of the clinic, or later."""

    course: str
    outlook: Outlook


class Record(NamedTuple):
    """What is known of a child's doses on a day.

    `doses`: those that count as told, by day; `told`: a guardian's word that nothing confirms. `assessment` is None
    where nothing is recorded. `due`: the most urgent first, then by the recommended day; empty where the state is
    partly, as what is not given may be what is not entered. `version`: for the form, None before anybody was
    reckoned; see `service.Entered`.
    """

    doses: list[Shown]
    told: list[Shown]
    assessment: Assessment | None
    state: str
    rows: list[Line]
    due: list[Due]
    whole: bool
    version: int | None


def record_of(viewer: Viewer, child: Child, on: date | None = None) -> Record:
    """Open and judge the doses of a child, as they look on a day (today's when left out). Two statements.

    `child`: a kept file with what its page has loaded; its merged files are read with it. The viewer may open its
    birth date and the days of doses. Judged anew, so that a night that was missed shows on no page.
    """
    day = on or today()
    schedule, known = in_force(day).immunisation, doses_of(viewer, child.id)
    counting = {(dose.vaccine, when): dose for dose, when in reversed(known) if dose.source in COUNTING}
    given = [Given(*key) for key in counting]
    assessment = assessed(schedule, birth_of(child, viewer), child.sex, child.certificate, given, day)
    told = {(dose.vaccine, when): dose for dose, when in reversed(known) if dose.source not in COUNTING}
    alone = {key: dose for key, dose in told.items() if key not in counting}
    row = db.session.scalars(select(Immunisation).where(Immunisation.child_id == child.id)).one_or_none()
    whole = row is not None and row.whole
    partly = is_half_entered(child.certificate, given, whole)
    return Record(
        doses=_shown(counting, known, assessment),
        told=_shown(alone, known, None),
        assessment=assessment,
        state=standing_of(assessment, partly=partly).state,
        rows=[_line(each, assessment, partly=partly) for each in certificate(schedule, day)],
        due=[] if partly else _due(assessment),
        whole=whole,
        version=row.version if row else None,
    )


def doses_of(reader: Opener, child_id: UUID) -> list[tuple[Dose, date]]:
    """Return what was entered of a child and its merged files and not withdrawn, with its day, as it was entered."""
    files = with_merged(children().id == child_id)
    rows = select(Dose).where(Dose.child_id.in_(files), Dose.withdrawn_at.is_(None)).order_by(Dose.id)
    opened = ((dose, dose.day.open(reader)) for dose in db.session.scalars(rows))
    return [(dose, day) for dose, day in opened if day is not None]


def standings_of(child_ids: Iterable[UUID]) -> dict[UUID, tuple[str, bool]]:
    """Return by child the state over all courses, and whether a dose has been overdue for long, as was reckoned last.

    Knows nothing of scope; who was never reckoned is left out. One statement.
    """
    one, wanted = Immunisation, set(child_ids)
    rows = db.session.execute(select(one.child_id, one.state, one.long_overdue).where(one.child_id.in_(wanted)))
    return {child_id: (state, long_overdue) for child_id, state, long_overdue in rows}


def may_enter(viewer: Viewer, child_id: UUID) -> bool:
    """Say whether the viewer may enter doses of a child: its office has accepted a referral that has not ended.

    A referral of any file of the child is one; a protected child is as if absent, whichever file has the mark.
    """
    kept = kept_by_id([child_id]).get(child_id) if viewer.may(Permission.DOSE_ENTER) else None
    if kept is None or kept.protected:
        return False
    return is_working_on(viewer, files_of([kept.id]), VACCINATION)


def may_correct(viewer: Viewer, child_id: UUID) -> bool:
    """Say whether the viewer may withdraw what any office entered of a child, as who decides on corrections of it."""
    kept = kept_by_id([child_id]).get(child_id) if viewer.may(Permission.CORRECTION_DECIDE) else None
    return kept is not None and in_scope(viewer, kept.id)


def _shown(
    doses: dict[tuple[str, date], Dose], known: Iterable[tuple[Dose, date]], assessment: Assessment | None
) -> list[Shown]:
    offices: dict[tuple[str, date], set[UUID]] = {}
    for dose, day in known:
        offices.setdefault((dose.vaccine, day), set()).add(dose.office_id)
    judged: dict[tuple[str, date], list[Judged]] = {}
    for each in assessment.doses if assessment else ():
        judged.setdefault((each.code, each.on), []).append(each)
    shown = [
        Shown(dose.id, *key, dose.source, frozenset(offices[key]), tuple(judged.get(key, ())))
        for key, dose in doses.items()
    ]
    return sorted(shown, key=lambda each: (each.day, each.id))


def _line(row: Row, assessment: Assessment | None, *, partly: bool) -> Line:
    if assessment is None:
        return Line(row, None, None)
    own = (each for each in assessment.doses if (each.course, each.number) == (row.course, row.number))
    given = next(own, None)
    status = GIVEN if given else _status(row, assessment.courses[row.course])
    return Line(row, given, None if partly and status not in SURE else status)


def _status(row: Row, outlook: Outlook) -> str:
    """Say how a dose that was not given stands: the next one as its course, those after it later."""
    if outlook.status == COMPLETE:
        return NOT_NEEDED
    later = outlook.next_dose is not None and row.number > outlook.next_dose
    return NOT_YET if later else outlook.status


def _due(assessment: Assessment | None) -> list[Due]:
    if assessment is None:
        return []
    courses = [Due(code, each) for code, each in assessment.courses.items() if each.status in URGENCY]
    return sorted(courses, key=lambda each: (URGENCY.index(each.outlook.status), _day(each.outlook)))


def _day(outlook: Outlook) -> str:
    return outlook.recommended.isoformat() if outlook.recommended else ""
