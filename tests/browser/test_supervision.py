"""Who looks after the offices: a supervisor chases what they let lie, an official sees numbers that name nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser import acts, acts_referrals
from tests.browser.acts import Family

if TYPE_CHECKING:
    import itertools
    from collections.abc import Callable

    from tests.browser.visitor import Visitor

    Visit = Callable[..., Visitor]

OFFICE = "教育"  # stands in the name of every education bureau


def test_a_supervisor_sees_what_an_office_let_lie_writes_to_it_and_it_is_gone_once_answered(
    visit: Visit, number: itertools.count[int]
) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    acts_referrals.registered(registrar, family)
    asked = acts_referrals.sent(registrar, family.elder)
    supervisor = visit("changzhou-supervisor")
    assert not chased(supervisor, family), "not before its time"
    acts_referrals.let_climb(registrar, asked)

    assert chased(supervisor, family)
    letters = supervisor.main.locator("tr", has_text=OFFICE) if supervisor.language == "zh" else supervisor.main
    address = letters.locator('a[href*="/letter"]').first.get_attribute("href")
    letter = acts_referrals.paper(supervisor, f'main a[href="{address}"]').text
    assert family.elder not in letter, "a letter holds numbers and no child"
    registrar.open(asked.follow)
    assert registrar.page.locator(".app-late, .app-tag--late").count() >= 1

    acts.answer(visit("changzhou-education"), family.elder, "11")
    assert not chased(supervisor, family)


def chased(supervisor: Visitor, family: Family) -> bool:
    """Say whether a child stands among what has climbed, on any page of the list."""
    supervisor.open("/")
    supervisor.press('nav a[href="/referrals/chase"]')
    while not supervisor.main.locator("table a", has_text=family.elder).count():
        if not supervisor.page.locator('.app-pagination a[href*="after="]').count():
            return False
        supervisor.press('.app-pagination a[href*="after="]')
    return True


def test_an_official_reads_how_offices_answer_in_numbers_that_name_no_child(visit: Visit) -> None:
    registrar = visit("changzhou-registrar")
    registrar.open("/children/")
    names = registrar.page.locator("main table th[scope=row] a").all_inner_texts()
    acts.let_work(registrar)
    official = visit("changzhou-official")
    official.press('nav a[href="/statistics/referrals"]')
    assert official.status == 200
    assert official.main.locator("table tbody tr").count() > 1
    assert official.main.locator('a[href*="/children/"], a[href*="/referrals/sent"]').count() == 0
    said = official.main.inner_text()
    assert not [name for name in names if name in said]
    assert official.main.locator("table .app-hidden-cell").count() > 1, "small numbers are withheld"
