"""Proposals are confirmed together: in as many statements for twelve as for two, nothing twice, nothing unsaid."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from registry.referrals import confidential, service
from registry.referrals.answers import telling
from registry.referrals.errors import AlreadyOpenError, NoOfficeError, NotAgreedError
from registry.referrals.models import Proposal, Referral, ReferralStep
from registry.referrals.proposals import confirming, proposing
from registry.referrals.service import Wish
from sop.content import Reason
from tests.client import OPENER
from tests.factories import COMMUNITY, ELSEWHERE
from tests.referrals.proposals import REASON, SCHOOL_AGE, ids, reckon_today, sent, tell
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from registry.access import Viewer
    from registry.areas.models import Office
    from registry.children.models import Child
    from tests.client import Client
    from tests.factories import Factory

ASKED = (Reason("asked", {}),)
PROPOSALS = "/referrals/proposals"


@pytest.fixture
def viewer(make: Factory, ours: Office) -> Viewer:
    return make.viewer(user=make.user(office=ours))


@pytest.fixture
def cost(app: Flask) -> Callable[[Callable[[], object]], int]:
    """Return a function: how many statements an act takes, with its commit."""

    def count(act: Callable[[], object]) -> int:
        with app.app_context(), statements(app) as told:
            act()
            db.session.commit()
        return len(told)

    return count


def shown(app: Flask, *children: Child) -> dict[UUID, int]:
    with app.app_context():
        rows = db.session.scalars(select(Proposal).where(Proposal.child_id.in_([each.id for each in children])))
        return {row.id: row.version for row in rows}


@pytest.mark.database
def test_what_is_proposed_is_sent_in_the_same_statements_however_much_it_is(
    app: Flask, make: Factory, viewer: Viewer, cost: Callable[..., int]
) -> None:
    def sending(number: int) -> int:
        children = [make.child(birth=SCHOOL_AGE, school="none", certificate="none") for _ in range(number)]
        for child in children:
            tell(app, make, child, health="disabled")
        reckon_today(app, *children)
        seen = shown(app, *children)
        assert len(seen) == 3 * number
        return cost(lambda: confirming.send_proposed(viewer, seen, (), (), today()))

    assert sending(1) == sending(4)
    assert sorted(set(sent(app))) == ["disability", "education", "vaccination"]
    with app.app_context():
        rows = db.session.scalars(select(Referral)).all()
        steps = db.session.scalars(select(ReferralStep)).all()
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "referral_sent")).all()
        assert len(rows) == len(steps) == len(events) == 15
        assert {(row.state, row.version, row.sent_on, row.climbed) for row in rows} == {("sent", 1, today(), 0)}
        assert all(row.due_on == row.accept_by for row in rows)
        assert db.session.scalar(select(func.count()).select_from(Proposal)) == 0


@pytest.mark.database
def test_withdrawals_take_the_same_statements_however_many(
    app: Flask, make: Factory, bureau: Office, ours: Office, viewer: Viewer, cost: Callable[..., int]
) -> None:
    def withdrawing(number: int) -> int:
        rows = [
            make.referral(make.child(birth=SCHOOL_AGE), bureau, from_office=ours, reasons=[REASON])
            for _ in range(number)
        ]
        with app.app_context():
            proposing.reckon([row.child_id for row in rows], today())
            seen = {row.id: row.version for row in db.session.scalars(select(Proposal))}
            db.session.commit()
        assert len(seen) == number
        return cost(lambda: confirming.withdraw_proposed(viewer, seen, today()))

    assert withdrawing(2) == withdrawing(8)
    with app.app_context():
        assert {row.state for row in db.session.scalars(select(Referral))} == {"withdrawn"}
        assert {step.reason.open(OPENER) for step in db.session.scalars(select(ReferralStep))} == {"not_needed"}


@pytest.mark.database
def test_telling_takes_the_same_statements_however_many_and_has_an_end(
    app: Flask,
    make: Factory,
    bureau: Office,
    ours: Office,
    viewer: Viewer,
    cost: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answered(number: int) -> list[tuple[UUID, int]]:
        told = {"state": "closed", "outcome": "11", "outcome_kind": "solved", "closed_on": today()}
        rows = [make.referral(make.child(), bureau, from_office=ours, **told) for _ in range(number)]
        return [(row.id, row.version) for row in rows]

    few, many = answered(2), answered(7)
    assert cost(lambda: telling.tell(viewer, few)) == cost(lambda: telling.tell(viewer, many))
    monkeypatch.setattr(telling, "AT_ONCE", 3)
    with app.app_context():
        assert telling.tell(viewer, answered(5)) == 3


@pytest.mark.database
def test_the_same_sent_twice_at_the_same_moment_is_sent_once(app: Flask, make: Factory, viewer: Viewer) -> None:
    child = make.child(birth=SCHOOL_AGE, school="none", certificate="none")
    reckon_today(app, child)
    seen = shown(app, child)
    asked = [Wish(child.id, code, ASKED, COMMUNITY) for code in ("education", "vaccination", "medical_insurance")]

    def do(act: Callable[[], confirming.Done]) -> confirming.Done:
        with app.app_context():
            done = act()
            db.session.commit()
        return done

    acts = [
        lambda: confirming.send_proposed(viewer, seen, (), (), today()),
        lambda: confirming.send_wished(viewer, child.id, asked, today()),
    ]
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(do, acts * 2))
    assert sum(each.done for each in told) == 3
    assert sum(each.already for each in told) == 7
    assert sent(app) == ["education", "medical_insurance", "vaccination"]


def test_what_is_offered_first_and_agreed_to_is_said_and_kept_sealed(app: Flask, make: Factory, viewer: Viewer) -> None:
    child = make.child()
    with app.app_context():
        for said, missing in (
            ({}, {"offered", "agreed"}),
            ({"agreed": True}, {"offered"}),
            ({"offered": True}, {"agreed"}),
        ):
            with pytest.raises(NotAgreedError) as refused:
                service.send(viewer, child.id, "identity", ASKED, COMMUNITY, today(), **said)
            assert {what for what, _key in refused.value.args} == missing
        service.send(viewer, child.id, "identity", ASKED, COMMUNITY, today(), agreed=True, offered=True)
        db.session.commit()
        row = db.session.scalars(select(Referral)).one()
        kept = row.confidential.open(OPENER)
        assert (confidential.agreed_on(row, OPENER), kept["offered"]) == (today(), True)


def test_one_alone_is_told_why_it_is_not_sent(app: Flask, make: Factory, viewer: Viewer) -> None:
    child, elsewhere = make.child(), make.area(ELSEWHERE)
    with app.app_context():
        service.send(viewer, child.id, "education", ASKED, COMMUNITY, today())
        with pytest.raises(AlreadyOpenError):
            service.send(viewer, child.id, "education", ASKED, COMMUNITY, today())
        with pytest.raises(NoOfficeError):
            service.send(viewer, child.id, "education", ASKED, elsewhere, today())


@pytest.mark.parametrize("act", ["withdraw", "decline"])
def test_what_another_office_has_sent_is_only_its_own_to_withdraw_or_to_leave(
    app: Flask, make: Factory, browser: Client, bureau: Office, ours: Office, act: str
) -> None:
    mine, theirs = (
        make.referral(make.child(birth=SCHOOL_AGE), bureau, from_office=sender, reasons=[REASON])
        for sender in (ours, make.office())
    )
    with app.app_context():
        proposing.reckon([mine.child_id, theirs.child_id], today())
        db.session.commit()
    page = browser.get(PROPOSALS)
    (key,) = ids(app, referral_id=theirs.id)
    forged = {"withdraw": [("withdraw", key), ("act", "withdraw")], "decline": [("act", f"decline:{key}")]}[act]
    browser.post(
        PROPOSALS,
        [*page.values("form#withdrawing"), (f"seen-{key}", "1"), (f"why-{key}", "later"), *forged],
        status=404,
    )
    assert ids(app, state="declined") == []
    with app.app_context():
        assert {row.state for row in db.session.scalars(select(Referral))} == {"sent"}
