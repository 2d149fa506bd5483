"""A child's file: who may open it, what it says, the number that is shown for a reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children.display import age
from registry.children.fields import COLUMNS, ON_PAGES_OF_THEIR_OWN, facts_for_service, sealed_fields
from registry.children.models import Child, Episode, Schooling
from registry.children.queries import (
    children_for_service,
    count_registered,
    in_scope,
    masked_summary,
)
from registry.clock import now, today
from registry.database import db
from registry.referrals.models import ReferralStep
from registry.vault.errors import SealedFieldRefusedError
from registry.vault.sealed import opened_fields
from sop.content import REGISTER_FIELDS
from sop.identity import BirthDate
from tests.children.counting import children_on_file
from tests.factories import COMMUNITY, ELSEWHERE, id_number
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

NUMBER = id_number("321322", date(2019, 6, 14), 906)


@pytest.mark.database
def test_a_file_says_who_the_child_is_and_why_it_is_registered(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    child = make.child(number=NUMBER)
    page = client_as("registrar", language=language).get(f"/children/{child.id}")
    assert page.h1 == {"zh": "陈雨桐", "en": "Chen Yutong 陈雨桐"}[language]
    assert "陈雨桐" not in page.soup.title.get_text()
    for part in ("周敏", "154 0000", "3幢2单元602室", "3213**********"):
        assert part in page.text
    assert NUMBER not in str(page.soup)
    assert len(page.select(".app-flag")) == 2
    assert page.select("a[href^=tel]") == []  # sample data: nobody is called


def test_phones_can_be_called_once_the_data_are_real(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    from dataclasses import replace

    app.extensions["settings"] = replace(app.extensions["settings"], sample_data=False)
    child = make.child(household=make.household(phone="15400007755"))
    page = client_as("registrar").get(f"/children/{child.id}")
    assert [link["href"] for link in page.select("a[href^=tel]")] == ["tel:15400007755"]


@pytest.mark.database
@pytest.mark.parametrize("values", [{"area": ELSEWHERE}, {"protected": True}, {"merged": True}, {"left": True}])
def test_a_file_that_is_not_the_viewers_is_not_there_and_the_attempt_is_recorded(
    app: Flask, make: Factory, client_as: Callable[..., Client], values: dict[str, Any]
) -> None:
    told = dict(values)
    left = told.pop("left", False)
    if told.pop("merged", False):
        told["merged_into"] = make.child(area=ELSEWHERE).id
    child = make.child(**told)
    if left:
        with app.app_context():
            db.session.get_one(Episode, child.episodes[0].id).latest = False  # it arrived somewhere else
            db.session.commit()
    for role in ("registrar", "supervisor"):
        browser = client_as(role)
        with opened_fields() as opened:
            browser.get(f"/children/{child.id}", status=404)
        assert not [field for field, _row in opened if not field.startswith("user.")]
    with app.app_context():
        refused = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "refused")).all()
        assert [event.details for event in refused] == [{"endpoint": "children.file", "why": "scope"}] * 2
        shown = select(AuditEvent).where(AuditEvent.kind == "child_opened")
        assert db.session.scalars(shown).all() == []


def test_a_protected_file_is_opened_by_its_named_registrar_and_marked(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    user = make.user("registrar")
    child = make.child(protected=True, protected_registrar_id=user.id)
    page = client_as(user).get(f"/children/{child.id}")
    assert page.select(".app-tag--ink")


def test_who_opened_a_file_is_recorded_and_the_reader_is_told(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    page = client_as("registrar").get(f"/children/{child.id}")
    assert page.select(".app-footnote")
    with app.app_context():
        (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "child_opened"))
        assert event.details == {"part": "file"}
        assert [one.child_id for one in event.children] == [child.id]


def test_the_number_is_shown_for_a_reason_that_is_recorded(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    child = make.child(number=NUMBER)
    page = client_as("registrar", language=language).get(f"/children/{child.id}")
    shown = page.submit({"purpose": "verify"}, form=".app-masked__form", status=200)
    assert NUMBER in shown.text
    with app.app_context():
        (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "field_revealed"))
        assert event.details == {"field": "child.id_number", "purpose": "verify"}
        assert [one.child_id for one in event.children] == [child.id]


def test_without_a_reason_from_the_list_the_number_stays_hidden(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(number=NUMBER)
    page = client_as("registrar").get(f"/children/{child.id}")
    answer = page.submit({"purpose": "curiosity"}, form=".app-masked__form", status=422)
    assert NUMBER not in str(answer.soup)
    with app.app_context():
        revealed = select(AuditEvent).where(AuditEvent.kind == "field_revealed")
        assert db.session.scalars(revealed).all() == []


def test_a_number_elsewhere_cannot_be_revealed(make: Factory, client_as: Callable[..., Client]) -> None:
    own, other = make.child(number=NUMBER), make.child(area=ELSEWHERE)
    browser = client_as("registrar")
    token = browser.get(f"/children/{own.id}").values(".app-masked__form")
    browser.post(f"/children/{other.id}/reveal", token, status=404)


def test_what_is_still_wanting_stands_on_top(make: Factory, client_as: Callable[..., Client]) -> None:
    wanting = make.child(
        name="陈某之女", birth=BirthDate(2019, 6), number=None, id_number_answer="later", certificate="unseen"
    )
    complete = make.child(number=NUMBER)
    browser = client_as("registrar")
    assert len(browser.get(f"/children/{wanting.id}").select(".app-todo li")) == 5
    (link,) = browser.get(f"/children/{complete.id}").select(".app-todo li a")
    assert link["href"] == f"/children/{complete.id}/questions"  # only questions, which wait for a visit


def test_a_returned_referral_is_to_be_done_first_with_its_reason(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    user = make.user("registrar")
    child, office = make.child(), make.office("clinic")
    ours = make.referral(child, office, service="vaccination", state="returned", from_office_id=user.office_id)
    with app.app_context():
        step = {"move": "return", "state": "returned", "reason": "wrong_information", "user_id": user.id}
        db.session.add(ReferralStep(referral_id=ours.id, child_id=child.id, at=now(), **step))
        db.session.commit()
    page = client_as(user, language=language).get(f"/children/{child.id}")
    link = page.select(".app-todo a")[0]
    said = {"zh": "接种转介被退回：信息有误", "en": "Vaccination referral returned: Wrong information"}[language]
    assert (link.get_text(), link["href"]) == (said, f"/referrals/sent/{ours.id}")
    assert {"zh": "信息有误", "en": "Wrong information"}[language] in page.select(".app-entry")[0].get_text()


def test_a_file_takes_the_same_number_of_statements_however_much_is_in_it(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    office = make.office("education", COMMUNITY[:6] + "000000")
    make.referral(child, office)
    browser = client_as("supervisor")
    browser.get(f"/children/{child.id}")
    with statements(app) as before:
        browser.get(f"/children/{child.id}")
    clinic = make.office("clinic")
    make.referral(child, clinic, service="vaccination")
    with app.app_context():
        kept = db.session.get_one(Child, child.id)
        kept.schooling += [Schooling(stage="none", from_month="2024-09", to_month="2025-08", told_by="guardian")]
        old = kept.episodes[0]
        values = {"household_id": old.household_id, "area_code": old.area_code, "side": "receiving"}
        values |= {"registered_on": today(), "source": "home_visit", "sop_version": old.sop_version}
        kept.episodes += [Episode(status="left", left_month="2025-07", latest=False, **values)]
        db.session.commit()
    with statements(app) as after:
        browser.get(f"/children/{child.id}")
    assert len(after) == len(before)


@pytest.mark.database
def test_a_masked_summary_shows_no_more_than_tells_two_children_apart(context: Flask, make: Factory) -> None:
    child, protected = make.child(number=NUMBER), make.child(protected=True)
    viewer = make.viewer(area=ELSEWHERE)
    with opened_fields() as opened:
        summary = masked_summary(viewer, child.id)
        assert masked_summary(viewer, protected.id) is None
    assert [field for field, _row in opened] == ["child.name"]
    assert summary is not None
    assert (summary.name, summary.birth_year, summary.sex) == ("陈*", 2019, "2")
    assert summary.area == "江苏省常州市天宁区"
    assert "示例单位" in summary.office


def test_an_office_is_given_the_fields_of_its_service_and_can_open_no_other(context: Flask, make: Factory) -> None:
    child = make.child(number=NUMBER)
    officer = make.viewer("officer")
    seen = ("child.name", "child.sex", "child.phone")
    viewer = officer.opening(sealed_fields(seen))
    loaded = children_for_service([child.id])[child.id]
    with context.test_request_context(), opened_fields() as opened:
        told = facts_for_service(viewer, loaded, seen)
        with pytest.raises(SealedFieldRefusedError):
            facts_for_service(viewer, loaded, ("child.id_number",))
    assert len(told) == len(seen)
    assert {field for field, _row in opened} <= {"child.name", "child.pinyin", "guardian.phone"}


@pytest.mark.parametrize("field", sorted(REGISTER_FIELDS - ON_PAGES_OF_THEIR_OWN))
def test_every_field_of_the_procedure_can_be_shown_and_opens_its_own_columns_only(
    context: Flask, make: Factory, field: str
) -> None:
    child = make.child(number=NUMBER)
    viewer = make.viewer("officer").opening(sealed_fields([field]))
    with context.test_request_context(), opened_fields() as opened:
        ((label, value),) = facts_for_service(viewer, children_for_service([child.id])[child.id], [field])
    assert label
    assert value
    assert {each for each, _row in opened} <= COLUMNS.get(field, frozenset())


@pytest.mark.database
def test_the_register_is_counted_by_district_sex_and_month_with_protected_files_and_without_the_rest(
    context: Flask, make: Factory
) -> None:
    zhongshan = "442000101901"
    kept = make.child()
    for values in (
        {"protected": True},
        {"area": ELSEWHERE},
        {"area": zhongshan, "birth": BirthDate(2020, 2, 1)},
        {"merged_into": kept.id},
        {"status": "withdrawn"},
        {"child_status": "aged_out"},
    ):
        told = dict(values)
        ended = told.pop("child_status", None)
        child = make.child(**told)
        if ended:
            db.session.get_one(Child, child.id).status = ended
            db.session.commit()
    assert [tuple(row) for row in count_registered(("3204", "4420"))] == [
        ("320402", "2", 2019, 6, 2),
        ("320404", "2", 2019, 6, 1),
        ("442000101", "2", 2020, 2, 1),
    ]
    assert [row.n for row in count_registered(("320404",))] == [1]


def test_the_number_of_files_a_viewer_is_told_never_counts_a_hidden_protected_one(
    context: Flask, make: Factory
) -> None:
    viewer = make.viewer()
    make.child()
    protected = make.child(protected=True)
    assert children_on_file(viewer) == 1
    assert not in_scope(viewer, protected.id)


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        ((2019, 11), date(2026, 11, 29), "6"),
        ((2019, 11), date(2026, 11, 30), "7"),
        (BirthDate(2019, 11, 22), date(2026, 11, 22), "7"),
        (BirthDate(2019, 11, 23), date(2026, 11, 22), "6"),
        ((2026, 5), date(2026, 11, 22), "5"),
    ],
)
def test_a_birthday_counts_from_its_day_or_from_the_end_of_its_month(
    context: Flask, birth: Any, on: date, years: str
) -> None:
    with context.test_request_context():
        assert years in age(birth, on)
