"""A child outside every definition is counted and given a slip; no file is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from registry.children.models import Child
from registry.database import db
from registry.households.models import Household, OutsideTally
from tests.factories import COMMUNITY
from tests.households.conftest import Intake, child, without_number

if TYPE_CHECKING:
    from flask import Flask

HOME = {"hukou-typed": "", "hukou_town": COMMUNITY[:9] + "000", "arrived-year": "", "arrived-month": ""}


@pytest.mark.database
def test_a_child_outside_every_definition_is_counted_not_kept(intake: Intake, app: Flask) -> None:
    page = intake.to_summary(without_number(0), **HOME)
    assert "不建档案，只计人数" in page.text
    assert "12345" in page.text
    result = intake.finish()
    assert result.h1 == "已完成"
    assert "李思琪" not in result.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Child)) == 0
        assert db.session.scalar(select(func.count()).select_from(Household)) == 0
        cell = db.session.scalars(select(OutsideTally)).one()
        assert (cell.area_code, cell.sex, cell.age_band, cell.reason) == (COMMUNITY, "1", "6-11", "hukou_here")
        assert cell.children == 1


@pytest.mark.database
def test_twins_outside_are_two_in_one_cell(intake: Intake, app: Flask) -> None:
    intake.to_summary(without_number(0), without_number(1, name="李思远"), **HOME)
    intake.finish()
    with app.app_context():
        assert db.session.scalars(select(OutsideTally)).one().children == 2


def test_the_slip_says_where_to_turn_and_names_nobody_before_and_after_sending(intake: Intake) -> None:
    summary = intake.to_summary(child(0), **HOME)
    path = summary.path.replace("summary", "slip/1")
    before = intake.client.get(path)
    assert before.h1 == "给家长的告知单"
    assert "12345" in before.text
    intake.finish()
    after = intake.client.get(path)
    assert "教育局" in after.text
    assert "李思琪" not in before.text + after.text
    intake.client.get(path.replace("slip/1", "slip/2"), status=404)
