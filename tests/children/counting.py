"""What tests ask of a whole area: how many files a viewer finds on its register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from registry.children.filters import on_the_register
from registry.children.queries import seen_by
from registry.database import db

if TYPE_CHECKING:
    from registry.access import Viewer


def children_on_file(viewer: Viewer) -> int:
    seen = seen_by(viewer).where(on_the_register()).subquery()
    return db.session.scalar(select(func.count()).select_from(seen)) or 0
