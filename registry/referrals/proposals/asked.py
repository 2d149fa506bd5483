"""What was asked for children and what is proposed for them, as plain rows of many children at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import or_, select

from registry.database import db
from registry.referrals import confidential
from registry.referrals.models import Proposal, Referral, ReferralStep
from registry.referrals.proposals.knowing import READER
from sop.referral import OPEN_STATES, Before, Ended, Move, State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from sop.version import Reason


class Sent(NamedTuple):
    """A referral of a child, as rules look at it."""

    id: UUID
    before: Before


class There(NamedTuple):
    """A row of proposals. `child_id`: the file that it stands with, which may have been merged since."""

    id: UUID
    child_id: UUID
    kind: str
    service: str
    reasons: tuple[Reason, ...]
    referral_id: UUID | None
    area_code: str
    state: str
    declined_by: UUID | None
    declined_reason: str | None
    made_on: date
    version: int


def sent_for(files: Mapping[UUID, UUID]) -> dict[UUID, list[Sent]]:
    """Return by kept file what is open for any of its files, what offices answered and what was withdrawn.

    `files` as `children.merging.files_of` returns it. One statement.
    """
    one, step = Referral, ReferralStep
    columns = (
        *(one.id, one.child_id, one.service, one.reasons, one.confidential_sealed, one.area_code),
        *(one.state, one.closed_on, one.recall_on, one.outcome_kind, step.id.label("step_id"), step.reason_sealed),
    )
    wanted = or_(one.state.in_(OPEN_STATES), one.closed_on.is_not(None))
    taken_back = (step.referral_id == one.id) & (step.move == Move.WITHDRAW)
    rows = select(*columns).outerjoin(step, taken_back).where(one.child_id.in_(files), wanted).order_by(one.id)
    found: dict[UUID, list[Sent]] = {}
    for row in db.session.execute(rows):
        before = Before(*confidential.told(one, row, READER), row.area_code, _ended(row))
        found.setdefault(files[row.child_id], []).append(Sent(row.id, before))
    return found


def _ended(row: Any) -> Ended | None:  # noqa: ANN401 -- some columns of a referral
    if row.state in OPEN_STATES:
        return None
    how = row.outcome_kind
    if row.state == State.WITHDRAWN:
        how = ReferralStep.reason.open_value(row.step_id, row.reason_sealed, READER) if row.step_id else None
    return Ended(how or "", row.closed_on, row.recall_on)


def proposed_for(files: Mapping[UUID, UUID]) -> list[There]:
    """Return the rows of proposals of all these files. One statement."""
    one = Proposal
    columns = (
        *(one.id, one.child_id, one.service, one.reasons, one.confidential_sealed),
        *(one.kind, one.referral_id, one.area_code, one.state),
        *(one.declined_by, one.declined_reason, one.made_on, one.version),
    )
    rows = db.session.execute(select(*columns).where(one.child_id.in_(files)).order_by(one.id))
    return [_there(row) for row in rows]


def _there(row: Any) -> There:  # noqa: ANN401 -- some columns of a proposal
    service, reasons = confidential.told(Proposal, row, READER)
    return There(
        id=row.id,
        child_id=row.child_id,
        kind=row.kind,
        service=service,
        reasons=reasons,
        referral_id=row.referral_id,
        area_code=row.area_code,
        state=row.state,
        declined_by=row.declined_by,
        declined_reason=row.declined_reason,
        made_on=row.made_on,
        version=row.version,
    )
