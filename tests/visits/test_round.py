"""The round of a day: who is in it, in which order, what it opens, and news on its way to families."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from flask import g

from registry.areas.models import Block, Office
from registry.children.models import Child, Episode
from registry.clock import today
from registry.database import db
from registry.referrals import moving
from registry.referrals.answers import answering, telling
from registry.referrals.models import Referral
from registry.referrals.steps import set_due
from registry.vault.sealed import opened_fields
from registry.visits import queries, shown
from sop.referral import Answer
from tests.factories import ELSEWHERE
from tests.referrals.sending import placed
from tests.statements import count_statements
from tests.visits.conftest import CALM
from tests.visits.test_reasons import why

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Factory
    from tests.visits.conftest import Days

WAITS = Answer("43")  # an interim answer: no place free, on the waiting list


def ids(days: Days, app: Flask, **narrowed: object) -> list[object]:
    with app.app_context():
        return [family.household.id for family in days.round(**narrowed).families]


def answered(app: Flask, make: Factory, days: Days, child: Child, given: Answer | None = None) -> Referral:
    bureau = make.office("education")
    officer = make.viewer("officer", user=make.user("officer", office=bureau))
    with app.app_context():
        sender = db.session.get_one(Office, days.viewer.office_id)
        db.session.expunge_all()
    referral = make.referral(child, bureau, from_office=sender)
    with app.app_context():
        moving.accept(officer, referral.id, 1, today())
        answering.answer(officer, referral.id, 2, given or placed(), today())
        db.session.commit()
    return referral


def overdue(app: Flask, make: Factory, days: Days, child: Child) -> Referral:
    referral = answered(app, make, days, child, WAITS)
    with app.app_context():
        row = db.session.get_one(Referral, referral.id)
        row.answer_by, row.told_at, row.outcome_sealed = today() - timedelta(days=4), None, None
        set_due(row)
        db.session.commit()
    return referral


def test_who_is_due_within_a_week_is_in_the_round_and_who_was_just_visited_is_not(app: Flask, days: Days) -> None:
    late, soon = days.family(visited=60), days.family(visited=25)
    days.family(visited=5)
    assert set(ids(days, app)) == {late.id, soon.id}


def test_a_new_family_comes_into_the_round_before_its_full_file_is_due(app: Flask, days: Days) -> None:
    new = days.family(registered=9)
    days.family(registered=2)
    assert ids(days, app) == [new.id]
    with app.test_request_context():
        g.viewer = days.viewer
        (family,) = days.round().families
        assert shown.tag(family, today()) == ("新登记", "grey")
        assert "还没有走访过" in why(family, days)


def test_a_family_that_no_night_has_reckoned_yet_is_not_forgotten(app: Flask, days: Days, make: Factory) -> None:
    home = make.household()
    days.child(home, 30)
    assert days.due(home) is None
    assert ids(days, app) == [home.id]


@pytest.mark.parametrize("status", ["left", "not_found", "withdrawn"])
def test_who_has_left_is_in_no_round(app: Flask, days: Days, make: Factory, status: str) -> None:
    days.child(make.household(), status=status)
    assert ids(days, app) == []


@pytest.mark.parametrize("status", ["deceased", "aged_out"])
def test_who_has_died_or_is_16_is_in_no_round_and_brings_no_visit(
    app: Flask, days: Days, make: Factory, status: str
) -> None:
    days.child(make.household(), status="active")
    with app.app_context():
        db.session.query(Child).update({"status": status})
        db.session.commit()
        assert days.round().families == []


def test_a_child_that_arrived_elsewhere_is_in_the_round_there_only(app: Flask, days: Days, make: Factory) -> None:
    days.family()
    with app.app_context():
        db.session.query(Episode).update({"latest": False})
        db.session.commit()
        assert days.round().families == []


def test_a_protected_file_is_in_the_round_of_its_named_registrar_alone(app: Flask, days: Days, make: Factory) -> None:
    other = make.viewer(user=make.user(office=make.office()))
    days.child(make.household(), protected=True, protected_registrar_id=days.viewer.user_id)
    assert len(ids(days, app)) == 1
    with app.app_context():
        assert queries.round_for(other, today()).families == []
        assert queries.round_for(other, today()).total == 0


def test_the_next_communitys_families_are_not_in_it(app: Flask, days: Days, make: Factory) -> None:
    make.child(area=ELSEWHERE)
    assert ids(days, app) == []


def test_it_goes_block_by_block_in_the_order_of_walking_and_from_door_to_door(
    app: Flask, days: Days, make: Factory
) -> None:
    far, near = make.block(name="3幢"), make.block(name="10幢")
    with app.app_context():
        db.session.get_one(Block, near.id).position = 1
        db.session.get_one(Block, far.id).position = 2
        db.session.commit()
    last = days.family(block_id=far.id, address="3幢10单元101室")
    third = days.family(block_id=far.id, address="3幢2单元602室")
    second = days.family(block_id=near.id, address="10幢1单元204室")
    homeless = days.family(address=None)
    assert ids(days, app) == [second.id, third.id, last.id, homeless.id]
    assert ids(days, app, block=far.id) == [third.id, last.id]


def test_blocks_without_a_position_go_by_their_number(app: Flask, days: Days, make: Factory) -> None:
    ten, two = make.block(name="10幢"), make.block(name="2幢")
    tenth, second = days.family(block_id=ten.id), days.family(block_id=two.id)
    assert ids(days, app) == [second.id, tenth.id]


def test_news_brings_a_family_into_the_round_before_any_that_is_merely_due(
    app: Flask, days: Days, make: Factory
) -> None:
    days.family(visited=90)
    told = make.household()
    child = days.child(told)
    days.visit(told)
    answered(app, make, days, child)
    with app.test_request_context():
        g.viewer = days.viewer
        pressing = days.round(most=1)
        (family,) = pressing.families
        assert family.household.id == told.id
        assert pressing.total == 2
        assert shown.tag(family, today()) == ("好消息", "done")
        assert "告诉家长陈雨桐的就学转介已有答复" in why(family, days)


def test_news_of_a_family_far_down_the_list_still_comes_first(app: Flask, days: Days, make: Factory) -> None:
    for _ in range(3):
        days.family(visited=90)
    told = make.household()
    child = days.child(told)
    days.visit(told, days_ago=40)
    answered(app, make, days, child)
    assert ids(days, app, most=1) == [told.id]


def test_a_late_answer_is_spoken_of_once_and_then_at_the_next_visit(app: Flask, days: Days, make: Factory) -> None:
    home = make.household()
    child = days.child(home)
    days.visit(home, days_ago=10)
    overdue(app, make, days, child)
    with app.test_request_context():
        g.viewer = days.viewer
        (family,) = days.round().families
        assert "陈雨桐的就学转介还没有结果" in why(family, days)
    days.visit(home)
    assert ids(days, app) == []


def test_told_news_leaves_the_list_and_a_new_answer_is_news_again(app: Flask, days: Days, make: Factory) -> None:
    child = days.child(make.household())
    referral = answered(app, make, days, child, WAITS)
    officer = make.viewer("officer", user=make.user("officer", office=_office_of(app, referral)))
    with app.app_context():
        telling.tell(days.viewer, [(referral.id, 3)])
        db.session.commit()
        assert days.round().news == []
        answering.answer(officer, referral.id, 3, placed(), today())
        db.session.commit()
        assert [each.id for each in days.round().news] == [referral.id]


def _office_of(app: Flask, referral: Referral) -> Office:
    with app.app_context():
        office = db.session.get_one(Office, referral.office_id)
        db.session.expunge_all()
        return office


def test_no_news_is_brought_of_a_child_who_died(app: Flask, days: Days, make: Factory) -> None:
    child = days.child(make.household())
    answered(app, make, days, child)
    with app.app_context():
        db.session.get_one(Child, child.id).status = "deceased"
        db.session.commit()
        assert days.round().news == []


def test_a_round_opens_what_it_shows_and_no_child_that_it_does_not_name(app: Flask, days: Days, make: Factory) -> None:
    for _ in range(3):
        days.assess(days.child(make.household()), CALM)
    with app.test_request_context(), opened_fields() as opened:
        for family in days.round().families:
            shown.title(family, days.viewer)
            shown.place(family, days.viewer)
            shown.phone_of(family, days.viewer)
            why(family, days)
    fields = [field for field, _ in opened]
    assert set(fields) == {"guardian.name", "guardian.phone", "household.address", "risk_assessment.answers"}


def test_the_number_of_statements_does_not_depend_on_how_many_are_due(app: Flask, days: Days, make: Factory) -> None:
    child = days.child(make.household())
    answered(app, make, days, child)
    one = count_statements(app, days.round)
    for number in range(5):
        home = make.household(block_id=make.block(name=f"{number + 1}幢").id)
        answered(app, make, days, days.child(home))
        overdue(app, make, days, days.child(home))
    assert count_statements(app, days.round) == one
