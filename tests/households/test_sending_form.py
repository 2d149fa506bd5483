"""The second quick form: a village registrar in Suqian registers children whose parents are away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.children.models import Child, Episode
from registry.clock import today
from registry.database import db
from sop.identity import add_months
from tests.client import OPENER
from tests.factories import VILLAGE
from tests.households.conftest import Intake, child

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask


def absence(**changed: Any) -> dict[str, Any]:
    """Both parents have been in Changzhou for a year; the grandmother cares."""
    since = add_months(today(), -12)
    answers = {
        "who_away": "both",
        "away_since-year": since.year,
        "away_since-month": since.month,
        "away_area-typed": "常州市",
        "boarding": "no",
        "guardians-0-name": "孙桂英",
        "guardians-0-relation": "62",
        "guardians-0-phone": "15400003322",
        "address": "三组12号",
    }
    return answers | changed


@pytest.fixture
def village(begin: Callable[..., Intake], village_registrar: Any) -> Intake:
    return begin(village_registrar)


def test_the_form_of_the_office_is_prefilled_and_the_hukou_is_here(village: Intake) -> None:
    page = village.notice()
    assert page.h1 == "家庭和照护人"
    assert dict(page.values())["hukou_town"] == VILLAGE[:9] + "000"


def test_a_left_behind_child_is_registered_with_carer_and_circumstances(village: Intake, app: Flask) -> None:
    village.notice()
    village.send(absence())
    page = village.children(child(0))
    assert "父母双方外出" in page.text
    assert "江苏省常州市" in page.text
    assert "留守" in village.finish().text
    with app.app_context():
        episode = db.session.scalars(select(Episode)).one()
        assert (episode.left_behind, episode.side, episode.area_code) == (True, "sending", VILLAGE)
        told = episode.circumstances.open(OPENER)
        assert isinstance(told, dict)
        assert told["who_away"] == "both"
        assert (told["father_away"], told["mother_away"]) == (True, True)
        assert (told["away_area"], told["carer"], told["boarding"]) == ("320400000000", "62", "no")
        kept = db.session.scalars(select(Child)).one()
        assert kept.hukou.open(OPENER) == VILLAGE[:9] + "000"
        assert kept.hukou_county == VILLAGE[:6] + "000000", "the township is sealed"


def test_a_refused_place_of_hukou_is_not_the_one_that_was_prefilled(village: Intake, app: Flask) -> None:
    village.notice()
    village.send(absence(hukou_answer="refused"))
    page = village.children(child(0))
    assert "洋河" not in page.text
    village.finish()
    with app.app_context():
        kept = db.session.scalars(select(Child)).one()
        assert (kept.hukou.open(OPENER), kept.hukou_answer) == (None, "refused")


def test_questions_of_the_sending_form_that_nobody_answered_stay_unanswered(village: Intake, app: Flask) -> None:
    village.notice()
    village.send({"guardians-0-name": "孙桂英"})
    village.children(child(0))
    village.finish()
    with app.app_context():
        told = db.session.scalars(select(Episode)).one().circumstances.open(OPENER)
        assert isinstance(told, dict)
        assert [told[name] for name in ("who_away", "carer", "boarding", "stays")] == [""] * 4


def test_one_parent_away_and_the_other_cannot_care(village: Intake) -> None:
    village.notice()
    village.send(absence(who_away="father", other_parent_can_care="no"))
    assert "在家一方不能照护" in village.children(child(0)).text


@pytest.mark.parametrize("answer", ["unknown", "refused"])
def test_absence_may_be_unknown_or_refused(answer: str, village: Intake, app: Flask) -> None:
    asked = ("who_away", "away_since_answer", "away_area_answer", "other_parent_can_care", "boarding")
    nothing = {"away_since-year": "", "away_since-month": "", "away_area-typed": ""}
    village.notice()
    village.send(absence(**dict.fromkeys(asked, answer), **nothing))
    village.children(child(0))
    village.finish()
    with app.app_context():
        told = db.session.scalars(select(Episode)).one().circumstances.open(OPENER)
        assert isinstance(told, dict)
        assert [told[name] for name in ("who_away", "away_since_answer", "away_area_answer", "boarding")] == [
            answer
        ] * 4
        assert (told["father_away"], told["away_since"], told["away_area"]) == (None, None, None)
