"""Verbs of those outside every definition: counted by month, community, sex, age band and reason; nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from registry.audit import service as audit
from registry.database import db
from registry.households.models import OutsideTally
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date

    from registry.access import Viewer
    from registry.households.judging import Judged


def tally(viewer: Viewer, judged: Judged, area_code: str, on: date) -> dict[str, str]:
    """Count a child that gets a slip instead of a file; return what the slip says: reason, zh and en."""
    reason = judged.classification.outside
    if reason is None:
        raise ValueError("only a child outside every definition is tallied")
    cell = {
        "month": f"{on:%Y-%m}",
        "area_code": area_code,
        "sex": judged.child.sex,
        "age_band": age_band(judged.child.birth.age_on(on)),
        "reason": reason.key,
    }
    if not _add_one(cell):
        _make(cell)
    audit.record("child_outside", viewer=viewer, reason=reason.key)
    return {"reason": reason.key} | {each: in_force(on).explain(reason, each) for each in ("zh", "en")}


def age_band(age: int) -> str:
    """Return the band of completed years as the census booklet has it (domain 7.1), a code of `age_band`."""
    bands = ((3, "0-2"), (6, "3-5"), (12, "6-11"), (15, "12-14"))
    return next((code for below, code in bands if age < below), "15")


def _add_one(cell: dict[str, str]) -> bool:
    wanted = update(OutsideTally).filter_by(**cell).values(children=OutsideTally.children + 1)
    counted = db.session.execute(wanted, execution_options={"synchronize_session": False})
    return bool(counted.rowcount)  # type: ignore[attr-defined]


def _make(cell: dict[str, str]) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(OutsideTally(**cell, children=1))
    except IntegrityError:  # somebody else was first
        _add_one(cell)
