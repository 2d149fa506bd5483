"""What an answer wrote into a child's file is taken back where it was none: told anew as it was, and nothing lost."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from registry.children import recording
from registry.children.models import Child, ChildAnswer, Schooling
from registry.clock import now, today
from registry.database import db
from registry.doses import service as doses
from registry.doses.models import Dose
from registry.doses.service import Entry, Tick
from registry.referrals import reopening
from registry.referrals.answers import answering
from sop.identity import BirthDate
from sop.referral import Answer
from tests.client import OPENER
from tests.factories import COMMUNITY

COUNTY = f"{COMMUNITY[:6]}000000"
ON = today()
PUPIL = BirthDate(2017, 3, 2)
UNPLACED = ("none", None, None, None, "none")
PLACED = ("primary", "public", "示例小学", "小学四年级", "none")


@pytest.fixture
def office(make):
    return make.office("clinic", COUNTY)


@pytest.fixture
def officer(make, office):
    return make.viewer("officer", user=make.user("officer", office=office))


@pytest.fixture
def accepted(make, office):
    """Return a function: a referral of a pupil without a school or certificate that the office works on."""

    def accept(code="vaccination", child=None):
        child = child or make.child(birth=PUPIL, school="none", certificate="none")
        return make.referral(child, office, service=code, state="accepted")

    return accept


def present(child_id):
    """Return stage, kind and name of the present school, the grade told, and the certificate."""
    spells = select(Schooling).where(Schooling.child_id == child_id, Schooling.to_month.is_(None))
    spell = db.session.scalars(spells).one()
    answer = db.session.scalars(select(ChildAnswer).where(ChildAnswer.child_id == child_id)).first()
    grade = (answer.value.open(OPENER) or {}).get("grade_class") if answer else None
    certificate = db.session.scalars(select(Child.certificate).where(Child.id == child_id)).one()
    return spell.stage, spell.kind.open(OPENER), spell.school.open(OPENER), grade, certificate


@pytest.mark.database
@pytest.mark.parametrize("reason", ["not_done", "mistake", "changed", "objection", "other"])
def test_what_an_answer_that_was_none_wrote_is_told_anew_as_it_was_and_nothing_is_overwritten(
    context, *, accepted, officer, reason
):
    referral = accepted("education")
    answering.answer(officer, referral.id, 1, Answer("11", school="示例小学", grade=4, begins=ON), ON)
    assert present(referral.child_id) == PLACED
    reopening.reopen(officer, referral.id, 2, reason, ON)
    db.session.commit()
    back = reason in {"not_done", "mistake"}
    assert present(referral.child_id) == (UNPLACED if back else PLACED)
    spells = db.session.scalars(select(Schooling).order_by(Schooling.id)).all()
    assert [each.stage for each in spells] == ["none", "primary", *(["none"] if back else [])]
    assert all(
        (each.from_month, each.told_by) == ("2025-09", "guardian") for each in (spells[0], spells[-1])[: 1 + back]
    )


@pytest.mark.database
def test_the_answer_before_is_the_one_that_stands_again(context, *, accepted, officer):
    first = accepted("education")
    answering.answer(officer, first.id, 1, Answer("11", school="示例小学", grade=4, begins=ON), ON)
    child = SimpleNamespace(id=first.child_id, episodes=[SimpleNamespace(area_code=COMMUNITY)])
    db.session.commit()
    then = accepted("education", child)
    answering.answer(officer, then.id, 1, Answer("13", school="另一小学", grade=3, begins=ON), ON)
    assert present(first.child_id) == ("primary", "private", "另一小学", "小学三年级", "none")
    reopening.reopen(officer, then.id, 2, "mistake", ON)
    assert present(first.child_id) == PLACED


@pytest.mark.database
def test_a_certificate_is_as_it_was_before(context, *, accepted, officer):
    referral = accepted()
    answering.answer(officer, referral.id, 1, Answer("07"), ON)
    assert present(referral.child_id)[-1] == "seen"
    reopening.reopen(officer, referral.id, 2, "mistake", ON)
    assert present(referral.child_id) == UNPLACED


def test_what_was_told_since_stays_as_it_was_told(context, make, *, accepted, officer):
    registrar, referral = make.viewer(), accepted("education")
    answering.answer(officer, referral.id, 1, Answer("11", school="示例小学", grade=4, begins=ON), ON)
    recording.record_schoolings(registrar, {referral.child_id: recording.AtSchool("junior")}, ON)
    reopening.reopen(officer, referral.id, 2, "mistake", ON)
    assert present(referral.child_id) == ("junior", None, None, None, "none"), "of the grade nobody told anything since"


def test_what_was_answered_anew_since_is_not_taken_back_with_the_answer_before(context, *, accepted, officer):
    first = accepted()
    answering.answer(officer, first.id, 1, Answer("07"), ON)
    child = SimpleNamespace(id=first.child_id, episodes=[SimpleNamespace(area_code=COMMUNITY)])
    db.session.commit()
    then = accepted(child=child)
    answering.answer(officer, then.id, 1, Answer("07"), ON)
    reopening.reopen(officer, first.id, 2, "mistake", ON)
    assert present(first.child_id)[-1] == "seen"


@pytest.mark.database
@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_certificate_that_doses_were_entered_from_stays_seen(context, *, accepted, officer, withdrawn):
    referral = accepted()
    doses.enter(officer, referral.child_id, [Entry("HepB", ON, "certificate")], Tick(ticked=True, seen=False), ON)
    answering.answer(officer, referral.id, 1, Answer("07"), ON)
    if withdrawn:  # by a way that tells nothing of the certificate: what the answer did not write, it does not take
        db.session.scalars(select(Dose)).one().withdrawn_at = now()
        db.session.flush()
    reopening.reopen(officer, referral.id, 2, "mistake", ON)
    assert present(referral.child_id)[-1] == "seen"


def test_doses_entered_after_the_answer_keep_its_certificate(context, *, accepted, officer):
    referral = accepted()
    answering.answer(officer, referral.id, 1, Answer("07"), ON)
    then = SimpleNamespace(id=referral.child_id, episodes=[SimpleNamespace(area_code=COMMUNITY)])
    db.session.commit()
    again = accepted(child=then)
    doses.enter(officer, referral.child_id, [Entry("HepB", ON, "certificate")], Tick(ticked=True, seen=False), ON)
    answering.answer(officer, again.id, 1, Answer("08"), ON)
    reopening.reopen(officer, referral.id, 2, "mistake", ON)
    assert present(referral.child_id)[-1] == "seen"


def test_another_value_than_the_answer_wrote_is_not_taken_back(context, *, accepted, officer):
    referral = accepted("education")
    answering.answer(officer, referral.id, 1, Answer("11", school="示例小学", grade=4, begins=ON), ON)
    other = recording.AtSchool("primary", "public", "另一小学")
    recording.record_schoolings(officer, {referral.child_id: other}, ON, told_by="office")
    reopening.reopen(officer, referral.id, 2, "mistake", ON)
    assert present(referral.child_id)[:3] == ("primary", "public", "另一小学")


@pytest.mark.database
def test_a_later_answer_that_writes_nothing_of_it_hinders_nothing(context, *, accepted, officer):
    first = accepted("education")
    answering.answer(officer, first.id, 1, Answer("11", school="示例小学", grade=4, begins=ON), ON)
    child = SimpleNamespace(id=first.child_id, episodes=[SimpleNamespace(area_code=COMMUNITY)])
    db.session.commit()
    then = accepted("education", child)
    answering.answer(officer, then.id, 1, Answer("44", reason="cost"), ON)
    reopening.reopen(officer, first.id, 2, "mistake", ON)
    assert present(first.child_id) == UNPLACED


@pytest.mark.database
def test_the_grade_before_holds_from_its_own_first_day(context, *, accepted, officer):
    begins = ON + timedelta(days=40)
    first = accepted("education")
    answering.answer(officer, first.id, 1, Answer("11", school="示例小学", grade=4, begins=begins), ON)
    child = SimpleNamespace(id=first.child_id, episodes=[SimpleNamespace(area_code=COMMUNITY)])
    db.session.commit()
    then = accepted("education", child)
    answering.answer(officer, then.id, 1, Answer("13", school="另一小学", grade=3, begins=ON), ON)
    reopening.reopen(officer, then.id, 2, "mistake", ON)
    row = db.session.scalars(select(ChildAnswer).where(ChildAnswer.child_id == first.child_id)).one()
    assert (row.value.open(OPENER), row.answered_on) == ({"grade_class": "小学四年级"}, begins)
