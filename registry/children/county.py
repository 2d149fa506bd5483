"""Files that protection works on: a protection officer's whole county, by number or by an id; else the own files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import load_only

from registry.access import Role, outside_scope
from registry.areas import queries as areas
from registry.areas.codes import county_of
from registry.children.models import Child, Episode
from registry.children.queries import kept_files, visible
from registry.database import db
from registry.i18n import language
from registry.vault.service import find_children
from sop.status import ChildStatus, EpisodeStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal
    from uuid import UUID

    from sqlalchemy import ColumnElement, Select

    from registry.access import Viewer

SHOWN = (
    *(Child.id, Child.name_sealed, Child.pinyin_sealed, Child.birth_year, Child.birth_month),
    *(Child.sex, Child.protected, Child.protected_registrar_id),
)


@dataclass(frozen=True)
class Reached:
    """A child as pages of protection name it, and the 12-digit community where it is now."""

    child: Child
    area_code: str
    community: str

    @property
    def county(self) -> str:
        """The 12-digit county of the community."""
        return county_of(self.area_code)


class Named(NamedTuple):
    """Who is named as the second reader of a protected file, and the 12-digit community where the child is now."""

    registrar_id: UUID | None
    area_code: str


def named_registrars(viewer: Viewer) -> dict[UUID, Named]:
    """Return who is named for each protected file that the viewer sees, in one query that opens nothing."""
    rows = db.session.execute(
        select(Child.id, Child.protected_registrar_id, Episode.area_code)
        .join(Child.episodes)
        .where(visible(viewer), Child.protected)
    )
    return {row[0]: Named(*row[1:]) for row in rows}


def reachable(viewer: Viewer) -> Select[UUID]:
    """Return the statement for the ids of the files that the viewer may assess or ask to protect."""
    return select(Child.id).join(Child.episodes).where(_within_reach(viewer))


def cared_for(viewer: Viewer) -> Select[UUID]:
    """Return the statement for those of `reachable` whose care is still somebody's to see to.

    Who died, grew up or was taken off the register is not; who left for nobody knows where is all the more.
    """
    return reachable(viewer).where(Child.status == ChildStatus.REGISTERED, Episode.status != EpisodeStatus.WITHDRAWN)


def reached(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, Reached]:
    """Return those of these files that the viewer reaches, by id, in two queries; nothing is opened."""
    rows = db.session.execute(
        select(Child, Episode.area_code)
        .join(Child.episodes)
        .options(load_only(*SHOWN, raiseload=True))
        .where(_within_reach(viewer), Child.id.in_(set(ids)))
    ).all()
    names = areas.names_of({area_code for _child, area_code in rows}, language())
    return {child.id: Reached(child, area_code, names.get(area_code, "")) for child, area_code in rows}


def reached_one(viewer: Viewer, child_id: UUID) -> Reached:
    """Return one file; answers as absent (404) when the viewer does not reach it."""
    return reached(viewer, [child_id]).get(child_id) or outside_scope()


def by_number(viewer: Viewer, kind: Literal["card", "id_number"], number: str) -> list[UUID]:
    """Return the files within reach that hold a number, normalised by the caller."""
    kept = [one.id for one in kept_files(find_children(db.session(), kind, number))]
    return list(db.session.scalars(reachable(viewer).where(Child.id.in_(kept)).order_by(Child.id)))


def _within_reach(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.role is not Role.PROTECTION_OFFICER:
        return visible(viewer)
    return and_(Episode.latest, areas.inside(Episode.area_code, viewer.prefixes), Child.merged_into.is_(None))
