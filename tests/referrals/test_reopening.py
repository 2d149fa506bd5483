"""Opening again what was closed: where and how long it may be, at which office it goes on, what is taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from registry.children.models import Child, Episode
from registry.clock import today
from registry.database import db
from registry.referrals import confidential, moving, queries, reopening, service
from registry.referrals.answers import answering
from registry.referrals.errors import (
    AlreadyOpenError,
    NoOfficeError,
    NotAgreedError,
    NotReopenedError,
    StaleVersionError,
    UnfitAnswerError,
)
from registry.referrals.models import Proposal, Referral, ReferralStep
from sop.identity import BirthDate
from sop.referral import Answer, Hindrance, Side
from sop.version import in_force
from tests.client import OPENER
from tests.factories import COMMUNITY, VILLAGE

COUNTY = f"{COMMUNITY[:6]}000000"
ON = today()
SERVICES = in_force(ON).services
PUPIL = BirthDate(2017, 3, 2)


@pytest.fixture
def office(make):
    served = ("vaccination", "education", "identity", "legal_aid")
    return make.office("clinic", COUNTY, serves=tuple((code, COUNTY) for code in served))


@pytest.fixture
def second(make):
    return make.office("clinic", COUNTY)


@pytest.fixture
def ours(make):
    return make.office()


@pytest.fixture
def officer(make, office):
    return make.viewer("officer", user=make.user("officer", office=office))


@pytest.fixture
def registrar(make, ours):
    return make.viewer(user=make.user(office=ours))


@pytest.fixture
def closed(make, office, ours):
    """Return a function: a referral that our office sent and the office closed today, of a service."""

    def close(code="vaccination", child=None, **values):
        child = child or make.child(birth=PUPIL, school="none", certificate="none")
        told = {"service": code, "state": "closed", "closed_on": ON, "outcome_kind": "unsolved"}
        return make.referral(child, values.pop("office", office), from_office=ours, **told | values)

    return close


def whole(referral_id):
    """Return all that a row holds, and its steps."""
    db.session.expire_all()
    row = db.session.get_one(Referral, referral_id)
    steps = db.session.scalars(select(ReferralStep.id).where(ReferralStep.referral_id == referral_id)).all()
    return {each.key: getattr(row, each.key) for each in Referral.__table__.columns}, steps


def leaves(child_id, how):
    """Let a child no longer be on the register where it was."""
    episode, child = update(Episode).where(Episode.child_id == child_id), update(Child).where(Child.id == child_id)
    db.session.execute(
        {
            "elsewhere": episode.values(area_code=VILLAGE),
            "left": episode.values(status="left"),
            "no file wanted": episode.values(status="withdrawn"),
            "grown up": child.values(status="aged_out"),
            "died": child.values(status="deceased"),
        }[how]
    )
    db.session.commit()


# What it then is


@pytest.mark.database
@pytest.mark.parametrize("side", [Side.SENDER, Side.RECEIVER])
def test_it_is_open_again_with_a_new_limit_and_nothing_of_its_answer(context, *, closed, officer, registrar, side):
    who = officer if side is Side.RECEIVER else registrar
    referral = closed(state="accepted", closed_on=None, answer_by=ON - timedelta(days=9))
    answering.answer(officer, referral.id, 1, Answer("08"), ON)
    moved = reopening.reopen(who, referral.id, 2, "objection", ON)
    db.session.commit()
    assert (moved.state, moved.closed_on, moved.office_id) == ("accepted", None, officer.office_id)
    assert moved.due_on == moved.answer_by > ON + timedelta(days=SERVICES["vaccination"].answer_days)
    assert (moved.outcome_kind, moved.outcome.open(OPENER), moved.recall_on, moved.told_at) == (None,) * 4
    assert queries.one(officer, referral.id).state == "accepted"
    steps = db.session.scalars(select(ReferralStep).order_by(ReferralStep.id)).all()
    assert [step.move for step in steps] == ["close", "reopen"]
    assert steps[0].outcome.open(OPENER) == "08"


@pytest.mark.database
@pytest.mark.parametrize("code", ["vaccination", "legal_aid"])
def test_an_office_that_never_accepted_it_has_it_to_accept_with_limits_of_its_own(
    context, make, *, closed, registrar, office, second, code
):
    referral = closed(code, office=second)
    db.session.get_one(type(second), second.id).closed_on = ON
    db.session.commit()
    moved = reopening.reopen(registrar, referral.id, 1, "not_done", ON)
    db.session.commit()
    assert confidential.is_at(moved, office.id)
    assert not confidential.is_at(moved, second.id)
    assert (moved.state, moved.accepted_on, moved.due_on) == ("sent", None, moved.accept_by)
    assert ON < moved.accept_by < moved.answer_by
    steps = db.session.scalars(select(ReferralStep).order_by(ReferralStep.id)).all()
    assert [(step.move, step.state) for step in steps] == [("reopen", "accepted"), ("hand_on", "sent")]
    assert steps[1].details.open(OPENER) == {"from": second.id.hex, "to": office.id.hex}


@pytest.mark.database
def test_whoever_opened_it_asked_for_it_so_that_no_rule_takes_it_back(context, make, *, closed, officer, registrar):
    child = make.child(birth=PUPIL, school="none", certificate="none")
    reasons = [reason for each in service.proposals(PUPIL, "none", "none", COMMUNITY, ON) for reason in each.reasons]
    sent = service.send(
        registrar, child.id, "education", [each for each in reasons if each.key == "school_needed"], COMMUNITY, ON
    )
    moving.accept(officer, sent.id, 1, ON)
    answering.answer(officer, sent.id, 2, Answer("11", school="示例小学", begins=ON), ON)
    moved = reopening.reopen(registrar, sent.id, 3, "changed", ON)
    db.session.commit()
    assert [each.key for each in confidential.reasons_of(moved, OPENER)] == ["school_needed", "asked"]
    assert not db.session.scalars(select(Proposal).where(Proposal.kind == "withdraw")).all()
    answering.answer(officer, sent.id, 4, Answer("44", reason="other"), ON)
    again = reopening.reopen(officer, sent.id, 5, "changed", ON)
    assert [each.key for each in confidential.reasons_of(again, OPENER)] == ["school_needed", "asked"]


@pytest.mark.database
def test_a_confidential_one_keeps_what_is_sealed(context, make, *, closed, registrar, office):
    referral = closed("legal_aid")
    moved = reopening.reopen(registrar, referral.id, 1, "not_done", ON)
    db.session.commit()
    assert (moved.service, moved.office_id, moved.reasons) == ("confidential", None, None)
    assert confidential.code_of(moved, OPENER) == "legal_aid"
    assert confidential.office_id_of(moved, OPENER) == office.id


# Where and how long it may be


@pytest.mark.database
@pytest.mark.parametrize("how", ["elsewhere", "left", "no file wanted", "grown up", "died"])
@pytest.mark.parametrize("side", [Side.SENDER, Side.RECEIVER])
def test_nobody_opens_again_what_was_asked_for_a_child_that_is_not_there_any_more(
    context, make, *, closed, officer, registrar, side, how
):
    make.office(area=VILLAGE)
    referral = closed()
    leaves(referral.child_id, how)
    before = whole(referral.id)
    with pytest.raises(NotReopenedError) as refused:
        reopening.reopen(officer if side is Side.RECEIVER else registrar, referral.id, 1, "not_done", ON)
    assert refused.value.why is Hindrance.ELSEWHERE
    db.session.commit()
    assert whole(referral.id) == before


@pytest.mark.database
def test_of_merged_files_the_one_that_stands_for_the_child_counts(context, make, *, closed, registrar):
    referral, kept = closed(), make.child(birth=PUPIL)
    db.session.get_one(Child, referral.child_id).merged_into = kept.id
    db.session.execute(update(Episode).where(Episode.child_id == referral.child_id).values(latest=False))
    db.session.commit()
    assert reopening.reopen(registrar, referral.id, 1, "not_done", ON).state == "accepted"
    db.session.rollback()
    leaves(kept.id, "left")
    with pytest.raises(NotReopenedError):
        reopening.reopen(registrar, referral.id, 1, "not_done", ON)


@pytest.mark.parametrize(("days", "opens"), [(90, True), (91, False)])
def test_after_the_days_of_the_procedure_it_is_asked_anew(context, *, closed, officer, days, opens):
    referral = closed(closed_on=ON - timedelta(days=days))
    if opens:
        assert reopening.reopen(officer, referral.id, 1, "not_done", ON).state == "accepted"
        return
    with pytest.raises(NotReopenedError) as refused:
        reopening.reopen(officer, referral.id, 1, "not_done", ON)
    assert refused.value.why is Hindrance.TOO_LATE


@pytest.mark.database
def test_what_needs_agreement_is_opened_by_its_sender_alone_and_agreed_anew(context, *, closed, officer, registrar):
    referral = closed("identity", agreed_on=ON - timedelta(days=40))
    before = whole(referral.id)
    with pytest.raises(NotReopenedError) as refused:
        reopening.reopen(officer, referral.id, 1, "not_done", ON, agreed=True)
    assert refused.value.why is Hindrance.SENDER_ONLY
    with pytest.raises(NotAgreedError):
        reopening.reopen(registrar, referral.id, 1, "not_done", ON)
    db.session.commit()
    assert whole(referral.id) == before
    moved = reopening.reopen(registrar, referral.id, 1, "not_done", ON, agreed=True)
    assert confidential.agreed_on(moved, OPENER) == ON


@pytest.mark.database
@pytest.mark.parametrize("code", ["vaccination", "legal_aid"])
def test_what_was_asked_anew_meanwhile_is_not_opened_twice(context, *, closed, registrar, officer, code):
    referral = closed(code)
    service.send(registrar, referral.child_id, code, (), COMMUNITY, ON)
    db.session.commit()
    before = whole(referral.id)
    with pytest.raises(AlreadyOpenError):
        reopening.reopen(officer, referral.id, 1, "not_done", ON)
    db.session.commit()
    assert whole(referral.id) == before


@pytest.mark.database
@pytest.mark.parametrize("code", ["vaccination", "legal_aid"])
@pytest.mark.parametrize("asked_for", ["kept", "merged"])
def test_what_is_asked_for_another_file_of_the_child_is_not_opened_twice(
    context, make, *, closed, registrar, officer, code, asked_for
):
    kept, merged = make.child(birth=PUPIL), make.child(birth=PUPIL)
    referral = closed(code, child=merged if asked_for == "kept" else kept)
    service.send(registrar, (kept if asked_for == "kept" else merged).id, code, (), COMMUNITY, ON)
    db.session.get_one(Child, merged.id).merged_into = kept.id
    db.session.commit()
    for who in (officer, registrar):
        with pytest.raises(AlreadyOpenError):
            reopening.reopen(who, referral.id, 1, "not_done", ON)
        db.session.rollback()


def test_nothing_is_opened_while_nobody_answers(context, *, closed, registrar, office):
    referral = closed()
    db.session.get_one(type(office), office.id).closed_on = ON
    db.session.commit()
    before = whole(referral.id)
    with pytest.raises(NoOfficeError):
        reopening.reopen(registrar, referral.id, 1, "not_done", ON)
    db.session.commit()
    assert whole(referral.id) == before


def test_who_opens_what_another_has_just_opened_is_told(context, closed, officer, registrar):
    referral = closed()
    reopening.reopen(registrar, referral.id, 1, "not_done", ON)
    with pytest.raises(StaleVersionError):
        reopening.reopen(officer, referral.id, 1, "not_done", ON)
    answering.answer(officer, referral.id, 2, Answer("08"), ON)
    with pytest.raises(UnfitAnswerError, match="reason"):
        reopening.reopen(officer, referral.id, 3, "because", ON)
