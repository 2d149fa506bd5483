"""The frame of every page: what each role's navigation leads to, and who is said to be signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.access import HOLDERS, Permission, Role, permission_of
from registry.accounts.navigation import FOOTER, NAVIGATION, home_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client


@pytest.mark.parametrize("role", list(Role))
def test_every_word_of_the_navigation_leads_to_a_page_that_the_role_may_open(app: Flask, role: Role) -> None:
    assert 1 <= len(NAVIGATION[role]) <= 5
    for item in NAVIGATION[role]:
        needed = permission_of(app, item.endpoint)
        assert needed is not None, f"{item.endpoint} is no page"
        assert role in HOLDERS[needed]


def test_the_foot_of_the_page_leads_to_pages_that_are_there(app: Flask) -> None:
    needed = [permission_of(app, item.endpoint) for item in FOOTER]
    assert needed == [Permission.PUBLIC, Permission.PUBLIC, Permission.SIGNED_IN, Permission.SIGNED_IN]


@pytest.mark.parametrize("role", list(Role))
def test_the_first_page_of_each_role_opens_and_is_the_current_one(
    app: Flask, client_as: Callable[..., Client], role: Role, language: str
) -> None:
    page = client_as(role.value, language=language).get("/")
    current = page.select(".app-nav a[aria-current=page]")
    assert [link["href"] for link in current] == [page.path]
    assert app.url_map.bind("localhost").match(page.path)[0] == home_of(role)


def test_the_frame_names_the_person_and_the_office_in_the_page_s_language(
    client_as: Callable[..., Client], language: str
) -> None:
    page = client_as("auditor", language=language).get("/password")
    who = page.select(".app-header__who")[0].get_text()
    assert ("王秀芳" if language == "zh" else "Wang Xiufang") in who
    assert ("示例单位" if language == "zh" else "Example office") in who


def test_the_sign_in_page_names_nobody(client: Client) -> None:
    page = client.get("/sign-in")
    assert not page.select(".app-header__who")
    assert not page.select(".app-nav")
