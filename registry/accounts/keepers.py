"""Who keeps the files of an area: the office that answers for them, and the communities where a registrar works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, select

from registry.access import Role
from registry.accounts.models import User
from registry.areas.codes import ancestors, prefix_of
from registry.areas.queries import inside
from registry.database import db

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from registry.access import Viewer
    from registry.areas.models import Office

KEEPERS: Final = (Role.REGISTRAR.value, Role.SUPERVISOR.value)


def office_of(area_code: str) -> Office | None:
    """Return the office that keeps the files of a 12-digit area; None where nobody works for it.

    It is the deepest one above or at the area with a registrar or supervisor; where both sit at one level, the
    registrar's. An area without a registrar is the supervisor's whose area covers it.
    """
    by_role = case((User.role == Role.REGISTRAR, 0), else_=1)
    office = _offices()
    rows = (
        select(office)
        .join(User, User.office_id == office.id)
        .where(*_working(), office.area_code.in_(ancestors(area_code)))
        .order_by(office.area_code.desc(), by_role, office.id)  # of codes on one path the longer one is the greater
        .limit(1)
    )
    found: Office | None = db.session.scalars(rows).first()
    return found


def is_supervised(area_code: str) -> bool:
    """Say whether a supervisor works whose area holds a 12-digit one."""
    above = User.role == Role.SUPERVISOR, _offices().area_code.in_(ancestors(area_code))
    return db.session.scalar(select(User.id).join(User.office).where(*_working(), *above).limit(1)) is not None


def communities_of(viewer: Viewer) -> list[str]:
    """Return the 12-digit codes, in order, of the communities in the viewer's area where a registrar works."""
    office = _offices()
    rows = (
        select(office.area_code)
        .join(User, User.office_id == office.id)
        .where(*_working(), User.role == Role.REGISTRAR, inside(office.area_code, viewer.prefixes))
        .distinct()
        .order_by(office.area_code)
    )
    return [code for code in db.session.scalars(rows) if prefix_of(code) == code]


def _working() -> tuple[ColumnElement[bool], ...]:
    return User.active.is_(True), User.role.in_(KEEPERS), _offices().closed_on.is_(None)


def _offices() -> Any:  # noqa: ANN401 -- the table of another room, reached by way of the relationship
    return User.office.property.mapper.class_
