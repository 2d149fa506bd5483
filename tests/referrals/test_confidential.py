"""Confidential services: whoever reads the tables without the keys cannot tell one of them from another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.clock import today
from registry.database import db
from registry.jobs.service import Reader
from registry.referrals import confidential, moving
from registry.referrals.answers import answering
from registry.referrals.models import Proposal, Referral, ReferralStep
from registry.vault.sealed import SealedFieldRefusedError, opened_fields
from sop.content import Reason
from sop.identity import BirthDate
from sop.referral import Answer
from sop.version import in_force
from tests.client import OPENER
from tests.referrals.sending import office_of, send

SEALED = [code for code, service in in_force(today()).services.items() if service.confidential]
# What is another one in every row, whatever is asked.
OWN = {"id", "child_id", "referral_id", "user_id", "from_office_id", "asked_token", "office_token", "at"}


@pytest.fixture
def registrar(make):
    return make.user("registrar")


def outcome_of(code, kind):
    """Return the first outcome of a kind, of the interim ones that which appoints."""
    found = in_force(today()).services[code].outcomes
    return next(each for each in found if each.kind == kind and (kind != "interim" or each.state))


def answer(code, kind):
    """Return an answer of a kind with all that goes with it."""
    outcome, service = outcome_of(code, kind), in_force(today()).services[code]
    return Answer(
        outcome.code,
        reason=outcome.reasons[0] if outcome.reasons else None,
        day=today() + timedelta(days=7) if outcome.asks else None,
        items=dict.fromkeys(service.items, "not_found"),
    )


def in_plain(row):
    """Return what a row shows whoever cannot open it: each plain column, of a sealed one how long it is."""
    values = {column.key: getattr(row, column.key) for column in type(row).__table__.columns if column.key not in OWN}
    return {name: len(value) if isinstance(value, bytes) else value for name, value in values.items()}


def look(app, referral):
    """Return what referral and steps show, as they are kept now."""
    with app.app_context():
        steps = select(ReferralStep).where(ReferralStep.referral_id == referral.id).order_by(ReferralStep.id)
        kept = db.session.get_one(Referral, referral.id)
        return [in_plain(row) for row in (kept, *db.session.scalars(steps))]


def life(app, make, registrar, code, last):
    """Send a child, accept, appoint and close; return what its rows show after each of these."""
    office, child = office_of(make, code), make.child(birth=BirthDate(2018, 3, 2))
    officer = make.viewer("officer", user=make.user("officer", office=office))
    referral = send(make, registrar, child.id, code)
    shown = [look(app, referral)]
    acts = (
        lambda: moving.accept(officer, referral.id, 1, today()),
        lambda: answering.answer(officer, referral.id, 2, answer(code, "interim"), today()),
        lambda: answering.answer(officer, referral.id, 3, answer(code, last), today()),
    )
    for act in acts:
        with app.test_request_context():
            act()
            db.session.commit()
        shown.append(look(app, referral))
    return shown


@pytest.mark.database
@pytest.mark.parametrize("last", ["solved", "unsolved"])
def test_sent_accepted_appointed_and_closed_one_looks_like_another(app, make, registrar, last):
    lives = {code: life(app, make, registrar, code, last) for code in SEALED}
    assert len(lives) == 4
    first = lives[SEALED[0]]
    assert [rows[0]["state"] for rows in first] == ["sent", "accepted", "appointed", "closed"]
    assert len({row["details_sealed"] for row in first[-1][1:]}) == 1  # each step has some, and all are as long
    for code, found in lives.items():
        assert found == first, code


def test_whatever_is_answered_and_why_is_sealed_equally_long(context):
    services = [in_force(today()).services[code] for code in SEALED]
    row_id = Referral().id
    outcomes = {len(Referral.outcome.seal_for(row_id, each.code)) for one in services for each in one.outcomes}
    reasons = {reason for one in services for each in one.outcomes for reason in each.reasons}
    assert len(outcomes) == 1
    assert len(reasons) > 5
    assert len({len(ReferralStep.reason.seal_for(row_id, reason)) for reason in reasons}) == 1


@pytest.mark.parametrize("model", [Referral, Proposal])
def test_every_reason_of_the_rules_is_sealed_equally_long(context, make, model):
    child, row_id = make.child(), Referral().id
    lengths = set()
    for code in SEALED:
        service = in_force(today()).services[code]
        for reasons in ((), [Reason(each, {}) for each in service.triggers]):
            for agreed_on in (None, today()):
                told = confidential.columns(model, row_id, child.id, service, reasons, agreed_on=agreed_on)
                lengths.add(len(told["confidential_sealed"]))
    assert len(lengths) == 1


@pytest.mark.database
def test_agreement_and_offer_are_kept_sealed_and_read_again(app, make, registrar):
    office_of(make, "identity")
    referral = send(make, registrar, make.child().id, "identity")
    with app.app_context():
        kept = db.session.get_one(Referral, referral.id)
        assert confidential.agreed_on(kept, OPENER) == today()
        service = confidential.service_of(kept, OPENER)
        confidential.write(kept, service, (), agreed_on=today() - timedelta(days=1), offered=True)
        assert confidential.agreed_on(kept, OPENER) == today() - timedelta(days=1)
        assert confidential.was_offered(kept, OPENER) is True
        confidential.write(kept, in_force(today()).services["education"], (), agreed_on=today(), offered=True)
        assert (confidential.agreed_on(kept, OPENER), confidential.was_offered(kept, OPENER)) == (None, False)


def test_it_is_opened_once_and_again_only_when_it_has_changed(app, make, registrar):
    office = office_of(make, "disability")
    other = make.office("disability", office.area_code)
    referral = send(make, registrar, make.child().id, "disability")
    with app.app_context():
        kept = db.session.get_one(Referral, referral.id)
        with opened_fields() as opened:
            asked = (confidential.code_of, confidential.reasons_of, confidential.office_id_of, confidential.agreed_on)
            for ask in (*asked, *asked):
                ask(kept, OPENER)
            assert opened == [("referral.confidential", kept.id)]
            confidential.address(kept, other, OPENER)
            assert confidential.office_id_of(kept, OPENER) == other.id
        assert len(opened) == 2


def test_what_was_opened_for_one_viewer_is_not_told_to_another_who_may_not(app, make, registrar):
    office_of(make, "disability")
    referral = send(make, registrar, make.child().id, "disability")
    with app.app_context():
        kept = db.session.get_one(Referral, referral.id)
        assert confidential.code_of(kept, OPENER) == "disability"
        with pytest.raises(SealedFieldRefusedError):
            confidential.code_of(kept, Reader(frozenset()))
