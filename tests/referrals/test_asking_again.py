"""What an office could not confirm is to be asked of the family again: in the file, and where answers are passed on."""

from __future__ import annotations

import pytest

from registry.children.history import record_change
from registry.clock import now, today
from registry.database import db
from registry.referrals.answers import answering
from registry.referrals.models import Referral
from sop.referral import Answer
from sop.version import in_force
from tests.factories import COMMUNITY
from tests.referrals import sending
from tests.referrals.sending import office_of

ITEMS = in_force(today()).services["identity"].items


@pytest.fixture
def registrar(make):
    return make.user("registrar", office=make.office("community", COMMUNITY))


@pytest.fixture
def child(make):
    return make.child(name="陈雨桐", number="321322201906149019")


@pytest.fixture
def compared(make, registrar, child):
    """Return a function: the police have compared the child's particulars, with these results where they differ."""

    officer = make.user("officer", office=office_of(make, "identity"))

    def answer(**results):
        referral = sending.send(make, registrar, child.id, "identity", "accepted")
        given = Answer("113", items=dict.fromkeys(ITEMS, "agrees") | results)
        with make.app.test_request_context():
            answering.answer(make.viewer(user=officer), referral.id, referral.version, given, today())
            db.session.commit()
        return referral

    return answer


def asked(language, *items):
    words = in_force(today()).codes["item"]
    said = [words.text(item).in_language(language) for item in items]
    return ("请再向家庭核实：" + "、".join(said)) if language == "zh" else "Ask the family again: " + ", ".join(said)


def test_what_differs_or_is_not_found_is_to_be_asked_again_in_the_file_and_in_the_row_to_tell(
    client_as, registrar, child, compared
):
    compared(birth_date="differs", id_number="not_found")
    browser, words = client_as(registrar, language="en"), asked("en", "birth_date", "id_number")
    (todo,) = browser.get(f"/children/{child.id}").select(".app-todo")
    assert words in todo.text
    (row,) = browser.get("/referrals/sent?tab=to_tell").select(".app-proposals .app-check")
    assert words in row.text


def test_what_agrees_is_not_asked_again(client_as, registrar, child, compared):
    compared()
    browser = client_as(registrar, language="en")
    for path in (f"/children/{child.id}", "/referrals/sent?tab=to_tell"):
        assert "Ask the family again" not in browser.get(path).text


def test_what_was_put_right_in_the_file_since_is_not_asked_again(app, make, client_as, registrar, child, compared):
    compared(birth_date="differs", sex="differs")
    with app.app_context():
        record_change(
            make.viewer(user=registrar), child.id, "child", child.id, "birth_date", "2019-06-14", "2019-06-15", "error"
        )
        db.session.commit()
    page = client_as(registrar, language="en").get(f"/children/{child.id}")
    assert asked("en", "sex") in page.text
    assert asked("en", "birth_date", "sex") not in page.text


def test_who_tells_the_family_has_asked_it_again_and_the_file_may_be_right(client_as, registrar, child, compared):
    referral = compared(birth_date="not_found")
    browser, words = client_as(registrar, language="en"), asked("en", "birth_date")
    assert words in browser.get(f"/children/{child.id}").text
    browser.get(f"/referrals/sent/{referral.id}").submit(form="form[action*='/told']", status=200)
    assert words not in browser.get(f"/children/{child.id}").text


def test_another_comparison_is_to_be_asked_again_though_the_one_before_was_told(
    app, client_as, registrar, child, compared
):
    referral = compared(birth_date="not_found")
    with app.app_context():
        db.session.get_one(Referral, referral.id).told_at = now()
        db.session.commit()
    compared(sex="differs")
    page = client_as(registrar, language="en").get(f"/children/{child.id}")
    assert asked("en", "sex") in page.text
    assert asked("en", "birth_date") not in page.text
