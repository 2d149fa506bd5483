"""Deputies: named from a day to a day, choose for whom they act, and end by themselves; the audit keeps their name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from registry.access import Role
from registry.accounts import deputies, keeping, sessions
from registry.accounts.deputies import DeputyRefusedError
from registry.accounts.keeping import Particulars
from registry.accounts.models import Deputy, User
from registry.areas.models import Office
from registry.clock import today
from registry.database import db
from tests.client import Client
from tests.factories import COMMUNITY, ELSEWHERE, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.audit.models import AuditEvent
    from tests.client import Page
    from tests.factories import Factory

NEIGHBOUR = f"{COMMUNITY[:9]}902"


def named(app: Flask, make: Factory, user: User, deputy: User, days: tuple[int, int] = (0, 3)) -> None:
    viewer = make.viewer("administrator")
    first, last = (today() + timedelta(days=number) for number in days)
    with app.app_context():
        deputies.name(viewer, user.id, deputy.id, first, last)
        db.session.commit()


def rows(app: Flask) -> list[Deputy]:
    with app.app_context():
        found = list(db.session.scalars(select(Deputy)))
        db.session.expunge_all()
        return found


def shift(app: Flask, **columns: object) -> None:
    with app.app_context():
        db.session.execute(update(Deputy).values(**columns))
        db.session.commit()


def choose(browser: Client) -> Page:
    return browser.get("/acting").submit(form="table form", status=200)


@pytest.mark.database
def test_a_deputy_chooses_to_act_sees_the_others_office_and_is_recorded_under_the_own_name(
    app: Flask, make: Factory, recorded: Callable[[str], list[AuditEvent]], language: str
) -> None:
    make.area(NEIGHBOUR)
    away, deputy = make.user("registrar"), make.user("registrar", area=NEIGHBOUR)
    child = make.child()
    browser = Client(app, language)
    browser.sign_in(deputy)
    assert not browser.get("/password").select(".app-acting")
    named(app, make, away, deputy)
    browser.get(f"/children/{child.id}", status=404)
    assert browser.get("/password").select(".app-acting a")[0]["href"] == "/acting"
    choose(browser)
    browser.get(f"/children/{child.id}", status=200)
    with app.app_context():
        office = db.session.get_one(Office, away.office_id).name(language)
    assert office in browser.get("/password").select(".app-acting")[0].get_text()
    [used] = recorded("deputy_used")
    assert (used.user_id, used.details) == (deputy.id, {"account": str(away.id), "act": "begun"})
    assert [event.details["acting_for"] for event in recorded("child_opened")] == [str(away.id)]
    assert {event.user_id for event in recorded("child_opened")} == {deputy.id}
    assert {event.office_id for event in recorded("child_opened")} == {away.office_id}
    choose(browser)
    browser.get(f"/children/{child.id}", status=404)
    ended = recorded("deputy_used")[-1]
    assert ended.details == {"account": str(away.id), "act": "ended", "acting_for": str(away.id)}
    assert "acting_for" not in recorded("refused")[-1].details


@pytest.mark.parametrize(
    "over",
    [{"to_on": today() - timedelta(days=1)}, {"from_on": today() + timedelta(days=1)}, {"ended_on": today()}],
    ids=["after", "before", "ended"],
)
def test_it_ends_by_its_day_without_anybodys_act(app: Flask, make: Factory, over: dict[str, object]) -> None:
    make.area(NEIGHBOUR)
    away, deputy = make.user("registrar"), make.user("registrar", area=NEIGHBOUR)
    child = make.child()
    named(app, make, away, deputy)
    browser = Client(app)
    browser.sign_in(deputy)
    choose(browser)
    browser.get(f"/children/{child.id}", status=200)
    shift(app, **over)
    browser.get(f"/children/{child.id}", status=404)
    assert not browser.get("/password").select(".app-acting")


def test_a_protected_file_of_whom_the_absent_was_named_stays_closed_to_the_deputy(app: Flask, make: Factory) -> None:
    make.area(NEIGHBOUR)
    away, deputy = make.user("registrar"), make.user("registrar", area=NEIGHBOUR)
    child = make.child(protected=True, protected_registrar_id=away.id)
    named(app, make, away, deputy)
    browser = Client(app)
    browser.sign_in(deputy)
    choose(browser)
    browser.get(f"/children/{child.id}", status=404)


def test_nobody_acts_for_somebody_without_being_named_for_it(app: Flask, make: Factory) -> None:
    away, deputy, other = (make.user("registrar") for _ in range(3))
    named(app, make, away, deputy)
    browser = Client(app)
    browser.sign_in(other)
    token = browser.get("/password").select("input[name=csrf_token]")[0]["value"]
    answer = browser.http.post("/acting", data={"csrf_token": token, "deputyship": str(rows(app)[0].id)})
    assert answer.status_code == 404


def test_only_people_of_the_same_role_in_the_area_are_offered(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    user, same = make.user("registrar"), make.user("registrar", area=ELSEWHERE)
    make.user("supervisor")
    make.user("registrar", area=VILLAGE)
    make.user("registrar", active=False)
    browser = client_as("administrator", language=language)
    page = browser.get(f"/accounts/{user.id}/deputy")
    assert [choice["value"] for choice in page.select("#deputy option")] == ["", str(same.id)]


@pytest.mark.database
def test_an_administrator_names_a_deputy_and_ends_it(
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    recorded: Callable[[str], list[AuditEvent]],
    language: str,
) -> None:
    user, other = make.user("registrar"), make.user("registrar")
    browser, last = client_as("administrator", language=language), today() + timedelta(days=3)
    answers = {"deputy": other.id, "to_on-year": last.year, "to_on-month": last.month, "to_on-day": last.day}
    page = browser.get(f"/accounts/{user.id}/deputy").submit(answers, status=200)
    assert other.username in page.text
    browser.get(f"/accounts/{user.id}/deputy").submit(answers, status=200)  # sent twice
    [row] = rows(app)
    assert (row.user_id, row.deputy_id, row.from_on, row.to_on) == (user.id, other.id, today(), last)
    page = page.submit(form="form[action$='/end']", status=200)
    assert other.username not in page.text
    assert rows(app)[0].ended_on == today()
    details = {"account": str(user.id), "deputy": str(other.id)}
    assert [event.details for event in recorded("deputy_set")] == [details, details]


@pytest.mark.parametrize(
    ("days", "why"), [((2, 1), "order"), ((-5, -1), "past"), ((0, 400), "long"), ((1, 2), "overlap")]
)
def test_days_that_cannot_be_are_refused(app: Flask, make: Factory, days: tuple[int, int], why: str) -> None:
    user, other = make.user("registrar"), make.user("registrar")
    named(app, make, user, other)
    with pytest.raises(DeputyRefusedError) as refused:
        named(app, make, user, other, days)
    assert refused.value.why == why


def test_a_wrong_day_is_told_at_its_field_and_what_was_typed_is_kept(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    user, other = make.user("registrar"), make.user("registrar")
    form = client_as("administrator", language=language).get(f"/accounts/{user.id}/deputy")
    page = form.submit({"deputy": other.id, "to_on-year": "2026", "to_on-month": "13", "to_on-day": "1"}, status=422)
    assert list(page.errors) == ["to_on-month"]
    assert dict(page.values())["deputy"] == str(other.id)


@pytest.mark.parametrize("act", ["leaves", "changes"])
def test_who_leaves_or_changes_office_is_no_longer_anybodys_deputy_nor_has_one(
    app: Flask, make: Factory, act: str
) -> None:
    user, other, third = (make.user("registrar") for _ in range(3))
    named(app, make, user, other)
    named(app, make, third, user)
    viewer, office = make.viewer("administrator"), make.office()
    with app.app_context():
        if act == "leaves":
            keeping.leave(viewer, user.id, 1, discard=False)
        else:
            keeping.change_account(viewer, user.id, 1, Particulars("王秀芳", "registrar", office.id, "zh"))
        db.session.commit()
    assert {row.ended_on for row in rows(app)} == {today()}


def test_a_deputy_has_the_role_of_who_is_away_and_keeps_the_own_id(app: Flask, make: Factory) -> None:
    away, deputy = make.user("supervisor"), make.user("supervisor", area=f"{ELSEWHERE[:9]}000")
    named(app, make, away, deputy)
    with app.app_context():
        row, user = db.session.scalar(select(Deputy)), db.session.get_one(User, deputy.id)
        viewer = sessions.viewer_of(user, row)
    assert (viewer.user_id, viewer.role, viewer.office_id) == (deputy.id, Role.SUPERVISOR, away.office_id)
    assert viewer.covers(COMMUNITY)
    assert not viewer.covers(ELSEWHERE)
