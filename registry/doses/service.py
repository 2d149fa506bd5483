"""Verbs of doses: enter them, withdraw one, and reckon how children stand, at once and each night."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from registry.access import Permission, outside_scope
from registry.audit import service as audit
from registry.children import merging, recording
from registry.children.facts import birth_of
from registry.children.queries import kept_by_id
from registry.clock import now
from registry.database import db, lock
from registry.doses import queries, states, tables
from registry.doses.errors import BEFORE_BIRTH, IN_FUTURE, UNKNOWN_VACCINE, DoseError
from registry.doses.models import Dose, Immunisation
from registry.doses.reckoning import standing
from registry.jobs.service import Batch, Reader
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child
    from registry.doses.tables import Reckoned

CHILDREN_AT_ONCE = 500  # a batch of the nightly round: half a second of SQLite's write lock
READER = Reader(frozenset({"child.birth_date", "dose.day"}))
CERTIFICATE: Final = "certificate"
SEEN: Final = "seen"


class Entry(NamedTuple):
    """A dose as it is told: a code of the schedule, its day, and where that is known from.

    `source`: certificate, clinic (its own record) or guardian (whose word is kept, and does not count).
    """

    vaccine: str
    day: date
    source: str


class Entered(NamedTuple):
    """What became of entries: the new ones, those that were there already, and the version that was found.

    Another version than that of the page that was filled in: somebody else saved meanwhile. Nothing is lost by that.
    """

    new: tuple[Entry, ...]
    known: tuple[Entry, ...]
    version: int


def enter(viewer: Viewer, child_id: UUID, entries: Sequence[Entry], whole: bool, on: date) -> Entered:
    """Keep the doses of a child that are not known yet, and reckon at once how it stands.

    The same vaccine on the same day is one dose, whoever entered it; what a guardian told is kept beside it when it
    is entered from a certificate or record. `whole`: all that the certificate shows is entered. A dose of the
    certificate tells that it was seen. Answers 404, recorded as refused, where the viewer's office has no accepted
    referral; raises DoseError, and keeps nothing, where an entry cannot be.
    """
    if not queries.may_enter(viewer, child_id):
        outside_scope()
    file, row = _held(child_id, on)
    _check(file, entries, on)
    new, known = _sorted_out(file, entries)
    version = row.version
    db.session.add_all(_dose(viewer, child_id, each, on) for each in new)
    if new or row.whole != whole:
        row.whole, row.version = whole, version + 1
        audit.record("doses_entered", viewer=viewer, children=[child_id], rows=len(new), whole=int(whole))
    if file.certificate != SEEN and any(each.source == CERTIFICATE for each in entries):
        recording.record_certificate(viewer, file.id, SEEN)
    _reckon_these([file.id], on)
    return Entered(new, known, version)


def withdraw(viewer: Viewer, dose_id: UUID, on: date) -> None:
    """Withdraw a dose that was entered in error; it is kept, and counts no more. A second time changes nothing.

    Its own office may while it works on the child, and whoever decides on corrections of its file, the supervisor of
    the area or of a protected one the protection officer; for anybody else it is as if absent (404, recorded as
    refused).
    """
    dose = db.session.get(Dose, dose_id)
    if dose is None or not _may_withdraw(viewer, dose):
        outside_scope()
    file, row = _held(dose.child_id, on)
    lock(dose)
    if dose.withdrawn_at is not None:
        return
    dose.withdrawn_by, dose.withdrawn_at = viewer.user_id, now()
    row.version += 1
    audit.record("dose_withdrawn", viewer=viewer, children=[dose.child_id], dose=dose.id)
    _reckon_these([file.id], on)


def reckon(on: date, after: UUID | None) -> Batch:
    """Reckon how a batch of children stand on a day: one night's share of the nightly round.

    Every child on file is asked about, and only what has changed is written: twice on a day writes nothing the
    second time, and a night that was missed is made up for by the next. The number of statements does not depend on
    how many children there are.
    """
    those = tables.to_reckon(READER, after, CHILDREN_AT_ONCE)
    done = _write(those, on)
    return Batch(done, those[-1].id if len(those) == CHILDREN_AT_ONCE else None)


def reckon_one(child_id: UUID, on: date) -> None:
    """Reckon how one child stands, since something that it depends on has just changed; of a merged file the kept."""
    _held(child_id, on)
    _reckon_these([_kept(child_id)], on)


def _reckon_these(child_ids: Iterable[UUID], on: date) -> None:
    db.session.flush()
    _write(tables.those(READER, child_ids), on)


def _write(those: Sequence[Reckoned], on: date) -> int:
    if not those:
        return 0
    held = states.hold((child.id for child in those), on)
    given = tables.counting_doses(READER, tables.files_of(child.id for child in those))
    schedule = in_force(on).immunisation
    found = {child.id: standing(schedule, child, given.get(child.id, ()), on) for child in those}
    return states.write(held, found, on)


def _kept(child_id: UUID) -> UUID:
    """Return the file that stands for a child; 404 for an id of nobody."""
    kept = kept_by_id([child_id]).get(child_id)
    if kept is None:
        outside_scope()
    return kept.id


def _held(child_id: UUID, on: date) -> tuple[Child, Immunisation]:
    """Hold the kept file of a child and its row until the transaction ends: two who save go one after the other."""
    (file,) = merging.locked([_kept(child_id)])
    row = db.session.get_one(Immunisation, states.hold([file.id], on)[file.id].id)
    lock(row)
    return file, row


def _check(file: Child, entries: Iterable[Entry], on: date) -> None:
    """Of a month of birth its first day counts: nothing is refused that can be."""
    known, born = in_force(on).immunisation.vaccines, birth_of(file, READER).earliest
    faults = []
    for index, entry in enumerate(entries):
        if entry.vaccine not in known:
            faults.append((index, UNKNOWN_VACCINE))
        elif entry.day < born:
            faults.append((index, BEFORE_BIRTH))
        elif entry.day > on:
            faults.append((index, IN_FUTURE))
    if faults:
        raise DoseError(tuple(faults))


def _sorted_out(file: Child, entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Tell new entries from known ones; a guardian's word adds nothing to what counts, what counts does to a word."""
    new, known = list[Entry](), list[Entry]()
    there = {(dose.vaccine, day, dose.source in tables.COUNTING) for dose, day in queries.doses_of(READER, file.id)}
    for entry in entries:
        counts = entry.source in tables.COUNTING
        if (entry.vaccine, entry.day, True) in there or (entry.vaccine, entry.day, counts) in there:
            known.append(entry)
        else:
            there.add((entry.vaccine, entry.day, counts))
            new.append(entry)
    return tuple(new), tuple(known)


def _dose(viewer: Viewer, child_id: UUID, entry: Entry, on: date) -> Dose:
    dose = Dose(child_id=child_id, vaccine=entry.vaccine, source=entry.source, office_id=viewer.office_id)
    dose.day, dose.entered_by, dose.entered_at = entry.day, viewer.user_id, now()
    dose.sop_version = in_force(on).version
    return dose


def _may_withdraw(viewer: Viewer, dose: Dose) -> bool:
    if viewer.may(Permission.DOSE_ENTER):
        return dose.office_id == viewer.office_id and queries.may_enter(viewer, dose.child_id)
    return queries.may_correct(viewer, dose.child_id)
