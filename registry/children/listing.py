"""Reads of many files at once: the list of an area page by page, and the rows of a search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, literal, select
from sqlalchemy.orm import load_only

from registry.areas import queries as areas
from registry.children.filters import conditions, on_the_register
from registry.children.models import Child, Episode, Schooling
from registry.children.queries import visible
from registry.database import cut, db
from registry.i18n import language
from sop.eligibility import FLAGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import Select

    from registry.access import Viewer
    from registry.children.filters import Filters

    Rows = Select[*tuple[Any, ...]]

ON_A_PAGE = 50
COUNTED_AT_MOST = 1000  # from there on a list says "more than"
OF_CHILD = (
    *(Child.id, Child.name_sealed, Child.pinyin_sealed, Child.birth_year, Child.birth_month),
    *(Child.sex, Child.certificate, Child.protected),
)
OF_EPISODE = (
    *(Episode.id, Episode.area_code, Episode.status, Episode.changes_month),
    *(getattr(Episode, flag) for flag in FLAGS),
)


NOW_AT_SCHOOL = and_(Schooling.child_id == Child.id, Schooling.to_month.is_(None))


@dataclass(frozen=True)
class Listed:
    """A child in a list: what is plain, its sealed name, and the name of its community."""

    child: Child
    episode: Episode
    school: str | None
    community: str


@dataclass(frozen=True)
class Page:
    """One page of a list. `after`: the id from which the next one follows, None on the last one.

    `total`: how many fit; of a long list one more than COUNTED_AT_MOST.
    """

    rows: list[Listed]
    total: int
    after: UUID | None

    @property
    def of_many(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > COUNTED_AT_MOST


def page_of(viewer: Viewer, filters: Filters, on: date, after: UUID | None = None) -> Page:
    """Return a page of the files that the viewer sees, the latest registered first.

    First the ids of the page are found, then what it shows is read: sorting a town's rows whole would cost thrice.
    """
    wanted = and_(visible(viewer), *conditions(filters, viewer, on), *(() if filters.status else (on_the_register(),)))
    ids = joined(select(Child.id), filters).where(wanted).order_by(Child.id.desc()).limit(ON_A_PAGE + 1)
    if after is not None:
        ids = ids.where(Child.id < after)
    shown, last = cut(db.session.scalars(ids).all(), ON_A_PAGE)
    counted = joined(select(literal(1)), filters).where(wanted).limit(COUNTED_AT_MOST + 1).subquery()
    total = db.session.scalar(select(func.count()).select_from(counted)) or 0
    return Page(rows_of(viewer, shown), total, last)


def page_among(viewer: Viewer, ids: Sequence[UUID], after: UUID | None = None) -> Page:
    """Return a page of those of these files that the viewer sees. `ids`: the latest first, as `finding.find` does."""
    rest = [each for each in ids if after is None or each < after]
    shown, last = cut(rest[: ON_A_PAGE + 1], ON_A_PAGE)
    return Page(rows_of(viewer, shown), len(ids), last)


def rows_of(viewer: Viewer, ids: Iterable[UUID]) -> list[Listed]:
    """Return those of these files that the viewer sees, the latest registered first."""
    return _listed(_rows().where(visible(viewer), Child.id.in_(set(ids))).order_by(Child.id.desc()))


def _rows() -> Rows:
    """Load what a list shows; any other column raises instead of being fetched child by child."""
    statement = select(Child, Episode, Schooling.stage).join(Child.episodes).outerjoin(Schooling, NOW_AT_SCHOOL)
    return statement.options(load_only(*OF_CHILD, raiseload=True), load_only(*OF_EPISODE, raiseload=True))


def joined(statement: Rows, filters: Filters) -> Rows:
    """Join what `filters.conditions` and `queries.visible` speak of: child, episode, and schooling where asked for."""
    statement = statement.select_from(Child).join(Child.episodes)
    return statement.outerjoin(Schooling, NOW_AT_SCHOOL) if filters.school else statement


def _listed(statement: Rows) -> list[Listed]:
    rows = db.session.execute(statement).all()
    names = areas.names_of({episode.area_code for _child, episode, _school in rows}, language())
    return [Listed(child, episode, school, names.get(episode.area_code, "")) for child, episode, school in rows]
