"""Referrals and proposals are held in one order: by child, then by id, and no proposal before a referral."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.children.models import Child
from registry.children.queries import hold_together
from registry.clock import today
from registry.database import db
from registry.referrals import service, waiting
from registry.referrals.answers import answering, at_once, telling
from registry.referrals.answers.at_once import Act
from registry.referrals.ending import withdraw_open
from registry.referrals.models import Proposal, Referral
from registry.referrals.overdue import climbing
from registry.referrals.proposals import confirming, proposing
from registry.referrals.seen import Seen
from sop.referral import Answer
from tests.changes.test_order import between, row
from tests.factories import COMMUNITY
from tests.referrals.overdue import late_by
from tests.referrals.proposals import REASON, SCHOOL_AGE, change, reckon_today

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.access import Viewer
    from registry.areas.models import Office
    from tests.factories import Factory

pytestmark = pytest.mark.database
LATE = late_by(60)


@pytest.fixture
def officer(make: Factory, bureau: Office) -> Viewer:
    return make.viewer("officer", user=make.user("officer", office=bureau))


@pytest.fixture
def crossed(make: Factory, bureau: Office, ours: Office) -> list[Referral]:
    """Two referrals in the order of their children: the one of the elder child was sent last."""
    children = sorted((make.child(birth=SCHOOL_AGE, school="none") for _ in range(2)), key=lambda each: each.id)
    days = {"accept_by": LATE, "answer_by": LATE, "from_office": ours, "reasons": [REASON]}
    sent = [make.referral(each, bureau, state="accepted", **days) for each in reversed(children)]
    assert sent[0].id < sent[1].id
    return sent[::-1]


def merge(app: Flask, *referrals: Referral) -> None:
    """Let the files of both be one child's, the second the one that is kept."""
    lost, kept = (each.child_id for each in referrals)
    change(app, Child, Child.id == lost, merged_into=kept, status="merged")


ACTS: dict[str, Callable[..., object]] = {
    "climbing": lambda *_: climbing.climb(today(), None),
    "closing the office": lambda _one, bureau, viewer: waiting.pass_on(viewer, bureau.id, bureau.id, today()),
    "closing the sender": lambda one, _bureau, viewer: waiting.pass_on(
        viewer, one.from_office_id, one.from_office_id, today()
    ),
    "a death": lambda one, _bureau, viewer: withdraw_open(viewer, one.child_id, "other", today()),
}


@pytest.mark.parametrize("act", ACTS)
def test_referrals_are_held_by_child_whoever_holds_several(
    app: Flask, bureau: Office, officer: Viewer, crossed: list[Referral], act: str
) -> None:
    if act == "a death":
        merge(app, *crossed)
    do = ACTS[act]
    between(app, lambda: do(crossed[1], bureau, officer), *(row(Referral, each.id) for each in crossed))


def test_an_answer_to_many_holds_them_in_the_same_order(app: Flask, officer: Viewer, crossed: list[Referral]) -> None:
    picks = [Seen(each.id, each.version) for each in reversed(crossed)]
    act = Act(given=Answer("45"), service="education")
    between(app, lambda: at_once.carry_out(officer, picks, act, today()), *(row(Referral, each.id) for each in crossed))
    with app.app_context():
        assert {each.state for each in db.session.scalars(select(Referral))} == {"closed"}


def test_telling_many_holds_them_in_the_same_order(
    app: Flask, make: Factory, ours: Office, crossed: list[Referral]
) -> None:
    viewer = make.viewer(user=make.user(office=ours))
    told = [(each.id, each.version) for each in reversed(crossed)]
    between(app, lambda: telling.tell(viewer, told), *(row(Referral, each.id) for each in crossed))


