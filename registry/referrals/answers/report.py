"""What became of many referrals that were worked on at once, kept so that its page can be read again for some hours."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import delete, select

from registry.access import outside_scope
from registry.clock import now
from registry.database import db
from registry.jobs.service import Batch
from registry.referrals import queries
from registry.referrals.answers.at_once import Weighed
from registry.referrals.models import BulkReport

if TYPE_CHECKING:
    from datetime import date

    from registry.access import Viewer

KEPT_FOR: Final = timedelta(hours=8)
SWEPT_AT_ONCE: Final = 1000
OPENED: Final = frozenset({"bulk_report.told"})  # by whom it belongs to


class Report(NamedTuple):
    """What was done: the act, and what became of each referral, as `at_once.carry_out` told it."""

    act: str
    weighed: Weighed


def keep(viewer: Viewer, act: str, weighed: Weighed) -> BulkReport:
    """Keep what became of an act, and remove the same person's old reports."""
    old = BulkReport.user_id == viewer.user_id, BulkReport.made_at < now() - KEPT_FOR
    db.session.execute(delete(BulkReport).where(*old))
    report = BulkReport(user_id=viewer.user_id, made_at=now())
    report.told = {
        "act": act,
        "done": [row.id.hex for row in weighed.fit],
        "unfit": [[row.id.hex, why] for row, why in weighed.unfit],
        "gone": weighed.gone,
    }
    db.session.add(report)
    return report


def kept(viewer: Viewer, report_id: UUID) -> Report | None:
    """Return a report of the viewer's own, as far as its office still has the referrals; None after 8 hours.

    Another person's is as if absent (404).
    """
    row = db.session.get(BulkReport, report_id)
    if row is not None and row.user_id != viewer.user_id:
        outside_scope()
    if row is None or row.made_at < now() - KEPT_FOR:
        return None
    told = cast("dict[str, Any]", row.told.open(viewer.opening(OPENED)))
    done, unfit = [UUID(key) for key in told["done"]], {UUID(key): why for key, why in told["unfit"]}
    there = queries.at_office(viewer, [*done, *unfit])
    fit = [there[key] for key in done if key in there]
    left = [(there[key], why) for key, why in unfit.items() if key in there]
    return Report(told["act"], Weighed(fit, left, told["gone"]))


def sweep(_on: date, _after: UUID | None) -> Batch:
    """Remove a batch of old reports: work of the nightly round."""
    rows = select(BulkReport.id).where(BulkReport.made_at < now() - KEPT_FOR).limit(SWEPT_AT_ONCE)
    old = db.session.scalars(rows).all()
    db.session.execute(delete(BulkReport).where(BulkReport.id.in_(old)))
    return Batch(len(old), old[-1] if len(old) == SWEPT_AT_ONCE else None)
