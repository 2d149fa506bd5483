"""What is said of a family in a round: one tag, one edge, one line of reasons; never a risk word."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from registry.children.models import Episode
from registry.clock import today
from registry.database import db
from registry.protection.models import RiskAssessment
from registry.visits import shown
from tests.visits.conftest import HIGH

if TYPE_CHECKING:
    from flask import Flask

    from registry.visits.families import Family
    from tests.factories import Factory
    from tests.visits.conftest import Days


def why(family: Family, days: Days) -> str:
    return shown.reasons(family, days.viewer, today()).striptags()


def test_what_a_screen_says_of_a_key_care_child_is_only_that_it_must_be_seen(
    app: Flask, days: Days, make: Factory
) -> None:
    child = days.child(make.household(), 10)
    days.assess(child, HIGH)
    with app.test_request_context():
        (family,) = days.round().families
        said = f"{shown.tag(family, today())} {why(family, days)}"
        assert "须见到孩子" in said
        assert shown.edge(family, today()) == "seen"
        assert not [word for word in ("风险", "重点", "较高", "监护", "困境", "差") if word in said]


def test_lateness_is_said_in_days(app: Flask, days: Days) -> None:
    days.family(visited=60)
    with app.test_request_context():
        (family,) = days.round().families
        assert shown.tag(family, today()) == (f"逾期{(today() - family.due).days}天", "late")
        assert shown.edge(family, today()) == "late"
        assert "每月走访，上次" in why(family, days)


def test_of_a_child_who_must_be_seen_lateness_is_said_as_well(app: Flask, days: Days, make: Factory) -> None:
    child = days.child(make.household())
    days.assess(child, HIGH)
    with app.test_request_context():
        db.session.query(RiskAssessment).update({"made_on": today() - timedelta(days=9)})
        db.session.commit()
        (family,) = days.round().families
        assert shown.tag(family, today()) == ("须见到孩子", "tint")
        assert why(family, days).endswith("逾期9天")


def test_a_visit_in_vain_is_said_and_the_family_stays(app: Flask, days: Days) -> None:
    home = days.family(visited=40)
    days.visit(home, "nobody", seen=())
    with app.test_request_context():
        (family,) = days.round().families
        assert why(family, days).endswith("家中无人")


@pytest.mark.parametrize(
    ("absence", "said"),
    [
        ({"from": "2000-01-01", "until": "2999-08-31", "where": None}, "陈雨桐短期外出，2999-08-31前回来"),
        ({"from": None, "until": None, "where": None}, "陈雨桐短期外出"),
        ({"from": "2000-01-01", "until": "2000-08-31", "where": None}, None),
        ({"from": "2999-01-01", "until": None, "where": None}, None),
    ],
)
def test_a_summer_visit_is_said_while_it_lasts(
    app: Flask, days: Days, absence: dict[str, Any], said: str | None
) -> None:
    days.family(visited=40)
    with app.test_request_context():
        db.session.query(Episode).one().absence = absence
        db.session.commit()
        (family,) = days.round().families
        reasons = why(family, days)
        assert (said in reasons) if said else ("探亲" not in reasons), reasons
