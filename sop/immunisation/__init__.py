"""The national schedule of vaccination: what is due for a child on a day, and which doses count (domain 4)."""

from __future__ import annotations

from sop.immunisation.assessing import assess
from sop.immunisation.certificate import Row, certificate
from sop.immunisation.history import Given
from sop.immunisation.schedule import REFUSALS, STATUSES, Assessment, Edition, Judged, Outlook, Schedule
from sop.immunisation.uncertain import Uncertain, uncertain

__all__ = [
    "REFUSALS",
    "STATUSES",
    "Assessment",
    "Edition",
    "Given",
    "Judged",
    "Outlook",
    "Row",
    "Schedule",
    "Uncertain",
    "assess",
    "certificate",
    "uncertain",
]
