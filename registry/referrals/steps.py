"""What every move of a referral leaves behind: a step, an audit event, and the day that counts now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.audit import service as audit
from registry.clock import now
from registry.database import db
from registry.referrals import confidential, queries
from registry.referrals.calendar import working_calendar
from registry.referrals.errors import StaleVersionError
from registry.referrals.models import ReferralStep
from sop.referral import Deadlines, State, due_on, next_state, resend_by, stays_climbed
from sop.version import load

if TYPE_CHECKING:
    from datetime import date
    from typing import TypedDict, Unpack
    from uuid import UUID

    from registry.access import Viewer
    from registry.referrals.models import Referral
    from registry.vault.codecs import JsonValue
    from sop.referral import Move, Side

    class Said(TypedDict, total=False):
        """What may go with a step; see the columns of ReferralStep."""

        outcome: str | None
        reason: str | None
        note: str | None
        details: JsonValue
        source: str


def hold(viewer: Viewer, referral_id: UUID, version: int) -> Referral:
    """Hold a referral until the end of the transaction, if it is still as the viewer saw it.

    Raises StaleVersionError; a referral of nobody's or another's side is as if absent (404).
    """
    referral = queries.held(viewer, referral_id)
    if referral.version != version:
        raise StaleVersionError
    return referral


def advance(referral: Referral, move: Move, side: Side, on: date, limits: Deadlines | None = None) -> None:
    """Let a referral make a move on a day, and let the days that count follow; `limits`: those that hold from now on.

    Raises ForbiddenMove; then nothing of the referral is changed.
    """
    state = next_state(State(referral.state), move, side)
    referral.state, referral.version = state.value, referral.version + 1
    if limits is not None:
        referral.accept_by, referral.answer_by = limits.accept_by, limits.answer_by
    set_due(referral)
    referral.resend_by = resend_by(load(referral.sop_version), state, on, working_calendar())
    if not stays_climbed(move, referral.due_on, on):
        referral.climbed, referral.climbed_to = 0, None


def set_due(referral: Referral) -> None:
    """Let the day that counts follow state and limits."""
    referral.due_on = due_on(State(referral.state), referral.deadlines)


def keep_step(viewer: Viewer, referral: Referral, move: Move, **said: Unpack[Said]) -> None:
    """Keep a move as a step of the referral's history."""
    step = {"referral_id": referral.id, "child_id": referral.child_id, "at": now(), "user_id": viewer.user_id}
    said["details"] = confidential.details(referral.service, said.get("details"))
    db.session.add(ReferralStep(**step, move=move.value, state=referral.state, **said))


def finish(viewer: Viewer, referral: Referral, move: Move, **said: Unpack[Said]) -> Referral:
    """Keep a move and record it; return the referral."""
    keep_step(viewer, referral, move, **said)
    audit.record(
        "referral_moved",
        viewer=viewer,
        children=[referral.child_id],
        referral=referral.id,
        move=move.value,
        state=referral.state,
        outcome=referral.outcome_kind if said.get("outcome") else None,
    )
    return referral
