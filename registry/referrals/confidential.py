"""Services that say much about a child: which one, which office and why are sealed, and found by blind indexes.

Every referral and proposal is written and read through these functions, so that nobody else has to know the
difference. The office of a confidential referral is looked for by a keyed hash of its id (design, section 4).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from registry.areas.offices import office_by_id, offices_by_id
from registry.referrals.models import CONFIDENTIAL, Referral
from registry.referrals.reasons import kept, read
from registry.vault.service import token_of, tokens_of
from sop.version import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement

    from registry.areas.models import Office
    from registry.referrals.models import Proposal
    from registry.vault.codecs import JsonValue
    from registry.vault.sealed import Opener
    from sop.version import Reason, Service

    OneAsked = Referral | Proposal

OF_OFFICE, OF_ASKED = "referral_office", "referral_asked"  # kinds of tokens
FIELDS = frozenset({"referral.confidential", "proposal.confidential"})
STORED: Final = "confidential.stored"  # what the session remembers of a row: what is sealed, and what that says
OPENED: Final = "confidential.opened"


def write(
    row: OneAsked,
    service: Service,
    reasons: Iterable[Reason],
    *,
    agreed_on: date | None = None,
    offered: bool = False,
) -> None:
    """Write which service is asked, and why: in plain, or sealed where the service is confidential.

    `agreed_on`: when the guardian agreed; `offered`: whether what is to be offered before was. Both only of a
    confidential service: of another one neither is asked, and neither is kept.
    """
    found = columns(type(row), row.id, row.child_id, service, reasons, agreed_on=agreed_on, offered=offered)
    for name, value in found.items():
        setattr(row, name, value)


def columns(
    model: type[OneAsked],
    row_id: UUID,
    child_id: UUID,
    service: Service,
    reasons: Iterable[Reason],
    *,
    agreed_on: date | None = None,
    offered: bool = False,
) -> dict[str, Any]:
    """Return the same as columns of a row, for who writes many at once."""
    why = kept(reasons)
    if not service.confidential:
        return {"service": service.code, "asked_token": None, "reasons": why, "confidential_sealed": None}
    agreement = {"agreed_on": agreed_on.isoformat() if agreed_on else None, "offered": offered}
    told = {"service": service.code, "reasons": why, **agreement}
    sealed = model.confidential.seal_for(row_id, cast("JsonValue", told))
    token = asked_token(child_id, service.code)
    return {"service": CONFIDENTIAL, "asked_token": token, "reasons": None, "confidential_sealed": sealed}


def details(service: str, said: JsonValue) -> JsonValue:
    """Return what a step keeps as details. `service`: as the column has it; `said`: None for nothing.

    Of a confidential service there is always something: otherwise it would tell that an office compared particulars.
    """
    return said or {} if service == CONFIDENTIAL else said


def told(model: type[OneAsked], row: Any, opener: Opener) -> tuple[str, tuple[Reason, ...]]:  # noqa: ANN401 -- some columns
    """Return the code of the service and the reasons of a row of which columns alone were read.

    `row` has id, service, reasons and confidential_sealed.
    """
    if row.service != CONFIDENTIAL:
        return row.service, read(row.reasons or ())
    opened = cast("dict[str, Any]", model.confidential.open_value(row.id, row.confidential_sealed, opener))
    return opened["service"], read(opened["reasons"])


def address(referral: Referral, office: Office, viewer: Opener) -> None:
    """Write to which office it is sent."""
    if referral.service == CONFIDENTIAL:
        referral.confidential = _sealed(referral, viewer) | {"office": office.id.hex}
        referral.office_id, referral.office_token = None, token_of(OF_OFFICE, office.id.hex)
    else:
        referral.office_id = office.id


def service_of(row: OneAsked, viewer: Opener) -> Service:
    """Return the service that is asked, as the version has it under which it was."""
    return load(row.sop_version).services[code_of(row, viewer)]


def code_of(row: OneAsked, viewer: Opener) -> str:
    """Return the code of the service that is asked."""
    return row.service if row.service != CONFIDENTIAL else cast("str", _sealed(row, viewer)["service"])


def reasons_of(row: OneAsked, viewer: Opener) -> tuple[Reason, ...]:
    """Return why it is asked."""
    return read((row.reasons if row.service != CONFIDENTIAL else _sealed(row, viewer)["reasons"]) or ())


def agreed_on(referral: Referral, viewer: Opener) -> date | None:
    """Return when the guardian agreed to be sent there; None where the service does not ask for it."""
    written = _sealed(referral, viewer).get("agreed_on") if referral.service == CONFIDENTIAL else None
    return date.fromisoformat(written) if written else None


def was_offered(referral: Referral, viewer: Opener) -> bool:
    """Say whether it was declared that the services that come first were offered."""
    return referral.service == CONFIDENTIAL and bool(_sealed(referral, viewer).get("offered"))


def office_id_of(referral: Referral, viewer: Opener) -> UUID | None:
    """Return the id of the office that has it or had it last; None of a draft."""
    if referral.service != CONFIDENTIAL:
        return referral.office_id
    written = _sealed(referral, viewer).get("office")
    return UUID(written) if written else None


def office_of(referral: Referral, viewer: Opener) -> Office | None:
    """Return the office that has it or had it last; None of a draft. See `load_offices` for lists."""
    if referral.service != CONFIDENTIAL:
        return referral.office
    found = office_id_of(referral, viewer)
    return office_by_id(found) if found else None


def load_offices(referrals: Iterable[Referral], viewer: Opener) -> None:
    """Read the offices of confidential ones in one statement, so that `office_of` needs none."""
    of_row = [(each, office_id_of(each, viewer)) for each in referrals if each.service == CONFIDENTIAL]
    found = offices_by_id({office for _row, office in of_row if office}) if of_row else {}
    for row, office in of_row:
        # The session forgets what nobody holds. Nothing is written by this: the column of the row stays empty.
        set_committed_value(row, "office", found.get(office) if office else None)


def desks_of(office_id: UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that find what an office has, of ordinary and of confidential services.

    Lists ask with one after the other and merge what they find: each has an index in the order of the list.
    """
    return Referral.office_id == office_id, Referral.office_token.in_(tokens_of(OF_OFFICE, office_id.hex))


def at_office(office_id: UUID) -> ColumnElement[bool]:
    """Return the condition that finds both, for who asks for few rows."""
    return or_(*desks_of(office_id))


def is_at(referral: Referral, office_id: UUID) -> bool:
    """Say whether an office has a referral; nothing is opened for it."""
    return referral.office_id == office_id or referral.office_token in tokens_of(OF_OFFICE, office_id.hex)


def asked_token(child_id: UUID, service: str) -> UUID:
    """Return the blind index of a child and a confidential service."""
    return token_of(OF_ASKED, child_id.hex, service)


def _sealed(row: OneAsked, viewer: Opener) -> dict[str, Any]:
    """Return what is sealed. It is opened once, however often a page asks; whoever asks must be allowed to."""
    stored, remembered = row.confidential_sealed, instance_state(row).info
    type(row).confidential.check(viewer)
    if remembered.get(STORED) != stored:
        remembered[STORED], remembered[OPENED] = stored, row.confidential.open(viewer)
    return cast("dict[str, Any]", remembered[OPENED])
