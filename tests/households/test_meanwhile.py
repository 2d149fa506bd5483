"""Two phones at one draft: the second to send a page sees what the first one kept, and overwrites nothing unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.households.conftest import Intake, family, without_number
from tests.households.test_idle import IDLE, grow_old, kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

WORDS = {"zh": "本页已在别处提交", "en": "This page was sent from elsewhere meanwhile"}
CHANGED = {"zh": "登记内容已在别处改动", "en": "Something was changed from elsewhere meanwhile"}
FIRST, SECOND, THIRD = without_number(0), without_number(1, name="李思远"), without_number(0, name="李思涵")
BOTH = ["李思琪", "李思远"]
GO_ON = ("continue", "1")


@pytest.fixture
def user(make: Factory) -> Any:
    return make.user(office=make.office())


@pytest.fixture
def phone(begin: Callable[..., Intake], user: Any, offices: None, language: str) -> Intake:
    """An intake whose page of children is open, nothing sent of it yet."""
    intake = begin(user, language=language)
    intake.notice()
    intake.family()
    return intake


@pytest.fixture
def tablet(client_as: Callable[..., Client], user: Any, language: str) -> Intake:
    """The same worker on another device."""
    return Intake(client_as(user, language=language))


def both_on(tablet: Intake, phone: Intake) -> Page:
    """Send the page that the phone shows from the tablet, with two children."""
    tablet.page = tablet.client.get(phone.page.path)
    return tablet.children(FIRST, SECOND)


def names(app: Flask) -> list[str]:
    return [value for name, value in kept(app)["children"] if name.endswith("-name")]


@pytest.mark.database
def test_the_second_device_sees_what_the_first_kept_beside_what_was_typed(
    app: Flask, phone: Intake, tablet: Intake, language: str
) -> None:
    both_on(tablet, phone)
    late = phone.page.submit(THIRD, button=GO_ON)
    assert late.status == 409
    assert WORDS[language] in late.text
    assert [name in late.text for name in BOTH] == [True, True]
    assert dict(late.values())["children-0-name"] == "李思涵"
    assert names(app) == BOTH
    late.submit(button=GO_ON, status=200)  # seen, and wanted all the same
    assert names(app) == ["李思涵"]


def test_a_button_that_only_changes_the_page_overwrites_nothing_either(
    app: Flask, phone: Intake, tablet: Intake
) -> None:
    both_on(tablet, phone)
    for button in (("add", "children"), ("remove", "0"), ("read", "0")):
        assert phone.page.submit(THIRD, button=button).status == 409
    assert names(app) == BOTH


def test_what_is_kept_can_be_gone_on_with(app: Flask, phone: Intake, tablet: Intake) -> None:
    both_on(tablet, phone)
    late = phone.page.submit(THIRD, button=GO_ON)
    page = phone.client.get(str(late.select(".app-notice a")[0]["href"]))
    assert dict(page.values())["children-1-name"] == "李思远"
    page.submit(button=GO_ON, status=200)
    assert names(app) == BOTH


def test_the_same_page_sent_twice_and_a_faulty_one_sent_again_are_no_second_device(app: Flask, phone: Intake) -> None:
    page = phone.page
    assert page.submit(FIRST, button=GO_ON).status == 200
    assert page.submit(FIRST, button=GO_ON).status == 200
    faulty = phone.client.get(page.path).submit({"children-0-name": ""}, button=GO_ON)
    assert faulty.status == 422
    assert faulty.submit({"children-0-name": "李思琪"}, button=GO_ON).status == 200
    assert names(app) == ["李思琪"]


def test_another_page_sent_from_elsewhere_is_no_reason_to_stop(phone: Intake, tablet: Intake) -> None:
    household = tablet.client.get(phone.page.path.replace("children", "family"))
    household.submit(family(address="7幢101室"), button=GO_ON, status=200)
    assert phone.children(FIRST).path.endswith("/summary")


def test_nothing_is_registered_from_a_summary_that_shows_what_is_no_longer_so(
    phone: Intake, tablet: Intake, language: str
) -> None:
    path = phone.page.path
    summary = phone.children(FIRST)
    phone.page = phone.client.get(path)
    both_on(tablet, phone)
    late = summary.submit()
    assert late.status == 409
    assert CHANGED[language] in late.text
    assert "李思远" in late.text
    assert late.submit(status=200).path.endswith("/registered")


def test_a_page_that_came_too_late_from_an_idle_session_waits_beside_what_is_kept(
    app: Flask, phone: Intake, tablet: Intake, user: Any, language: str
) -> None:
    both_on(tablet, phone)
    path = phone.page.path
    grow_old(app, IDLE)
    assert phone.page.submit(THIRD, button=GO_ON).path == "/sign-in"
    assert names(app) == BOTH
    phone.client.sign_in(user)
    page = phone.client.get(path)
    assert WORDS[language] in page.text
    assert dict(page.values())["children-0-name"] == "李思涵"
    page.submit(button=GO_ON, status=200)
    assert names(app) == ["李思涵"]
    assert WORDS[language] not in phone.client.get(path).text
