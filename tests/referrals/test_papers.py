"""What is printed for families after sending: slips of a family and of a day, and what was written on them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from registry.children import merging
from registry.children.models import Episode
from registry.clock import today
from registry.database import db
from registry.referrals.answers import answering
from registry.referrals.answers.came_back import Slip
from registry.referrals.errors import UnfitAnswerError
from registry.referrals.models import Referral, ReferralStep
from sop.identity import BirthDate
from sop.referral import Answer
from tests.client import OPENER
from tests.documents import Document
from tests.factories import COMMUNITY, ELSEWHERE
from tests.referrals import sending
from tests.referrals.sending import office_of
from tests.statements import statements


@pytest.fixture
def registrar(make):
    return make.user("registrar", office=make.office("community", COMMUNITY))


@pytest.fixture
def home(make):
    return make.household(phone="15400008888")


@pytest.fixture
def send(make, registrar, home):
    """Return a function that sends a new child of the home (or of another one) to the office of a service."""
    offices = {}

    def to_office(code="medical_insurance", name="陈雨桐", household=home):
        child = make.child(name=name, household=household, birth=BirthDate(2018, 3, 2))
        offices[code] = offices.get(code) or office_of(make, code)
        return sending.send(make, registrar, child.id, code)

    return to_office


def pdf(browser, path):
    answer = browser.http.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return Document(answer.data)


def on_slip(day, **others):
    return {f"slip-answered_on-{part}": getattr(day, part) for part in ("year", "month", "day")} | others


def test_the_page_of_today_leads_to_the_slips_and_the_receipt_of_each_family(
    client_as, make, registrar, send, home, language
):
    send()
    other = make.household()
    send("birth_certificate", "李晓", other)
    page = client_as(registrar, language=language).get("/referrals/sent/today")
    links = {link["href"] for link in page.select("main a[href]")}
    for one in (home, other):
        assert {f"/referrals/sent/slips/{one.id}", f"/papers/receipt/{one.id}"} <= links
    assert "/referrals/sent/today/slips" in links
    sent = client_as(registrar, language=language).get("/referrals/sent")
    assert sent.select("a[href='/referrals/sent/today']")


def test_where_nothing_was_sent_today_no_page_offers_papers(client_as, registrar):
    browser = client_as(registrar)
    assert not browser.get("/referrals/sent").select("a[href='/referrals/sent/today']")
    assert browser.get("/referrals/sent/today").select(".app-empty")
    assert browser.get("/referrals/sent/today/slips").path == "/referrals/sent/today"


def test_the_slips_of_a_family_are_those_of_its_children_and_of_nobody_else(client_as, make, registrar, send, home):
    send(), send("birth_certificate", "陈雨辰")
    send("birth_certificate", "李晓", make.household())
    browser = client_as(registrar)
    document = pdf(browser, f"/referrals/sent/slips/{home.id}")
    assert len(document.pages) == 2
    assert all(name in document.text for name in ("陈雨桐", "陈雨辰"))
    assert "李晓" not in document.text
    assert len(pdf(browser, "/referrals/sent/today/slips").pages) == 3


def test_slips_take_the_same_number_of_statements_for_one_and_for_four(app, client_as, registrar, send, home):
    send()
    browser = client_as(registrar)
    pdf(browser, f"/referrals/sent/slips/{home.id}")
    with statements(app) as one:
        pdf(browser, f"/referrals/sent/slips/{home.id}")
    for name in ("陈一", "陈二", "陈三"):
        send("birth_certificate", name)
    with statements(app) as four:
        pdf(browser, f"/referrals/sent/slips/{home.id}")
    assert len(four) == len(one)


def test_families_of_another_area_and_protected_children_have_no_slips(app, client_as, make, registrar, send, home):
    referral = send()
    stranger = client_as(make.user("registrar", office=make.office("community", ELSEWHERE)))
    stranger.get(f"/referrals/sent/slips/{home.id}", status=404)
    with app.app_context():
        child = db.session.get_one(Referral, referral.id).child
        child.protected, child.protected_registrar_id = True, registrar.id
        db.session.commit()
    browser = client_as(registrar)
    assert browser.get(f"/referrals/sent/slips/{home.id}").path == f"/children/{referral.child_id}"
    assert browser.get("/referrals/sent/today").select(".app-empty")


def test_what_the_english_line_of_a_slip_repeats_is_left_out(client_as, registrar, send, home):
    send()
    text = pdf(client_as(registrar), f"/referrals/sent/slips/{home.id}").text
    assert text.count("陈雨桐") == 1
    assert text.count("154 0000 8888") == 1
    assert "Chen Yutong" in text


# Files that stand for one child, and families that have gone


def papers_on(page):
    return {
        link["href"] for link in page.select("main a[href]") if "/slips/" in link["href"] or "/receipt/" in link["href"]
    }


def test_what_was_sent_for_a_merged_file_is_on_the_papers_of_the_household_of_the_kept_one(
    app, client_as, make, registrar, send
):
    home = make.household()
    kept, referral = make.child(name="陈雨彤", household=home), send()
    with app.app_context():
        merging.merge(make.viewer("supervisor"), referral.child_id, kept.id)
        db.session.commit()
    browser = client_as(registrar)
    papers = {f"/referrals/sent/slips/{home.id}", f"/papers/receipt/{home.id}"}
    assert papers_on(browser.get("/referrals/sent/today")) == papers
    assert len(pdf(browser, f"/referrals/sent/slips/{home.id}").pages) == 1
    assert papers_on(browser.get(f"/referrals/sent/{referral.id}")) == {f"/papers/receipt/{home.id}"}
    assert browser.http.get(f"/papers/receipt/{home.id}").status_code == 200


@pytest.mark.parametrize(
    ("where", "papers"),
    [
        ({"status": "pending"}, ["/referrals/sent/slips/", "/papers/receipt/"]),
        ({"status": "left"}, ["/referrals/sent/slips/"]),
        ({"area_code": ELSEWHERE}, []),
    ],
)
def test_no_page_leads_to_papers_that_there_are_not(app, client_as, make, registrar, send, where, papers):
    home = make.household()
    referral = send(household=home)
    make.area(ELSEWHERE)
    with app.app_context():
        db.session.execute(update(Episode).where(Episode.child_id == referral.child_id).values(**where))
        db.session.commit()
    browser, there = client_as(registrar), {f"{path}{home.id}" for path in papers}
    assert papers_on(browser.get("/referrals/sent/today")) == there
    assert papers_on(browser.get(f"/referrals/sent/{referral.id}")) == {path for path in there if "receipt" in path}
    for path in (f"/referrals/sent/slips/{home.id}", f"/papers/receipt/{home.id}"):
        assert (browser.http.get(path).status_code == 200) == (path in there)


# The date and the name on the slip


@pytest.fixture
def earlier(app, send):
    """A referral that was sent ten days ago."""
    referral = send()
    with app.app_context():
        row = db.session.get_one(Referral, referral.id)
        row.sent_on = today() - timedelta(days=10)
        db.session.commit()
    return referral


def test_the_office_answered_on_the_day_of_the_slip_and_both_sides_read_who_signed(
    app, client_as, registrar, earlier, language
):
    day = today() - timedelta(days=4)
    page = client_as(registrar, language=language).get(f"/referrals/sent/{earlier.id}/slip-answer")
    done = page.submit(on_slip(day, **{"slip-signed_by": "王医生", "answer-outcome": "411"}), status=200)
    with app.app_context():
        row = db.session.get_one(Referral, earlier.id)
        assert (row.state, row.closed_on, row.accepted_on) == ("closed", day, day)
        step = db.session.scalars(select(ReferralStep).where(ReferralStep.source == "slip")).one()
        assert step.details.open(OPENER) == {"answered_on": day.isoformat(), "signed_by": "王医生"}
    label = {"zh": "回执日期", "en": "Date on the slip"}[language]
    assert label in done.text
    assert "王医生" in done.text


@pytest.mark.parametrize(("days", "what"), [(-1, "to come"), (11, "before it was sent")])
def test_a_day_on_which_no_office_can_have_answered_is_refused_at_its_field(client_as, registrar, earlier, days, what):
    page = client_as(registrar).get(f"/referrals/sent/{earlier.id}/slip-answer")
    typed = on_slip(today() - timedelta(days=days), **{"answer-outcome": "411", "answer-note": "已办"})
    again = page.submit(typed, status=422)
    assert list(again.errors) == ["slip-answered_on-year"], what
    assert again.select("input#answer-note")[0]["value"] == "已办"


def test_a_slip_without_a_date_is_no_answer(client_as, registrar, earlier):
    page = client_as(registrar).get(f"/referrals/sent/{earlier.id}/slip-answer")
    assert list(page.submit({"answer-outcome": "411"}, status=422).errors) == ["slip-answered_on-year"]
    again = page.submit({"return-reason": "not_our_area"}, form="form[action$='slip-return']", status=422)
    assert list(again.errors) == ["back-answered_on-year"]


def test_the_service_takes_no_day_on_which_no_office_can_have_answered(app, make, registrar, earlier):
    viewer, late = make.viewer(user=registrar), today() + timedelta(days=1)
    with app.test_request_context(), pytest.raises(UnfitAnswerError) as refused:
        answering.answer_by_slip(viewer, earlier.id, earlier.version, Answer("411"), Slip(late), today())
    assert refused.value.field == "answered_on"
