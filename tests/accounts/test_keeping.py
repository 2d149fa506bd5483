"""Making, changing and closing accounts: inside the own area only, everything recorded, nobody twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.accounts import fitting, keeping
from registry.accounts.keeping import AccountRefusedError, Particulars
from registry.accounts.models import User
from registry.clock import now, today
from registry.database import db
from registry.households.models import IntakeDraft
from tests.client import OPENER, PASSWORD, Client
from tests.factories import AREAS, ELSEWHERE, KINDS, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.audit.models import AuditEvent
    from tests.client import Page
    from tests.factories import Factory

CITY = AREAS["administrator"]


def kept(app: Flask, username: str) -> User | None:
    with app.app_context():
        user = db.session.scalar(select(User).where(User.username == username))
        db.session.expunge_all()
        return user


def new(browser: Client, at: object, **other: str) -> Page:
    answers = {"name": "孙桂兰", "username": "sun-guilan", "role": "registrar", "office": at.id, "language": "zh"}
    return browser.get("/accounts/new").submit(answers | other)


@pytest.mark.database
def test_a_new_account_signs_in_with_the_password_shown_once_and_must_change_it(
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    recorded: Callable[[str], list[AuditEvent]],
    language: str,
) -> None:
    office = make.office()
    page = new(client_as("administrator", language=language), office, username="Sun.Guilan")
    assert page.status == 200
    temporary = page.select(".app-facts__value strong")[0].get_text()
    assert Client(app).sign_in("sun.guilan", temporary).path == "/password"
    user = kept(app, "sun.guilan")
    assert (user.role, user.office_id, user.language) == ("registrar", office.id, "zh")
    [event] = recorded("account_made")
    assert event.details == {"account": str(user.id), "role": "registrar"}
    assert temporary not in user.password_hash


def test_the_same_form_sent_twice_makes_nobody_twice_and_keeps_what_was_typed(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str, said: Callable[..., str]
) -> None:
    office, browser = make.office(), client_as("administrator", language=language)
    new(browser, office)
    page = new(browser, office)
    assert page.status == 422
    assert said(language, keeping_message("taken")) in page.errors["username"]
    assert dict(page.values())["name"] == "孙桂兰"
    assert dict(page.values())["office"] == str(office.id)
    with app.app_context():
        assert len(db.session.scalars(select(User).where(User.username == "sun-guilan")).all()) == 1


def keeping_message(why: str) -> str:
    from registry.accounts.forms import NOT_SO

    return str(NOT_SO[why]._args[0])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "3213221990010190"),
        ("username", "15400001234"),
        ("username", "李"),
        ("username", "ab"),
        ("username", "a b c"),
        ("username", ""),
        ("name", " "),
        ("role", ""),
        ("role", "emperor"),
        ("office", ""),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    make: Factory, client_as: Callable[..., Client], language: str, field: str, value: str
) -> None:
    page = new(client_as("administrator", language=language), make.office(), **{field: value})
    assert page.status == 422
    assert list(page.errors) == [field]


def test_no_account_is_made_at_an_office_of_another_area_or_a_closed_one(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    browser = client_as("administrator")
    elsewhere, closed = make.office(area=VILLAGE), make.office()
    with app.app_context():
        db.session.merge(closed).closed_on = today()
        db.session.commit()
    offered = {choice["value"] for choice in browser.get("/accounts/new").select("#office option")}
    for office in (elsewhere, closed):
        assert str(office.id) not in offered
        assert list(new(browser, office).errors) == ["office"]
    viewer = make.viewer("administrator")
    with app.app_context(), pytest.raises(AccountRefusedError) as refused:
        keeping.make_account(viewer, "sun", who(elsewhere), keeping.draw_password())
    assert refused.value.why == "office"


def who(office: object, role: str = "registrar") -> Particulars:
    return Particulars("孙桂兰", role, office.id, "zh")


@pytest.mark.parametrize("role", ["registrar", "supervisor", "protection_officer", "official", "auditor"])
def test_a_police_station_has_officers_and_nobody_else(
    make: Factory, client_as: Callable[..., Client], role: str
) -> None:
    page = new(client_as("administrator"), make.office("police"), role=role)
    assert list(page.errors) == ["role"]


def test_every_role_fits_the_offices_that_the_demonstration_gives_it() -> None:
    assert all(fitting.fits(role, kind) for role, kind in KINDS.items())


@pytest.mark.database
def test_two_who_take_a_user_name_at_once_make_one_account(app: Flask, make: Factory) -> None:
    viewer, office = make.viewer("administrator"), make.office()
    with app.app_context():
        keeping.make_account(viewer, "sun-guilan", who(office), keeping.draw_password())
        with pytest.raises(AccountRefusedError) as refused:
            keeping.make_account(viewer, " SUN-Guilan", who(office), keeping.draw_password())
        db.session.commit()
        assert len(db.session.scalars(select(User).where(User.username == "sun-guilan")).all()) == 1
    assert (refused.value.why, refused.value.field) == ("taken", "username")


@pytest.mark.database
def test_another_office_ends_the_sessions_and_another_name_does_not(
    app: Flask, make: Factory, client_as: Callable[..., Client], recorded: Callable[[str], list[AuditEvent]]
) -> None:
    user, office = make.user("auditor"), make.office("audit")
    there, browser = Client(app), client_as("administrator")
    there.sign_in(user)
    browser.get(f"/accounts/{user.id}/change").submit({"name": "钱文"}, status=200)
    assert there.get("/audit/events").path == "/audit/events"
    page = browser.get(f"/accounts/{user.id}/change").submit({"office": office.id}, status=200)
    assert page.path == f"/accounts/{user.id}"
    assert there.get("/audit/events").path == "/sign-in"
    assert [event.details["field"] for event in recorded("account_changed")] == ["name", "office_id"]
    changed = kept(app, user.username)
    with app.app_context():
        assert (changed.name.open(OPENER), changed.office_id) == ("钱文", office.id)


def test_the_second_of_two_savers_is_shown_both(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    user, browser = make.user("registrar"), client_as("administrator", language=language)
    first, second = (browser.get(f"/accounts/{user.id}/change") for _ in range(2))
    first.submit({"name": "钱文"}, status=200)
    page = second.submit({"name": "孙桂兰"}, status=422)
    assert dict(page.values())["name"] == "孙桂兰"
    assert ("钱文" if language == "zh" else "Qian Wen") in page.text
    page.submit(status=200)
    with app.app_context():
        assert kept(app, user.username).name.open(OPENER) == "孙桂兰"


@pytest.mark.database
def test_who_leaves_is_signed_out_at_once_cannot_come_in_and_stays_in_history(
    app: Flask,
    make: Factory,
    client_as: Callable[..., Client],
    recorded: Callable[[str], list[AuditEvent]],
    language: str,
) -> None:
    user = make.user("auditor")
    there, browser = Client(app), client_as("administrator", language=language)
    there.sign_in(user)
    browser.get(f"/accounts/{user.id}/leave").submit({"drafts": "keep"}, status=200)
    assert there.get("/audit/events").path == "/sign-in"
    assert Client(app).get("/sign-in").submit({"username": user.username, "password": PASSWORD}).status == 422
    left = kept(app, user.username)
    assert (left.active, left.left_on) == (False, today())
    assert user.username in browser.get("/accounts?closed=1").text
    assert [event.details for event in recorded("account_changed")] == [{"account": str(user.id), "field": "left"}]
    temporary = browser.get(f"/accounts/{user.id}").submit(form="form[action*=come-back]", status=200)
    password = temporary.select(".app-facts__value strong")[0].get_text()
    assert Client(app).sign_in(user, password).path == "/password"


def draft(app: Flask, user: User) -> None:
    with app.app_context():
        db.session.add(IntakeDraft(user_id=user.id, side="receiving", answers={}, began_at=now()))
        db.session.commit()


@pytest.mark.parametrize(("choice", "left"), [("keep", 1), ("discard", 0)])
def test_what_the_leaver_holds_is_told_in_counts_and_drafts_are_kept_or_discarded(
    *, app: Flask, make: Factory, client_as: Callable[..., Client], choice: str, left: int
) -> None:
    user, other = make.user("registrar"), make.user("registrar")
    child = make.child(protected=True, protected_registrar_id=user.id)
    draft(app, user)
    draft(app, other)
    browser = client_as("administrator")
    page = browser.get(f"/accounts/{user.id}/leave")
    assert [value.get_text(strip=True) for value in page.select(".app-facts__value")] == ["1", "0"]
    assert str(child.id) not in str(page.soup)
    assert "陈" not in page.text
    page.submit({"drafts": choice}, status=200)
    with app.app_context():
        drafts = [row.user_id for row in db.session.scalars(select(IntakeDraft))]
    assert drafts.count(user.id) == left
    assert drafts.count(other.id) == 1


@pytest.mark.database
def test_the_last_administrator_of_a_place_cannot_leave_nor_take_another_role(app: Flask, make: Factory) -> None:
    one, other = make.user("administrator"), make.user("administrator")
    viewers = {user.id: make.viewer(user=user) for user in (one, other)}
    office = make.office()
    with app.app_context():
        keeping.leave(viewers[one.id], other.id, 1, discard=False)
        db.session.commit()
        for act in (
            lambda: keeping.leave(viewers[other.id], one.id, 1, discard=False),
            lambda: keeping.change_account(viewers[other.id], one.id, 1, who(office)),
        ):
            with pytest.raises(AccountRefusedError) as refused:
                act()
            assert refused.value.why == "last"
            db.session.rollback()
        assert db.session.get_one(User, one.id).active


def test_nobody_locks_oneself_out(make: Factory, client_as: Callable[..., Client]) -> None:
    administrator = make.user("administrator")
    browser = client_as(administrator)
    assert not browser.get("/accounts").select(f"a[href='/accounts/{administrator.id}']")
    for page in ("", "/change", "/leave", "/deputy"):
        browser.get(f"/accounts/{administrator.id}{page}", status=404)


@pytest.mark.parametrize("page", ["", "/change", "/leave", "/deputy"])
def test_an_account_of_the_next_district_is_as_if_absent(
    make: Factory, client_as: Callable[..., Client], recorded: Callable[[str], list[AuditEvent]], page: str
) -> None:
    user = make.user("registrar", area=ELSEWHERE)
    browser = client_as("administrator", area="320402000000")
    browser.get(f"/accounts/{user.id}{page}", status=404)
    token = browser.get("/password").select("input[name=csrf_token]")[0]["value"]
    if page:
        answer = browser.http.post(f"/accounts/{user.id}{page}", data={"csrf_token": token, "drafts": "keep"})
        assert answer.status_code == 404
    assert {event.details["why"] for event in recorded("refused")} == {"scope"}


def test_the_list_is_narrowed_by_office_and_role(make: Factory, client_as: Callable[..., Client]) -> None:
    office = make.office()
    here, officer = make.user("registrar", office=office), make.user("officer")
    browser = client_as("administrator")

    def names(question: str) -> set[str]:
        cells = browser.get(f"/accounts?{question}").select("tbody th a")
        return {cell.get_text(strip=True) for cell in cells}

    assert names(f"office={office.id}") == {here.username}
    assert names("role=officer") == {officer.username}
    assert names("role=emperor&office=nonsense") == {here.username, officer.username}
