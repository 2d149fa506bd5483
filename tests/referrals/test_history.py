"""What an office reads of the steps of a referral that it did not make itself."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from registry.clock import today
from registry.database import db
from registry.referrals import moving
from registry.referrals.answers import answering
from registry.referrals.models import ReferralStep
from registry.vault.sealed import opened_fields
from sop.referral import Answer
from sop.version import in_force
from tests.referrals.sending import COUNTY, office_of, send

NOTE = "家长说下周再来"
ANSWERS = {"medical_insurance": "441", "social_assistance": "641"}


@pytest.fixture
def registrar(make):
    return make.user("registrar")


class Relay:
    """A referral that one office answered for the time being and handed on to a second."""

    def __init__(self, app, make, registrar, code):
        self.app, self.make, self.code = app, make, code
        first = office_of(make, code)
        self.offices = first, make.office(first.kind, COUNTY)
        self.users = [make.user("officer", office=office) for office in self.offices]
        self.viewers = [make.viewer("officer", user=user) for user in self.users]
        self.id = send(make, registrar, make.child().id, code).id
        self.version = 1

    def act(self, number, move, *said):
        with self.app.test_request_context():
            made = move(self.viewers[number], self.id, self.version, *said, today())
            self.version = made.version
            db.session.commit()

    def accept(self, number):
        self.act(number, moving.accept)

    def interim(self, number, note):
        self.act(number, answering.answer, Answer(ANSWERS[self.code], note=note))

    def hand_on(self, number):
        reason = in_force(today()).codes["hand_on_reason"].codes[0].code
        self.act(number, moving.hand_on, self.offices[1 - number].id, reason)

    def passed(self):
        self.accept(0)
        self.interim(0, NOTE)
        self.hand_on(0)
        return self

    def page(self, client_as, number):
        return client_as(self.users[number], language="zh").get(f"/referrals/{self.id}")

    def words(self):
        """Return the words of the interim outcome and of the reason for handing on."""
        service = in_force(today()).services[self.code]
        return service.outcome(ANSWERS[self.code]).text.zh, in_force(today()).codes["hand_on_reason"].codes[0].text.zh


@pytest.fixture
def relay(app, make, registrar):
    return lambda code: Relay(app, make, registrar, code)


def timeline(page):
    (found,) = page.select(".app-timeline")
    return found.get_text(" ", strip=True)


@pytest.mark.database
@pytest.mark.parametrize("code", ANSWERS)
def test_before_it_accepts_an_office_reads_no_answer_and_no_note_of_the_one_before(client_as, relay, code):
    passed = relay(code).passed()
    with opened_fields() as opened:
        said = timeline(passed.page(client_as, 1))
    outcome, why = passed.words()
    assert NOTE not in said
    assert outcome not in said
    assert why in said
    assert not {"referral_step.note", "referral_step.outcome"} & {field for field, _key in opened}


@pytest.mark.parametrize(("code", "told"), [("medical_insurance", True), ("social_assistance", False)])
def test_once_it_has_accepted_it_reads_all_of_an_ordinary_service_alone(app, client_as, relay, code, told):
    passed = relay(code).passed()
    passed.accept(1)
    passed.interim(1, "另一句话")
    with opened_fields() as opened:
        said = timeline(passed.page(client_as, 1))
    outcome, why = passed.words()
    assert (NOTE in said) is told
    assert said.count(outcome) == (2 if told else 1)
    assert "另一句话" in said
    assert why in said
    with app.app_context():
        notes = select(ReferralStep.id).where(
            ReferralStep.referral_id == passed.id, ReferralStep.note_sealed.is_not(None)
        )
        first, last = db.session.scalars(notes.order_by(ReferralStep.id))
    read = {key for field, key in opened if field == "referral_step.note"}
    assert last in read
    assert (first in read) is told


def test_an_office_that_gets_a_confidential_one_back_reads_what_it_wrote_itself(client_as, relay):
    passed = relay("social_assistance").passed()
    passed.accept(1)
    passed.interim(1, "另一句话")
    passed.hand_on(1)
    assert NOTE not in timeline(passed.page(client_as, 0))
    passed.accept(0)
    said = timeline(passed.page(client_as, 0))
    assert NOTE in said
    assert "另一句话" not in said


def test_the_sender_reads_everything(client_as, registrar, relay):
    passed = relay("social_assistance").passed()
    said = timeline(client_as(registrar, language="zh").get(f"/referrals/sent/{passed.id}"))
    assert NOTE in said
    assert all(words in said for words in passed.words())
