"""The slip of a referral on paper: what it tells, what its code holds, and how what comes back is entered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from registry.audit.models import AuditEvent
from registry.children.models import Schooling
from registry.clock import today
from registry.database import db
from registry.referrals.answers import answering, finding
from registry.referrals.answers.came_back import Slip
from registry.referrals.models import Referral
from registry.vault.sealed import opened_fields
from sop.identity import BirthDate
from sop.referral import Answer
from sop.version import in_force
from tests.client import OPENER
from tests.documents import Document, check_document
from tests.factories import COMMUNITY, ELSEWHERE
from tests.referrals import sending
from tests.referrals.sending import kept, office_of

DAY = today()
ON_SLIP = {f"slip-answered_on-{part}": getattr(DAY, part) for part in ("year", "month", "day")}
BEGINS = {f"answer-begins-{part}": getattr(DAY, part) for part in ("year", "month", "day")}
ON_RETURN = {f"back-answered_on-{part}": getattr(DAY, part) for part in ("year", "month", "day")}
SERVICES = tuple(in_force(today()).services)


@pytest.fixture
def ours(make):
    return make.office("community", COMMUNITY)


@pytest.fixture
def registrar(make, ours):
    return make.user("registrar", office=ours)


@pytest.fixture
def child(make):
    return make.child(birth=BirthDate(2018, 3, 2), school="none", certificate="none")


@pytest.fixture
def send(make, registrar, child):
    """Return a function that sends the child to a new office of a service, and returns (referral, office)."""

    def to_office(code="education", child_id=child.id):
        office = office_of(make, code)
        return sending.send(make, registrar, child_id, code), office

    return to_office


def reference_of(referral):
    return referral.id.hex[-8:].upper()


def paper(browser, referral):
    answer = browser.http.get(f"/referrals/sent/{referral.id}/slip")
    assert answer.status_code == 200
    return answer


# The paper


@pytest.mark.parametrize("code", SERVICES)
def test_the_slip_of_every_service_stands_on_one_sheet_in_both_languages(client_as, registrar, send, code):
    referral, office = send(code)
    answer = paper(client_as(registrar), referral)
    document, asked = Document(answer.data), in_force(today()).services[code]
    check_document(document, "转介单")
    assert len(document.pages) == 1
    text = "".join(document.text.split())
    older = [each.text for each in asked.outcomes if not each.below_school_age]  # the child is of school age
    words = [asked.name, *asked.documents, *older]
    said = [
        *(each.zh for each in words),
        *(each.en for each in words),
        office.name_zh,
        "陈雨桐",
        reference_of(referral),
    ]
    assert [each for each in said if "".join(each.split()) not in text] == []
    younger = [each.text.en for each in asked.outcomes if each.below_school_age]
    assert [each for each in younger if "".join(each.split()) in text] == []
    assert answer.headers["Content-Disposition"] == 'inline; filename="slip.pdf"'


def test_the_code_on_the_slip_holds_the_reference_and_nothing_else(client_as, registrar, send):
    referral, _office = send()
    assert Document(paper(client_as(registrar), referral).data).codes() == [[reference_of(referral)]]


@pytest.mark.parametrize("state", ["sent", "accepted"])
def test_the_slip_opens_only_what_the_office_sees_before_it_accepts(app, client_as, registrar, send, state):
    referral, _office = send()
    with app.app_context():
        db.session.get_one(Referral, referral.id).state = state
        db.session.commit()
    browser = client_as(registrar)
    with opened_fields() as opened:
        text = Document(paper(browser, referral).data).text
    assert {field for field, _ in opened} - {"user.name"} == {
        *("child.name", "child.pinyin", "child.birth_date", "household.address", "guardian.name", "guardian.pinyin"),
        "guardian.phone",
    }
    assert "321322" not in text
    assert "154 0000" in text


def test_printing_a_slip_is_recorded(app, client_as, registrar, send, child):
    referral, _office = send("legal_aid")
    paper(client_as(registrar), referral)
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "paper_printed")).one()
        assert event.details == {"paper": "slip"}
        assert [each.child_id for each in event.children] == [child.id]


def test_no_slip_is_printed_of_a_protected_child_of_another_office_or_of_what_no_office_has(
    app, make, client_as, registrar, send
):
    referral, _office = send()
    path = f"/referrals/sent/{referral.id}/slip"
    stranger = make.user("registrar", office=make.office("community", ELSEWHERE))
    client_as(stranger).get(path, status=404)
    client_as(stranger).get(f"{path}-answer", status=404)
    named = make.child(protected=True, protected_registrar_id=registrar.id)
    protected, _office = send("vaccination", child_id=named.id)
    client_as(registrar).get(f"/referrals/sent/{protected.id}/slip", status=404)
    client_as(registrar).get(f"/referrals/sent/{protected.id}/slip-answer", status=404)
    with app.app_context():
        db.session.get_one(Referral, referral.id).state = "closed"
        db.session.commit()
    for address in (path, f"{path}-answer"):
        assert client_as(registrar).get(address).path == f"/referrals/sent/{referral.id}"


# Finding it again


@pytest.mark.database
def test_a_reference_finds_what_the_own_office_sent_however_it_is_typed(make, registrar, send):
    referral, _office = send("social_assistance")
    viewer, reference = make.viewer(user=registrar), reference_of(referral)
    for typed in (
        reference,
        reference.lower(),
        f" {reference[:4]} {reference[4:]} ",
        f"{reference[:4]}-{reference[4:]}",
    ):
        with make.app.app_context():
            found = finding.by_reference(viewer, finding.read_reference(typed))
            assert [each.id for each in found] == [referral.id]
    other = make.viewer(user=make.user("registrar", office=make.office("community", COMMUNITY)))
    with make.app.app_context():
        assert finding.by_reference(other, reference.lower()) == []


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "G2345678", "%2345678", "________"])
def test_what_is_no_reference_is_not_looked_for(typed):
    assert finding.read_reference(typed) is None


def test_a_reference_leads_to_the_answer_and_one_that_nobody_has_says_so(client_as, registrar, send, language):
    referral, _office = send()
    page = client_as(registrar, language=language).get("/referrals/reference")
    assert page.submit({"reference": reference_of(referral)}).path == f"/referrals/sent/{referral.id}/slip-answer"
    for typed in ("0000000G", "00000000", ""):
        again = page.submit({"reference": typed}, status=422)
        assert list(again.errors) == ["reference"]
        assert again.select("input#reference")[0]["value"] == typed


def test_several_with_one_reference_are_listed_to_choose_from(app, make, client_as, registrar, send):
    referral, office = send()
    with app.app_context():
        row = db.session.get_one(Referral, referral.id)
        twin = type(row.id)(hex=f"{'0' * 24}{row.id.hex[-8:]}")
        db.session.commit()
    other = make.child(name="李晓")
    make.referral(other, office, id=twin, from_office=db_office(app, registrar))
    page = client_as(registrar).get("/referrals/reference").submit({"reference": reference_of(referral)}, status=200)
    assert {link["href"] for link in page.select("a[href$='/slip-answer']")} == {
        f"/referrals/sent/{each}/slip-answer" for each in (referral.id, twin)
    }


def db_office(app, user):
    from registry.areas.models import Office

    with app.app_context():
        office = db.session.get_one(Office, user.office_id)
        db.session.expunge(office)
        return office


# Entering what came back


def test_an_answer_on_paper_closes_what_nobody_accepted_and_says_where_it_comes_from(
    app, make, client_as, registrar, send, child, language
):
    referral, office = send()
    browser = client_as(registrar, language=language)
    page = browser.get(f"/referrals/sent/{referral.id}/slip-answer")
    answers = ON_SLIP | BEGINS | {"answer-outcome": "11", "answer-school": "示例小学", "answer-grade": "3"}
    done = page.submit(answers, status=200)
    assert done.path == f"/referrals/sent/{referral.id}"
    source = {"zh": "按纸质回执录入", "en": "Entered from the paper slip by"}[language]
    assert source in done.text
    assert kept(app, referral) == ("closed", "11", [("send", "office"), ("close", "slip")])
    with app.app_context():
        spell = db.session.scalars(
            select(Schooling).where(Schooling.child_id == child.id, Schooling.to_month.is_(None))
        ).one()
        assert (spell.stage, spell.told_by, spell.school.open(OPENER)) == ("primary", "office", "示例小学")
    theirs = client_as(make.user("officer", office=office), language=language)
    assert source in theirs.get(f"/referrals/{referral.id}").text
    assert {"zh": "纸质回执", "en": "Paper slip"}[language] in theirs.get("/referrals/?tab=ended").select("tbody tr")[
        0
    ].text


def test_what_is_wrong_on_an_entered_slip_stands_at_its_field_and_the_rest_stays(client_as, registrar, send):
    referral, _office = send()
    page = client_as(registrar).get(f"/referrals/sent/{referral.id}/slip-answer")
    again = page.submit(ON_SLIP | {"answer-outcome": "32", "answer-note": "九月再来"}, status=422)
    assert list(again.errors) == ["answer-day-year"]
    assert again.select("input#answer-note")[0]["value"] == "九月再来"


def test_a_return_on_paper_is_a_return(app, client_as, registrar, send):
    referral, _office = send("medical_insurance")
    page = client_as(registrar).get(f"/referrals/sent/{referral.id}/slip-answer")
    page.submit(ON_RETURN | {"return-reason": "not_our_area"}, form="form[action$='slip-return']", status=200)
    assert kept(app, referral) == ("returned", None, [("send", "office"), ("return", "slip")])


def test_the_second_who_enters_a_slip_is_told_and_loses_nothing(app, client_as, registrar, send):
    referral, _office = send()
    first, second = (client_as(registrar).get(f"/referrals/sent/{referral.id}/slip-answer") for _ in range(2))
    first.submit(ON_SLIP | {"answer-outcome": "41"}, status=200)
    again = second.submit(ON_SLIP | {"answer-outcome": "43", "answer-note": "候补"}, status=409)
    assert again.select("input#answer-note")[0]["value"] == "候补"
    assert kept(app, referral)[:2] == ("accepted", "41")
    again.submit({}, status=200)
    assert kept(app, referral)[:2] == ("accepted", "43")


def test_an_officer_enters_no_slip_and_a_registrar_no_answer_of_an_office(make, client_as, registrar, send):
    referral, office = send()
    officer = make.user("officer", office=office)
    client_as(officer).get(f"/referrals/sent/{referral.id}/slip-answer", status=403)
    client_as(registrar).get(f"/referrals/{referral.id}", status=403)


def test_the_office_itself_enters_nothing_as_a_slip(app, make, send):
    referral, office = send()
    officer = make.viewer(user=make.user("officer", office=office))
    for enter in (
        lambda: answering.answer_by_slip(officer, referral.id, 1, Answer("11"), Slip(DAY), DAY),
        lambda: answering.return_by_slip(officer, referral.id, 1, "not_our_area", None, Slip(DAY), DAY),
    ):
        with app.test_request_context(), pytest.raises(NotFound):
            enter()
    assert kept(app, referral)[0] == "sent"


@pytest.mark.database
def test_a_slip_may_answer_whatever_the_office_has_in_hand(app, make, client_as, registrar, send):
    day = today() + timedelta(days=10)
    referral, _office = send("vaccination")
    browser = client_as(registrar)
    date = {"answer-day-year": day.year, "answer-day-month": day.month, "answer-day-day": day.day}
    for outcome, state in (("03", "appointed"), ("02", "appointed"), ("01", "closed")):
        page = browser.get(f"/referrals/sent/{referral.id}/slip-answer")
        page.submit(ON_SLIP | {"answer-outcome": outcome, **date}, status=200)
        assert kept(app, referral)[:2] == (state, outcome)
