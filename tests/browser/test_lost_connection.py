"""A connection that fails while a page is sent: the page stays with its answers, and is sent once when tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser import acts
from tests.browser.acts import SEND, Family

if TYPE_CHECKING:
    import itertools
    from collections.abc import Callable

    from tests.browser.visitor import Visitor

    Visit = Callable[..., Visitor]


def test_a_page_that_cannot_be_sent_stays_and_is_sent_once_afterwards(
    visit: Visit, number: itertools.count[int]
) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    acts.register(registrar, family)
    registrar.context.set_offline(True)
    registrar.page.locator(SEND).click()
    told = registrar.page.locator("#not-sent")
    told.wait_for(state="visible")
    assert {"zh": "未发送", "en": "Not sent"}[registrar.language] in told.inner_text()
    assert registrar.path.endswith("/summary")
    registrar.context.set_offline(False)
    with registrar.page.expect_navigation(url="**/registered"):  # the button itself rests for a second
        registrar.page.evaluate("document.forms.form.requestSubmit()")
    registrar.look()
    assert registrar.path.endswith("/registered")
    assert len(acts.find(registrar, family.phone)) == 2, "two children, each once"


def test_leaving_a_page_with_unsent_answers_is_warned_of(visit: Visit) -> None:
    registrar = visit("changzhou-registrar")
    acts.begin(registrar)
    asked: list[str] = []
    registrar.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    registrar.press(".app-back")
    assert asked == [], "nothing was typed yet"
    registrar.press(SEND)
    registrar.fill(guardians__0__name="梁慧敏")
    registrar.press(".app-back")
    assert asked == ["beforeunload"]
