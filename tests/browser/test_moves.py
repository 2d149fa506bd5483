"""A child who moves: printed in the village, claimed by the city, seen by both sides; and one who leaves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sop.card import read_card_number
from tests.browser import acts, acts_moves
from tests.browser.acts import SEND, Family

if TYPE_CHECKING:
    import itertools
    from collections.abc import Callable

    from tests.browser.visitor import Visitor

    Visit = Callable[..., Visitor]

VILLAGE = {"zh": "柳园村", "en": "Liuyuan"}
COMMUNITY = {"zh": "采菱社区", "en": "Cailing"}
LEFT = {"zh": "已离开", "en": "Left"}


def test_a_child_of_a_village_is_claimed_by_its_card_accepted_and_arrives_in_the_city(
    visit: Visit, language: str, number: itertools.count[int]
) -> None:
    family = Family(next(number))
    village = visit("suqian-registrar")
    acts_moves.register_in_village(village, family)
    file = acts_moves.open_found(village, family.elder)
    card = acts_moves.print_card(village)
    ((printed,),) = card.codes()
    assert family.elder not in card.text, "the family did not ask for the name on it"

    city = visit("changzhou-registrar")
    acts_moves.claim(city, _spaced(printed))
    assert family.elder not in city.page.content(), "masked until the village has accepted"
    assert family.phone not in city.page.content()

    acts_moves.open_transfer(village, "out", family.elder)
    village.press('form[action$="/accept"] button[type="submit"]')
    acts_moves.open_transfer(city, "in", family.elder)
    acts_moves.take_in(city)

    assert acts_moves.open_found(city, family.elder) == file, "the same file goes on"
    episodes = city.page.locator(".app-timeline").first.inner_text()
    assert COMMUNITY[language] in episodes
    assert VILLAGE[language] in episodes
    _village_keeps_the_summary(village, family, file)


def _village_keeps_the_summary(village: Visitor, family: Family, file: str) -> None:
    """Where the child lives now and whether it is in school; no more its file."""
    assert acts.find(village, family.elder) == []
    village.open("/transfers/moved-on")
    village.press("main table th[scope=row] a", has_text=family.elder)
    assert COMMUNITY[village.language] in village.main.inner_text()
    assert "8幢1单元301室" not in village.page.content()
    assert family.phone not in village.page.content()
    village.open(file)
    assert village.status == 404
    assert family.elder not in village.page.content()


def _spaced(number: str) -> str:
    """A card number as people type it: in groups, in small letters."""
    assert read_card_number(number) == number
    return " ".join(re.findall(".{1,4}", number.lower()))


def test_who_left_for_nobody_knows_where_leaves_the_list_in_two_taps_and_comes_back(
    visit: Visit, number: itertools.count[int]
) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    acts.register(registrar, family)
    acts.send(registrar)
    acts_moves.open_found(registrar, family.elder)
    registrar.press('main a[href$="/gone"]')
    registrar.press(SEND)
    assert registrar.page.locator(".app-notice--done").count() == 1

    both = {family.elder, family.younger}
    assert not both & listed(registrar, both)
    assert listed(registrar, both, "left") == both
    assert acts.find(registrar, family.younger), "who looks for the name finds the file, with its status"
    acts.open_file(registrar, family.younger)
    assert LEFT[registrar.language] in registrar.main.inner_text()
    registrar.press('main a[href$="/back"]')
    registrar.press(SEND)
    assert listed(registrar, both) == {family.younger}, "the brother has not come back"


def listed(registrar: Visitor, names: set[str], status: str = "") -> set[str]:
    """Return which of these names stand in the list of the own area, on any of its pages."""
    registrar.open("/children/")
    registrar.page.locator(".app-filter select[name=status]").select_option(status)
    registrar.press('.app-filter button[type="submit"]')
    shown = registrar.page.locator("main table th[scope=row]").all_inner_texts()
    while registrar.page.locator('.app-pagination a[href*="after="]').count():
        registrar.press('.app-pagination a[href*="after="]')
        shown += registrar.page.locator("main table th[scope=row]").all_inner_texts()
    return {name for name in names if any(name in each for each in shown)}
