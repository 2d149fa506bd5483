"""A report of harm that nobody else can find by any route: pages, lists, badges, audit, tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select, text

from registry.areas.models import Office
from registry.audit.models import AuditEvent, AuditEventChild
from registry.database import db
from registry.referrals.models import Referral
from tests.factories import COMMUNITY
from tests.promises.crawling import crawl
from tests.promises.test_planted_values import forms_of
from tests.protection.acts import BODIES, CALLED, DESCRIBED, SEEN, report, tell
from tests.protection.test_care import NOTE, WORRY, save

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from registry.accounts.models import User
    from registry.children.models import Child
    from tests.client import Client
    from tests.factories import Factory

PLANTED = (SEEN, CALLED, DESCRIBED, NOTE, "书面，值班民警签收")
WORDS = re.compile("侵害|殴打|虐待|重点关爱|风险|监护情况评估|harm|abuse|[Kk]ey care|[Rr]isk")
HANDBOOK = "/handbook"  # tells the staff how care is judged at all, and is the same whatever happens to a child
OWN = ("/after-visit", "/protection", HANDBOOK)
OTHERS = (
    *("registrar", "supervisor", "officer", "official", "administrator", "auditor"),
    "neighbour",  # the protection officer of the next county
)


@pytest.fixture
def child(make: Factory) -> Child:
    """A child with everything that leads other people to its file."""
    child = make.child(name="陈雨桐")
    office = make.office("education", COMMUNITY[:6] + "000000", serves=(("education", COMMUNITY[:6] + "000000"),))
    make.referral(child, office)
    return child


@pytest.fixture
def people(make: Factory, child: Child) -> dict[str, User]:
    """Somebody of every other role who could look, a colleague of the reporter among them."""
    near = {role: make.user(role) for role in OTHERS if role not in ("officer", "neighbour")}
    with make.app.app_context():
        answering = db.session.get_one(Office, db.session.scalars(select(Referral.office_id)).one())
    far = make.user("protection_officer", area="320404000000")
    return near | {"officer": make.user("officer", office=answering), "neighbour": far}


def walk(app: Flask, browser: Client) -> dict[str, str]:
    """Return every page that somebody reaches, by address, without what differs each time."""
    return {page.path: without_tokens(page.soup) for page in crawl(app, browser)}


def without_tokens(soup: BeautifulSoup) -> str:
    """A form's token, and the id that it gives to what is not sent yet, are new each time."""
    for control in soup.select("input[type=hidden]"):
        if control.get("name") == "csrf_token" or re.fullmatch("[0-9a-f-]{36}", str(control.get("value", ""))):
            control["value"] = ""
    return str(soup)


def everything(app: Flask, reporter: Client, officer: Client, child: Child) -> str:
    """Report, from the form to the end, as reporter and officer do; returns the address of the report."""
    path = report(reporter, child, urgency="now").path
    report(reporter)
    officer.get("/protection/reports")
    for body in BODIES:
        tell(officer, path, body)
    officer.get(path.replace("/after-visit/report", "/protection/reports") + "/sheet")
    officer.get(path).submit(form="form[action$='/close']", status=200)
    reporter.get("/after-visit")
    return path


@pytest.mark.parametrize("who", OTHERS)
def test_what_everybody_else_can_reach_is_the_same_to_the_byte_before_and_after(
    app: Flask, client_as: Callable[..., Client], child: Child, people: dict[str, User], who: str
) -> None:
    reporter, officer = client_as("registrar"), client_as("protection_officer")
    browser = client_as(people[who])
    walk(app, browser)  # so that what walking itself changes has changed
    before = {path: page for path, page in walk(app, browser).items() if not path.startswith("/audit")}
    path = everything(app, reporter, officer, child)
    after = walk(app, browser)
    file = {"registrar": "/children/", "supervisor": "/children/", "officer": "/referrals/"}.get(who, "")
    assert [address for address in before if address.startswith(file)], "the walk must come by the child"
    for address, page in before.items():
        assert after.get(address) == page, f"{who}: {address}"
    assert {address for address in after if not address.startswith("/audit")} == before.keys()
    for address, page in after.items():
        assert not any(value in page for value in PLANTED), f"{who}: {address}"
        assert path.rpartition("/")[2] not in page
        if not address.startswith(OWN):
            assert not WORDS.search(main_of(page)), f"{who}: {address}: {WORDS.search(main_of(page))}"
    nothing = path[:-4] + "0000"
    answer, absent = browser.http.get(path), browser.http.get(nothing)
    assert answer.status_code == absent.status_code in (403, 404)
    said = [without_tokens(BeautifulSoup(page.text, "html.parser")) for page in (answer, absent)]
    assert said[0] == said[1].replace(nothing, path)


