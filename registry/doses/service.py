"""Verbs of doses: enter them, and reckon how children stand, at once and each night."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from registry.access import outside_scope
from registry.audit import service as audit
from registry.children import following, merging, recording
from registry.children.facts import birth_of
from registry.children.queries import kept_by_id
from registry.clock import now
from registry.database import db, lock
from registry.doses import queries, states, tables
from registry.doses.errors import BEFORE_BIRTH, IN_FUTURE, UNKNOWN_SOURCE, UNKNOWN_VACCINE, DoseError
from registry.doses.models import Dose, Immunisation
from registry.jobs.service import Batch, Reader
from sop.immunisation.standing import NO_DOSE, UNKNOWN, Standing, standing
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child
    from registry.doses.tables import Reckoned
    from sop.immunisation import Given
    from sop.version import Sop

CHILDREN_AT_ONCE = 500  # a batch of the nightly round: half a second of SQLite's write lock
READER = Reader(frozenset({"child.birth_date", "dose.day"}))
CERTIFICATE, GUARDIAN = "certificate", "guardian"  # sources, besides the clinic's own record
SOURCES: Final = frozenset({*tables.COUNTING, GUARDIAN})
SEEN, UNSEEN = "seen", "unseen"  # of the answers about the certificate


class Entry(NamedTuple):
    """A dose as it is told: a code of the schedule, its day, and where that is known from.

    `source`: certificate, clinic (its own record) or guardian (whose word is kept, and does not count).
    """

    vaccine: str
    day: date
    source: str


class Tick(NamedTuple):
    """The box "all is entered" of a form: `ticked` as it was sent, `seen` as it was when the page was opened."""

    ticked: bool
    seen: bool

    def over(self, now: bool) -> bool:
        """Return whether all is entered: as the box says where it was changed, else as somebody else left it."""
        return now if self.ticked == self.seen else self.ticked


class Entered(NamedTuple):
    """What became of entries: the new ones, those that were there already, and the version that was found.

    Another version than that of the page that was filled in: somebody else saved meanwhile. Nothing is lost by that.
    """

    new: tuple[Entry, ...]
    known: tuple[Entry, ...]
    version: int


def enter(viewer: Viewer, child_id: UUID, entries: Sequence[Entry], tick: Tick, on: date) -> Entered:
    """Keep the doses of a child that are not known yet, and reckon at once how it stands.

    The same vaccine on the same day is one dose, whoever entered it; what a guardian told is kept beside it when it
    is entered from a certificate or record. `tick`: whether all that the certificate shows is entered; until it is,
    nothing is claimed of what is due. A dose of the certificate tells that it was seen, and one of the clinic's
    record that the answer "no dose" is none any more. Answers 404, recorded as refused, where the viewer's office
    has no accepted referral; raises DoseError, and keeps nothing, where an entry cannot be.
    """
    file, row = hold(child_id, on)
    if not queries.may_enter(viewer, child_id):
        outside_scope()
    _check(file, entries, on)
    new, known = _sorted_out(file, entries)
    version, whole = row.version, tick.over(row.whole)
    db.session.add_all(_dose(viewer, child_id, each, on) for each in new)
    if new or row.whole != whole:
        row.whole, row.version = whole, version + 1
        audit.record("doses_entered", viewer=viewer, children=[child_id], rows=len(new), whole=int(whole))
    _note_certificate(viewer, file, entries)
    reckon_these([file.id], on)
    following.changed(viewer, [file.id])
    return Entered(new, known, version)


def reckon(on: date, after: UUID | None) -> Batch:
    """Reckon how a batch of children stand on a day: one night's share of the nightly round.

    Every child on file is asked about, and only what has changed is written: twice on a day writes nothing the
    second time, and a night that was missed is made up for by the next. The number of statements does not depend on
    how many children there are. Pages judge anew each time they are read (`queries.record_of`); the plain columns
    follow here what time, a merge or a correction of the file has changed, and at once only what is entered.
    """
    those = tables.to_reckon(READER, after, CHILDREN_AT_ONCE)
    done = _write(those, on)
    return Batch(done, those[-1].id if len(those) == CHILDREN_AT_ONCE else None)


def hold(child_id: UUID, on: date) -> tuple[Child, Immunisation]:
    """Hold the kept file of a child and its row until the transaction ends: two who save go one after the other.

    Where the files were merged or parted before it was held, the one that is kept now is held.
    """
    kept = _kept(child_id)
    (file,) = merging.locked([kept])
    while (now_kept := _kept(child_id)) != kept:
        kept = now_kept
        (file,) = merging.locked([kept])
    row = db.session.get_one(Immunisation, states.hold([kept], on)[kept].id)
    lock(row)
    return file, row


def reckon_these(child_ids: Iterable[UUID], on: date) -> None:
    """Reckon at once how these kept files stand, after what was just written."""
    db.session.flush()
    _write(tables.those(READER, child_ids), on)


def _write(those: Sequence[Reckoned], on: date) -> int:
    if not those:
        return 0
    held = states.hold((child.id for child in those), on)
    files = merging.files_of(child.id for child in those if not child.merged)
    given, sop = tables.counting_doses(READER, files), in_force(on)
    found = {
        child.id: _standing(sop, child, given.get(child.id, ()), on, whole=held[child.id].whole) for child in those
    }
    return states.write(held, found, on)


def _standing(sop: Sop, child: Reckoned, given: Collection[Given], on: date, *, whole: bool) -> Standing:
    """Of a merged file nothing is said."""
    if child.merged:
        return UNKNOWN
    return standing(sop, child.birth, child.sex, child.certificate, given, whole=whole, on=on)


def _kept(child_id: UUID) -> UUID:
    """Return the file that stands for a child; 404 for an id of nobody."""
    kept = kept_by_id([child_id]).get(child_id)
    if kept is None:
        outside_scope()
    return kept.id


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
        elif entry.source not in SOURCES:
            faults.append((index, UNKNOWN_SOURCE))
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


def _note_certificate(viewer: Viewer, file: Child, entries: Iterable[Entry]) -> None:
    """Record what the doses tell of the certificate: it was seen, or there is a dose where none was said to be."""
    sources, answer = {each.source for each in entries}, file.certificate
    if CERTIFICATE in sources:
        answer = SEEN
    elif answer == NO_DOSE and sources & {*tables.COUNTING}:
        answer = UNSEEN
    if answer != file.certificate:
        recording.record_certificates(viewer, [file.id], answer)
