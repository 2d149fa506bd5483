"""Referrals are sent to the office that serves the area, moved only by who may, and write back what they answer."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from registry.audit.models import AuditEvent
from registry.children.models import Child, Schooling
from registry.clock import today
from registry.database import db
from registry.i18n import spoken
from registry.referrals import moving, service, shown
from registry.referrals.answers import answering
from registry.referrals.errors import AlreadyOpenError, NoOfficeError, StaleVersionError, UnfitAnswerError
from registry.referrals.models import Referral, ReferralStep
from sop.content import Reason, Text
from sop.identity import BirthDate
from sop.referral import Answer
from sop.version import in_force
from tests.client import OPENER
from tests.factories import COMMUNITY, ELSEWHERE
from tests.referrals.sending import placed

pytestmark = pytest.mark.usefixtures("context")
COUNTY = f"{COMMUNITY[:6]}000000"
ON = date(2026, 11, 20)


@pytest.fixture
def office(make):
    return make.office("education", COUNTY, serves=(("education", COUNTY), ("vaccination", COUNTY)))


@pytest.fixture
def officer(make, office):
    return make.viewer("officer", user=make.user("officer", office=office))


@pytest.fixture
def registrar(make):
    return make.viewer("registrar")


@pytest.fixture
def child(make):
    return make.child(birth=BirthDate(2019, 6, 14), school="none")


def referral_in(make, child, office, registrar, state="sent", **values):
    sender = SimpleNamespace(id=registrar.office_id)
    return make.referral(child, office, from_office=sender, state=state, **values)


# Proposals


@pytest.mark.parametrize(
    ("birth", "on", "services"),
    [
        (BirthDate(2020, 8, 31), date(2026, 9, 1), ["education"]),  # six by 31 August
        (BirthDate(2020, 9, 1), date(2026, 9, 1), []),  # a day later: next year
        (BirthDate(2020, 9, 1), date(2027, 9, 1), ["education"]),
        (BirthDate(2020, 8), date(2026, 9, 1), ["education"]),
        (BirthDate(2011, 9, 1), date(2026, 11, 20), ["education"]),  # grade 9
        (BirthDate(2011, 8, 31), date(2026, 11, 20), ["non_formal_education"]),  # beyond compulsory school
    ],
)
def test_a_place_in_school_is_proposed_by_the_31_august_rule(office, birth, on, services):
    found = service.proposals(birth, "none", "seen", COMMUNITY, on)
    assert [each.service.code for each in found] == services
    assert all(each.office.id == office.id for each in found if each.service.code == "education")


@pytest.mark.parametrize(
    ("certificate", "services"), [("none", 1), ("no_dose", 1), ("seen", 0), ("refused", 0), ("unknown", 0)]
)
def test_vaccination_is_proposed_where_there_is_no_certificate_or_no_dose(certificate, services):
    found = service.proposals(BirthDate(2024, 1, 5), "none", certificate, COMMUNITY, ON)
    assert [each.service.code for each in found] == ["vaccination"] * services


def test_a_proposal_says_that_no_office_serves_the_area_and_that_the_calendar_ends(app, monkeypatch):
    (proposed,) = service.proposals(BirthDate(2019, 6, 14), "none", "seen", ELSEWHERE, ON)
    assert proposed.office is None
    assert proposed.deadlines.answer_by > date(2026, 12, 31)
    monkeypatch.setattr(shown, "today", lambda: ON)
    with app.test_request_context(), spoken("zh"):
        (item,) = shown.proposal_items([proposed])
    assert in_force(ON).say("warn_calendar", "zh", year=2027) in item["terms"]


# Sending


@pytest.mark.database
def test_a_referral_goes_to_the_office_that_serves_the_area_with_its_limits(registrar, child, office):
    reasons = (Reason("school_needed", {"age": 7, "grade": Text("小学二年级", "Primary 2")}),)
    sent = service.send(registrar, child.id, "education", reasons, COMMUNITY, date(2026, 9, 18))
    assert (sent.office_id, sent.state, sent.version) == (office.id, "sent", 1)
    assert (sent.accept_by, sent.answer_by) == (date(2026, 10, 9), date(2026, 11, 5))
    step = db.session.scalars(select(ReferralStep)).one()
    assert (step.move, step.state, step.child_id) == ("send", "sent", child.id)
    db.session.commit()
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "referral_sent")).one()
    assert event.details == {"referral": str(sent.id), "service": "education", "office": str(office.id)}


@pytest.mark.database
def test_a_child_has_one_open_referral_of_a_service(registrar, child, office):
    service.send(registrar, child.id, "education", (), COMMUNITY, ON)
    with pytest.raises(AlreadyOpenError):
        service.send(registrar, child.id, "education", (), COMMUNITY, ON)
    service.send(registrar, child.id, "vaccination", (), COMMUNITY, ON)
    assert len(db.session.scalars(select(Referral)).all()) == 2


def test_nothing_is_sent_where_no_office_answers(make, registrar, child):
    with pytest.raises(NoOfficeError):
        service.send(registrar, child.id, "education", (), make.area(ELSEWHERE), ON)
    assert db.session.scalars(select(Referral)).all() == []


# Who may move what


@pytest.mark.database
def test_the_second_of_two_officers_is_told_that_the_first_was_quicker(make, child, office, officer, registrar):
    referral = referral_in(make, child, office, registrar)
    moving.accept(officer, referral.id, 1, ON)
    with pytest.raises(StaleVersionError):
        moving.return_(officer, referral.id, 1, "not_our_area", None, ON)
    assert db.session.get_one(Referral, referral.id).state == "accepted"


# Answers


@pytest.fixture
def accepted(make, child, office, registrar):
    return referral_in(make, child, office, registrar, "accepted")


@pytest.mark.database
def test_a_solved_answer_closes_and_records_the_school_in_the_file(officer, child, accepted):
    given = placed("12", school="采菱小学", note="九月入学")
    closed = answering.answer(officer, accepted.id, 1, given, ON)
    assert (closed.state, closed.outcome.open(OPENER), closed.outcome_kind, closed.closed_on) == (
        "closed",
        "12",
        "solved",
        ON,
    )
    spells = db.session.scalars(select(Schooling).order_by(Schooling.id)).all()
    assert [(one.stage, one.kind.open(OPENER), one.told_by) for one in spells] == [
        ("none", None, "guardian"),
        ("primary", "purchased", "office"),
    ]
    assert spells[0].to_month == "2026-11"
    assert spells[1].school.open(OPENER) == "采菱小学"
    step = db.session.scalars(select(ReferralStep)).one()
    assert (step.move, step.outcome.open(OPENER), step.note.open(OPENER)) == ("close", "12", "九月入学")
    moved = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "referral_moved")).one()
    assert moved.details == {
        "referral": str(accepted.id),
        "move": "close",
        "state": "closed",
        "outcome": "solved",
    }


def test_the_stage_recorded_is_the_one_of_the_grade_due(make, office, officer, registrar):
    child = make.child(birth=BirthDate(2013, 9, 1), school="none")
    referral = referral_in(make, child, office, registrar, "accepted")
    answering.answer(officer, referral.id, 1, placed(), ON)
    assert db.session.scalars(select(Schooling.stage).where(Schooling.told_by == "office")).all() == ["junior"]


def test_an_interim_answer_is_kept_and_stops_no_clock(officer, accepted):
    kept = answering.answer(officer, accepted.id, 1, Answer("43"), ON)
    assert (kept.state, kept.outcome.open(OPENER), kept.outcome_kind, kept.closed_on) == (
        "accepted",
        "43",
        "interim",
        None,
    )
    assert kept.answer_by == accepted.answer_by
    assert db.session.scalars(select(Schooling).where(Schooling.told_by == "office")).all() == []


def test_an_appointment_is_a_state_of_its_own_with_its_day(make, child, office, officer, registrar):
    referral = referral_in(make, child, office, registrar, "accepted", service="vaccination")
    moved = answering.answer(officer, referral.id, 1, Answer("03", day=ON + timedelta(days=3)), ON)
    assert (moved.state, moved.recall_on, moved.closed_on) == ("appointed", ON + timedelta(days=3), None)


def test_a_vaccination_answer_is_recorded_in_the_file(make, child, office, officer, registrar):
    referral = referral_in(make, child, office, registrar, "accepted", service="vaccination")
    db.session.get_one(Child, child.id).certificate = "none"
    answering.answer(officer, referral.id, 1, Answer("07"), ON)
    db.session.expire_all()
    assert db.session.get_one(Child, child.id).certificate == "seen"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Answer("77"), "outcome"),
        (Answer("42"), "reason"),
        (Answer("42", reason="cost"), "reason"),  # a reason of another outcome
        (Answer("31", day=ON + timedelta(days=90)), "school_age"),
        (Answer("32"), "day"),
        (Answer("32", day=ON - timedelta(days=1)), "day"),
        (Answer("32", day=ON + timedelta(days=732)), "day"),
    ],
)
def test_an_answer_without_what_its_outcome_asks_for_is_refused(officer, accepted, given, field):
    with pytest.raises(UnfitAnswerError) as refused:
        answering.answer(officer, accepted.id, 1, given, ON)
    assert refused.value.field == field


def test_a_reason_that_no_list_holds_is_refused(officer, accepted):
    with pytest.raises(UnfitAnswerError):
        moving.return_(officer, accepted.id, 1, "no reason at all", None, ON)


def test_sent_again_the_limits_start_anew(make, child, office, registrar):
    referral = referral_in(make, child, office, registrar, "returned", accepted_on=ON)
    again = moving.send_again(registrar, referral.id, 1, date(2026, 9, 18))
    assert (again.state, again.sent_on, again.accept_by) == ("sent", date(2026, 9, 18), date(2026, 10, 9))
    assert again.accepted_on is None


def test_a_protected_child_is_absent_from_the_offices_list(make, office, officer, registrar):
    child = make.child(protected=True)
    referral = referral_in(make, child, office, registrar)
    for who in (officer, registrar):
        with pytest.raises(NotFound):
            moving.withdraw(who, referral.id, 1, "mistake", today())
