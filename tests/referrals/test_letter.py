"""The letter of reminder: numbers by service and lateness for one office, in the language of the page, and no child."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from registry.i18n import spoken
from registry.referrals.overdue import chasing
from registry.referrals.overdue import letter as letters
from registry.referrals.overdue.chasing import Line
from registry.referrals.overdue.letter import reminder
from registry.referrals.service_words import service_words
from registry.vault.sealed import opened_fields
from registry.web.filters import long_date
from sop.version import in_force
from tests.documents import Document, check_document
from tests.factories import ELSEWHERE
from tests.referrals.overdue import CITY, COUNTY, TOWN, confidential_one, late_by, overdue, supervisor

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.areas.models import Office
    from tests.client import Client
    from tests.factories import Factory

NAME = "欧阳栩栩"


@pytest.fixture
def office(make: Factory) -> Office:
    return make.office("education", COUNTY, serves=(("education", COUNTY),))


def letter(browser: Client, office: Office) -> Document:
    answer = browser.http.get(f"/referrals/chase/{office.id}/letter")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'inline; filename="letter-of-reminder.pdf"'
    return Document(answer.data)


def in_one_line(document: Document) -> str:
    return re.sub(r"\s+", "", document.text)


@pytest.mark.database
def test_it_says_to_whom_how_many_since_when_and_from_whom(
    make: Factory, client_as: Callable[..., Client], office: Office, language: str
) -> None:
    user = supervisor(make)
    for days in (0, 1, 5, 6, 15, 16, 40):
        overdue(make, make.child(name=NAME), office, late_by(days))
    overdue(make, make.child(name=NAME), office, late_by(3), service="vaccination")
    browser = client_as(user, language=language)
    with opened_fields() as opened:
        document = letter(browser, office)
    check_document(document, {"zh": "督办函", "en": "Letter of reminder"}[language])
    assert {field for field, _row in opened} <= {"user.name"}
    text = in_one_line(document)
    assert NAME not in text
    sender = user_office(make, user)
    for words in (office.name(language), sender.name(language), "7", f"{today():%Y%m%d}-"):
        assert words.replace(" ", "") in text
    with make.app.test_request_context():
        oldest = written(late_by(40), language)
    assert oldest in text
    assert {"zh": "就学722", "en": "Education722"}[language] in text, "open, and up to 5, up to 15 days late"
    assert {"zh": "合计832", "en": "Total832"}[language] in text


def written(day: date, language: str) -> str:
    with spoken(language):
        return long_date(day).replace(" ", "")


def user_office(make: Factory, user: object) -> Office:
    from registry.areas.offices import office_by_id

    with make.app.app_context():
        return office_by_id(user.office_id)


@pytest.mark.database
def test_days_are_counted_together_as_the_columns_say(app: Flask, make: Factory, office: Office) -> None:
    for days in (0, 1, 5, 6, 15, 16, 40):
        overdue(make, make.child(), office, late_by(days))
    viewer = make.viewer(user=supervisor(make))
    with app.app_context():
        assert chasing.standing_of(viewer, office.id, today()) == [Line("education", 7, (2, 2, 2), late_by(40))]


def test_the_columns_are_the_days_after_which_it_climbs(
    app: Flask, make: Factory, office: Office, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sop = in_force(today())
    viewer, due = make.viewer(user=supervisor(make)), late_by(8)
    overdue(make, make.child(), office, due)
    for climb_days, late, said in (
        ((5, 10), (0, 1, 0), {"zh": ("1—5日", "6—15日", "15日以上"), "en": ("1to5", "6to15", "Over15")}),
        ((1, 7), (0, 1, 0), {"zh": ("逾期1天", "2—8日", "8日以上"), "en": ("1daylate", "2to8", "Over8")}),
        ((2, 3), (0, 0, 1), {"zh": ("1—2日", "3—5日", "5日以上"), "en": ("1to2", "3to5", "Over5")}),
    ):
        other = replace(sop, referrals=replace(sop.referrals, climb_days=climb_days))
        for module in (chasing, letters):
            monkeypatch.setattr(module, "in_force", lambda _on, other=other: other)
        with app.test_request_context(), spoken(language):
            (line,) = lines = chasing.standing_of(viewer, office.id, today())
            document = reminder(viewer, (office.id, "示例教育局"), "示例街道", lines, today(), sample=True)
        assert line.late == late
        assert all(words in in_one_line(Document(document)) for words in said[language])


@pytest.mark.database
def test_only_open_referrals_of_the_own_area_count_and_protected_files_are_as_if_absent(
    app: Flask, make: Factory, office: Office
) -> None:
    due = late_by(8)
    overdue(make, make.child(), office, due)
    overdue(make, make.child(), office, due, state="closed")
    overdue(make, make.child(protected=True), office, due)
    overdue(make, make.child(child_status="deceased"), office, due)
    overdue(make, make.child(area=ELSEWHERE), office, due)
    overdue(make, make.child(), make.office("education", COUNTY), due)
    with app.app_context():
        town, city = (make.viewer(user=supervisor(make, area)) for area in (TOWN, CITY))
        assert chasing.standing_of(town, office.id, today()) == [Line("education", 1, (0, 1, 0), due)]
        assert chasing.standing_of(city, office.id, today()) == [Line("education", 2, (0, 2, 0), due)]


@pytest.mark.database
def test_confidential_services_are_one_line_without_their_name(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    federation = make.office("disability", COUNTY)
    for service in ("disability", "social_assistance"):
        confidential_one(make, make.child(), federation, late_by(8), service)
    text = in_one_line(letter(client_as(supervisor(make), language=language), federation))
    assert {"zh": "保密", "en": "Confidentialservices"}[language] in text
    for service in ("disability", "social_assistance"):
        assert in_force(today()).services[service].name.in_language(language).replace(" ", "") not in text


def test_it_is_recorded_by_office_and_number(
    app: Flask, make: Factory, client_as: Callable[..., Client], office: Office
) -> None:
    overdue(make, make.child(), office, late_by(8))
    letter(client_as(supervisor(make)), office)
    with app.app_context():
        (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "office_reminded"))
        assert event.details == {"office": str(office.id), "overdue": 1}
        assert event.children == []


@pytest.mark.parametrize(
    ("area", "due", "state"),
    [(ELSEWHERE, 8, "sent"), (TOWN[:9] + "901", 8, "closed"), (TOWN[:9] + "901", 8, "returned")],
)
def test_an_office_that_has_nothing_of_the_own_area_is_as_if_absent(
    make: Factory, client_as: Callable[..., Client], office: Office, area: str, due: int, state: str
) -> None:
    overdue(make, make.child(area=area), office, late_by(due), state=state)
    client_as(supervisor(make)).get(f"/referrals/chase/{office.id}/letter", status=404)


def test_no_letter_is_written_where_nothing_is_overdue_any_more(
    app: Flask, make: Factory, client_as: Callable[..., Client], office: Office, language: str
) -> None:
    overdue(make, make.child(), office, today())
    page = client_as(supervisor(make), language=language).get(f"/referrals/chase/{office.id}/letter")
    assert page.path == "/referrals/chase"
    assert {"zh": "已经没有逾期", "en": "nothing is overdue there any more"}[language] in page.text
    with app.app_context():
        assert not db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "office_reminded")).all()


@pytest.mark.parametrize(("on", "missing"), [(date(2026, 12, 31), False), (date(2027, 1, 8), True)])
def test_it_says_so_where_the_calendar_of_a_year_is_missing(
    app: Flask, make: Factory, office: Office, language: str, on: date, missing: bool
) -> None:
    viewer, lines = make.viewer(user=supervisor(make)), [Line("education", 1, (1, 0, 0), date(2026, 12, 28))]
    with app.test_request_context(), spoken(language):
        document = reminder(viewer, (office.id, "示例教育局"), "示例街道", lines, on, sample=True)
    assert ({"zh": "放假安排", "en": "publicholidays"}[language] in in_one_line(Document(document))) is missing


def test_very_long_names_and_many_services_stay_on_the_page(app: Flask, make: Factory, office: Office) -> None:
    codes = [*in_force(today()).services] * 6
    lines = [Line(code, 100_000, (30_000, 30_000, 40_000), late_by(20)) for code in codes]
    with app.test_request_context():
        viewer = make.viewer(user=supervisor(make))
        document = Document(reminder(viewer, (office.id, "示" * 60), "例" * 25, lines, today(), sample=True))
        names = {service_words(code) for code in codes}
    assert len(document.pages) > 1
    assert all(name.replace(" ", "") in in_one_line(document) for name in names)
    assert {kind for kind, *_rest in document.parts()} >= {"/H1", "/P"}
