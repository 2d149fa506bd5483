"""Many referrals at once: the same as one by one, in few statements, nothing of others overwritten, nothing twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from registry.audit.models import AuditEvent, AuditEventChild
from registry.children.models import Change, Child, Schooling
from registry.clock import now
from registry.database import db
from registry.referrals import moving, service
from registry.referrals.answers import answering, at_once
from registry.referrals.answers.at_once import Act
from registry.referrals.errors import UnfitAnswerError
from registry.referrals.lists.office_filters import Filters
from registry.referrals.lists.office_list import Wanted
from registry.referrals.models import Referral, ReferralStep
from registry.referrals.seen import Seen
from sop.identity import BirthDate
from sop.referral import Answer
from tests.client import OPENER
from tests.factories import COMMUNITY, ELSEWHERE
from tests.referrals.sending import placed
from tests.statements import statements

COUNTY = f"{COMMUNITY[:6]}000000"
ON = date(2026, 11, 20)
PUPIL, INFANT = BirthDate(2018, 3, 2), BirthDate(2024, 3, 2)
ACCEPT = Act()
RETURN = Act(reason="not_our_area")
SCHOOL = Act(given=Answer("11", school="采菱小学", begins=date(2026, 11, 23)), service="education")
REFUSED = Act(given=Answer("42", reason="no_permit"), service="education")


@pytest.fixture
def office(make):
    return make.office("education", COUNTY, serves=(("education", COUNTY), ("vaccination", COUNTY)))


@pytest.fixture
def officer(make, office):
    return make.viewer("officer", user=make.user("officer", office=office))


@pytest.fixture
def referred(make, office):
    """Return a function: a referral of a new child at the office."""
    sender = make.office()

    def refer(state="accepted", birth=PUPIL, **values):
        days = {"accept_by": ON, "answer_by": ON + timedelta(9), "from_office": sender}
        return make.referral(
            make.child(birth=birth, school="none"), values.pop("office", office), state=state, **days | values
        )

    return refer


def picks(*referrals):
    return [each.seen for each in referrals]


def hindrances(weighed):
    return {row.id: why for row, why in weighed.unfit}


@pytest.mark.database
def test_many_are_accepted_in_one_act(context, referred, officer):
    waiting = [referred("sent") for _ in range(3)]
    done = at_once.carry_out(officer, picks(*waiting), ACCEPT, ON)
    db.session.commit()
    assert {row.id for row in done.fit} == {each.id for each in waiting}
    rows = db.session.scalars(select(Referral)).all()
    assert {(row.state, row.version, row.accepted_on, row.due_on) for row in rows} == {
        ("accepted", 2, ON, ON + timedelta(9))
    }


@pytest.mark.database
def test_closing_many_leaves_with_each_what_closing_it_alone_would(context, referred, officer):
    alone, *together = [referred() for _ in range(3)]
    answering.answer(officer, alone.id, 1, SCHOOL.given, ON)
    db.session.commit()
    at_once.carry_out(officer, picks(*together), SCHOOL, ON)
    db.session.commit()
    left = [_left(each) for each in (alone, *together)]
    assert left[0] == left[1] == left[2]
    assert left[0]["schooling"] == [("none", None, None), ("primary", "public", "采菱小学")]


def _left(referral):
    """Return all that a move has left behind, but for ids and instants."""
    row = db.session.get_one(Referral, referral.id)
    step = db.session.scalars(select(ReferralStep).where(ReferralStep.referral_id == row.id)).one()
    of_child = {
        model: select(model).where(model.child_id == row.child_id).order_by(model.id) for model in (Schooling, Change)
    }
    spells, changes = (db.session.scalars(rows).all() for rows in of_child.values())
    events = select(AuditEvent).join(AuditEventChild).where(AuditEventChild.child_id == row.child_id)
    told = [(each.kind, {**each.details, "referral": None}) for each in db.session.scalars(events)]
    return {
        "referral": (row.state, row.version, row.due_on, row.closed_on, row.outcome_kind, row.outcome.open(OPENER)),
        "step": (
            step.move,
            step.state,
            step.outcome.open(OPENER),
            step.details.open(OPENER),
            step.user_id,
            step.source,
        ),
        "schooling": [(each.stage, each.kind.open(OPENER), each.school.open(OPENER)) for each in spells],
        "changes": [(each.field, each.before.open(OPENER), each.after.open(OPENER), each.reason) for each in changes],
        "told": sorted(told, key=str),
    }


@pytest.mark.database
def test_a_certificate_is_written_back_for_many(context, referred, officer):
    rows = [referred(service="vaccination", birth=INFANT) for _ in range(2)]
    act = Act(given=Answer("07"), service="vaccination")
    at_once.carry_out(officer, picks(*rows), act, ON)
    db.session.commit()
    assert {each.certificate for each in db.session.scalars(select(Child))} == {"seen"}
    assert db.session.scalar(select(func.count()).where(ReferralStep.move == "close")) == 2


@pytest.mark.database
def test_what_cannot_be_done_is_said_beforehand_and_left_as_it_is(context, make, referred, officer):
    ready, waiting, other = referred(), referred("sent"), referred(service="vaccination")
    ended, infant = referred("closed"), referred(birth=INFANT)
    elsewhere = referred(office=make.office("education", ELSEWHERE[:6] + "000000"))
    chosen = picks(ready, waiting, other, ended, infant, elsewhere)
    for verdict in (at_once.weigh(officer, chosen, REFUSED, ON), at_once.carry_out(officer, chosen, REFUSED, ON)):
        assert [row.id for row in verdict.fit] == [infant.id]  # no duty to go to school yet
        assert hindrances(verdict) == {
            ready.id: "alternative",
            waiting.id: "not_accepted",
            other.id: "service",
            ended.id: "ended",
        }
        assert verdict.gone == 1
    db.session.commit()
    states = {row.id: row.version for row in db.session.scalars(select(Referral))}
    assert {key for key, version in states.items() if version == 2} == {infant.id}


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (
            ACCEPT,
            {"sent": None, "accepted": "accepted", "appointed": "accepted", "closed": "ended", "returned": "ended"},
        ),
        (
            SCHOOL,
            {"sent": "not_accepted", "accepted": None, "appointed": None, "closed": "ended", "withdrawn": "ended"},
        ),
        (RETURN, {"sent": None, "accepted": None, "appointed": None, "closed": "ended", "returned": "ended"}),
    ],
)
def test_each_state_allows_what_the_procedure_says(context, referred, officer, act, why):
    rows = {state: referred(state) for state in why}
    weighed = at_once.weigh(officer, picks(*rows.values()), act, ON)
    told = hindrances(weighed)
    assert {state: told.get(row.id) for state, row in rows.items()} == why
    db.session.rollback()
    assert {row.version for row in db.session.scalars(select(Referral))} == {1}  # weighing writes nothing


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Answer("42", alternative="waiting_list"), "reason"),
        (Answer("32"), "day"),
        (Answer("32", day=ON - timedelta(1)), "day"),
        (placed(begins=None), "begins"),
        (placed("46", school_kind="strange"), "school_kind"),
    ],
)
def test_what_an_answer_lacks_whoever_it_is_given_to_is_a_fault_of_the_answer(context, referred, officer, given, field):
    act, row = Act(given=given, service="education"), referred()
    for verb in (at_once.weigh, at_once.carry_out):
        with pytest.raises(UnfitAnswerError, match=field):
            verb(officer, picks(row), act, ON)


def test_many_are_returned_with_a_reason_of_the_list(context, referred, officer):
    rows = [referred("sent"), referred()]
    unknown = at_once.carry_out(officer, picks(*rows), Act(reason="because"), ON)
    assert (unknown.fit, [why for _row, why in unknown.unfit]) == ([], ["outcome", "outcome"])
    at_once.carry_out(officer, picks(*rows), Act(reason="not_our_area", note="另一区"), ON)
    steps = db.session.scalars(select(ReferralStep)).all()
    assert {(step.move, step.reason.open(OPENER), step.note.open(OPENER)) for step in steps} == {
        ("return", "not_our_area", "另一区")
    }
    assert {row.due_on for row in db.session.scalars(select(Referral))} == {None}


@pytest.mark.database
def test_what_a_colleague_changed_meanwhile_is_reported_and_not_overwritten(context, make, office, referred, officer):
    colleague = make.viewer("officer", user=make.user("officer", office=office))
    mine, theirs = referred(), referred()
    chosen = picks(mine, theirs)
    answering.answer(colleague, theirs.id, 1, Answer("41"), ON)
    db.session.commit()
    done = at_once.carry_out(officer, chosen, SCHOOL, ON)
    db.session.commit()
    assert [row.id for row in done.fit] == [mine.id]
    assert hindrances(done) == {theirs.id: "changed"}
    assert db.session.get_one(Referral, theirs.id).outcome.open(OPENER) == "41"


def test_the_same_ticked_twice_and_what_cannot_be_read_counts_once_or_not_at_all(referred):
    row = referred()
    sent = [f"{row.id.hex}.1", f"{row.id.hex}.1", "nonsense", f"{row.id.hex}.x", ".1", ""]
    assert at_once.picked(sent) == (picks(row), 4)
    many = [f"{number:032x}.1" for number in range(at_once.AT_ONCE + 5)]
    assert [len(at_once.picked(many)[0]), at_once.picked(many)[1]] == [at_once.AT_ONCE, 5]


@pytest.mark.database
def test_all_of_a_list_are_the_first_so_many_in_its_order_as_they_are_now(context, referred, officer, monkeypatch):
    monkeypatch.setattr(at_once, "AT_ONCE", 2)
    late, soon, far = (referred(answer_by=ON + timedelta(days)) for days in (-5, 1, 20))
    referred("sent")
    moving.return_(officer, referred().id, 1, "other", None, ON)
    wanted = Wanted("in_progress", Filters(service="education"))
    assert at_once.all_of(officer, wanted, ON) == picks(late, soon)
    assert far.version == 1


def test_confidential_ones_are_done_as_any_other_and_their_service_counts(context, make):
    served = (("legal_aid", COUNTY), ("social_assistance", COUNTY))
    office = make.office("legal_aid", COUNTY, serves=served)
    officer = make.viewer("officer", user=make.user("officer", office=office))
    registrar, children = make.viewer("registrar"), [make.child(), make.child()]
    sent = [
        service.send(registrar, child.id, code, (), COMMUNITY, ON)
        for child, (code, _area) in zip(children, served, strict=True)
    ]
    at_once.carry_out(officer, picks(*sent), ACCEPT, ON)
    chosen = [Seen(each.id, 2) for each in sent]
    done = at_once.carry_out(officer, chosen, Act(given=Answer("711"), service="legal_aid"), ON)
    assert [row.id for row in done.fit] == [sent[0].id]
    assert hindrances(done) == {sent[1].id: "service"}


@pytest.mark.database
@pytest.mark.parametrize("act", [ACCEPT, SCHOOL, RETURN], ids=["accept", "answer", "return"])
def test_a_batch_takes_the_same_statements_whatever_its_size(app, make, office, referred, officer, act):
    costs = []
    for number in (2, 9):
        rows = [referred("sent" if act is ACCEPT else "accepted") for _ in range(number)]
        _mark_every_other(app, rows)
        with app.app_context(), statements(app) as sent:
            done = at_once.carry_out(officer, picks(*rows), act, ON)
            assert len(done.fit) == number
            db.session.commit()
        costs.append(len(sent))
    assert costs[0] == costs[1]


def _mark_every_other(app, rows):
    """Let moves change other columns of one than of the next: it has climbed, and was answered and told before."""
    with app.app_context():
        for each in rows[::2]:
            row = db.session.get_one(Referral, each.id)
            row.climbed, row.climbed_to, row.recall_on, row.told_at = 1, COUNTY, ON, now()
        db.session.commit()


def test_batches_follow_one_another_without_leaving_any_out(context, referred, officer, monkeypatch):
    monkeypatch.setattr(at_once, "BATCH", 2)
    rows = [referred("sent") for _ in range(5)]
    done = at_once.carry_out(officer, picks(*rows), ACCEPT, ON)
    assert sorted(row.id for row in done.fit) == sorted(row.id for row in rows)
    assert {row.state for row in db.session.scalars(select(Referral))} == {"accepted"}
