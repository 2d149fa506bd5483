"""What the office that has a referral may read of its steps: of those that an office before it made, only some."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from registry.referrals.models import CONFIDENTIAL
from sop.referral import Move

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from registry.access import Viewer
    from registry.referrals.models import Referral, ReferralStep

OF_SENDER = frozenset({Move.SEND, Move.WITHDRAW, Move.FOLLOW})  # made by nobody else


def told_steps(viewer: Viewer, referral: Referral) -> frozenset[UUID]:
    """Return the ids of the steps of which the viewer's office, which has the referral, reads all that was said.

    Before it accepts, of none: what another office answered, noted and returned it for, is more of the child than the
    service shows by then. Of all others only the move, its day and who made it are told, and why it was handed on.
    After that of all; of a confidential service those of the sender and of the own office alone.
    """
    if referral.accepted_on is None:
        return frozenset()
    if referral.service != CONFIDENTIAL:
        return frozenset(step.id for step in referral.steps)
    own = viewer.office_id.hex
    held_by = _held_by(viewer, referral.steps, own)
    return frozenset(step.id for step in referral.steps if step.move in OF_SENDER or held_by[step.id] == own)


def _held_by(viewer: Viewer, steps: Iterable[ReferralStep], last: str) -> dict[UUID, str | None]:
    """Return of each step which office (an id in hexadecimal digits) had the referral then; None where nothing says so.

    Read from the end, where the office that has it now does, back over each step that brought it to another: handing on
    tells from where, and sending again does not.
    """
    found: dict[UUID, str | None] = {}
    holder: str | None = last
    for step in sorted(steps, key=lambda each: each.id, reverse=True):
        if step.move == Move.HAND_ON:
            holder = cast("dict[str, str | None]", step.details.open(viewer) or {}).get("from")
        found[step.id] = holder
        if step.move == Move.SEND:
            holder = None
    return found
