"""A service office's list leaves as a spreadsheet: what its pages show, with keys, recorded, never cut."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from registry.vault.sealed import opened_fields
from tests.ledgers.answering import FAR, LIST, PATH, heading, take
from tests.ledgers.books import download, sheets_of

SHEET = {"zh": "就学", "en": "Education"}


def test_the_list_shows_what_the_offices_page_shows_and_opens_no_more(client_as, officer, asked, language):
    asked()
    asked("李思远", state="accepted")
    browser = client_as(officer, language=language)
    page = browser.get(PATH)
    with opened_fields() as opened:
        book = sheets_of(download(page, form=LIST).data)
    fields = {field for field, _row in opened} - {"child.pinyin", "guardian.pinyin", "user.name"}
    seen = {
        "child.name",
        "child.birth_date",
        "household.address",
        "guardian.name",
        "guardian.phone",
    }
    assert fields == seen | {"child.id_number", "child.hukou"}
    rows = book[SHEET[language]]
    number = rows[0].index({"zh": "公民身份号码", "en": "ID number"}[language])
    waiting, accepted = rows[1], rows[2]
    assert (bool(waiting[number]), len(accepted[number])) == (False, 18)  # seen only once it is accepted
    assert "陈雨桐" in str(waiting)
    assert all(isinstance(each, str) for row in rows for each in row)
    assert heading("outcome", language) in rows[0]


def test_a_clinic_has_a_column_for_the_dose_and_a_school_office_one_for_the_school(
    make, client_as, asked, clinic, officer
):
    asked()
    asked(service="vaccination", office=clinic)
    of_school = sheets_of(take(client_as(officer)))["就学"][0]
    of_clinic = sheets_of(take(client_as(make.user("officer", office=clinic))))["接种"][0]
    assert heading("school") in of_school
    assert heading("dose") not in of_school
    assert heading("dose") in of_clinic
    assert heading("school") not in of_clinic


def test_only_the_own_offices_open_referrals_of_ordinary_children_go_out(
    make, client_as, officer, asked, office, clinic
):
    asked("在办孩子")
    asked("已结孩子", state="closed")
    asked("别处孩子", service="vaccination", office=clinic)
    hidden = make.child(name="保密孩子", protected=True)
    make.referral(hidden, office, accept_by=FAR, answer_by=FAR)
    rows = sheets_of(take(client_as(officer)))
    assert "在办孩子" in str(rows)
    assert not {"已结孩子", "别处孩子", "保密孩子"} & {cell for sheet in rows.values() for row in sheet for cell in row}


def test_taking_the_list_out_is_recorded_and_its_name_tells_nothing(app, client_as, officer, asked):
    child = asked().child_id
    answered = download(client_as(officer).get(PATH), form=LIST)
    assert answered.headers["Content-Disposition"] == f'attachment; filename="referrals-{today()}.xlsx"'
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "list_taken_out")).one()
        assert event.details == {"list": "referrals", "shown": 1, "filter": "none", "purpose": "service"}
        assert [each.child_id for each in event.children] == [child]


def test_a_list_that_is_too_long_is_not_cut(client_as, officer, asked, limits, language):
    limits(most_referrals=1)
    asked(), asked()
    page = client_as(officer, language=language).get(PATH).submit({}, form=LIST, status=422)
    assert {"zh": "一份名单最多1件转介", "en": "One list holds at most 1 referral"}[language] in page.text


@pytest.mark.parametrize("role", ["registrar", "supervisor"])
def test_who_keeps_files_has_no_offices_list(client_as, role):
    browser = client_as(role)
    browser.get(PATH, status=403)
    token = browser.get("/password").select("input[name=csrf_token]")[0]["value"]
    assert browser.http.post(f"{PATH}/list", data={"csrf_token": token}).status_code == 404


def test_the_office_finds_the_page_from_its_list(client_as, officer, asked):
    asked()
    assert client_as(officer).get("/referrals/").select(f"a[href='{PATH}']")
