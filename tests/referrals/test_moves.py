"""Moves: each side makes those of the procedure and no other; sending again, and handing on."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from registry.database import db
from registry.referrals import confidential, moving, queries, reopening, service
from registry.referrals.answers import answering
from registry.referrals.answers.came_back import Slip
from registry.referrals.errors import UnfitAnswerError
from registry.referrals.models import Referral, ReferralStep
from sop.identity import BirthDate
from sop.referral import MOVES, Answer, ForbiddenMove, Move, Side, State
from tests.client import OPENER
from tests.factories import COMMUNITY, VILLAGE

COUNTY = f"{COMMUNITY[:6]}000000"
ON = date(2026, 11, 20)
LATER = ON + timedelta(days=3)


@pytest.fixture
def office(make):
    return make.office("clinic", COUNTY, serves=(("vaccination", COUNTY),))


@pytest.fixture
def second(make):
    return make.office("clinic", COUNTY)


@pytest.fixture
def officer(make, office):
    return make.viewer("officer", user=make.user("officer", office=office))


@pytest.fixture
def registrar(make):
    return make.viewer("registrar")


@pytest.fixture
def referred(make, office, registrar):
    """Return a function: a referral for vaccination in a state, from the registrar to the office."""

    def refer(state="sent", **values):
        child = values.pop("child", None) or make.child(birth=BirthDate(2021, 6, 14))
        sender = SimpleNamespace(id=registrar.office_id)
        days = {"service": "vaccination", "sent_on": ON, "accept_by": ON, "answer_by": ON}
        if state == "closed":
            days["closed_on"] = ON
        return make.referral(child, values.pop("office", office), from_office=sender, state=state, **days | values)

    return refer


def on_paper(who, referral_id, version, given, on):
    return answering.answer_by_slip(who, referral_id, version, given, Slip(on), on)


def verbs(second):
    """Return what each side does to make a move: a function of viewer and referral."""
    of_office = {
        Move.APPOINT: lambda who, what, verb: verb(who, what.id, 1, Answer("03", day=LATER), ON),
        Move.RECORD_INTERIM: lambda who, what, verb: verb(who, what.id, 1, Answer("09"), ON),
        Move.CLOSE: lambda who, what, verb: verb(who, what.id, 1, Answer("05"), ON),
    }
    answers = {
        (side, move): lambda who, what, act=act, verb=verb: act(who, what, verb)
        for side, verb in (
            (Side.RECEIVER, answering.answer),
            (Side.SENDER, answering.answer),
            (Side.SLIP, on_paper),
        )
        for move, act in of_office.items()
    }
    both = {
        Move.SEND: lambda who, what: moving.send_again(who, what.id, 1, ON),
        Move.ACCEPT: lambda who, what: moving.accept(who, what.id, 1, ON),
        Move.RETURN_: lambda who, what: moving.return_(who, what.id, 1, "not_our_area", None, ON),
        Move.WITHDRAW: lambda who, what: moving.withdraw(who, what.id, 1, "mistake", ON),
        Move.HAND_ON: lambda who, what: moving.hand_on(who, what.id, 1, second.id, "not_our_area", ON),
        Move.REOPEN: lambda who, what: reopening.reopen(who, what.id, 1, "not_done", ON),
    }
    sides = {(side, move): act for side in (Side.SENDER, Side.RECEIVER) for move, act in both.items()}
    returned = "other", None, Slip(ON), ON
    slip = {(Side.SLIP, Move.RETURN_): lambda who, what: answering.return_by_slip(who, what.id, 1, *returned)}
    return answers | sides | slip


@pytest.mark.database
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("side", Side)
def test_each_side_makes_the_moves_of_the_procedure_and_no_other(
    context, *, referred, second, officer, registrar, state, side
):
    who = officer if side is Side.RECEIVER else registrar
    for (acting, move), act in verbs(second).items():
        if acting is not side:
            continue
        referral = referred(state.value)
        sides, after = MOVES.get((state, move), (frozenset(), state))
        if side in sides:
            moved = act(who, referral)
            assert (moved.state, moved.version) == (after, 2)
            steps = db.session.scalars(select(ReferralStep).where(ReferralStep.referral_id == referral.id)).all()
            assert [(step.move, step.state) for step in steps] == [(move.value, after)]
        else:
            with pytest.raises(ForbiddenMove):
                act(who, referral)
            db.session.rollback()
            now_is = db.session.get_one(Referral, referral.id)
            assert (now_is.state, now_is.version) == (state, 1)
        db.session.commit()


def test_every_move_of_the_procedure_has_a_verb_here(second):
    asked = {(side, move) for (_state, move), (sides, _after) in MOVES.items() for side in sides}
    assert asked <= verbs(second).keys()


@pytest.mark.parametrize("stranger", ["officer", "registrar", "supervisor"])
def test_for_everybody_else_a_referral_is_absent_whatever_they_try(context, make, referred, second, stranger):
    who = make.viewer(stranger)
    referral = referred("accepted")
    for act in verbs(second).values():
        with pytest.raises(NotFound):
            act(who, referral)
    db.session.expire_all()
    assert db.session.get_one(Referral, referral.id).version == 1


@pytest.mark.database
def test_handed_on_it_is_the_next_offices_and_the_first_sees_nothing_more(context, make, referred, second, officer):
    there = make.viewer("officer", user=make.user("officer", office=second))
    referral = referred("accepted", outcome_kind="interim")
    moved = moving.hand_on(officer, referral.id, 1, second.id, "not_our_area", ON)
    db.session.commit()
    assert (moved.state, moved.office_id, moved.sent_on, moved.accepted_on) == ("sent", second.id, ON, None)
    assert (moved.outcome_kind, moved.outcome.open(OPENER)) == (None, None)
    step = db.session.scalars(select(ReferralStep)).one()
    assert step.details.open(OPENER) == {"from": officer.office_id.hex, "to": second.id.hex}
    with pytest.raises(NotFound):
        queries.one(officer, referral.id)
    assert queries.one(there, referral.id).id == referral.id


@pytest.mark.database
def test_passed_round_it_gains_no_time_and_stays_with_its_supervisor_until_somebody_accepts(
    context, make, *, referred, office, second, officer
):
    there = make.viewer("officer", user=make.user("officer", office=second))
    long_ago, week = date(2026, 10, 1), timedelta(days=7)
    referral = referred("accepted", climbed=1, climbed_to=COUNTY, accept_by=long_ago, answer_by=long_ago)
    moved = moving.hand_on(officer, referral.id, 1, second.id, "not_our_area", ON)
    assert (moved.due_on, moved.answer_by) == (ON + week, ON + week), "five working days, and no more to answer"
    assert (moved.climbed, moved.climbed_to) == (1, COUNTY)
    moved = moving.hand_on(there, referral.id, 2, office.id, "not_our_service", ON + week)
    assert (moved.due_on, moved.answer_by, moved.climbed) == (ON + 2 * week, ON + 2 * week, 1)
    moved = moving.accept(officer, referral.id, 3, ON + week)
    assert (moved.due_on, moved.climbed, moved.climbed_to) == (ON + 2 * week, 0, None)


def test_handed_on_early_it_keeps_the_day_to_answer(context, referred, second, officer):
    far = ON + timedelta(days=60)
    moved = moving.hand_on(officer, referred("sent", answer_by=far).id, 1, second.id, "not_our_area", ON)
    assert (moved.due_on, moved.answer_by) == (ON + timedelta(days=7), far)


@pytest.mark.database
def test_what_is_accepted_when_the_day_to_answer_has_passed_too_stays_with_its_supervisor(context, referred, officer):
    before = ON - timedelta(days=1)
    late = referred("sent", climbed=2, climbed_to=COUNTY, accept_by=before, answer_by=before)
    in_time = referred("sent", climbed=2, climbed_to=COUNTY, accept_by=before, answer_by=ON)
    moved = moving.accept(officer, late.id, 1, ON)
    assert (moved.due_on, moved.climbed, moved.climbed_to) == (before, 2, COUNTY)
    moved = moving.accept(officer, in_time.id, 1, ON)
    assert (moved.due_on, moved.climbed, moved.climbed_to) == (ON, 0, None)


@pytest.mark.database
def test_what_came_back_is_to_be_sent_again_within_the_days_of_the_procedure(context, *, referred, officer, registrar):
    again, back = referred("accepted"), referred("accepted")
    for each in (again, back):
        moved = moving.return_(officer, each.id, 1, "not_our_area", None, ON)
        assert (moved.due_on, moved.resend_by) == (None, date(2026, 11, 25)), "three working days from a Friday"
    sent, withdrawn = (
        moving.send_again(registrar, again.id, 2, ON),
        moving.withdraw(registrar, back.id, 2, "mistake", ON),
    )
    assert (sent.resend_by, withdrawn.resend_by) == (None, None)
    assert sent.due_on == ON + timedelta(days=7)


def whole(referral_id):
    """Return all that a row holds."""
    db.session.expire_all()
    row = db.session.get_one(Referral, referral_id)
    steps = db.session.scalars(select(ReferralStep.id).where(ReferralStep.referral_id == referral_id)).all()
    return {each.key: getattr(row, each.key) for each in Referral.__table__.columns}, steps


@pytest.mark.database
@pytest.mark.parametrize("kept", [True, False])
def test_nothing_is_sent_again_while_nobody_answers_and_nothing_of_it_is_changed(
    make, client_as, *, referred, office, registrar, kept
):
    referral = referred("returned")
    sender = make.user("registrar", office=SimpleNamespace(id=registrar.office_id))
    browser = client_as(sender)
    with browser.app.app_context():
        if not kept:
            db.session.get_one(type(office), office.id).closed_on = ON
            db.session.commit()
        before = whole(referral.id)
    page = browser.get(f"/referrals/sent/{referral.id}")
    done = page.submit(form="form[action$='send-again']", status=200)
    with browser.app.app_context():
        assert (whole(referral.id) == before) is not kept
        assert db.session.get_one(Referral, referral.id).state == ("sent" if kept else "returned")
    assert done.select(".app-notice--done")


def test_only_an_open_office_of_the_city_that_may_answer_takes_it(context, make, referred, office, second, officer):
    closed = make.office("clinic", COUNTY)
    with context.app_context():
        db.session.get_one(type(closed), closed.id).closed_on = ON
        db.session.commit()
    elsewhere, school = make.office("clinic", VILLAGE), make.office("education", COUNTY)
    referral = referred("accepted")
    offered = queries.offices_that_may_take(officer, db.session.get_one(Referral, referral.id))
    assert [each.id for each in offered] == [second.id]
    for other in (closed, elsewhere, school, office):
        with pytest.raises(UnfitAnswerError, match="office"):
            moving.hand_on(officer, referral.id, 1, other.id, "not_our_area", ON)
        db.session.rollback()
    with pytest.raises(UnfitAnswerError, match="reason"):
        moving.hand_on(officer, referral.id, 1, second.id, "no such reason", ON)


@pytest.mark.database
def test_a_confidential_one_is_handed_on_without_a_plain_word(context, make, registrar):
    served = (("legal_aid", COUNTY),)
    first, then = make.office("legal_aid", COUNTY, serves=served), make.office("legal_aid", COUNTY)
    officer = make.viewer("officer", user=make.user("officer", office=first))
    child = make.child()
    sent = service.send(registrar, child.id, "legal_aid", (), COMMUNITY, ON)
    db.session.commit()
    moved = moving.hand_on(officer, sent.id, 1, then.id, "not_our_area", ON)
    db.session.commit()
    assert (moved.office_id, moved.service) == (None, "confidential")
    assert confidential.is_at(moved, then.id)
    assert not confidential.is_at(moved, first.id)


def test_the_second_of_two_officers_who_hand_it_on_is_told(make, client_as, referred, office, second, language):
    third = make.office("clinic", COUNTY)
    referral = referred("accepted")
    ours, theirs = (client_as(make.user("officer", office=office), language=language) for _ in range(2))
    late = theirs.get(f"/referrals/{referral.id}")
    ours.get(f"/referrals/{referral.id}").submit(
        {"return-reason": "not_our_area"}, form="form[action$=return]", status=200
    )
    told = late.submit({"hand-office": third.id, "hand-reason": "other"}, form="form[action$='hand-on']", status=409)
    assert told.select(".app-notice--warn")
    assert not told.select("form[action$='hand-on']")
    with ours.app.app_context():
        assert db.session.get_one(Referral, referral.id).office_id == office.id


def test_an_officer_hands_on_from_the_page_and_both_sides_read_from_where_to_where(
    make, client_as, *, referred, office, second, registrar, language
):
    referral = referred("accepted")
    browser = client_as(make.user("officer", office=office), language=language)
    page = browser.get(f"/referrals/{referral.id}")
    refused = page.submit(form="form[action$='hand-on']", status=422)
    assert list(refused.errors) == ["hand-office", "hand-reason"]
    done = refused.submit(
        {"hand-office": second.id, "hand-reason": "family_moved"}, form="form[action$='hand-on']", status=200
    )
    assert done.path == "/referrals/"
    browser.get(f"/referrals/{referral.id}", status=404)
    there = client_as(make.user("officer", office=second), language=language).get(f"/referrals/{referral.id}")
    names = {"zh": (office.name_zh, second.name_zh), "en": (office.name_en, second.name_en)}[language]
    assert all(name in there.select(".app-timeline")[0].get_text() for name in names)
