"""Verbs of raising referrals: what may be asked for a child, and sending it. Moves after that are in `moving`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from registry.areas.queries import office_for
from registry.areas.serving import offices_for
from registry.audit import service as audit
from registry.children.queries import birth_months
from registry.database import db
from registry.referrals import confidential, queries
from registry.referrals.calendar import working_calendar
from registry.referrals.errors import AlreadyOpenError, NoOfficeError, NotAgreedError
from registry.referrals.models import Referral
from registry.referrals.steps import keep_step, set_due
from sop.referral import Deadlines, Facts, Move, State, calendar_known, deadlines, propose
from sop.schooling import entry_year
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.areas.models import Office
    from registry.vault.sealed import Opener
    from sop.identity import BirthDate
    from sop.version import Reason, Service


@dataclass(frozen=True)
class Proposed:
    """A referral that may be sent: `office` is None where none serves the area yet.

    `calendar_known`: whether the limits rest on a complete calendar of working days.
    """

    service: Service
    office: Office | None
    reasons: tuple[Reason, ...]
    deadlines: Deadlines
    calendar_known: bool


def proposals(birth: BirthDate, school: str, certificate: str, area_code: str, on: date) -> tuple[Proposed, ...]:
    """Return what the answers of a family call for, with office and limits, were it sent on this day.

    `school` and `certificate` are codes of the lists of those names; `area_code` the 12-digit community.
    """
    facts = Facts(birth=birth, area=area_code, school=school, certificate=certificate)
    return with_offices([(each.service, each.reasons, area_code) for each in propose(in_force(on), facts, on)], on)


def with_offices(asked: Sequence[tuple[str, tuple[Reason, ...], str]], on: date) -> tuple[Proposed, ...]:
    """Return what is proposed with office and limits, were it sent on this day: one query, however many they are.

    `asked`: service (a code), reasons, and the 12-digit community of each.
    """
    sop, calendar = in_force(on), working_calendar()
    offices = offices_for((code, area_code) for code, _reasons, area_code in asked)
    limits = {code: deadlines(sop.services[code], on, calendar) for code in {each[0] for each in asked}}
    known = {code: calendar_known(calendar, on, each.answer_by) for code, each in limits.items()}
    return tuple(
        Proposed(sop.services[code], offices.get((code, area_code)), reasons, limits[code], known[code])
        for code, reasons, area_code in asked
    )


def send(
    viewer: Viewer,
    child_id: UUID,
    service_code: str,
    reasons: Iterable[Reason],
    area_code: str,
    on: date,
    *,
    agreed: bool = False,
) -> Referral:
    """Send a child to the office that serves the area.

    Whoever calls lets proposals follow once all is sent (`children.following.changed`). `agreed`: the guardian agreed
    today, where the service asks for it. Raises NotAgreedError, NoOfficeError, AlreadyOpenError.
    """
    service = in_force(on).services[service_code]
    if service.needs_agreement and not agreed:
        raise NotAgreedError(service_code)
    office = office_for(service_code, area_code)
    if office is None:
        raise NoOfficeError(service_code)
    referral = _new(viewer, child_id, service, area_code, on)
    confidential.write(referral, service, reasons)
    address(viewer, referral, service, office, on)
    try:
        with db.session.begin_nested():
            db.session.add(referral)
    except IntegrityError as error:
        if not queries.has_open(viewer, child_id, service_code):
            raise
        raise AlreadyOpenError(service_code) from error
    keep_step(viewer, referral, Move.SEND)
    asked = {"referral": referral.id, "service": referral.service, "office": referral.office_id}
    audit.record("referral_sent", viewer=viewer, children=[child_id], **asked)
    return referral


def _new(viewer: Viewer, child_id: UUID, service: Service, area_code: str, on: date) -> Referral:
    sop = in_force(on)
    return Referral(
        child_id=child_id,
        from_office_id=viewer.office_id,
        area_code=area_code,
        state=State.SENT.value,
        agreed_on=on if service.needs_agreement else None,
        entry_year=entry_year(sop, birth_months([child_id])[child_id], area_code),
        sop_version=sop.version,
        version=1,
    )


def address(viewer: Opener, referral: Referral, service: Service, office: Office, on: date) -> None:
    """Send a referral to an office, with limits from this day on."""
    confidential.address(referral, office, viewer)
    limits = deadlines(service, on, working_calendar())
    referral.sent_on, referral.accept_by, referral.answer_by = on, limits.accept_by, limits.answer_by
    referral.accepted_on = None
    set_due(referral)
