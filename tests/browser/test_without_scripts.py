"""The intake of a browser without scripts, or of a phone too old for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser import acts
from tests.browser.acts import Family

if TYPE_CHECKING:
    import itertools
    from collections.abc import Callable

    from tests.browser.visitor import Visitor


def test_a_family_is_registered_without_scripts_and_buttons_keep_what_was_typed(
    visit: Callable[..., Visitor], number: itertools.count[int]
) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar", scripts=False)
    acts.begin(registrar)
    registrar.fill(guardians__0__name="梁慧敏")
    registrar.press('button[name="add"][value="guardians"]')
    assert registrar.page.locator('[name="guardians-2-name"]').count() == 1
    assert registrar.page.locator('[name="guardians-0-name"]').input_value() == "梁慧敏"
    registrar.press('button[name="remove"][value="2"]')
    acts.guardians(registrar, family)

    registrar.fill(children__0__name=family.elder, children__0__id_number=family.id_number)
    registrar.press('button[name="read"][value="0"]')
    assert registrar.page.locator(".app-read").count() == 1
    acts.children(registrar, family)

    other = {"zh": "en", "en": "zh"}[registrar.language]
    registrar.page.locator('input[name="referral"]').first.uncheck()
    own, registrar.language = registrar.language, other
    registrar.press(f'button[name="_language"][value="{other}"]')
    assert registrar.page.locator('input[name="referral"]:checked').count() == 1
    registrar.language = own
    registrar.press(f'button[name="_language"][value="{own}"]')
    acts.send(registrar)
    assert acts.find(registrar, family.id_number)
