"""Rows of a referral and of its steps, as the services would have written them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.access import Role, Viewer
from registry.areas.models import Office
from registry.database import uuid7
from registry.referrals import confidential
from registry.referrals.models import Referral, ReferralStep
from registry.referrals.reasons import kept
from seed.demo.histories import instant_of
from sop.identity import BirthDate
from sop.referral import resend_by
from sop.schooling import entry_year

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from seed.demo.histories import History, Step
    from seed.demo.people import Kid
    from seed.demo.world import World
    from sop.version import Reason

SEALED = ("service", "asked_token", "reasons", "confidential_sealed", "office_id", "office_token")
WRITER = Viewer(uuid7(), Role.REGISTRAR, uuid7(), "", (), opens=confidential.FIELDS)


def referral_rows(
    world: World, history: History, reasons: Iterable[Reason], child: UUID, kid: Kid, area: str
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the row of a referral, and those of its steps."""
    sender, referral = world.places.community(area), uuid7()
    outcome = history.outcome
    row = {
        "id": referral,
        "version": len(history.steps),
        "child_id": child,
        **_asked(referral, child, reasons, history),
        "from_office_id": sender,
        "area_code": area,
        "state": history.state.value,
        "sent_on": history.sent_on,
        "accept_by": history.due.accept_by,
        "answer_by": history.due.answer_by,
        "due_on": history.due_on,
        "resend_by": resend_by(world.sop, history.state, history.steps[-1].on, history.calendar),
        "accepted_on": history.accepted_on,
        "closed_on": history.closed_on,
        "entry_year": entry_year(world.sop, BirthDate(kid.birth.year, kid.birth.month), area),
        "outcome_sealed": Referral.outcome.seal_for(referral, outcome.code if outcome else None),
        "outcome_kind": outcome.kind if outcome else None,
        "recall_on": history.recall_on,
        "told_at": history.told_at,
        "sop_version": world.sop.version,
    }
    return row, [_step_row(world, row, step) for step in history.steps]


def _asked(referral: UUID, child: UUID, reasons: Iterable[Reason], history: History) -> dict[str, Any]:
    """Return which service of which office is asked, and why; sealed where the service is confidential."""
    service, office = history.service, history.office
    if not service.confidential:
        plain = {"service": service.code, "reasons": kept(reasons), "office_id": office}
        return dict.fromkeys(SEALED) | plain
    written = Referral(id=referral, child_id=child)
    agreed_on = history.sent_on if service.needs_agreement else None
    confidential.write(written, service, reasons, agreed_on=agreed_on, offered=bool(service.offer_first))
    confidential.address(written, Office(id=office), WRITER)
    return {column: getattr(written, column) for column in SEALED}


def _step_row(world: World, referral: dict[str, Any], step: Step) -> dict[str, Any]:
    row, details = uuid7(), confidential.details(referral["service"], step.details)
    return {
        "id": row,
        "referral_id": referral["id"],
        "child_id": referral["child_id"],
        "at": instant_of(step.on),
        "user_id": world.places.staff[referral["from_office_id"] if step.by_sender else step.office],
        "move": step.move.value,
        "state": step.state.value,
        "outcome_sealed": ReferralStep.outcome.seal_for(row, step.outcome),
        "reason_sealed": ReferralStep.reason.seal_for(row, step.reason),
        "details_sealed": ReferralStep.details.seal_for(row, details),
        "source": "slip" if step.by_slip else "office",
    }
