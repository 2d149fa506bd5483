"""What people do at their browser when a child moves from a village to a city."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.clock import today
from tests.browser import acts
from tests.browser.acts import SEND
from tests.documents import Document

if TYPE_CHECKING:
    from tests.browser.acts import Family
    from tests.browser.visitor import Visitor


def register_in_village(registrar: Visitor, family: Family) -> None:
    """Register the boy of a family whose parents are both away, with his grandmother as carer."""
    acts.begin(registrar)
    registrar.choose(who_away="both", boarding="no")
    registrar.fill(away_since__year=str(today().year - 1), away_since__month="3", away_area__typed="常州市")
    registrar.fill(guardians__0__phone=family.phone, guardians__0__name="邵桂兰", guardians__0__relation="62")
    registrar.press(SEND)
    registrar.fill(children__0__name=family.elder, children__0__id_number=family.id_number)
    registrar.choose(children__0__school="primary", children__0__certificate="seen")
    registrar.press(SEND)
    acts.send(registrar)


def open_found(visitor: Visitor, name: str) -> str:
    """Find a child of the own area and open its file; returns the path of the file."""
    assert acts.find(visitor, name), visitor.main.inner_text()
    acts.open_file(visitor, name)
    return visitor.path


def print_card(registrar: Visitor) -> Document:
    """From an open file print the card, without the name; returns the paper."""
    registrar.press('a[href*="/cards/print"]')
    page = registrar.page
    sent = page.evaluate("Object.fromEntries(new FormData(document.forms.form))")
    answer = page.context.request.post(page.url, form=sent)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    return Document(answer.body())


def claim(registrar: Visitor, card_number: str) -> None:
    """Look a child up elsewhere by its card, and claim it; ends on the page of the transfer."""
    registrar.open("/transfers/?tab=in")
    registrar.press('a[href="/transfers/look-up"]')
    registrar.fill(number=card_number, purpose="moved_here")
    registrar.press(SEND)
    registrar.press('form[action$="/claim"] button[type="submit"]')


def open_transfer(visitor: Visitor, tab: str, name: str) -> None:
    """Open a transfer of the own list: `tab` out or in."""
    visitor.open(f"/transfers/?tab={tab}")
    visitor.press(".app-card__title a", has_text=name)


def take_in(registrar: Visitor) -> None:
    """From the page of an accepted transfer register the household here, from what is known of it."""
    registrar.press('main a[href*="/households/arrive/"]')
    registrar.choose(answer="agrees")
    registrar.press(SEND)
    registrar.choose(stays="yes")
    registrar.fill(address="8幢1单元301室", arrived__year=str(today().year), arrived__month="1")
    registrar.press(SEND)
    registrar.press(SEND)
    acts.send(registrar)
