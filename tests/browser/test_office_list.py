"""An officer works through the list: by keys, by ranges, and many at once, with scripts and without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import acts
from tests.browser.acts import Family

if TYPE_CHECKING:
    import itertools
    from collections.abc import Callable

    from tests.browser.visitor import Visitor

    Visit = Callable[..., Visitor]

BOXES = "main [data-tick]"
TICKED = f"{BOXES}:checked"


def refer(visit: Visit, number: itertools.count[int], times: int) -> None:
    """Let a registrar send so many boys of eight to the education bureau."""
    registrar = visit("changzhou-registrar")
    for _ in range(times):
        acts.register(registrar, Family(next(number)))
        acts.send(registrar)


def test_keys_and_ranges_tick_rows_and_never_beyond_the_list(visit: Visit, number: itertools.count[int]) -> None:
    refer(visit, number, 3)
    officer = visit("changzhou-education")
    officer.open("/referrals/")
    page, boxes = officer.page, officer.page.locator(BOXES)
    boxes.nth(0).focus()
    for key in ("x", "j", "j", "x", "k"):
        page.keyboard.press(key)
    assert boxes.nth(1).evaluate("box => box === document.activeElement")
    assert [boxes.nth(number).is_checked() for number in range(3)] == [True, False, True]
    assert "2" in page.locator("[data-ticked]").inner_text()
    boxes.nth(0).click(force=True)
    boxes.nth(2).click(force=True)
    assert page.locator(TICKED).count() == 0
    boxes.nth(0).click(force=True, modifiers=["Shift"])
    assert [boxes.nth(each).is_checked() for each in range(3)] == [True, True, True]
    everybody = page.locator("[data-tick-all]")  # cards on phones have no head to show it in
    everybody.evaluate("box => box.click()")
    assert page.locator(TICKED).count() == boxes.count()
    everybody.evaluate("box => box.click()")
    assert page.locator(TICKED).count() == 0
    page.locator("main a").first.focus()
    page.keyboard.press("j")
    assert page.locator("main a").first.evaluate("link => link === document.activeElement")
    boxes.nth(0).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert officer.path != "/referrals/"


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_ticked_is_accepted_after_a_look(visit: Visit, number: itertools.count[int], *, scripts: bool) -> None:
    refer(visit, number, 1)
    officer = visit("changzhou-education", scripts=scripts)
    officer.open("/referrals/?tab=waiting")
    before = int(officer.page.locator(".app-tabs__link--current .app-tabs__count").inner_text())
    officer.page.locator(BOXES).nth(0).check(force=True)
    officer.press('button[name="act"][value="accept"]')
    assert officer.page.locator(".app-notice--news").count() == 1
    officer.press("form#form button.app-button--primary")
    assert officer.page.locator(".app-notice--done").count() == 1
    officer.press("main a.app-button--primary")
    assert officer.path == "/referrals/"
    after = int(officer.page.locator(".app-tabs__link--current .app-tabs__count").inner_text())
    assert after == before - 1
    officer.open("/referrals/print?tab=waiting")
    assert officer.page.locator("tbody tr").count() == after
