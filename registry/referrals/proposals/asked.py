"""What was asked for children and what is proposed for them, as plain rows of many children at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import or_, select

from registry.database import db
from registry.referrals import confidential
from registry.referrals.models import Proposal, Referral
from registry.referrals.proposals.knowing import READER
from sop.referral import OPEN_STATES, Solved, State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from sop.version import Reason

SOLVED = "solved"


class Sent(NamedTuple):
    """A referral that is open, or that an office solved: `solved` says when."""

    id: UUID
    service: str
    reasons: tuple[Reason, ...]
    area_code: str
    solved: Solved | None


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


def sent_for(files: Mapping[UUID, UUID]) -> dict[UUID, list[Sent]]:
    """Return by kept file what is open or was solved for any of its files. One statement.

    `files` as `children.merging.files_of` returns it.
    """
    one = Referral
    columns = (
        *(one.id, one.child_id, one.service, one.reasons, one.confidential_sealed, one.area_code),
        *(one.state, one.closed_on, one.recall_on),
    )
    solved = (one.state == State.CLOSED) & (one.outcome_kind == SOLVED) & one.closed_on.is_not(None)
    wanted = one.child_id.in_(files), or_(one.state.in_(OPEN_STATES), solved)
    found: dict[UUID, list[Sent]] = {}
    for row in db.session.execute(select(*columns).where(*wanted).order_by(one.id)):
        ended = Solved(row.closed_on, row.recall_on) if row.state == State.CLOSED else None
        sent = Sent(row.id, *confidential.told(one, row, READER), row.area_code, ended)
        found.setdefault(files[row.child_id], []).append(sent)
    return found


def proposed_for(files: Mapping[UUID, UUID]) -> list[There]:
    """Return the rows of proposals of all these files. One statement."""
    one = Proposal
    columns = (
        *(one.id, one.child_id, one.service, one.reasons, one.confidential_sealed),
        *(one.kind, one.referral_id, one.area_code, one.state),
        *(one.declined_by, one.declined_reason, one.made_on),
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
    )
