"""The auditor's page: what it shows, to whom, and that reading it is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from sqlalchemy import event, insert, select

from registry.audit import queries, service
from registry.audit.models import AuditEvent
from registry.clock import now, today
from registry.database import db, uuid7
from registry.vault.sealed import opened_fields
from tests.client import Client
from tests.factories import COMMUNITY, ELSEWHERE, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.access import Viewer
    from tests.client import Page
    from tests.factories import Factory

CHILD = UUID("01970000-0000-7000-8000-0000abcdef12")


@pytest.fixture
def seen(app: Flask) -> Callable[..., None]:
    """Return a function: a viewer opened the file of a child."""

    def opened(viewer: Viewer | None, child: UUID = CHILD, part: str = "file") -> None:
        with app.app_context():
            service.record("child_opened", viewer=viewer, children=[child], part=part)
            db.session.commit()

    return opened


def rows(page: Page) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in page.select("tbody tr")]


def last_reading(app: Flask) -> AuditEvent:
    with app.app_context():
        query = select(AuditEvent).where(AuditEvent.kind == "audit_read").order_by(AuditEvent.id.desc())
        found = db.session.scalars(query.limit(1)).one()
        assert found.children is not None
        db.session.expunge_all()
        return found


@pytest.mark.database
def test_an_event_says_who_at_which_office_saw_what_and_which_child(
    app: Flask, make: Factory, client_as: Callable[..., Client], seen: Callable[..., None], language: str
) -> None:
    user = make.user("registrar")
    seen(make.viewer(user=user))
    page = client_as("auditor", language=language).get("/audit/events")
    [row] = [row for row in rows(page) if "abcdef12" in row]
    assert user.username in row
    assert ("示例单位" if language == "zh" else "Example office") in row
    assert str(CHILD) not in page.text


def test_the_page_names_no_person_and_opens_nothing_but_the_auditor_s_own_name(
    make: Factory, client_as: Callable[..., Client], seen: Callable[..., None]
) -> None:
    child = make.child()
    seen(make.viewer("registrar"), child.id)
    auditor = make.user("auditor", name="李审")
    browser = client_as(auditor)
    with opened_fields() as opened:
        page = browser.get("/audit/events")
    assert opened == [("user.name", auditor.id)]
    assert "陈雨桐" not in page.text
    assert "王秀芳" not in page.text


@pytest.mark.database
def test_events_of_offices_outside_the_area_are_not_shown(
    make: Factory, client_as: Callable[..., Client], seen: Callable[..., None]
) -> None:
    names = {}
    for area in (COMMUNITY, ELSEWHERE, VILLAGE):
        user = make.user("registrar", area=area)
        seen(make.viewer(user=user))
        names[area] = user.username
    text = client_as("auditor", area="320402000000").get("/audit/events?kind=child_opened").text
    assert [names[area] in text for area in (COMMUNITY, ELSEWHERE, VILLAGE)] == [True, False, False]


def test_what_nobody_signed_in_did_is_shown_to_every_auditor(app: Flask, client_as: Callable[..., Client]) -> None:
    Client(app).get("/sign-in").submit({"username": "nobody-at-all", "password": "x"}, status=422)
    page = client_as("auditor").get("/audit/events?kind=sign_in_failed")
    assert len(rows(page)) == 1


def test_reading_the_audit_is_itself_an_event_with_the_filters_used(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    auditor = make.user("auditor")
    browser = client_as(auditor)
    browser.get("/audit/events")
    assert last_reading(app).details == {"filter": "none"}
    browser.get(f"/audit/events?kind=child_opened&child={CHILD}")
    reading = last_reading(app)
    assert (reading.user_id, reading.details) == (auditor.id, {"filter": "kind+child"})


def test_filters_leave_only_what_was_asked_for(
    make: Factory, client_as: Callable[..., Client], seen: Callable[..., None]
) -> None:
    one, other, second_child = make.user("registrar"), make.user("registrar"), uuid7()
    seen(make.viewer(user=one))
    seen(make.viewer(user=other), second_child)
    browser = client_as("auditor")

    def found(query: str) -> int:
        return len(rows(browser.get(f"/audit/events?{query}&kind=child_opened")))

    assert found("") == 2
    assert found(f"account={one.id}") == 1
    assert found(f"child={second_child}") == 1
    assert found(f"account={one.id}&child={second_child}") == 0
    day = today().isoformat()
    assert found(f"start={day}&end={day}") == 2
    assert found("end=2026-01-01") == 0
    assert found("start=2100-01-01") == 0


def test_days_are_those_of_the_offices_and_both_ends_belong(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    from datetime import UTC, datetime

    viewer = make.viewer("registrar")
    instants = [datetime(2026, 3, 1, 15, 59, tzinfo=UTC), datetime(2026, 3, 1, 16, 0, tzinfo=UTC)]
    with app.app_context():
        for at in instants:  # 23:59 of the first of March and midnight of the second
            values = {"id": uuid7(), "at": at, "kind": "signed_in", "details": {}}
            values |= {"area_code": viewer.area_code, "user_id": viewer.user_id}
            db.session.execute(insert(AuditEvent), [values])
        db.session.commit()
    browser = client_as("auditor")
    assert len(rows(browser.get("/audit/events?end=2026-03-01"))) == 1
    assert len(rows(browser.get("/audit/events?start=2026-03-02&end=2026-03-02"))) == 1
    assert len(rows(browser.get("/audit/events?start=2026-03-01&end=2026-03-02"))) == 2


@pytest.mark.parametrize("query", ["start=yesterday", "end=2026-02-30", "child=x", "account=%00", "kind=nothing"])
def test_a_filter_that_cannot_be_read_is_told_and_shows_nothing(
    app: Flask, client_as: Callable[..., Client], query: str, language: str
) -> None:
    page = client_as("auditor", language=language).get(f"/audit/events?{query}", status=422)
    assert set(page.errors) == {query.partition("=")[0]}
    assert rows(page) == []


def test_a_long_list_goes_on_page_by_page_with_its_filters_and_misses_nothing(
    make: Factory,
    client_as: Callable[..., Client],
    seen: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "ON_A_PAGE", 2)
    viewer = make.viewer("registrar")
    for part in ("a", "b", "c", "d", "e"):
        seen(viewer, part=part)
    browser = client_as("auditor")
    path, shown = "/audit/events?kind=child_opened", []
    while path:
        page = browser.get(path)
        shown += [code.get_text() for code in page.select("tbody b")]
        following = page.select("a[rel=next]")
        path = following[0]["href"] if following else ""
    assert shown == ["e", "d", "c", "b", "a"]


@pytest.mark.database
def test_the_page_takes_the_same_number_of_statements_however_much_happened(
    app: Flask, make: Factory, client_as: Callable[..., Client], seen: Callable[..., None]
) -> None:
    browser = client_as("auditor")
    statements: list[str] = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
    counts = []
    for _ in range(2):
        for _ in range(3):
            seen(make.viewer("registrar"))
        statements.clear()
        browser.get("/audit/events")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_if_the_reading_cannot_be_written_down_the_page_is_not_shown(
    app: Flask, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_as("auditor")

    def no_disk() -> None:
        raise OSError("no space left")

    monkeypatch.setattr(service, "write_noted", no_disk)
    with pytest.raises(OSError, match="no space left"):
        browser.get("/audit/events")


def test_an_event_without_children_or_details_has_its_line_too(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    auditor = make.user("auditor")
    page = client_as(auditor).get("/audit/events?kind=signed_in")
    assert len(rows(page)) == 1
    assert auditor.username in rows(page)[0]
    assert str(now().year) in rows(page)[0]
