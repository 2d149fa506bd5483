"""Verbs of raising referrals: what may be asked for a child, and sending it. Moves after that are in `moving`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import select

from registry.areas.serving import held_offices_for, offices_for
from registry.audit import service as audit
from registry.children.queries import birth_months
from registry.database import db, insert_into
from registry.referrals import confidential
from registry.referrals.calendar import working_calendar
from registry.referrals.errors import AlreadyOpenError, NoOfficeError, NotAgreedError
from registry.referrals.models import Referral
from registry.referrals.steps import advance, keep_step
from sop.referral import Deadlines, Facts, Move, Side, State, deadlines, propose, term_for
from sop.schooling import entry_year
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.areas.models import Office
    from registry.vault.sealed import Opener
    from sop.identity import BirthDate
    from sop.version import Reason, Service, Sop


AGREED: Final = "agreed"
OFFERED: Final = "offered"


class Asked(NamedTuple):
    """A service (a code) that is proposed for a child of a 12-digit community; its month of birth is enough."""

    service: str
    reasons: tuple[Reason, ...]
    area_code: str
    birth: BirthDate


class Wish(NamedTuple):
    """A service (a code) that is to be asked for a child of a 12-digit community, and why.

    `agreed`: its guardian agrees today; `offered`: what the service wants to be offered first, was (`offer_first`).
    """

    child_id: UUID
    service: str
    reasons: tuple[Reason, ...]
    area_code: str
    agreed: bool = False
    offered: bool = False


class Sent(NamedTuple):
    """What was sent; how many had been asked already; how many no office answers for the area yet."""

    referrals: list[Referral]
    already: int
    unserved: int


@dataclass(frozen=True)
class Proposed:
    """A referral that may be sent: `office` is None where none serves the area yet."""

    service: Service
    office: Office | None
    reasons: tuple[Reason, ...]
    deadlines: Deadlines


def proposals(birth: BirthDate, school: str, certificate: str, area_code: str, on: date) -> tuple[Proposed, ...]:
    """Return what the answers of a family call for, with office and limits, were it sent on this day.

    `school` and `certificate` are codes of the lists of those names; `area_code` the 12-digit community.
    """
    facts = Facts(birth=birth, area=area_code, school=school, certificate=certificate)
    found = propose(in_force(on), facts, on)
    return with_offices([Asked(each.service, each.reasons, area_code, birth) for each in found], on)


def with_offices(asked: Sequence[Asked], on: date) -> tuple[Proposed, ...]:
    """Return what is proposed with office and limits, were it sent on this day: one query, however many they are."""
    sop = in_force(on)
    offices = offices_for((each.service, each.area_code) for each in asked)
    found: list[Proposed] = []
    for each in asked:
        service, office = sop.services[each.service], offices.get((each.service, each.area_code))
        limits = limits_from(on, sop, service, each.birth, each.area_code)
        found.append(Proposed(service, office, each.reasons, limits))
    return tuple(found)


def limits_from(on: date, sop: Sop, service: Service, birth: BirthDate, area_code: str) -> Deadlines:
    """Return the limits of a referral that is sent on a day for a child of an area; its month of birth is enough."""
    return deadlines(service, on, working_calendar(), term_for(sop, service, birth, on, area_code))


def send(  # noqa: PLR0913 -- what is asked of whom, and what was said before
    viewer: Viewer,
    child_id: UUID,
    service_code: str,
    reasons: Iterable[Reason],
    area_code: str,
    on: date,
    *,
    agreed: bool = False,
    offered: bool = False,
) -> Referral:
    """Send a child to the office that serves the area; all as for `send_all`.

    Raises NotAgreedError, NoOfficeError, AlreadyOpenError.
    """
    done = send_all(viewer, [Wish(child_id, service_code, tuple(reasons), area_code, agreed, offered)], on)
    if done.unserved:
        raise NoOfficeError(service_code)
    if not done.referrals:
        raise AlreadyOpenError(service_code)
    return done.referrals[0]


def send_all(viewer: Viewer, wishes: Sequence[Wish], on: date) -> Sent:
    """Send children to the offices that serve their areas, in a constant number of statements.

    Whoever calls lets proposals follow once all is sent (`children.following.changed`). What is asked already is not
    asked again, whoever asks at the same moment. Raises NotAgreedError, with the places of those among `wishes`,
    before anything is sent.
    """
    check_agreed(dict(enumerate(wishes)), on)
    offices = held_offices_for((each.service, each.area_code) for each in wishes)
    served = [each for each in wishes if (each.service, each.area_code) in offices]
    births = birth_months({each.child_id for each in served})
    drafts = [_draft(viewer, each, births[each.child_id], offices[each.service, each.area_code], on) for each in served]
    sent = _added(drafts)
    for each in sent:
        keep_step(viewer, each, Move.SEND)
        asked = {"referral": each.id, "service": each.service, "office": each.office_id}
        audit.record("referral_sent", viewer=viewer, children=[each.child_id], **asked)
    return Sent(sent, len(drafts) - len(sent), len(wishes) - len(served))


def check_agreed(wishes: Mapping[Any, Wish], on: date) -> None:
    """Raise NotAgreedError, with (what, key) of each of these that lacks what its service asks for first.

    What: OFFERED, other services were offered before; AGREED, the guardian agrees.
    """
    services, missing = in_force(on).services, list[tuple[str, Any]]()
    for key, each in wishes.items():
        service = services[each.service]
        missing += [(OFFERED, key)] if service.offer_first and not each.offered else []
        missing += [(AGREED, key)] if service.needs_agreement and not each.agreed else []
    if missing:
        raise NotAgreedError(*missing)


def _draft(viewer: Viewer, wish: Wish, birth: BirthDate, office: Office, on: date) -> Referral:
    sop = in_force(on)
    service = sop.services[wish.service]
    referral = Referral(
        child_id=wish.child_id,
        from_office_id=viewer.office_id,
        area_code=wish.area_code,
        state=State.DRAFT.value,
        entry_year=entry_year(sop, birth, wish.area_code),
        sop_version=sop.version,
        version=0,
    )
    agreed_on = on if service.needs_agreement else None
    confidential.write(referral, service, wish.reasons, agreed_on=agreed_on, offered=wish.offered)
    address(viewer, referral, office, on)
    advance(referral, Move.SEND, Side.SENDER, on, limits_from(on, sop, service, birth, wish.area_code))
    return referral


def _added(drafts: Iterable[Referral]) -> list[Referral]:
    """Write referrals and return those that are new: one open referral of a child and service, the database says so."""
    names = Referral.__table__.columns.keys()
    rows = [{name: getattr(each, name) for name in names} for each in drafts]
    if not rows:
        return []
    adding = insert_into(Referral.__table__).on_conflict_do_nothing()
    db.session.connection().execute(adding, rows)
    return list(db.session.scalars(select(Referral).where(Referral.id.in_([row["id"] for row in rows]))))


def address(viewer: Opener, referral: Referral, office: Office, on: date) -> None:
    """Send a referral to an office, which has not accepted it yet."""
    confidential.address(referral, office, viewer)
    referral.sent_on, referral.accepted_on = on, None
