"""The pages of an answer: the form of each service, faults at their fields, and what both sides and the family read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from registry.clock import today
from registry.database import db
from registry.referrals.models import Referral
from registry.vault.sealed import opened_fields
from sop.identity import BirthDate
from sop.version import in_force
from tests.documents import Document
from tests.factories import COMMUNITY
from tests.referrals.sending import details, first_day, have_doses, kept, office_of, send

SERVICES = in_force(today()).services
ITEMS = SERVICES["identity"].items


@pytest.fixture
def registrar(make):
    return make.user("registrar", office=make.office("community", COMMUNITY))


@pytest.fixture
def child(make):
    return make.child(birth=BirthDate(2018, 3, 2), school="none", certificate="none")


@pytest.fixture
def referred(make, registrar, child):
    """Return a function that lets an office of a service have the child, and returns (referral, its officer)."""

    def to_office(code, state="accepted"):
        office = office_of(make, code)
        return send(make, registrar, child.id, code, state), make.user("officer", office=office)

    return to_office


def day_of(day, name="answer-day"):
    return {f"{name}-{part}": str(getattr(day, part)) for part in ("year", "month", "day")}


@pytest.mark.parametrize("code", SERVICES)
def test_the_form_of_a_service_has_its_outcomes_and_no_field_that_none_of_them_needs(client_as, referred, code):
    referral, officer = referred(code)
    page = client_as(officer).get(f"/referrals/{referral.id}")
    asked = SERVICES[code]
    offered = {each["value"] for each in page.select("input[name=answer-outcome]")}
    assert offered == {each.code for each in asked.outcomes if not each.below_school_age}
    taken = {name for each in asked.outcomes for name in each.takes}
    expected = {
        "answer-reason": any(each.reasons for each in asked.outcomes),
        "answer-day-year": any(each.asks for each in asked.outcomes),
        "answer-alternative": any(each.alternative for each in asked.outcomes),
        **{f"answer-{name}": name in taken for name in ("school", "school_kind", "grade")},
        "answer-begins-year": "begins" in taken,
        **{f"answer-item_{item}": item in asked.items for item in ITEMS},
    }
    names = {each.get("name") for each in page.select("#form input, #form select")}
    assert {name for name, there in expected.items() if there} == names & expected.keys()


def test_an_answer_of_the_school_authority_is_read_by_both_sides_and_in_the_file(
    client_as, registrar, child, referred, language
):
    referral, officer = referred("education")
    page = client_as(officer, language=language).get(f"/referrals/{referral.id}")
    begins = today() + timedelta(days=30)
    answers = {
        "answer-outcome": "46",
        "answer-school": "示例小学",
        "answer-school_kind": "migrant",
        "answer-grade": "3",
    }
    page.submit({**answers, **day_of(begins, "answer-begins")}, status=200)
    ours = client_as(registrar, language=language)
    kind = {"zh": "随迁子女学校", "en": "School for migrants' children"}[language]
    grade = {"zh": "小学三年级", "en": "Primary 3"}[language]
    steps = ours.get(f"/referrals/sent/{referral.id}").text
    for words in ("示例小学", kind, grade):
        assert words in steps
    file = ours.get(f"/children/{child.id}").text
    assert "示例小学" in file
    assert "小学三年级" in file


def test_a_refused_child_of_compulsory_age_needs_an_alternative_and_the_field_says_so(
    app, client_as, referred, language
):
    referral, officer = referred("education")
    page = client_as(officer, language=language).get(f"/referrals/{referral.id}")
    typed = {"answer-outcome": "42", "answer-reason": "no_permit", "answer-note": "两次来访"}
    again = page.submit(typed, status=422)
    assert list(again.errors) == ["answer-alternative"]
    assert {"zh": "义务教育年龄", "en": "compulsory school age"}[language] in again.errors["answer-alternative"]
    values = dict(again.values())
    assert {name: values[name] for name in typed} == typed
    again.submit({"answer-alternative": "other_school"}, status=200)
    assert details(app, referral) == {"alternative": "other_school"}


@pytest.mark.parametrize(
    ("code", "typed", "fault"),
    [
        ("education", {}, "answer-outcome-11"),
        ("education", {"answer-outcome": "42"}, "answer-reason"),
        ("education", {"answer-outcome": "32"}, "answer-day-year"),
        ("education", {"answer-outcome": "11"}, "answer-begins-year"),
        ("education", {"answer-outcome": "46", **first_day()}, "answer-school_kind"),
        ("education", {"answer-outcome": "11", "answer-begins-year": "2099"}, "answer-begins-month"),
        (
            "education",
            {"answer-outcome": "11", **day_of(today() + timedelta(900), "answer-begins")},
            "answer-begins-year",
        ),
        ("identity", {"answer-outcome": "113", "answer-item_name": "agrees"}, "answer-item_birth_date-agrees"),
        ("vaccination", {"answer-outcome": "02"}, "answer-day-year"),
        ("social_assistance", {"answer-outcome": "691"}, "answer-reason"),
    ],
)
def test_a_fault_stands_at_its_field_and_what_was_typed_stays(app, client_as, referred, code, typed, fault):
    referral, officer = referred(code)
    page = client_as(officer).get(f"/referrals/{referral.id}")
    again = page.submit({**typed, "answer-note": "备注"}, status=422)
    assert next(iter(again.errors)) == fault
    assert again.select(f"#{fault}")
    values = dict(again.values())
    assert {name: values[name] for name in typed} == typed
    assert values["answer-note"] == "备注"
    assert kept(app, referral)[:2] == ("accepted", None)


@pytest.mark.parametrize(
    ("field", "value"), [("grade", "99"), ("grade", "x"), ("school_kind", "x"), ("alternative", "x")]
)
def test_what_no_form_offers_is_refused_at_its_field(client_as, referred, field, value):
    referral, officer = referred("education")
    page = client_as(officer).get(f"/referrals/{referral.id}")
    outcome = {"grade": "11", "school_kind": "46", "alternative": "49"}[field]
    typed = {"answer-outcome": outcome, f"answer-{field}": value, **first_day()}
    assert list(page.submit(typed, status=422).errors) == [f"answer-{field}"]


def test_what_is_for_younger_children_is_not_offered_and_refused_however_it_was_sent(client_as, referred):
    referral, officer = referred("education")
    browser = client_as(officer)
    page = browser.get(f"/referrals/{referral.id}")
    below = {each.code for each in SERVICES["education"].outcomes if each.below_school_age}
    assert below.isdisjoint(each["value"] for each in page.select("input[name=answer-outcome]"))
    for code in sorted(below):
        typed = {"answer-outcome": code, **first_day(), **day_of(today() + timedelta(days=30))}
        assert list(page.submit(typed, status=422).errors) == ["answer-outcome-11"]


def test_the_grade_due_by_age_is_chosen_beforehand_and_reasons_stand_under_their_outcomes(client_as, referred):
    referral, officer = referred("education")
    page = client_as(officer, language="zh").get(f"/referrals/{referral.id}")
    assert [each["value"] for each in page.select("select[name=answer-grade] option[selected]")] == ["3"]
    groups = {each["label"]: [one["value"] for one in each.select("option")] for each in page.select("optgroup")}
    outcomes = SERVICES["education"].outcomes
    reasons = {each.text.zh: set(each.reasons) for each in outcomes if each.reasons}
    assert {label: set(groups[label]) for label in reasons} == reasons


def test_an_item_without_a_result_is_named_in_the_list_of_errors(client_as, referred):
    referral, officer = referred("identity")
    page = client_as(officer, language="zh").get(f"/referrals/{referral.id}")
    told = page.submit({"answer-outcome": "113"}, status=422).errors.values()
    codes = in_force(today()).codes["item"]
    assert [each.split("：")[0].split(":")[0] for each in told] == [codes.text(item).zh for item in ITEMS]


def test_the_clinic_is_led_to_the_doses_where_they_are_not_recorded(app, client_as, referred, child):
    referral, officer = referred("vaccination")
    page = client_as(officer).get(f"/referrals/{referral.id}")
    again = page.submit({"answer-outcome": "01"}, status=422)
    assert list(again.errors) == ["answer-outcome-01"]
    entry = f"/doses/{child.id}?referral={referral.id}"
    assert [each["href"] for each in again.select("#form a")] == [entry]
    have_doses(app, child.id)
    assert again.submit(status=200).path == "/referrals/"


def test_the_result_of_each_item_is_shown_in_the_file_with_who_and_when(
    client_as, registrar, child, referred, language
):
    referral, officer = referred("identity")
    page = client_as(officer, language=language).get(f"/referrals/{referral.id}")
    results = dict.fromkeys(ITEMS, "agrees") | {"hukou": "not_found", "sex": "differs"}
    page.submit(
        {"answer-outcome": "113", **{f"answer-item_{item}": each for item, each in results.items()}}, status=200
    )
    browser = client_as(registrar, language=language)
    file = browser.get(f"/children/{child.id}").text
    found = {
        "zh": ("未查到（", "王秀芳", "再向家庭核实"),
        "en": ("Not found (", "Wang Xiufang", "asked of the family again"),
    }
    for words in found[language]:
        assert words in file
    assert browser.get(f"/referrals/sent/{referral.id}").text.count({"zh": "一致", "en": "Agrees"}[language]) >= 3


def test_papers_to_bring_and_the_day_of_agreement_stand_on_both_sides(client_as, registrar, referred, language):
    referral, officer = referred("identity", "sent")
    day = {"zh": f"{today().year}年{today().month}月{today().day}日", "en": f"{today().day} {today():%B %Y}"}[language]
    for user, path in ((officer, f"/referrals/{referral.id}"), (registrar, f"/referrals/sent/{referral.id}")):
        page = client_as(user, language=language).get(path)
        for paper in SERVICES["identity"].documents:
            assert paper.in_language(language) in page.text
        labels = [each.get_text(strip=True) for each in page.select("dt")]
        agreed = labels.index({"zh": "监护人同意日期", "en": "The guardian agreed"}[language])
        assert page.select("dd")[agreed].get_text(strip=True) == day
    first = SERVICES["legal_aid"].name.in_language(language)
    assert first in client_as(registrar, language=language).get(f"/referrals/sent/{referral.id}").text
    assert first not in client_as(officer, language=language).get(f"/referrals/{referral.id}").text


def test_what_was_answered_of_a_child_is_not_shown_to_the_office_once_it_has_ended(client_as, referred):
    referral, officer = referred("education")
    browser = client_as(officer)
    told = {"answer-outcome": "11", "answer-school": "示例小学", **first_day()}
    browser.get(f"/referrals/{referral.id}").submit(told, status=200)
    with opened_fields() as opened:
        page = browser.get(f"/referrals/{referral.id}")
    assert "示例小学" not in page.text
    assert "referral_step.details" not in {field for field, _ in opened}


@pytest.mark.parametrize(
    ("code", "outcome", "told"),
    [
        ("vaccination", "02", ("接种", "Vaccination", "已补种，未全程", "Somedosesgiven")),
        ("legal_aid", "743", ("保密服务", "aconfidentialservice")),  # not which it is, nor what came of it
    ],
)
def test_the_receipt_tells_state_outcome_and_next_day(
    *, app, client_as, registrar, child, referred, code, outcome, told
):
    referral, _officer = referred(code)
    on, coming = today() - timedelta(days=2), today() + timedelta(days=9)
    with app.app_context():
        row = db.session.get_one(Referral, referral.id)
        row.accepted_on, row.recall_on, row.outcome, row.outcome_kind = on, coming, outcome, "interim"
        db.session.commit()
    answer = client_as(registrar).http.get(f"/papers/receipt/{child.episodes[0].household_id}")
    text = "".join(Document(answer.data).text.split())
    days = (f"{on.year}年{on.month}月{on.day}日受理", f"下次日期：{coming.year}年{coming.month}月{coming.day}日")
    for words in (*told, *days, f"Acceptedon{on:%-d%B%Y}", f"Nextdate:{coming:%-d%B%Y}"):
        assert words in text
    aid = SERVICES["legal_aid"]
    secrets = {words for each in (aid.name, aid.outcome("743").text) for words in (each.zh, each.en)}
    assert not {each for each in secrets if "".join(each.split()) in text}


def test_the_pages_of_an_answer_need_the_same_number_of_queries_however_long_the_history(
    app, make, client_as, registrar, referred
):
    referral, officer = referred("identity")
    day = today() + timedelta(days=9)

    def queries(user, path):
        browser, number = client_as(user), 0

        def count(*_args):
            nonlocal number
            number += 1

        browser.get(path)
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", count)
        browser.get(path)
        event.remove(engine, "before_cursor_execute", count)
        return number

    paths = ((officer, f"/referrals/{referral.id}"), (registrar, f"/referrals/sent/{referral.id}/slip-answer"))
    before = [queries(*each) for each in (*paths, (registrar, f"/referrals/sent/{referral.id}"))]
    assert all(before)
    browser = client_as(officer)
    for _ in range(4):
        page = browser.get(f"/referrals/{referral.id}")
        page.submit({"answer-outcome": "142", "answer-item_name": "agrees", "answer-note": f"{day}"}, status=200)
    assert [queries(*each) for each in (*paths, (registrar, f"/referrals/sent/{referral.id}"))] == before
