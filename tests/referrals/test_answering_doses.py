"""That all doses are given: answered only where they are recorded, or where a clinic's paper says so."""

from __future__ import annotations

from datetime import date

import pytest

from registry.children.models import Child
from registry.clock import today
from registry.database import db
from registry.referrals.answers import answering
from registry.referrals.answers.came_back import Slip
from registry.referrals.errors import UnfitAnswerError
from sop.referral import Answer
from tests.factories import COMMUNITY
from tests.referrals.sending import have_doses, kept, office_of, send

ON = date(2026, 11, 20)


@pytest.fixture
def registrar(make):
    return make.user("registrar", office=make.office("community", COMMUNITY))


@pytest.fixture
def referred(app, make, registrar):
    """Return a function: a child whose doses stand so, accepted by a clinic; returns (referral, officer's viewer)."""

    def to_clinic(doses=None):
        office = office_of(make, "vaccination")
        child = make.child(certificate="none")
        referral = send(make, registrar, child.id, "vaccination", "accepted")
        if doses:
            have_doses(app, child.id, doses)
        return referral, make.viewer(user=make.user("officer", office=office))

    return to_clinic


def give(app, referral, officer):
    with app.app_context():
        answering.answer(officer, referral.id, referral.version, Answer("01"), ON)
        db.session.commit()


def certificate_of(app, referral):
    with app.app_context():
        return db.session.get_one(Child, referral.child_id).certificate


@pytest.mark.database
@pytest.mark.parametrize("doses", [None, "not_recorded", "partly", "overdue", "due", "ask"])
def test_that_all_doses_are_given_is_no_answer_while_any_of_them_is_not_recorded(app, referred, doses):
    referral, officer = referred(doses)
    with pytest.raises(UnfitAnswerError, match="doses"):
        give(app, referral, officer)
    assert kept(app, referral)[:2] == ("accepted", None)
    assert certificate_of(app, referral) == "none"


@pytest.mark.parametrize("doses", ["complete", "not_yet"])
def test_once_all_that_are_due_are_recorded_it_is_one_and_the_certificate_counts_as_seen(app, referred, doses):
    referral, officer = referred(doses)
    give(app, referral, officer)
    assert kept(app, referral)[:2] == ("closed", "01")
    assert certificate_of(app, referral) == "seen"


@pytest.mark.parametrize(("doses", "certificate"), [(None, "none"), ("partly", "none"), ("complete", "seen")])
def test_a_slip_of_paper_is_taken_at_its_word_and_shows_no_certificate_without_the_doses(
    app, make, registrar, referred, doses, certificate
):
    referral, _officer = referred(doses)
    with app.app_context():
        answering.answer_by_slip(
            make.viewer(user=registrar), referral.id, referral.version, Answer("01"), Slip(today()), today()
        )
        db.session.commit()
    assert kept(app, referral)[:2] == ("closed", "01")
    assert certificate_of(app, referral) == certificate
