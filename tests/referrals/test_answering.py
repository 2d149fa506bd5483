"""What an office answers by its service: what each outcome asks for, what it writes back, and where it is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from registry.children.models import Change, Child, ChildAnswer, Schooling
from registry.database import db
from registry.referrals.answers import answering
from registry.referrals.errors import UnfitAnswerError
from registry.referrals.models import Referral
from sop.identity import BirthDate
from sop.referral import Answer
from sop.version import in_force
from tests.client import OPENER
from tests.factories import COMMUNITY
from tests.referrals.sending import details, have_doses, kept, office_of, placed, send

ON = date(2026, 11, 20)
SERVICES = in_force(ON).services
OUTCOMES = [(code, each.code) for code, service in SERVICES.items() for each in service.outcomes]
ITEMS = dict.fromkeys(SERVICES["identity"].items, "agrees")
PUPIL, KINDERGARTNER = BirthDate(2018, 3, 2), BirthDate(2022, 3, 2)


@pytest.fixture
def registrar(make):
    return make.user("registrar", office=make.office("community", COMMUNITY))


@pytest.fixture
def referred(app, make, registrar):
    """Return a function that lets an office of a service have a child, and returns (referral, officer's viewer)."""

    offices = {}

    def to_office(code, birth=PUPIL, child_id=None, doses=None):
        office = offices[code] = offices.get(code) or office_of(make, code)
        child_id = child_id or make.child(birth=birth, school="none", certificate="none").id
        referral = send(make, registrar, child_id, code, "accepted")
        if doses:
            have_doses(app, child_id, doses)
        return referral, make.viewer(user=make.user("officer", office=office))

    return to_office


def give(app, referral, officer, given, on=ON):
    with app.app_context():
        answering.answer(officer, referral.id, db.session.get_one(Referral, referral.id).version, given, on)
        db.session.commit()


def fault_of(app, referral, officer, given):
    with app.app_context(), pytest.raises(UnfitAnswerError) as refused:
        answering.answer(officer, referral.id, referral.version, given, ON)
    return refused.value.field


def whole(code, outcome):
    """Return an answer with all that an outcome asks for."""
    asked = SERVICES[code].outcome(outcome)
    return Answer(
        outcome,
        reason=next(iter(asked.reasons), None),
        day=ON if asked.asks else None,
        alternative=next(iter(asked.alternative), None),
        begins=ON if "begins" in asked.takes else None,
        school_kind="public" if "school_kind" in asked.takes else None,
        items=dict.fromkeys(SERVICES[code].items, "agrees"),
    )


def fit_for(code, outcome):
    """Return when a child was born of whom an outcome may be told."""
    return KINDERGARTNER if SERVICES[code].outcome(outcome).below_school_age else PUPIL


def spells(app, child_id):
    with app.app_context():
        rows = db.session.scalars(select(Schooling).where(Schooling.child_id == child_id).order_by(Schooling.id)).all()
        return [
            (each.stage, each.kind.open(OPENER), each.school.open(OPENER), each.from_month, each.to_month, each.told_by)
            for each in rows
        ]


# Every service


@pytest.mark.parametrize(("code", "outcome"), OUTCOMES)
def test_every_outcome_of_every_service_may_be_given_and_says_what_becomes_of_it(app, referred, code, outcome):
    referral, officer = referred(code, fit_for(code, outcome), doses="complete")
    give(app, referral, officer, whole(code, outcome))
    asked = SERVICES[code].outcome(outcome)
    state = "closed" if asked.kind != "interim" else asked.state or "accepted"
    assert kept(app, referral)[:2] == (state, outcome)


@pytest.mark.parametrize(("code", "outcome"), OUTCOMES)
def test_no_outcome_passes_without_what_it_asks_for(app, referred, code, outcome):
    asked = SERVICES[code].outcome(outcome)
    missing = [
        *(["reason"] if asked.reasons else []),
        *(["day"] if asked.asks else []),
        *(["alternative"] if asked.alternative else []),
        *(each for each in ("school_kind", "begins") if each in asked.takes),
        *(["items"] if SERVICES[code].items and asked.kind == "solved" else []),
    ]
    referral, officer = referred(code, fit_for(code, outcome))
    for field in missing:
        left_out = replace(whole(code, outcome), **{field: None})
        assert fault_of(app, referral, officer, left_out) == field
    assert kept(app, referral)[:2] == ("accepted", None)


# Education


@pytest.mark.database
def test_an_answer_of_the_school_authority_writes_kind_name_grade_and_first_day_into_the_file(app, referred):
    referral, officer = referred("education")
    begins = date(2027, 2, 22)
    told = Answer("46", school="示例小学", school_kind="migrant", grade=3, begins=begins)
    give(app, referral, officer, told)
    assert spells(app, referral.child_id) == [
        ("none", None, None, "2025-09", "2027-02", "guardian"),
        ("primary", "migrant", "示例小学", "2027-02", None, "office"),
    ]
    assert details(app, referral) == {
        "school": "示例小学",
        "school_kind": "migrant",
        "grade": 3,
        "begins": "2027-02-22",
    }
    with app.app_context():
        row = db.session.scalars(select(ChildAnswer)).one()
        assert (row.question, row.value.open(OPENER), row.answered_on) == (
            "grade_class",
            {"grade_class": "小学三年级"},
            begins,
        )
        told_by = {(each.subject, each.reason) for each in db.session.scalars(select(Change))}
        assert told_by == {("schooling", "office"), ("answer", "office")}


@pytest.mark.database
def test_a_second_grade_takes_the_place_of_the_first_and_the_history_keeps_both(app, referred):
    referral, officer = referred("education")
    give(app, referral, officer, placed(grade=3))
    again, officer = referred("education", child_id=referral.child_id)
    give(app, again, officer, placed(grade=4))
    with app.app_context():
        row = db.session.scalars(select(ChildAnswer)).one()
        assert (row.version, row.value.open(OPENER)) == (2, {"grade_class": "小学四年级"})
        changes = db.session.scalars(select(Change).where(Change.field == "grade_class").order_by(Change.id)).all()
        assert [(each.before.open(OPENER), each.after.open(OPENER)) for each in changes] == [
            (None, {"grade_class": "小学三年级"}),
            ({"grade_class": "小学三年级"}, {"grade_class": "小学四年级"}),
        ]


def test_a_school_that_began_before_the_present_answer_was_given_does_not_overlap_it(app, referred):
    referral, officer = referred("education")
    give(app, referral, officer, Answer("11", begins=date(2024, 9, 1)))
    assert [each[3:5] for each in spells(app, referral.child_id)] == [("2025-09", "2025-09"), ("2025-09", None)]


@pytest.mark.parametrize("outcome", ["42", "49"])
def test_an_alternative_is_required_only_where_a_child_of_compulsory_age_is_refused(app, referred, outcome):
    refused = Answer(outcome, reason="no_permit")
    referral, officer = referred("education")
    assert fault_of(app, referral, officer, refused) == "alternative"
    assert fault_of(app, referral, officer, replace(refused, alternative="none_of_the_list")) == "alternative"
    give(app, referral, officer, replace(refused, alternative="waiting_list"))
    assert details(app, referral) == {"alternative": "waiting_list"}
    younger, officer = referred("education", KINDERGARTNER)
    give(app, younger, officer, refused)
    assert kept(app, younger)[:2] == ("closed", outcome)
    assert details(app, younger) is None


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Answer("00"), "outcome"),
        (placed("46", school_kind="castle"), "school_kind"),
        (placed(grade=13), "grade"),
        (placed(grade=-1), "grade"),
        (placed(begins=None), "begins"),
        (Answer("11", begins=date(2018, 2, 28)), "begins"),
        (Answer("11", begins=ON + timedelta(days=367)), "begins"),
        (Answer("32", day=ON - timedelta(days=1)), "day"),
        (Answer("31", day=ON), "school_age"),
        (placed("15"), "school_age"),
        (placed("16"), "school_age"),
        (Answer("42", reason="cost", alternative="waiting_list"), "reason"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_kept(app, referred, given, field):
    referral, officer = referred("education")
    assert fault_of(app, referral, officer, given) == field
    assert kept(app, referral)[:2] == ("accepted", None)
    assert len(spells(app, referral.child_id)) == 1


@pytest.mark.parametrize("begins", [date(2018, 3, 1), ON + timedelta(days=366)])
def test_a_first_day_may_lie_between_the_month_of_birth_and_a_year_from_now(app, referred, begins):
    referral, officer = referred("education")
    give(app, referral, officer, Answer("11", begins=begins))
    assert kept(app, referral)[0] == "closed"


@pytest.mark.parametrize(
    ("begins", "grade", "words"),
    [
        (ON, None, "小学三年级"),
        (date(2024, 9, 1), None, "小学三年级"),
        (date(2027, 9, 1), None, "小学四年级"),
        (ON, 2, "小学二年级"),
    ],
)
def test_where_no_grade_is_told_it_is_the_one_due_by_age_on_the_first_day_there(app, referred, begins, grade, words):
    referral, officer = referred("education")
    give(app, referral, officer, placed(begins=begins, grade=grade))
    with app.app_context():
        assert db.session.scalars(select(ChildAnswer)).one().value.open(OPENER) == {"grade_class": words}


def test_an_entrant_of_next_september_is_placed_in_the_first_grade(app, referred):
    referral, officer = referred("education", BirthDate(2021, 3, 2))
    give(app, referral, officer, placed(begins=date(2027, 9, 1)))
    assert details(app, referral) == {"grade": 1, "begins": "2027-09-01"}
    assert [each[0] for each in spells(app, referral.child_id)] == ["none", "primary"]


def test_all_that_is_missing_is_named_at_once(app, referred):
    referral, officer = referred("education")
    with app.app_context(), pytest.raises(UnfitAnswerError) as refused:
        answering.answer(officer, referral.id, referral.version, Answer("42"), ON)
    assert (refused.value.field, refused.value.also) == ("reason", ("alternative",))


# Police


@pytest.mark.parametrize(
    ("outcome", "items"),
    [
        ("113", {**ITEMS, "shoe_size": "agrees"}),
        ("113", {**ITEMS, "name": "perhaps"}),
        ("113", dict(list(ITEMS.items())[1:])),
        ("142", {"shoe_size": "agrees"}),
        ("142", {"name": "perhaps"}),
    ],
)
def test_only_the_items_of_the_service_have_a_result_and_in_a_solved_answer_all_of_them(app, referred, outcome, items):
    referral, officer = referred("identity")
    assert fault_of(app, referral, officer, Answer(outcome, items=items)) == "items"


def test_an_interim_answer_may_have_compared_some_items(app, referred):
    referral, officer = referred("identity")
    give(app, referral, officer, Answer("142", items={"hukou": "not_found"}))
    assert details(app, referral) == {"items": {"hukou": "not_found"}}


def columns(app, model, row_id):
    with app.app_context():
        row = db.session.get_one(model, row_id)
        return {each.key: getattr(row, each.key) for each in model.__table__.columns}


@pytest.mark.database
@pytest.mark.parametrize("result", ["agrees", "differs", "not_found"])
def test_what_the_police_find_is_kept_with_the_answer_and_changes_nothing_else(app, referred, result):
    referral, officer = referred("identity")
    before = columns(app, Child, referral.child_id)
    give(app, referral, officer, Answer("113", items=dict.fromkeys(ITEMS, result)))
    assert details(app, referral) == {"items": dict.fromkeys(ITEMS, result)}
    assert columns(app, Child, referral.child_id) == before
    with app.app_context():
        assert db.session.scalars(select(Change)).all() == []
        assert db.session.scalars(select(Referral)).one().id == referral.id, "nothing was raised from it"