def main_of(page: str) -> str:
    """What stands between the frame's own words; the auditor's list of kinds names what may be recorded."""
    return re.sub(r"(?s)<(select|nav|footer).*?</\1>", "", page)


@pytest.mark.parametrize("who", ["registrar", "supervisor"])
def test_what_a_family_may_see_of_a_file_says_nothing_of_care_or_risk(
    app: Flask, client_as: Callable[..., Client], child: Child, people: dict[str, User], who: str
) -> None:
    browser = client_as(people[who])
    save(client_as("registrar"), child, **WORRY, note=NOTE)
    for address, page in walk(app, browser).items():
        if not address.startswith("/after-visit"):
            assert NOTE not in page
        if not address.startswith(("/after-visit", HANDBOOK)):
            assert not WORDS.search(page), f"{who}: {address}: {WORDS.search(page)}"


@pytest.mark.database
def test_no_event_leads_from_the_child_to_the_report(
    app: Flask, client_as: Callable[..., Client], child: Child
) -> None:
    reporter, officer = client_as("registrar"), client_as("protection_officer")
    reporter.get(f"/after-visit/{child.id}")
    begun = about(app, child)
    everything(app, reporter, officer, child)
    assert {kind for kind, *_rest in about(app, child)} == {kind for kind, *_rest in begun} == set()
    with app.app_context():
        for event in db.session.scalars(select(AuditEvent).where(AuditEvent.kind.startswith("confidential"))):
            assert event.details.keys() == {"record"}
            assert str(child.id) not in str(event.details["record"])
            assert event.children == []
        refused = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "refused")).all()
        assert refused == []


def about(app: Flask, child: Child) -> list[tuple[str, str]]:
    with app.app_context():
        rows = select(AuditEvent.kind, AuditEvent.role).join(AuditEvent.children)
        return [
            (kind, role or "") for kind, role in db.session.execute(rows.where(AuditEventChild.child_id == child.id))
        ]


@pytest.mark.database
def test_no_row_but_the_sealed_one_is_written_and_none_names_the_child(
    app: Flask, client_as: Callable[..., Client], child: Child
) -> None:
    reporter, officer = client_as("registrar"), client_as("protection_officer")
    reporter.get(f"/after-visit/{child.id}")
    before = dict(tables(app))
    everything(app, reporter, officer, child)
    own = {"harm_report", "harm_told", "audit_event", "audit_event_child", "user_session"}
    for name, rows in tables(app):
        if name not in own:
            assert rows == before[name], name
        if name.startswith("harm"):
            assert rows
            assert not any(child.id.hex in str(value).replace("-", "") for row in rows for value in row), name


def tables(app: Flask) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    with app.app_context():
        for table in db.metadata.sorted_tables:
            rows = db.session.execute(text(f'SELECT * FROM "{table.name}"'))
            yield table.name, sorted((tuple(row) for row in rows), key=repr)


@pytest.mark.database
def test_nothing_of_a_report_or_an_assessment_lies_in_the_clear(
    app: Flask, client_as: Callable[..., Client], child: Child
) -> None:
    reporter, officer = client_as("registrar"), client_as("protection_officer")
    save(reporter, child, **WORRY, note=NOTE)
    everything(app, reporter, officer, child)
    hidden = {form for value in (*PLANTED, "physical", "behaviour") for form in forms_of(value)}
    for name, rows in tables(app):
        for row in rows:
            data = b"\n".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row)
            assert not [form for form in hidden if form in data], name


def test_nothing_of_it_is_logged(
    client_as: Callable[..., Client], app: Flask, child: Child, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    everything(app, client_as("registrar"), client_as("protection_officer"), child)
    assert not [value for value in (*PLANTED, str(child.id)) if value in caplog.text]


def test_the_reporters_own_file_pages_and_lists_do_not_remember_either(
    app: Flask, client_as: Callable[..., Client], child: Child
) -> None:
    reporter, officer = client_as("registrar"), client_as("protection_officer")
    walk(app, reporter)
    before = {path: page for path, page in walk(app, reporter).items() if not path.startswith("/after-visit")}
    everything(app, reporter, officer, child)
    after = walk(app, reporter)
    assert {path: page for path, page in after.items() if not path.startswith("/after-visit")} == before
