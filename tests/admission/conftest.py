"""Children of a grade by age, what was told of their schooling, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.admission.queries import Standing, standing_of
from registry.children.answers import record_answer
from registry.children.models import Child, Schooling
from registry.children.queries import file_of
from registry.clock import today
from registry.database import db
from sop.identity import BirthDate
from sop.schooling import school_year
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from flask import Flask

    from registry.access import Viewer
    from tests.factories import Factory


def born_for(grade: int) -> BirthDate:
    """Return a birth date whose grade by age is this one today; 0 enters next September."""
    return BirthDate(school_year(in_force(today()), today()) - grade - 5, 3, 14)


class Families:
    """Makes children and tells of them, each act committed."""

    def __init__(self, app: Flask, make: Factory) -> None:
        self.app, self.make, self.viewer = app, make, make.viewer()

    def child(self, grade: int, school: str = "none", **values: Any) -> Child:
        """Make a child of this grade by age who goes to this kind of school."""
        return self.make.child(birth=values.pop("birth", born_for(grade)), school=school, **values)

    def tell(self, child: Child, on: date | None = None, **answers: str) -> None:
        """Answer questions of the full file, by their keys."""
        with self.app.app_context():
            whole = file_of(self.viewer, child.id)
            for key, value in answers.items():
                record_answer(self.viewer, whole, in_force(today()).questions.question(key), value, on or today())
            db.session.commit()

    def spell(self, child: Child, stage: str, *, since: str, until: str | None) -> None:
        """Add a former spell of schooling."""
        with self.app.app_context():
            row = Schooling(child_id=child.id, stage=stage, from_month=since, to_month=until, told_by="guardian")
            db.session.add(row)
            db.session.commit()

    def spell_began(self, child: Child, since: str) -> None:
        """Let the present spell of schooling have begun in another month."""
        with self.app.app_context():
            row = db.session.scalars(select(Schooling).where(Schooling.child_id == child.id)).one()
            row.from_month = since
            db.session.commit()

    def standing(self, child: Child | UUID, viewer: Viewer | None = None) -> Standing:
        """Return what the schooling of a child comes to today."""
        with self.app.app_context():
            by = viewer or self.viewer
            return standing_of(by, file_of(by, child if not isinstance(child, Child) else child.id), today())


@pytest.fixture
def families(app: Flask, make: Factory) -> Families:
    """Makes children and tells of them."""
    return Families(app, make)
