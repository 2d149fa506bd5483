"""The lists of both sides: what is whose to do, how many days are left, what has ended, and who moved on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.children.models import Child
from registry.clock import today
from registry.database import db
from registry.referrals.calendar import working_calendar
from registry.transfers import service
from registry.transfers.models import Transfer
from sop.referral import add_working_days
from tests.factories import VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.transfers.conftest import World

MINE = {"zh": "请您办理", "en": "For you to do"}
THEIRS = {"zh": "等对方办理", "en": "For others to do"}


def section_of(page: Page, name: str) -> str:
    """Return under which heading the card with this name stands."""
    (card,) = [card for card in page.select(".app-card") if name in card.get_text()]
    heading = card.find_previous("h2")
    assert heading is not None
    return " ".join(heading.get_text(" ").split())


def card_of(page: Page) -> str:
    return " ".join(page.select(".app-card")[0].get_text(" ").split())


@pytest.mark.parametrize(
    ("state", "begun", "turn"),
    [
        ("claimed", "receiving", "out"),
        ("announced", "sending", "in"),
        ("accepted", "receiving", "in"),
        ("accepted", "sending", "in"),
        ("returned", "sending", "out"),
        ("returned", "receiving", "in"),
    ],
)
def test_each_side_sees_what_is_its_own_to_do_first_and_the_badge_counts_it(
    world: World, client_as: Callable[..., Client], state: str, begun: str, turn: str, language: str
) -> None:
    world.transfer(state, begun_by=begun)
    for tab, user, name in (("out", world.sender, "陈雨桐"), ("in", world.receiver, "陈")):
        page = client_as(user, language=language).get(f"/transfers/?tab={tab}")
        badge = page.select(".app-nav__count")
        if tab == turn:
            assert section_of(page, name).startswith(MINE[language])
            assert badge[0].get_text().startswith("1")
        else:
            assert not badge
            if state != "returned":
                assert section_of(page, name).startswith(THEIRS[language])
            else:
                assert not page.select(".app-card")  # it gave it back and has nothing more to do


def test_a_third_place_sees_nothing_of_it(world: World, client_as: Callable[..., Client]) -> None:
    transfer_id = world.transfer("claimed")
    browser = client_as(world.stranger)
    for path in ("/transfers/?tab=out", "/transfers/?tab=in", "/transfers/records", "/transfers/moved-on"):
        page = browser.get(path)
        assert str(transfer_id) not in str(page.soup)
        assert "陈" not in page.text
        assert not page.select(".app-nav__count")


def test_the_receiving_side_sees_a_masked_name_until_the_child_is_accepted(
    world: World, client_as: Callable[..., Client]
) -> None:
    world.transfer("claimed")
    browser = client_as(world.receiver)
    before = browser.get("/transfers/?tab=in")
    assert "陈*" in before.text
    assert "陈雨桐" not in str(before.soup)
    assert "示例" in card_of(before)
    with world.make.app.test_request_context():
        made = db.session.scalars(select(Transfer)).one()
        service.accept(world.viewer(world.sender), made.id, 1, today())
        db.session.commit()
    assert "陈雨桐" in browser.get("/transfers/?tab=in").text


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [
        (5, "剩5个工作日", "5 working days left"),
        (1, "剩1个工作日", "1 working day left"),
        (0, "今天到期", "due today"),
        (-2, "逾期2个工作日", "2 working days late"),
    ],
)
def test_a_card_says_who_holds_it_by_when_and_how_many_working_days_are_left(
    world: World, client_as: Callable[..., Client], days: int, zh: str, en: str, language: str
) -> None:
    due = today() if days == 0 else working_day(days)
    world.transfer("claimed", answer_by=due)
    words = {"zh": zh, "en": en}[language]
    mine = client_as(world.sender, language=language).get("/transfers/")
    assert words in card_of(mine)
    assert mine.select(".app-card strong")[-1].get_text() == {"zh": "在您这里", "en": "With you"}[language]
    assert {"zh": "出示了卡", "en": "The card was shown"}[language] in card_of(mine)
    theirs = client_as(world.receiver, language=language).get("/transfers/?tab=in")
    assert words in card_of(theirs)
    held = {"zh": f"在{world.village.name_zh}", "en": f"With {world.village.name_en}"}[language]
    assert theirs.select(".app-card strong")[-1].get_text() == held
    late = days < 0
    assert bool(mine.select(".app-card--late")) == late
    assert bool(mine.select(".app-card--soon")) == (0 <= days <= 3)


def working_day(days: int) -> Any:
    """Return the day that many working days from today, before it for a negative number."""
    calendar, day = working_calendar(), today()
    if days > 0:
        return add_working_days(calendar, day, days)
    while days < 0:
        days += calendar.is_working(day)
        day -= timedelta(days=1)
    return day


@pytest.mark.parametrize(
    ("days", "zh", "en"), [(40, "剩40天", "40 days left"), (0, "今天到期", "due today"), (-1, "逾期1天", "1 day late")]
)
def test_a_child_that_has_not_arrived_is_late_on_both_sides_by_calendar_days_and_the_sending_side_may_take_it_back(
    world: World, client_as: Callable[..., Client], days: int, zh: str, en: str, language: str
) -> None:
    transfer_id = world.transfer("accepted", arrive_by=today() + timedelta(days=days))
    for user, tab in ((world.sender, "out"), (world.receiver, "in")):
        page = client_as(user, language=language).get(f"/transfers/?tab={tab}")
        assert {"zh": zh, "en": en}[language] in card_of(page)
        assert bool(page.select(".app-card--late")) == (days < 0)
    sending = client_as(world.sender, language=language).get(f"/transfers/{transfer_id}")
    assert sending.submit(form="form[action$='/withdraw']", status=200).select(".app-notice--done")


def test_a_supervisor_sees_all_of_the_area_but_has_to_do_only_what_waits_for_the_own_office(
    world: World, client_as: Callable[..., Client], language: str
) -> None:
    world.transfer("claimed", answer_by=today() - timedelta(days=20))
    page = client_as("supervisor", language=language, area=VILLAGE[:6] + "000000").get("/transfers/")
    assert section_of(page, "陈雨桐").startswith(THEIRS[language])
    assert not page.select(".app-nav__count")
    assert page.select(".app-card--late")
    assert world.village.name(language) in card_of(page)


def test_what_was_returned_and_claimed_anew_no_longer_waits_for_anybody(
    app: Flask, world: World, client_as: Callable[..., Client]
) -> None:
    world.transfer("returned", begun_by="sending")
    world.transfer("claimed")
    page = client_as(world.sender).get("/transfers/")
    assert len(page.select(".app-card")) == 1
    assert page.select(".app-nav__count")[0].get_text().startswith("1")


@pytest.mark.parametrize("change", [{"status": "deceased"}, {"status": "aged_out"}, {"protected": True}])
def test_a_child_who_is_to_be_on_no_list_is_on_none_of_these(
    app: Flask, world: World, client_as: Callable[..., Client], change: dict[str, Any]
) -> None:
    world.transfer("claimed")
    with app.app_context():
        for name, value in change.items():
            setattr(db.session.get_one(Child, world.child.id), name, value)
        db.session.commit()
    for user in (world.sender, world.receiver):
        browser = client_as(user)
        for path in ("/transfers/?tab=out", "/transfers/?tab=in", "/transfers/records?tab=in"):
            page = browser.get(path)
            assert "陈" not in page.text
            assert not page.select(".app-nav__count")
