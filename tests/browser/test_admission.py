"""A child out of school: from its file to the papers that the family has, what it lacks, and the list to take home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.clock import today
from sop.version import in_force
from tests.browser import acts, acts_moves
from tests.browser.acts import SEND, Family
from tests.documents import A4, Document

if TYPE_CHECKING:
    import itertools
    from collections.abc import Callable

    from tests.browser.visitor import Visitor

    Visit = Callable[..., Visitor]

LACKING = ".app-todo li"


def test_what_a_family_has_is_ticked_what_it_lacks_is_said_and_the_list_goes_home_with_it(
    visit: Visit, number: itertools.count[int]
) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    acts.register(registrar, family)
    acts.send(registrar)
    file = acts_moves.open_found(registrar, family.elder)
    registrar.press('main a[href^="/admission/"]')
    before = registrar.page.locator(LACKING).count()
    assert before > 1
    tick(registrar, "hukou_book", "guardian_id")
    registrar.press(SEND)
    assert registrar.page.locator(LACKING).count() == before - 2
    assert registrar.page.locator("input[name=paper]:checked").count() == 2

    paper = Document(registrar.read(str(registrar.page.locator('a[href*="/paper?"]').get_attribute("href"))).body())
    assert paper.sizes == {A4}
    assert family.elder in paper.text
    for said in in_force(today()).documents.checklists["changzhou_2024"].papers:
        assert said.name.zh in paper.text
        assert said.name.en in paper.text

    registrar.press('a[href$="stage=transfer"]')
    assert registrar.page.locator("input[name=paper]:checked").count() == 2, "the same papers, for another admission"
    registrar.open(file)
    assert registrar.page.locator('#schooling ~ dl a[href^="/admission/"]').count() == 1


def tick(visitor: Visitor, *codes: str) -> None:
    for code in codes:
        visitor.page.locator(f'label[for="paper-{code}"]').click()
