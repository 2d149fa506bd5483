"""Verbs of those outside every definition: counted by month, community, sex, age band and reason; nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from registry.audit import service as audit
from registry.database import db
from registry.households.models import OutsideTally
from sop.identity import band_of
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date

    from registry.access import Viewer
    from registry.households.classifying import Classified
    from sop.content import Reason
    from sop.identity import BirthDate


class Outsider(NamedTuple):
    """What is counted of a child: sex (code), birth for the age band, why it is outside."""

    sex: str
    birth: BirthDate
    reason: Reason


def tally(viewer: Viewer, classified: Classified, area_code: str, on: date) -> dict[str, Any]:
    """Count a child that gets a slip instead of a file; return the slip: number on the page, words in zh and en."""
    reason = classified.classification.outside
    if reason is None:
        raise ValueError("only a child outside every definition is tallied")
    count(viewer, Outsider(classified.child.sex, classified.child.birth, reason), area_code, on)
    return {"number": classified.number} | {each: in_force(on).explain(reason, each) for each in ("zh", "en")}


def count(viewer: Viewer, one: Outsider, area_code: str, on: date) -> None:
    """Count a child outside every definition in a 12-digit area, and nothing else of it."""
    cell = {
        "month": f"{on:%Y-%m}",
        "area_code": area_code,
        "sex": one.sex,
        "age_band": band_of(in_force(on).codes["age_band"], one.birth.age_on(on)),
        "reason": one.reason.key,
    }
    if not _add_one(cell):
        _make(cell)
    audit.record("child_outside", viewer=viewer, reason=one.reason.key)


def _add_one(cell: dict[str, str]) -> bool:
    wanted = update(OutsideTally).filter_by(**cell).values(children=OutsideTally.children + 1)
    counted = db.session.execute(wanted, execution_options={"synchronize_session": False})
    return bool(counted.rowcount)  # type: ignore[attr-defined]  # a Result that counts rows: SQLAlchemy types it too widely


def _make(cell: dict[str, str]) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(OutsideTally(**cell, children=1))
    except IntegrityError:  # somebody else was first
        _add_one(cell)
