"""The registrar's side: confirming what is proposed, the slip on paper, telling the families, sending again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.clock import today
from tests.browser import acts, acts_moves, acts_referrals
from tests.browser.acts import SEND, Family
from tests.browser.acts_referrals import DONE

if TYPE_CHECKING:
    import itertools
    from collections.abc import Callable

    from playwright.sync_api import Locator

    from tests.browser.visitor import Visitor

    Visit = Callable[..., Visitor]

PROPOSED = ".app-proposed .app-card"
PLACED = {"zh": "公办学校就读", "en": "In a public school"}
ON_PAPER = {"zh": "按纸质回执录入", "en": "Entered from the paper slip"}


def test_proposals_are_confirmed_by_family_and_by_list_and_one_is_declined_with_its_reason(
    visit: Visit, number: itertools.count[int]
) -> None:
    families = first, second = Family(next(number)), Family(next(number))
    registrar = visit("changzhou-registrar")
    for family in families:
        acts_referrals.registered(registrar, family, refers=False)

    card = proposed(registrar, first)
    waiting = card.locator('input[name="send"]').count()
    assert waiting >= 2
    with registrar.page.expect_navigation(wait_until="load"):
        card.locator('button[name="act"][value^="send:"]').click()
    registrar.look()
    assert str(waiting) in registrar.page.locator(DONE).inner_text()
    assert registrar.main.locator(PROPOSED, has_text=first.elder).count() == 0, "nothing is left to confirm"

    card = proposed(registrar, second)
    fold = card.locator(".app-proposed__child", has_text=second.younger).locator("details").first
    fold.locator("summary").click()
    with registrar.page.expect_navigation(wait_until="load"):
        fold.locator("button").click()
    registrar.look()
    assert registrar.status == 422, "not without a reason"
    fold = registrar.main.locator(PROPOSED, has_text=second.elder).locator("details[open]")
    fold.locator("select").select_option("family_declines")
    with registrar.page.expect_navigation(wait_until="load"):
        fold.locator("button").click()
    registrar.look()
    assert registrar.page.locator(DONE).count() == 1

    send_only(registrar, second)
    assert registrar.main.locator(PROPOSED, has_text=second.elder).count() == 0
    acts_moves.open_found(registrar, second.elder)
    assert len(acts_referrals.all_sent(registrar)) == 1


def proposed(registrar: Visitor, family: Family) -> Locator:
    """Find the card of a family among what is proposed, on whichever page it stands."""
    registrar.open("/referrals/proposals")
    while not registrar.main.locator(PROPOSED, has_text=family.elder).count():
        registrar.press('.app-pagination a[href*="after="]')
    return registrar.main.locator(PROPOSED, has_text=family.elder)


def send_only(registrar: Visitor, family: Family) -> None:
    """Untick all other families of the page, and send what is ticked."""
    for card in registrar.main.locator(PROPOSED).filter(has_not_text=family.elder).all():
        for box in card.locator('input[name="send"]').all():
            box.set_checked(False, force=True)
    registrar.press('button[name="act"][value="send"]')
    assert registrar.page.locator(DONE).count() == 1


def test_an_answer_comes_back_on_the_slip_is_entered_told_and_stands_on_the_receipt(
    visit: Visit, language: str, number: itertools.count[int]
) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    acts_referrals.registered(registrar, family)
    receipt = 'main a[href*="/papers/receipt/"]'
    household = registrar.path
    assert PLACED["zh"] not in acts_referrals.paper(registrar, receipt).text

    asked = acts_referrals.sent(registrar, family.elder)
    registrar.open(asked.follow)
    slip = acts_referrals.paper(registrar, 'main a[href$="/slip"]')
    (reference,) = {code for page in slip.codes() for code in page}
    assert family.elder in slip.text
    assert family.elder not in reference

    registrar.open("/referrals/reference")
    registrar.fill(reference=reference)
    registrar.press(SEND)
    assert registrar.path == f"{asked.follow}/slip-answer"
    acts.choose_outcome(registrar, "11")
    acts.fill_day(registrar, "slip__answered_on", today())
    registrar.press(SEND)
    assert registrar.path == asked.follow
    assert ON_PAPER[language] in registrar.main.inner_text()
    assert PLACED[language] in registrar.main.inner_text()

    registrar.open("/referrals/sent?tab=to_tell")
    told = registrar.main.locator(".app-check", has_text=family.elder)
    told.locator("input").set_checked(True, force=True)
    registrar.press('form[action*="/sent/told"] button[type="submit"]')
    assert registrar.page.locator(DONE).count() == 1
    assert registrar.main.locator(".app-check", has_text=family.elder).count() == 0
    registrar.open(household)
    assert all(words in acts_referrals.paper(registrar, receipt).text for words in PLACED.values())


def test_what_an_office_gave_back_is_sent_to_it_again(visit: Visit, number: itertools.count[int]) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    acts_referrals.registered(registrar, family)
    officer = visit("changzhou-education")
    acts_referrals.open_waiting(officer, family.elder)
    mine = officer.path
    officer.fill(return__reason="wrong_information", return__note="电话打不通")
    officer.press('form[action$="/return"] button[type="submit"]')
    officer.open(mine)
    assert family.elder not in officer.main.inner_text()

    registrar.open("/referrals/sent?tab=returned")
    registrar.press(f'.app-card:has-text("{family.elder}") a[href*="/referrals/sent/"]')
    assert "电话打不通" in registrar.main.inner_text()
    registrar.press('form[action$="/send-again"] button[type="submit"]')
    assert registrar.page.locator(DONE).count() == 1
    acts_referrals.open_waiting(officer, family.elder)
    assert officer.path == mine
    acts.answer(officer, family.elder, "11")
