"""Verbs of coverage: recording an estimate. The one recorded last is in force; those before it stay in history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.access import outside_scope
from registry.areas.keeping import hold
from registry.audit import service as audit
from registry.clock import now
from registry.coverage.estimates import in_force_for
from registry.coverage.models import Estimate
from registry.database import db

if TYPE_CHECKING:
    from datetime import date

    from registry.access import Viewer


@dataclass(frozen=True)
class Estimated:
    """How many children of a population an area may have: from `low` to `high`, by whom, as of when, defined how.

    `area_code`: 12 digits; `population`: one of sop.indicators.POPULATIONS; `low` is 1 or more.
    """

    area_code: str
    population: str
    low: int
    high: int
    source: str
    as_of: date
    definition: str


def record_estimate(viewer: Viewer, new: Estimated) -> Estimate:
    """Put an estimate in force, and end the one before it. The same one sent twice is recorded once.

    Answers 404 for an area outside the viewer's.
    """
    if not viewer.covers(new.area_code):
        outside_scope()
    hold(new.area_code)  # two who record one at once queue up: only one may be in force
    before = in_force_for(new.area_code, new.population)
    if before is not None:
        if all(getattr(before, name) == value for name, value in vars(new).items()):
            return before
        before.ended_at = now()
    estimate = Estimate(**vars(new), made_by=viewer.user_id, made_at=now())
    db.session.add(estimate)
    audit.record("estimate_set", viewer=viewer, estimate=estimate.id)
    return estimate
