"""Taking an answer back that was none: what it wrote into the file, and whether another answer wrote the same since."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from registry.children import restoring
from registry.children.recording import GRADE
from registry.children.restoring import CERTIFICATE, SCHOOLING, Act
from registry.database import db
from registry.jobs.service import Reader
from registry.referrals import confidential
from registry.referrals.models import ReferralStep
from sop.referral import Move
from sop.version import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from registry.access import Viewer
    from registry.referrals.models import Referral
    from registry.vault.codecs import JsonValue
    from sop.version import Outcome, Sop

# By how much what was written may follow its step: 500 answers are one transaction.
ONE_ACT: Final = timedelta(minutes=10)
# What answers wrote is compared with what the file says; nobody is shown it.
READER: Final = Reader(confidential.FIELDS | {"referral_step.outcome", "referral_step.details"})


def take_back(viewer: Viewer, referral: Referral, on: date) -> None:
    """Let the file say again what it said before the last answer of a referral, where no answer wrote the same since.

    What answers that write nothing of the kind said since hinders nothing. Whoever calls has opened it again.
    """
    steps = _closings(referral)
    own = [place for place, step in enumerate(steps) if step.referral_id == referral.id]
    if not own:
        return
    acts = [_act(step) for step in steps]
    act, since = acts[own[-1]], acts[own[-1] + 1 :]
    fields = [field for field in act.wrote if all(field not in each.wrote for each in since)]
    restoring.take_back(viewer, referral.child_id, fields, act, acts[: own[-1]], on)


def _closings(referral: Referral) -> Sequence[ReferralStep]:
    """Return the answers that closed anything of the same file, in their order."""
    closed = ReferralStep.move == Move.CLOSE, ReferralStep.child_id == referral.child_id
    rows = select(ReferralStep).where(*closed).options(joinedload(ReferralStep.referral))
    return db.session.scalars(rows.order_by(ReferralStep.id)).all()


def _act(step: ReferralStep) -> Act:
    """Return what a closing answer wrote; it was written after its step, and what was entered before it was not."""
    referral = step.referral
    outcome = confidential.service_of(referral, READER).find_outcome(step.outcome.open(READER) or "")
    told = cast("dict[str, Any]", step.details.open(READER) or {})
    wrote = _wrote(load(referral.sop_version), outcome, told) if outcome else {}
    begins = date.fromisoformat(told["begins"]) if told.get("begins") else None
    return Act(step.user_id, step.at, step.at + ONE_ACT, wrote, begins)


def _wrote(sop: Sop, outcome: Outcome, told: Mapping[str, Any]) -> dict[str, JsonValue]:
    """Return by field of the file what an outcome writes; `told`: what its step keeps beside it."""
    wrote: dict[str, JsonValue] = {}
    if "school" in outcome.writes:
        kind = told.get("school_kind") or outcome.writes.get("schooling_kind")
        wrote[SCHOOLING] = {"kind": kind, "school": told.get("school")}
    if certificate := outcome.writes.get("certificate"):
        wrote[CERTIFICATE] = certificate
    if "grade" in outcome.takes and (words := sop.wording.get(f"grade_{told.get('grade')}")):
        wrote[GRADE] = {GRADE: words.zh}
    return wrote
