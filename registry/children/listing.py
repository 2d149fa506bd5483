"""Reads of many files at once: the list of an area page by page, and the rows of a search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import load_only

from registry.areas import queries as areas
from registry.children.models import Child, Episode, Schooling
from registry.children.queries import ON_THE_REGISTER, visible
from registry.database import cut, db
from registry.i18n import language
from sop.eligibility import FLAGS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select

    from registry.access import Viewer

    Rows = Select[*tuple[Any, ...]]

ON_A_PAGE = 50
OF_CHILD = (
    *(Child.id, Child.name_sealed, Child.pinyin_sealed, Child.birth_year, Child.birth_month),
    *(Child.sex, Child.certificate, Child.protected),
)
OF_EPISODE = (
    *(Episode.id, Episode.area_code, Episode.status, Episode.changes_month),
    *(getattr(Episode, flag) for flag in FLAGS),
)


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; None leaves a column alone. `area`: 12 digits inside the viewer's own."""

    status: str | None = None
    flag: str | None = None
    school: str | None = None
    area: str | None = None


@dataclass(frozen=True)
class Listed:
    """A child in a list: what is plain, its sealed name, and the name of its community."""

    child: Child
    episode: Episode
    school: str | None
    community: str


@dataclass(frozen=True)
class Page:
    """One page of a list. `after`: the id from which the next one follows, None on the last one."""

    rows: list[Listed]
    total: int
    after: UUID | None


def page_of(viewer: Viewer, filters: Filters, after: UUID | None) -> Page:
    """Return a page of the files that the viewer sees, the latest registered first."""
    wanted = and_(visible(viewer), *_narrowed(viewer, filters))
    statement = _rows().where(wanted).order_by(Child.id.desc()).limit(ON_A_PAGE + 1)
    if after is not None:
        statement = statement.where(Child.id < after)
    rows = _listed(statement)
    total = db.session.scalar(_joined(select(func.count())).where(wanted)) or 0
    shown, last = cut(rows, ON_A_PAGE)
    return Page(shown, total, last.child.id if last else None)


def rows_of(viewer: Viewer, ids: Iterable[UUID]) -> list[Listed]:
    """Return those of these files that the viewer sees, the latest registered first."""
    return _listed(_rows().where(visible(viewer), Child.id.in_(set(ids))).order_by(Child.id.desc()))


def _narrowed(viewer: Viewer, filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.status:
        conditions.append(Episode.status == filters.status)
    else:
        conditions.append(Episode.status.in_(ON_THE_REGISTER))
    if filters.flag:
        conditions.append(_flagged(filters.flag))
    if filters.school:
        conditions.append(Schooling.stage == filters.school)
    if filters.area and viewer.covers(filters.area):
        conditions.append(areas.inside(Episode.area_code, areas.scope_prefixes(filters.area)))
    return conditions


def _flagged(flag: str) -> ColumnElement[bool]:
    """Return the condition that a flag is shown; of a provisional child, whether a day settles it."""
    if flag in ("provisional", "unsettled"):
        waits = Episode.changes_month.is_(None) if flag == "unsettled" else Episode.changes_month.is_not(None)
        return and_(Episode.provisional.is_(True), waits)
    held: ColumnElement[bool] = getattr(Episode, flag).is_(True)
    return held


def _rows() -> Rows:
    """Load what a list shows; any other column raises instead of being fetched child by child."""
    return _joined(select(Child, Episode, Schooling.stage)).options(
        load_only(*OF_CHILD, raiseload=True), load_only(*OF_EPISODE, raiseload=True)
    )


def _joined(statement: Rows) -> Rows:
    now_at_school = and_(Schooling.child_id == Child.id, Schooling.to_month.is_(None))
    return statement.select_from(Child).join(Child.episodes).outerjoin(Schooling, now_at_school)


def _listed(statement: Rows) -> list[Listed]:
    rows = db.session.execute(statement).all()
    names = areas.names_of({episode.area_code for _child, episode, _school in rows}, language())
    return [Listed(child, episode, school, names.get(episode.area_code, "")) for child, episode, school in rows]
