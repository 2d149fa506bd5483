"""Papers for a family: the receipt of registration, and a guardian's copy without anybody else's whereabouts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children.answers import record_answer
from registry.children.models import Child, Guardianship, Schooling
from registry.children.queries import file_of
from registry.clock import now, today
from registry.database import db
from registry.households.models import Guardian, NoticeGiven
from registry.jobs.worker import work_off
from registry.protection.models import RiskAssessment
from registry.vault.sealed import opened_fields
from sop.card import grouped
from sop.version import in_force
from tests.client import OPENER
from tests.documents import Document, check_document
from tests.factories import COMMUNITY, ELSEWHERE
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

NUMBER = "321322201906149019"
FATHER, FATHERS_PHONE, MOTHERS_PHONE = "李建国", "15400007777", "15400008888"
SECRET = "夜间独自在家"
FATHERS_STREET, HOME_STREET, SCHOOL = "工业园区宿舍9栋", "3幢2单元602室", "示例实验小学"


@pytest.fixture
def child(app: Flask, make: Factory) -> Child:
    """A child who lives with its mother; the father works and lives in Suzhou, and his phone is known."""
    home = make.household(phone=MOTHERS_PHONE, address=HOME_STREET)
    made = make.child(household=home, number=NUMBER)
    with app.app_context():
        father = Guardian(household_id=home.id, position=2, name=FATHER, pinyin="Li Jianguo", lives_here=False)
        father.lives_here_answer, father.phone = "no", FATHERS_PHONE
        father.workplace, father.address = "320505000000", FATHERS_STREET
        db.session.add(father)
        db.session.flush()
        db.session.add(Guardianship(child_id=made.id, guardian_id=father.id, relation="51"))
        spell = Schooling(child_id=made.id, stage="primary", from_month="2025-10", told_by="guardian")
        spell.school = SCHOOL
        db.session.add(spell)
        db.session.commit()
    return made


def guardian_named(app: Flask, name: str) -> UUID:
    with app.app_context():
        return next(each.id for each in db.session.scalars(select(Guardian)) if each.name.open(OPENER) == name)


def copy(browser: Client, child: Child, recipient: str) -> Document:
    page = browser.get(f"/papers/file/{child.id}")
    data = dict(page.values()) | {"recipient": recipient}
    answer = browser.http.post(page.path, data=data)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'inline; filename="file.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    return Document(answer.data)


def kinds(app: Flask, kind: str) -> list[dict[str, Any]]:
    with app.app_context():
        return [event.details for event in db.session.scalars(select(AuditEvent).where(AuditEvent.kind == kind))]


def test_a_receipt_says_what_was_recorded_who_sees_it_who_answers_by_when_and_what_is_promised(
    app: Flask, make: Factory, client_as: Callable[..., Client], child: Child
) -> None:
    office = make.office("education", COMMUNITY[:6] + "000000")
    make.referral(child, office)
    registrar = make.user()
    with app.app_context():
        given = NoticeGiven(household_id=child.episodes[0].household_id, notice_version="2026-11", language="zh")
        given.answer, given.given_at, given.given_by = "agrees", now(), registrar.id
        db.session.add(given)
        db.session.commit()
    work_off(app)
    answer = client_as("registrar").http.get(f"/papers/receipt/{child.episodes[0].household_id}")
    document = Document(answer.data)
    check_document(document, "登记回执 Receipt of registration")
    with app.app_context():
        card = grouped(db.session.get_one(Child, child.id).card_number.open(OPENER) or "")
    day = f"{today().year}年{today().month}月{today().day}日"
    for words in ("陈雨桐", "Chen Yutong", card, "2019年6月14日", office.name_zh, office.name_en, day, HOME_STREET):
        assert words in document.text
    assert NUMBER not in document.text
    assert "3213**********9019" in document.text
    joined = "".join(document.text.split())
    for promise in in_force(today()).notice.promises:
        assert "".join(promise.zh.split()) in joined
        assert "".join(promise.en.split()) in joined
    assert "本社区（村）的登记员和上级督导员" in joined
    assert "guardianagreed" in joined
    assert kinds(app, "paper_printed") == [{"paper": "receipt"}]


def test_a_receipt_never_tells_where_somebody_who_lives_elsewhere_is(
    make: Factory, client_as: Callable[..., Client], child: Child
) -> None:
    answer = client_as("registrar").http.get(f"/papers/receipt/{child.episodes[0].household_id}")
    text = "".join(Document(answer.data).text.split())
    assert FATHER in text
    assert not {words for words in ("7777", FATHERS_STREET, "吴江", "吴中", "苏州") if words in text}


def test_whoever_lives_with_the_child_reads_everything_of_the_family_but_the_others_whereabouts(
    app: Flask, client_as: Callable[..., Client], child: Child
) -> None:
    document = copy(client_as("registrar"), child, str(guardian_named(app, "周敏")))
    check_document(document, "儿童档案副本")
    text = "".join(document.text.split())
    for words in ("陈雨桐", NUMBER, HOME_STREET, "15400008888", SCHOOL, FATHER, "江苏省常州市天宁区"):
        assert words in text
    assert not {words for words in ("7777", FATHERS_STREET, "苏州") if words in text}
    assert kinds(app, "paper_printed") == [{"paper": "file"}]


def test_whoever_lives_elsewhere_reads_the_own_particulars_and_nothing_of_where_the_child_lives(
    app: Flask, make: Factory, client_as: Callable[..., Client], child: Child
) -> None:
    office = make.office("education", COMMUNITY[:6] + "000000")
    make.referral(child, office)
    text = "".join(copy(client_as("registrar"), child, str(guardian_named(app, FATHER))).text.split())
    for words in ("陈雨桐", NUMBER, "15400007777", FATHERS_STREET, "周敏"):
        assert words in text
    hidden = ("8888", HOME_STREET, SCHOOL, "天宁", "常州", "Changzhou", office.name_zh)
    assert not {words for words in hidden if words in text}


def test_somebody_else_who_is_entitled_reads_nobodys_whereabouts(
    client_as: Callable[..., Client], child: Child
) -> None:
    text = "".join(copy(client_as("supervisor"), child, "somebody").text.split())
    assert NUMBER in text
    assert not {words for words in ("8888", "7777", HOME_STREET, FATHERS_STREET, SCHOOL, "天宁") if words in text}


def test_answers_of_the_full_file_are_copied_but_not_where_the_parents_went_or_why_one_cannot_care(
    app: Flask, make: Factory, client_as: Callable[..., Client], child: Child
) -> None:
    viewer = make.viewer()
    questions = in_force(today()).questions
    with app.test_request_context():
        whole = file_of(viewer, child.id)
        for key, value in (("hukou_registered", "yes"), ("health", "healthy"), ("committee_contact", "王主任")):
            record_answer(viewer, whole, questions.question(key), value, today())
        db.session.commit()
    browser = client_as("registrar")
    at_home = "".join(copy(browser, child, str(guardian_named(app, "周敏"))).text.split())
    elsewhere = "".join(copy(browser, child, str(guardian_named(app, FATHER))).text.split())
    assert "王主任" in at_home
    assert "王主任" not in elsewhere
    assert "健康" in at_home


def test_no_paper_opens_or_prints_an_assessment_or_a_report(
    app: Flask, make: Factory, client_as: Callable[..., Client], child: Child
) -> None:
    viewer = make.viewer()
    with app.app_context():
        row = RiskAssessment(child_id=child.id, user_id=viewer.user_id, office_id=viewer.office_id)
        row.made_on, row.made_at, row.sop_version = today(), now(), "2026-11"
        row.answers = {"guardianship": "none", "assessment": "poor", "note": SECRET}
        db.session.add(row)
        db.session.commit()
    browser = client_as("registrar")
    with opened_fields() as opened:
        printed = copy(browser, child, str(guardian_named(app, "周敏"))).text
        receipt = browser.http.get(f"/papers/receipt/{child.episodes[0].household_id}").data
    for text in (printed, Document(receipt).text):
        assert not {words for words in (SECRET, "无人监护", "评估", "重点关爱", "保密") if words in text}
    rooms = {field.partition(".")[0] for field, _row in opened}
    assert rooms <= {"child", "episode", "household", "guardian", "schooling", "referral", "user"} | {
        "child_answer",
        "household_answer",
        "office",
    }


@pytest.mark.parametrize("role", ["registrar", "supervisor"])
def test_families_of_another_area_are_as_absent(make: Factory, client_as: Callable[..., Client], role: str) -> None:
    child = make.child(area=ELSEWHERE)
    browser = client_as(role)
    browser.get(f"/papers/file/{child.id}", status=404)
    browser.get(f"/papers/receipt/{child.episodes[0].household_id}", status=404)
    browser.get(f"/papers/receipt/{child.id}", status=404)


@pytest.mark.parametrize("role", ["officer", "protection_officer", "official", "administrator", "auditor"])
def test_other_roles_print_no_papers_about_families(make: Factory, client_as: Callable[..., Client], role: str) -> None:
    child, browser = make.child(), client_as(role)
    browser.get(f"/papers/file/{child.id}", status=403)
    browser.get(f"/papers/receipt/{child.episodes[0].household_id}", status=403)


def test_nobody_chosen_or_a_stranger_gets_no_copy(
    app: Flask, make: Factory, client_as: Callable[..., Client], child: Child
) -> None:
    browser = client_as("registrar")
    page = browser.get(f"/papers/file/{child.id}").submit(status=422)
    assert list(page.errors.values()) == ["请选择副本交给谁"]
    stranger = dict(page.values()) | {"recipient": str(make.household().guardians[0].id)}
    assert browser.http.post(page.path, data=stranger).status_code == 422
    assert kinds(app, "paper_printed") == []


def test_the_page_is_whole_in_both_languages(client_as: Callable[..., Client], child: Child, language: str) -> None:
    page = client_as("registrar", language=language).get(f"/papers/file/{child.id}")
    assert page.h1 == {"zh": "给监护人的档案副本", "en": "Copy of the file for the guardian"}[language]
    assert "周敏" in page.text


def test_a_receipt_takes_the_same_number_of_statements_for_one_child_and_for_four(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    home = make.household()
    make.child(household=home)
    browser = client_as("registrar")
    browser.http.get(f"/papers/receipt/{home.id}")
    with statements(app) as one:
        assert browser.http.get(f"/papers/receipt/{home.id}").status_code == 200
    for _each in range(3):
        make.child(household=home)
    with statements(app) as four:
        assert browser.http.get(f"/papers/receipt/{home.id}").status_code == 200
    assert len(four) == len(one)
