"""What waits at the sending side: counted for the registrar, and by who is to send it for the supervisors above."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from registry.referrals.calendar import working_calendar
from registry.referrals.models import Proposal, Referral
from registry.referrals.overdue import unsent
from registry.vault.sealed import opened_fields
from sop.referral import add_working_days, follow_by, unfollowed_since
from sop.version import in_force
from tests.factories import COMMUNITY, ELSEWHERE
from tests.referrals.overdue import CITY, COUNTY, TOWN, late_by, overdue, supervisor
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from flask import Flask

    from registry.accounts.models import User
    from registry.areas.models import Office
    from registry.children.models import Child
    from tests.client import Client, Page
    from tests.factories import Factory

CHASE = "/referrals/chase"
RULES = in_force(today()).referrals
SUPERVISOR, ABOVE = RULES.climb_days[0], sum(RULES.climb_days)


@pytest.fixture
def office(make: Factory) -> Office:
    return make.office("education", COUNTY, serves=(("education", COUNTY),))


@pytest.fixture
def registrar(make: Factory) -> User:
    return make.user()


def returned(make: Factory, sender: User, to: Office, resend_by: date, child: Child | None = None) -> Referral:
    """Make a referral that its office gave back, to be sent again by a day."""
    row = make.referral(child or make.child(), to, state="returned", from_office_id=sender.office_id)
    with make.app.app_context():
        db.session.execute(update(Referral).where(Referral.id == row.id).values(resend_by=resend_by))
        db.session.commit()
    return row


def proposed(make: Factory, made_on: date, child: Child | None = None, **values: Any) -> None:
    """Make a proposal that stands since a day."""
    child = child or make.child()
    known = {"service": "education", "reasons": [], "kind": "refer", "sop_version": in_force(today()).version}
    with make.app.app_context():
        there = {"child_id": child.id, "area_code": child.episodes[0].area_code, "made_on": made_on}
        db.session.add(Proposal(**known | there | values))
        db.session.commit()


def made(days: int) -> date:
    """Return the latest day of proposing whose day to follow lies so many working days back."""
    day, calendar = today(), working_calendar()
    while follow_by(RULES, day, calendar) > late_by(days):
        day -= timedelta(days=1)
    return day


def lines(page: Page) -> list[str]:
    table = next(
        (each for each in page.select("table") if each.caption.get_text() in ("待发送", "Waiting to be sent")), None
    )
    return [" ".join(row.get_text(" ").split()) for row in table.select("tbody tr")] if table else []


@pytest.mark.parametrize("on", [date(2026, 11, 20), date(2026, 11, 22), date(2026, 11, 23), date(2026, 10, 9)])
def test_a_proposal_waits_too_long_once_its_day_has_passed_and_not_before(on: date) -> None:
    calendar = working_calendar()
    last = unfollowed_since(RULES, on, calendar)
    for days in range(-3, 20):
        made_on = last - timedelta(days=days)
        assert (follow_by(RULES, made_on, calendar) < on) == (made_on <= last)
    assert follow_by(RULES, date(2026, 11, 20), calendar) == add_working_days(calendar, date(2026, 11, 20), 3)


@pytest.mark.database
def test_a_registrar_is_told_of_what_waits_too_long_on_each_page_of_it(
    make: Factory, client_as: Callable[..., Client], office: Office, registrar: User, language: str
) -> None:
    browser = client_as(registrar, language=language)
    returned(make, registrar, office, today())
    proposed(make, today())
    for path in ("/today", "/referrals/sent", "/referrals/proposals"):
        assert not browser.get(path).select(".app-notice--late"), "their days have not passed"
    returned(make, registrar, office, late_by(1))
    returned(make, make.user(area=ELSEWHERE), office, late_by(1))
    for days in (1, 9):
        proposed(make, made(days))
    proposed(make, made(1), state="declined")
    proposed(make, made(1), make.child(area=make.area(ELSEWHERE)))
    for path in ("/today", "/referrals/sent", "/referrals/proposals"):
        first, second = browser.get(path).select(".app-notice--late")
        assert {"zh": "1件退回的转介", "en": "1 returned referral "}[language] in first.get_text()
        assert {"zh": "2件转介建议", "en": "2 proposed referrals"}[language] in second.get_text()


@pytest.mark.database
def test_what_waits_climbs_to_the_supervisor_and_to_the_level_above(
    app: Flask, make: Factory, office: Office, registrar: User
) -> None:
    ours, county = (make.viewer(user=supervisor(make, area)) for area in (TOWN, COUNTY))
    for days in (1, SUPERVISOR - 1, SUPERVISOR, ABOVE - 1, ABOVE):
        returned(make, registrar, office, late_by(days))
        proposed(make, made(days))
    with app.app_context():
        (line,) = unsent.climbed_to(ours, today())
        (above,) = unsent.climbed_to(county, today())
    assert (line.returned, line.proposed, line.beyond, line.oldest) == (3, 3, 2, late_by(ABOVE))
    assert [each.id for each in line.offices] == [registrar.office_id]
    assert (above.returned, above.proposed, above.beyond) == (1, 1, 0)


@pytest.mark.database
def test_where_no_town_supervises_it_climbs_to_the_county_and_no_further(
    app: Flask, make: Factory, office: Office, registrar: User
) -> None:
    county = make.viewer(user=supervisor(make, COUNTY))
    returned(make, registrar, office, late_by(ABOVE))
    returned(make, registrar, office, late_by(SUPERVISOR))
    with app.app_context():
        (line,) = unsent.climbed_to(county, today())
    assert (line.returned, line.beyond) == (2, 0)


@pytest.mark.database
def test_another_area_a_protected_file_who_has_died_and_what_was_decided_do_not_wait(
    app: Flask, make: Factory, office: Office, registrar: User
) -> None:
    day, made_on = late_by(SUPERVISOR), made(SUPERVISOR)
    for values in ({"protected": True}, {"child_status": "deceased"}, {"area": ELSEWHERE}):
        returned(make, registrar, office, day, make.child(**values))
        proposed(make, made_on, make.child(**values))
    proposed(make, made_on, state="declined")
    overdue(make, make.child(), office, day)
    town, city = (make.viewer(user=supervisor(make, area)) for area in (TOWN, CITY))
    with app.app_context():
        assert unsent.climbed_to(town, today()) == []
        assert sum(line.returned + line.proposed for line in unsent.climbed_to(city, today())) == 2


@pytest.mark.database
def test_the_supervisor_s_page_says_who_is_to_send_what_and_since_when_and_names_no_child(
    make: Factory, client_as: Callable[..., Client], office: Office, registrar: User, language: str
) -> None:
    browser = client_as(supervisor(make), language=language)
    assert browser.get(CHASE).select(".app-empty")
    returned(make, registrar, office, late_by(12), make.child(name="欧阳栩栩"))
    proposed(make, made(8), make.child(name="欧阳栩栩"))
    with opened_fields() as opened:
        page = browser.get(CHASE)
    (row,) = lines(page)
    sender = _office(make, registrar)
    said = {
        "zh": (sender.name_zh, "1件待重新发送", "1件建议待处理", "逾期12天"),
        "en": (sender.name_en, "1 to send again", "1 proposal to follow", "12 d late"),
    }[language]
    for words in said:
        assert words in row
    assert not page.select(".app-empty")
    assert "欧阳栩栩" not in page.text
    assert {field for field, _row in opened} <= {"user.name"}
    assert not page.select("table a"), "numbers, and no way to a file"


def _office(make: Factory, user: User) -> Office:
    from registry.areas.offices import office_by_id

    with make.app.app_context():
        return office_by_id(user.office_id)


def test_the_first_page_of_a_supervisor_says_how_many_wait_and_leads_there(
    make: Factory, client_as: Callable[..., Client], office: Office, registrar: User, language: str
) -> None:
    browser = client_as(supervisor(make), language=language)
    returned(make, registrar, office, late_by(SUPERVISOR))
    proposed(make, made(ABOVE))
    (notice,) = browser.get("/children/").select(".app-notice--late")
    assert {"zh": "2件转介待发送", "en": "2 referrals wait to be sent"}[language] in notice.get_text()
    (link,) = notice.select("a")
    assert link["href"] == f"{CHASE}#unsent"
    assert browser.get(CHASE).select("h2#unsent")


def test_proposals_where_nobody_registers_stand_with_the_place(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    proposed(make, made(SUPERVISOR), make.child(area=make.area(TOWN[:9] + "901")))
    (row,) = lines(client_as(supervisor(make), language=language).get(CHASE))
    assert {"zh": "没有登记单位", "en": "nobody registers there"}[language] in row


@pytest.mark.database
def test_it_costs_the_same_statements_however_much_waits(
    make: Factory, client_as: Callable[..., Client], office: Office
) -> None:
    pages = [(client_as(supervisor(make)), CHASE), (client_as(make.user()), "/today")]

    def asked() -> list[int]:
        sender = make.user(area=make.area(f"{COMMUNITY[:9]}{next(make.count) % 900 + 99:03}"))
        child = make.child(area=_office(make, sender).area_code)
        returned(make, sender, office, late_by(SUPERVISOR), child)
        proposed(make, made(ABOVE), child)
        proposed(make, made(SUPERVISOR))
        found = []
        for browser, path in pages:
            browser.get(path)
            with statements(make.app) as sent:
                browser.get(path)
            found.append(len(sent))
        return found

    first = asked()
    assert [asked(), asked()] == [first, first]


def test_the_letter_stays_for_offices_that_answer(
    app: Flask, make: Factory, client_as: Callable[..., Client], office: Office, registrar: User
) -> None:
    returned(make, registrar, office, late_by(SUPERVISOR))
    page = client_as(supervisor(make)).get(CHASE)
    assert lines(page)
    assert not page.select("a[href$='/letter']")
    with app.app_context():
        assert not db.session.query(AuditEvent).filter(AuditEvent.kind == "office_reminded").all()
