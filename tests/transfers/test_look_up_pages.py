"""The pages of a look-up elsewhere: three ways in, what is shown, claiming, and what stands in the way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update

from registry.audit.models import AuditEvent
from registry.children import elsewhere
from registry.children.models import Child, LookUp
from registry.clock import now, today
from registry.database import db
from registry.transfers.models import Transfer
from registry.vault.sealed import opened_fields
from sop.version import in_force
from tests.factories import COMMUNITY, ELSEWHERE
from tests.transfers.conftest import CARD, NUMBER, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.transfers.conftest import World

BIRTH = {"birth-year": "2019", "birth-month": "6", "birth-day": "14"}
WAYS: dict[str, dict[str, Any]] = {
    "card": {"number": " c 321322-22 7k4m2qx r "},
    "document": {"kind": "01", "number": f"{NUMBER[:6]} {NUMBER[6:]}"},
    "name": {"name": "陈雨桐", **BIRTH, "phone": "154 0000 7755"},
}
LIMIT = in_force(today()).transfers.look_ups_a_day
MASKED = "陈*"
CLAIM = "form[action$='/claim']"
FORM = "main form"


def look(browser: Client, by: str = "card", status: int = 200, **changed: Any) -> Page:
    page = browser.get(f"/transfers/look-up?by={by}")
    return page.submit(WAYS[by] | {"purpose": "moved_here"} | changed, status=status)


def events(app: Flask, kind: str) -> list[dict[str, Any]]:
    with app.app_context():
        rows = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == kind).order_by(AuditEvent.id))
        return [event.details for event in rows]


@pytest.mark.parametrize("by", list(WAYS))
def test_each_way_finds_the_child_and_shows_a_masked_summary(
    world: World, client_as: Callable[..., Client], by: str, language: str
) -> None:
    page = look(client_as(world.receiver, language=language), by)
    text = page.text
    assert MASKED in text
    assert "2019" in text
    assert {"zh": "沭阳县", "en": "Shuyang"}[language] in text
    for hidden in ("陈雨桐", "雨桐", "Yutong", NUMBER, PHONE, "602", "周敏"):
        assert hidden not in str(page.soup)


def test_nothing_of_what_is_looked_for_stands_in_an_address_and_the_page_comes_back_by_back_and_language(
    world: World, client_as: Callable[..., Client]
) -> None:
    browser = client_as(world.receiver)
    page = look(browser)
    assert page.path.startswith("/transfers/look-up/")
    assert CARD not in page.path
    assert MASKED in browser.get(page.path).text
    browser.language = "en"
    switched = page.submit(form="form[action='/language']", button=("language", "en"), status=200)
    assert switched.path == page.path
    assert MASKED in switched.text


def test_the_masked_page_opens_nothing_but_the_name(world: World, client_as: Callable[..., Client]) -> None:
    browser = client_as(world.receiver)
    path = look(browser).path
    with opened_fields() as opened:
        browser.get(path)
    assert {field for field, _ in opened} - {"user.name"} == {"child.name"}


def test_every_look_up_and_every_showing_is_recorded_without_what_was_looked_for(
    app: Flask, world: World, client_as: Callable[..., Client]
) -> None:
    look(client_as(world.receiver), "name")
    assert events(app, "looked_up_elsewhere") == [{"by": "name", "purpose": "moved_here"}]
    assert events(app, "child_opened") == [{"part": "masked"}]


def test_hidden_and_absent_children_are_answered_in_the_same_words(
    app: Flask, world: World, client_as: Callable[..., Client], language: str
) -> None:
    browser = client_as(world.receiver, language=language)
    absent = look(browser, "name", phone="15400001111").text
    with app.app_context():
        db.session.get_one(Child, world.child.id).protected = True
        db.session.commit()
    hidden = look(browser, "name").text
    count = {"zh": "{}次", "en": "{} look-ups"}[language]
    assert hidden == absent.replace(count.format(LIMIT - 1), count.format(LIMIT - 2))
    assert events(app, "protected_file_met") == [{"by": "look_up"}]
    assert CLAIM not in str(hidden)


@pytest.mark.parametrize(
    ("by", "changed", "fault"),
    [
        ("card", {"number": ""}, "number"),
        ("card", {"number": "C321322227K4M2QX"}, "number"),
        ("card", {"number": CARD[:-1] + "S"}, "number"),
        ("card", {"number": "K" + CARD[1:]}, "number"),
        ("card", {"purpose": ""}, "purpose"),
        ("document", {"number": NUMBER[:-3]}, "number"),
        ("document", {"kind": "11", "number": "###"}, "number"),
        ("name", {"name": ""}, "name"),
        ("name", {"birth-month": "13"}, "birth-month"),
        ("name", {"phone": "12"}, "phone"),
    ],
)
def test_what_cannot_be_looked_up_is_told_at_its_field_kept_and_not_counted(
    app: Flask,
    world: World,
    client_as: Callable[..., Client],
    by: str,
    changed: dict[str, str],
    fault: str,
    language: str,
) -> None:
    page = look(client_as(world.receiver, language=language), by, 422, **changed)
    assert list(page.errors) == [fault]
    for name, value in (WAYS[by] | changed).items():
        if name not in changed and name != "kind":
            assert page.select(f"[name='{name}']")[0]["value"] == value.strip()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LookUp)) == 0


def test_switching_the_language_keeps_what_was_typed(world: World, client_as: Callable[..., Client]) -> None:
    browser = client_as(world.receiver)
    page = browser.get("/transfers/look-up?by=name")
    browser.language = "en"
    switched = page.submit(WAYS["name"], button=("_language", "en"), status=200)
    assert switched.select("input[name=name]")[0]["value"] == "陈雨桐"
    assert switched.errors == {}


def test_when_the_day_is_used_up_a_clear_sentence_says_so_and_it_is_recorded(
    app: Flask, world: World, client_as: Callable[..., Client], language: str
) -> None:
    with app.app_context():
        values = {"user_id": world.receiver.id, "by": "card", "purpose": "moved_here", "found": 0}
        db.session.add_all(LookUp(at=now(), **values) for _ in range(LIMIT))
        db.session.commit()
    page = look(client_as(world.receiver, language=language), "card", 429)
    assert {"zh": "查询次数已用完", "en": "as many look-ups today"}[language] in page.text
    assert page.select("input[name=number]")[0]["value"]
    assert MASKED not in page.text
    assert events(app, "refused") == [{"endpoint": "transfers.look_up", "why": "limit"}]


def test_a_look_up_of_another_day_leads_back_to_the_question_and_is_no_attempt_at_anything(
    app: Flask, world: World, client_as: Callable[..., Client]
) -> None:
    browser = client_as(world.receiver, language="en")
    page = look(browser)
    for gone in (False, True):
        with app.app_context():
            db.session.execute(update(LookUp).values(at=now() - timedelta(days=1)))
            if gone:
                assert [elsewhere.sweep(today(), None).done for _ in range(2)] == [1, 0]
            db.session.commit()
        for path in (page.path, f"{page.path}/claim"):
            back = browser.get(path)
            assert back.path == "/transfers/look-up"
            assert "Look the child up again" in back.text
    assert events(app, "refused") == []


def test_a_look_up_of_another_person_is_as_absent(app: Flask, world: World, client_as: Callable[..., Client]) -> None:
    page = look(client_as(world.receiver))
    client_as(world.stranger).get(page.path, status=404)
    colleague = world.make.user("registrar", office=world.community)
    client_as(colleague).get(page.path, status=404)


def test_a_child_of_the_own_area_leads_to_its_file(world: World, client_as: Callable[..., Client]) -> None:
    page = look(client_as(world.sender))
    assert page.select(f"a[href='/children/{world.child.id}']")
    assert not page.select(CLAIM)


def test_the_camera_is_allowed_on_the_page_of_the_look_up_alone(world: World, client_as: Callable[..., Client]) -> None:
    browser = client_as(world.receiver)
    assert "camera=(self)" in browser.get("/transfers/look-up").headers["Permissions-Policy"]
    assert "camera=()" in browser.get("/transfers/").headers["Permissions-Policy"]


@pytest.mark.parametrize(("by", "basis"), [("card", "card"), ("document", "document"), ("name", "told")])
def test_a_child_that_was_found_is_claimed_on_the_ground_that_it_was_found_by(
    app: Flask, world: World, client_as: Callable[..., Client], by: str, basis: str
) -> None:
    page = look(client_as(world.receiver), by).submit(form=CLAIM, status=200)
    with app.app_context():
        made = db.session.scalars(select(Transfer)).one()
        assert (made.state, made.basis, made.to_area) == ("claimed", basis, COMMUNITY)
    assert page.path == f"/transfers/{made.id}"
    assert page.select(".app-notice--done")
    assert "陈雨桐" not in str(page.soup)


def test_pressing_twice_makes_one_claim_and_shows_it(
    app: Flask, world: World, client_as: Callable[..., Client]
) -> None:
    page = look(client_as(world.receiver))
    first = page.submit(form=CLAIM, status=200)
    assert page.submit(form=CLAIM, status=200).path == first.path
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Transfer)) == 1


def test_who_comes_second_is_told_which_office_has_the_child(
    app: Flask, world: World, client_as: Callable[..., Client], language: str
) -> None:
    second = look(client_as(world.stranger, language=language))
    look(client_as(world.receiver)).submit(form=CLAIM, status=200)
    told = second.submit(form=CLAIM, status=409)
    assert world.community.name(language) in told.text
    assert not told.select(CLAIM)
    assert world.community.name(language) in second.client.get(second.path).text
    with app.app_context():
        assert db.session.scalars(select(Transfer)).one().to_area == COMMUNITY


def test_a_supervisor_names_the_community(app: Flask, world: World, client_as: Callable[..., Client]) -> None:
    world.make.user("registrar", area=COMMUNITY[:9] + "902")
    page = look(client_as("supervisor"))
    assert page.submit({"community": ""}, form=CLAIM, status=422).errors
    assert page.submit({"community": ELSEWHERE}, form=CLAIM, status=422).errors
    page.submit({"community": COMMUNITY}, form=CLAIM, status=200)
    with app.app_context():
        assert db.session.scalars(select(Transfer)).one().to_office_id == world.community.id


def test_a_file_protected_between_look_up_and_claim_is_no_longer_there(
    app: Flask, world: World, client_as: Callable[..., Client]
) -> None:
    page = look(client_as(world.receiver))
    with app.app_context():
        db.session.get_one(Child, world.child.id).protected = True
        db.session.commit()
    gone = page.submit(form=CLAIM, status=200)
    assert gone.path == page.path
    assert MASKED not in gone.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Transfer)) == 0


def test_where_nobody_keeps_the_files_any_more_the_claim_says_so(
    app: Flask, world: World, client_as: Callable[..., Client], language: str
) -> None:
    page = look(client_as(world.receiver, language=language))
    with app.app_context():
        from registry.accounts.models import User

        db.session.get_one(User, world.sender.id).active = False
        db.session.commit()
    told = page.submit(form=CLAIM, status=422)
    assert {"zh": "联系您的督导员", "en": "Ask your supervisor"}[language] in told.text
