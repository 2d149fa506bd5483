"""Verbs that put a file right: single facts at once, and the identity, by which a child is found and told apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from registry.areas.codes import county_of, full
from registry.audit import service as audit
from registry.children import following, queries, recording, service
from registry.children.episodes import latest_of, set_status, settle_status
from registry.children.facts import birth_of, circumstances_of
from registry.children.history import record_change
from registry.children.reclassifying import reclassify
from registry.database import db, lock
from registry.names import romanise
from registry.vault import service as vault
from sop.eligibility import too_old
from sop.identity import BirthDate, normalise_name, parse_birth_date
from sop.status import ChildStatus
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child, Episode
    from registry.children.queries import Kept
    from registry.vault.codecs import JsonValue
    from registry.vault.service import IndexKind

GIVEN = "given"
WITHOUT_NUMBER = frozenset({"later", "none", "refused"})
WITHHELD = frozenset({"unknown", "refused"})
OF_IDENTITY: Final[tuple[IndexKind, ...]] = ("id_number", "identity", "name_birth")  # the indexes that identity decides
AGE = "age"


class Why(NamedTuple):
    """Why a value is changed: a code of `correction_reason` (or `change_reason`) and a note.

    Of what one person asked and another approved: `asked_by` (account and office), whose change it is.
    """

    reason: str
    note: str | None = None
    asked_by: tuple[UUID, UUID] | None = None


@dataclass(frozen=True)
class Identity:
    """Who a child is on paper. `number`: 18 characters; without one `number_answer` is later, none or refused."""

    name: str
    birth: BirthDate
    number: str | None
    number_answer: str

    def told(self) -> dict[str, str]:
        """Return it as values of fields: name, birth_date (ISO), id_number (or the answer in its place)."""
        number = self.number or self.number_answer
        return {"name": self.name, "birth_date": self.birth.iso, "id_number": number}


def held(child: Child) -> Child:
    """Return a file as it is now, locked until the transaction ends. The caller has checked who may change it."""
    lock(child)
    return child


def identity_of(child: Child, viewer: Viewer) -> Identity:
    """Open who a child is."""
    number = child.id_number.open(viewer)
    return Identity(child.name.open(viewer) or "", birth_of(child, viewer), number, child.id_number_answer)


def changed(told: dict[str, str], identity: Identity) -> Identity:
    """Return an identity with these fields replaced, as `Identity.told` writes them."""
    number = told.get("id_number", identity.number or identity.number_answer)
    given = number not in WITHOUT_NUMBER
    return Identity(
        name=normalise_name(told.get("name", identity.name)),
        birth=parse_birth_date(told["birth_date"]) if "birth_date" in told else identity.birth,
        number=number if given else None,
        number_answer=GIVEN if given else number,
    )


def change_identity(viewer: Viewer, child: Child, new: Identity, why: Why, on: date) -> tuple[Kept, ...]:
    """Let a child have another name, birth date or ID number, and be found by them.

    Returns the other files that hold the new number: whoever calls raises the pairs (matching knows files, which
    do not know it). The same identity on another file of the viewer's is a SameChildError; on one elsewhere it is
    such a pair. A protected file elsewhere gives up its claim unseen, as at registration. Pending or active and
    the flags follow. `child` is held.
    """
    old = identity_of(child, viewer)
    if new == old:
        return ()
    if new.number is not None:
        vault.hold(db.session(), "id_number", new.number)
    exclusive = _is_free(viewer, child.id, new)
    child.name, child.pinyin = new.name, romanise(new.name)
    child.birth_date = new.birth
    child.birth_year, child.birth_month = new.birth.year, new.birth.month
    child.id_number, child.id_number_answer = new.number, new.number_answer
    child.version += 1
    _index(child.id, new, exclusive=exclusive)
    before, after = old.told(), new.told()
    for field in before:
        _keep(viewer, child.id, field, before[field], after[field], why)
    settle_status(viewer, child)
    _settle_age(child, new.birth, on)
    reclassify(viewer, viewer, child, latest_of(child.id), on, why.reason)
    following.changed(viewer, [child.id])
    holders = vault.find_children(db.session(), "id_number", new.number) if new.number else []
    return tuple(kept for kept in queries.kept_files(holders) if kept.id != child.id)


def _is_free(viewer: Viewer, child_id: UUID, new: Identity) -> bool:
    """Say whether no other file holds an identity; SameChildError where one does that the viewer may see."""
    if new.number is None:
        return True
    values = (new.number, normalise_name(new.name), new.birth.iso)
    holders = [each for each in vault.find_children(db.session(), "identity", *values) if each != child_id]
    for kept in queries.kept_files(holders):
        if kept.id == child_id:
            continue
        if queries.in_scope(viewer, kept.id):
            raise service.SameChildError(kept.id)
        if kept.protected:
            vault.forget_child_index(db.session(), kept.id, "identity")
            vault.index_child(db.session(), kept.id, "identity", *values)
    return not holders


def _index(child_id: UUID, new: Identity, *, exclusive: bool) -> None:
    for kind in OF_IDENTITY:
        vault.forget_child_index(db.session(), child_id, kind)
    for entry in service.index_entries(new.name, new.birth, new.number, ()):
        vault.index_child(db.session(), child_id, entry.kind, *entry.values, exclusive=entry.exclusive and exclusive)


def _settle_age(child: Child, birth: BirthDate, on: date) -> None:
    """A corrected date of birth may bring a child back on the register, or off it, the same day."""
    grown = too_old(in_force(on), birth, on)
    if grown and child.status == ChildStatus.REGISTERED:
        set_status(None, child, ChildStatus.AGED_OUT, AGE)
    elif not grown and child.status == ChildStatus.AGED_OUT:
        set_status(None, child, ChildStatus.REGISTERED, AGE)


def value_of(viewer: Viewer, child: Child, episode: Episode, field: str) -> JsonValue:
    """Return what a file says now: sex, ethnic, certificate, hukou or arrived; a code, an ISO text or an answer."""
    if field == "arrived":
        arrived = episode.arrived.open(viewer)
        answer = circumstances_of(episode, viewer).get("arrived_answer")
        return arrived.iso if arrived else answer if answer in WITHHELD else None
    if field == "hukou":
        return child.hukou.open(viewer) or (child.hukou_answer if child.hukou_answer in WITHHELD else None)
    return child.ethnic.open(viewer) if field == "ethnic" else str(getattr(child, field))


def correct(viewer: Viewer, child: Child, episode: Episode, field: str, value: str, why: Why, on: date) -> None:
    """Let one fact be another at once: sex, ethnic, certificate, hukou or arrived.

    `value`: a code; of hukou 6 to 12 digits, of arrived an ISO day or month, or unknown or refused. Flags follow.
    `child` is held; whoever calls has checked the viewer and the value.
    """
    before = value_of(viewer, child, episode, field)
    if field == "certificate":
        recording.record_certificate(viewer, child.id, value, why.reason, why.note)
        db.session.refresh(child, ["certificate", "version"])
        return
    if field == "arrived":
        _arrived(viewer, episode, value)
    elif field == "hukou":
        _hukou(child, value)
    else:
        setattr(child, field, value)
    row, subject = (episode, "episode") if field == "arrived" else (child, "child")
    row.version += 1
    after = value_of(viewer, child, episode, field)
    _keep(viewer, child.id, field, before, after, why, subject, row.id)
    if episode.left_month is None and field in ("arrived", "hukou"):
        reclassify(viewer, viewer, child, episode, on, why.reason)


def _hukou(child: Child, value: str) -> None:
    known = value not in WITHHELD
    child.hukou = full(value) if known else None
    child.hukou_county = full(county_of(value)) if known else None
    child.hukou_answer = GIVEN if known else value


def _arrived(viewer: Viewer, episode: Episode, value: str) -> None:
    known = value not in WITHHELD
    episode.arrived = parse_birth_date(value) if known else None
    episode.arrived_month = value[:7] if known else None
    answer = GIVEN if known else value
    episode.circumstances = {**circumstances_of(episode, viewer), "arrived_answer": answer}


def _keep(  # noqa: PLR0913, PLR0917 -- as record_change
    viewer: Viewer,
    child_id: UUID,
    field: str,
    before: JsonValue,
    after: JsonValue,
    why: Why,
    subject: str = "child",
    subject_id: UUID | None = None,
) -> None:
    if before == after:
        return
    row_id, who, approved_by = subject_id or child_id, viewer, None
    if why.asked_by is not None:
        who, approved_by = replace(viewer, user_id=why.asked_by[0], office_id=why.asked_by[1]), viewer.user_id
    record_change(who, child_id, subject, row_id, field, before, after, why.reason, why.note, approved_by)
    audit.record("child_changed", viewer=viewer, children=[child_id], field=field, before=None)
