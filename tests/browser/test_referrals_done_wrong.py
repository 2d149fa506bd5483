"""What people do wrong with referrals: a second click, the way back, a page kept open, somebody else's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser import acts_moves, acts_referrals
from tests.browser.acts import SEND, Family
from tests.browser.acts_referrals import DONE, NEWER

if TYPE_CHECKING:
    import itertools
    from collections.abc import Callable

    from tests.browser.visitor import Visitor

    Visit = Callable[..., Visitor]


def test_a_double_click_on_send_asks_an_office_once(visit: Visit, number: itertools.count[int]) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar", scripts=False)  # with scripts the button guards itself
    acts_referrals.registered(registrar, family, refers=False)
    acts_moves.open_found(registrar, family.elder)
    registrar.press('main a[href*="/referrals/propose/"]')
    for box in registrar.page.locator("main input[type=checkbox]").all():
        box.set_checked(box.get_attribute("value") == "community_centre", force=True)
    registrar.page.locator(SEND).dblclick(no_wait_after=True)
    registrar.page.locator(DONE).first.wait_for()
    acts_moves.open_found(registrar, family.elder)
    assert len(acts_referrals.all_sent(registrar)) == 1


def test_the_way_back_after_closing_shows_the_child_no_more(visit: Visit) -> None:
    officer = visit("changzhou-education")
    name, mine = accepted(officer)
    officer.choose(answer__outcome="45")
    officer.press(SEND)
    assert officer.page.locator(DONE).count() == 1
    officer.page.go_back()
    officer.page.wait_for_load_state("load")
    assert officer.path == mine
    assert name not in officer.page.locator("body").inner_text()


def test_who_answers_from_a_page_that_another_has_overtaken_is_told_and_answers_nothing(visit: Visit) -> None:
    first, second = visit("changzhou-education"), visit("changzhou-education")
    name, mine = accepted(first)
    second.open(mine)
    warned = second.page.locator(NEWER).count()
    first.choose(answer__outcome="41")
    first.press(SEND)
    second.choose(answer__outcome="45")
    second.press(SEND)
    assert second.status == 409
    assert second.page.locator(NEWER).count() == warned + 1
    assert name in second.main.inner_text()
    first.open(mine)
    assert first.page.locator('form[action$="/answer"]').count() == 1, "the referral is open still"


def test_the_address_of_another_countys_referral_is_not_found(visit: Visit) -> None:
    name, mine = accepted(visit("changzhou-education"))
    for account, path in (
        ("zhongshan-education", mine),
        ("zhongshan-registrar", mine.replace("/referrals/", "/referrals/sent/")),
    ):
        stranger = visit(account)
        stranger.open(path)
        assert stranger.status == 404
        assert name not in stranger.page.locator("body").inner_text()


def accepted(officer: Visitor) -> tuple[str, str]:
    """Open a referral that the office works on; return the child's name and the path of the page."""
    officer.open("/referrals/?tab=in_progress")
    name = officer.main.locator("table a").first.inner_text()
    officer.press("main table a")
    assert name in officer.main.inner_text()
    return name, officer.path
