"""Reads that find a referral of the own office again by what stands on its slip, and what offices told last."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from sqlalchemy import String, cast, select

from registry.database import db
from registry.referrals import confidential
from registry.referrals.models import SLIP, Referral, ReferralStep
from registry.referrals.queries import listed, of_viewer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from registry.access import Viewer

DIGITS: Final = 8  # the last hexadecimal ones of the id, all of them random: see `shown.reference`
BETWEEN: Final = re.compile(r"[\s\-–—.·]+")


def read_reference(typed: str) -> str | None:
    """Return a reference as ids are written (b5cfc800) from how it was typed or scanned; None for anything else."""
    found = BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).lower()
    return found if re.fullmatch(f"[0-9a-f]{{{DIGITS}}}", found) else None


def by_reference(viewer: Viewer, reference: str) -> Sequence[Referral]:
    """Return what the viewer's office sent or was sent under a reference (see `read_reference`), the newest first.

    Almost always one or none: two of an office's referrals share one in four thousand million.
    """
    rows = of_viewer(viewer).where(cast(Referral.id, String).endswith(reference)).options(*listed())
    found = db.session.scalars(rows.order_by(Referral.id.desc())).all()
    confidential.load_offices(found, viewer)
    return found


def last_compared(viewer: Viewer, referral_ids: Iterable[UUID]) -> dict[UUID, ReferralStep]:
    """Return by referral the last step that compared particulars; the caller has checked who may see these.

    Each answer is opened: of a confidential service every step looks as if it told something.
    """
    told = ReferralStep.referral_id.in_(set(referral_ids)), ReferralStep.outcome_sealed.is_not(None)
    steps = select(ReferralStep).where(*told, ReferralStep.details_sealed.is_not(None)).order_by(ReferralStep.id)
    return {step.referral_id: step for step in db.session.scalars(steps) if _items(viewer, step)}


def _items(viewer: Viewer, step: ReferralStep) -> object:
    details = step.details.open(viewer)
    return details.get("items") if isinstance(details, dict) else None


def answered_on_paper(referral_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these to which the registrar entered a slip of the office; the caller has checked as above."""
    slips = ReferralStep.referral_id.in_(set(referral_ids)), ReferralStep.source == SLIP
    return set(db.session.scalars(select(ReferralStep.referral_id).where(*slips)))