def test_a_withdrawal_that_was_proposed_holds_the_referral_before_the_proposal(
    app: Flask, make: Factory, ours: Office, crossed: list[Referral]
) -> None:
    """As an answer does, which lets what is proposed of the child follow."""
    viewer = make.viewer(user=make.user(office=ours))
    referral, proposal = crossed[0], _proposed_to_withdraw(app, crossed[0])
    between(
        app,
        lambda: confirming.withdraw_proposed(viewer, {proposal.id: proposal.version}, today()),
        row(Referral, referral.id),
        row(Proposal, proposal.id),
    )
    with app.app_context():
        assert db.session.get_one(Referral, referral.id).state == "withdrawn"


def test_the_same_asked_from_two_pages_follows_the_one_that_holds_the_child(
    app: Flask, make: Factory, ours: Office, unplaced: Child
) -> None:
    viewer = make.viewer(user=make.user(office=ours))
    reckon_today(app, unplaced)
    with app.app_context():
        seen = {row.id: row.version for row in db.session.scalars(select(Proposal))}

    def ask() -> None:
        hold_together([unplaced.id])
        service.send(viewer, unplaced.id, "education", (), COMMUNITY, today())

    between(
        app,
        lambda: confirming.send_proposed(viewer, seen, (), (), today()),
        ask,
        lambda: proposing.reckon([unplaced.id], today()),
    )
    with app.app_context():
        assert len(db.session.scalars(select(Referral)).all()) == 1


def test_proposals_that_follow_a_save_are_held_by_child(app: Flask, make: Factory) -> None:
    children = sorted((make.child(birth=SCHOOL_AGE, school="none") for _ in range(2)), key=lambda each: each.id)
    for child in reversed(children):
        reckon_today(app, child)
    change(app, Child, Child.id.in_([each.id for each in children]), status="aged_out")
    with app.app_context():
        ids = db.session.scalars(select(Proposal.id).order_by(Proposal.child_id)).all()
    assert ids[0] > ids[1]
    between(
        app,
        lambda: proposing.reckon([each.id for each in children], today()),
        *(row(Proposal, each) for each in ids),
    )
    with app.app_context():
        assert db.session.scalars(select(Proposal)).all() == []


def test_an_answer_and_the_round_of_the_night_at_the_same_moment_both_end_well(
    app: Flask, bureau: Office, officer: Viewer, crossed: list[Referral]
) -> None:
    picks = [Seen(each.id, each.version) for each in crossed]

    def do(act: Callable[[], object]) -> None:
        with app.app_context():
            act()
            db.session.commit()

    acts = (
        lambda: climbing.climb(today(), None),
        lambda: at_once.carry_out(officer, picks, Act(given=Answer("45"), service="education"), today()),
    )
    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(do, acts))
    with app.app_context():
        rows = db.session.scalars(select(Referral)).all()
        assert {(each.state, each.due_on) for each in rows} == {("closed", None)}


def test_what_only_refers_to_a_referral_is_written_while_others_hold_it(
    app: Flask, make: Factory, ours: Office, crossed: list[Referral]
) -> None:
    """The night proposes to withdraw what an office is just about to answer: neither waits for the other."""
    with app.app_context():
        held = answering.hold(make.viewer(user=make.user(office=ours)), crossed[0].id, crossed[0].version)
        with ThreadPoolExecutor(1) as pool:
            if db.engine.dialect.name == "postgresql":
                pool.submit(_proposed_to_withdraw, app, crossed[0]).result(timeout=20)
        assert held.id == crossed[0].id
        db.session.rollback()


def _proposed_to_withdraw(app: Flask, referral: Referral) -> Proposal:
    with app.app_context():
        made = Proposal(
            child_id=referral.child_id,
            service="education",
            reasons=[REASON],
            area_code=referral.area_code,
            sop_version=referral.sop_version,
            kind="withdraw",
            referral_id=referral.id,
            made_on=today(),
            version=1,
        )
        db.session.add(made)
        db.session.commit()
        db.session.refresh(made)
        db.session.expunge(made)
        return made
