"""Files of other areas that ledgers meet: recorded for whoever uploaded them, and limited day by day for an office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.audit import service as audit
from registry.audit.queries import children_met
from registry.clock import midnight, today
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from registry.access import Viewer

LIMITED: Final = "limited"  # the state of a ledger that was stopped so
KIND: Final = "looked_up_elsewhere"
BY: Final = "ledger"


def is_reached(viewer: Viewer) -> bool:
    """Say whether the ledgers of the viewer's office have met as many children with a file elsewhere as a day allows.

    Each child counts once a day, so that a file can be imported again. They are counted in the audit, which forgets
    nothing. Asked before each batch: that in which the limit is reached is still stored, and no row after it.
    """
    day = today()
    return len(children_met(viewer, KIND, BY, midnight(day))) >= in_force(day).ledgers.met_a_day


def record(viewer: Viewer, met: Iterable[UUID]) -> None:
    """Record, in the transaction of a batch, the children with a file elsewhere beside whom its rows are held."""
    if children := sorted(met):
        audit.record(KIND, viewer=viewer, children=children, by="ledger", purpose="ledger")


def note(viewer: Viewer, met: Iterable[UUID]) -> None:
    """Note the same of a batch whose transaction was taken back."""
    if children := sorted(met):
        audit.note(KIND, viewer=viewer, children=children, by="ledger", purpose="ledger")
