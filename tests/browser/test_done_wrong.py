"""What people do wrong at a browser: double clicks, the way back, other people's addresses, empty pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser import acts
from tests.browser.acts import SEND, Family

if TYPE_CHECKING:
    import itertools
    from collections.abc import Callable

    from tests.browser.visitor import Visitor

    Visit = Callable[..., Visitor]


def test_a_double_click_on_send_makes_one_household(visit: Visit, number: itertools.count[int]) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar", scripts=False)  # with scripts the button guards itself
    acts.register(registrar, family)
    registrar.page.locator(SEND).dblclick(no_wait_after=True)
    registrar.page.locator(".app-notice--done").wait_for()
    registrar.look()
    assert registrar.path.endswith("/registered")
    assert len(acts.find(registrar, family.phone)) == 2, "two children, each once"


def test_the_way_back_after_sending_shows_the_result_and_sends_nothing_twice(
    visit: Visit, number: itertools.count[int]
) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    acts.register(registrar, family)
    acts.send(registrar)
    registrar.page.go_back()
    assert registrar.path.endswith("/registered")
    assert len(acts.find(registrar, family.phone)) == 2


def test_a_page_kept_open_and_sent_again_shows_the_result(visit: Visit, number: itertools.count[int]) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    acts.register(registrar, family)
    second = registrar.context.new_page()
    second.goto(registrar.page.url)
    acts.send(registrar)
    second.locator(SEND).click()
    second.wait_for_url("**/registered")
    assert len(acts.find(registrar, family.phone)) == 2


def test_the_address_of_another_countys_child_is_not_found(visit: Visit) -> None:
    registrar = visit("changzhou-registrar")
    registrar.open("/children/")
    registrar.press("main table th[scope=row] a")
    name, file = registrar.page.locator("h1").inner_text(), registrar.path
    stranger = visit("zhongshan-registrar")
    stranger.open(file)
    assert stranger.status == 404
    assert name not in stranger.page.content()


def test_an_empty_page_is_shown_again_with_links_to_what_is_missing(visit: Visit) -> None:
    registrar = visit("changzhou-registrar")
    acts.begin(registrar)
    registrar.press(SEND)
    registrar.press(SEND)
    assert registrar.status == 422
    links = registrar.page.locator(".govuk-error-summary a")
    assert links.count() >= 2
    for link in links.all():
        target = str(link.get_attribute("href"))
        assert registrar.page.locator(f'[id="{target.removeprefix("#")}"]').count() == 1, target
    links.first.click()
    assert registrar.page.evaluate("document.activeElement.closest('.govuk-form-group') !== null")


def test_a_birth_that_cannot_be_is_named_at_its_field_and_nothing_typed_is_lost(visit: Visit) -> None:
    registrar = visit("changzhou-registrar")
    acts.begin(registrar)
    registrar.press(SEND)
    registrar.fill(children__0__name="邵望北", children__0__birth__year="2001", children__0__birth__month="13")
    registrar.choose(children__0__school="refused", children__0__certificate="unknown")
    registrar.press(SEND)
    assert registrar.status == 422
    assert registrar.page.locator('[name="children-0-name"]').input_value() == "邵望北"
    assert registrar.page.locator('[name="children-0-birth-month"]').input_value() == "13"
    assert registrar.page.locator('[name="children-0-school"][value="refused"]').is_checked()
