"""Reads of risk: the latest assessments, what they lead to, the key-care list of a county, what papers leave out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from registry.access import Role
from registry.children import county, together
from registry.children.history import is_own_side
from registry.database import cut, db
from registry.protection.models import RiskAssessment
from sop.version import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.county import Reached
    from registry.vault.sealed import Opener
    from sop.protection import Risk

ON_A_PAGE = 50
OPENED_AT_MOST = 3_000  # a tenth of a second on a small machine


@dataclass(frozen=True)
class Answers:
    """What was judged, opened: codes of the procedure's lists, and a note."""

    guardianship: str
    assessment: str
    categories: tuple[str, ...]
    note: str | None = None


@dataclass(frozen=True)
class Assessed:
    """One assessment with what was judged and what follows from it by the procedure that it was made under.

    `withheld`: there is a note, which stays with the side that wrote it.
    """

    row: RiskAssessment
    answers: Answers
    risk: Risk
    withheld: bool = False


@dataclass(frozen=True)
class KeyCare:
    """One child on the key-care list."""

    child: Reached
    assessed: Assessed


@dataclass(frozen=True)
class KeyCarePage:
    """A page of the list; `after`: the assessment from which the search goes on, None when all were looked at."""

    rows: list[KeyCare]
    after: UUID | None


def risk_levels(viewer: Opener, child_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the level of each of these children ("ordinary", "raised", "high"); who was never assessed is left out.

    Opens their latest assessments and nothing else. Whoever calls has seen that the viewer may ask.
    """
    return {key: risk.level for key, risk in _risks(viewer, set(child_ids)).items()}


def must_be_seen(viewer: Opener, child_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of these children who must themselves be seen at a visit; conditions as `risk_levels`."""
    return {key for key, risk in _risks(viewer, set(child_ids)).items() if risk.must_be_seen}


def assessed_on(child_ids: Iterable[UUID]) -> dict[UUID, date]:
    """Return the day of the latest assessment of each of these children; opens nothing, leaves out as `risk_levels`."""
    rows = select(RiskAssessment.child_id, RiskAssessment.made_on)
    found = db.session.execute(rows.where(RiskAssessment.latest, RiskAssessment.child_id.in_(set(child_ids))))
    return {row.child_id: row.made_on for row in found}


def addresses_withheld(household_id: UUID) -> bool:
    """Say whether papers about a household leave every address, phone and school out: a protected child is of it.

    One guardian's whereabouts must not reach the other one, neither by a brother's nor by a sister's paper. Knows
    nothing of scope, since whoever prints may not see the protected file: no page says this.
    """
    return together.has_protected(household_id)


def history(viewer: Viewer, child_id: UUID) -> list[Assessed]:
    """Return a child's assessments, the latest first, opened, with who made them.

    A note stays with the side that wrote it; the protection officer reads it all the same.
    """
    rows = db.session.scalars(
        select(RiskAssessment)
        .options(joinedload(RiskAssessment.user), joinedload(RiskAssessment.office))
        .where(RiskAssessment.child_id == child_id)
        .order_by(RiskAssessment.id.desc())
    ).all()
    return [_for_eyes_of(viewer, opened(row, viewer)) for row in rows]


def _for_eyes_of(viewer: Viewer, assessed: Assessed) -> Assessed:
    if viewer.role is Role.PROTECTION_OFFICER or is_own_side(viewer, assessed.row.office):
        return assessed
    there = assessed.answers
    return replace(assessed, answers=replace(there, note=None), withheld=there.note is not None)


def latest(child_id: UUID) -> RiskAssessment | None:
    """Return the assessment that counts, None before the first one."""
    of_child = (RiskAssessment.child_id == child_id, RiskAssessment.latest)
    return db.session.scalars(select(RiskAssessment).where(*of_child)).one_or_none()


def key_care(viewer: Viewer, category: str | None = None, after: UUID | None = None) -> KeyCarePage:
    """Return a page of the key-care children whom the viewer reaches, or of one category, the latest first.

    Which children they are is sealed: the latest assessments are opened one by one, at most 3,000 for a page.
    A page may therefore be short, or empty, and yet go on.
    """
    rows = _latest_in_reach(viewer, after)
    looked_at, last = cut(rows, OPENED_AT_MOST)
    found: list[Assessed] = []
    for row in looked_at:
        assessed = opened(row, viewer)
        held = assessed.answers.categories
        if held and (category is None or category in held):
            found.append(assessed)
        if len(found) == ON_A_PAGE:
            last = row if row is not rows[-1] else None
            break
    reached = county.reached(viewer, (one.row.child_id for one in found))
    children = [KeyCare(reached[one.row.child_id], one) for one in found if one.row.child_id in reached]
    return KeyCarePage(children, last.id if last else None)


def _latest_in_reach(viewer: Viewer, after: UUID | None) -> Sequence[RiskAssessment]:
    statement = select(RiskAssessment).where(
        RiskAssessment.latest, RiskAssessment.child_id.in_(county.cared_for(viewer))
    )
    if after is not None:
        statement = statement.where(RiskAssessment.id < after)
    return db.session.scalars(statement.order_by(RiskAssessment.id.desc()).limit(OPENED_AT_MOST + 1)).all()


def opened(row: RiskAssessment, viewer: Opener) -> Assessed:
    """Open one assessment and say what follows from it."""
    kept = cast("dict[str, object]", row.answers.open(viewer))
    answers = Answers(
        guardianship=str(kept["guardianship"]),
        assessment=str(kept["assessment"]),
        categories=tuple(cast("list[str]", kept["categories"])),
        note=cast("str | None", kept["note"]),
    )
    rules = load(row.sop_version).protection
    return Assessed(row, answers, rules.risk(answers.guardianship, answers.assessment, answers.categories))


def _risks(viewer: Opener, child_ids: set[UUID]) -> dict[UUID, Risk]:
    if not child_ids:
        return {}
    rows = select(RiskAssessment).where(RiskAssessment.latest, RiskAssessment.child_id.in_(child_ids))
    return {row.child_id: opened(row, viewer).risk for row in db.session.scalars(rows)}
