"""What every move of a referral leaves behind: a step, an audit event, and the day that counts now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.audit import service as audit
from registry.clock import now
from registry.database import db
from registry.referrals import queries
from registry.referrals.errors import StaleVersionError
from registry.referrals.models import ReferralStep
from sop.referral import Deadlines, State, due_on, next_state

if TYPE_CHECKING:
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


def advance(referral: Referral, move: Move, side: Side) -> None:
    """Let a referral make a move. Raises ForbiddenMove."""
    referral.state = next_state(State(referral.state), move, side).value
    referral.version += 1
    set_due(referral)


def set_due(referral: Referral) -> None:
    """Let the day that counts follow state and limits; with a new day nobody has to chase it yet."""
    limits = None
    if referral.accept_by and referral.answer_by:
        limits = Deadlines(referral.accept_by, referral.answer_by)
    due = due_on(State(referral.state), limits)
    if due != referral.due_on:
        referral.due_on, referral.climbed, referral.climbed_to = due, 0, None


def keep_step(viewer: Viewer, referral: Referral, move: Move, **said: Unpack[Said]) -> None:
    """Keep a move as a step of the referral's history."""
    step = {"referral_id": referral.id, "child_id": referral.child_id, "at": now(), "user_id": viewer.user_id}
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
