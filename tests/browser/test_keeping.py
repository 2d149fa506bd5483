"""What is kept: five children within their budget, through lost connections and an idle end; corrected files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from registry.clock import today
from tests.browser import acts, acts_moves
from tests.browser.acts import GIVEN, ORIGIN, SEND, Family
from tests.factories import id_number
from tests.households.test_budget import ANSWERS, PAGES

if TYPE_CHECKING:
    import itertools
    from collections.abc import Callable

    from tests.browser.visitor import Visitor

    Visit = Callable[..., Visitor]

CHILDREN = 5
ANSWERS_A_CHILD = 4
ELDEST = 12  # years


class Counted:
    """Somebody at a browser of whom every answer and every page that is sent is counted."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.pages = self.answers = 0

    def fill(self, **answers: str) -> None:
        self.visitor.fill(**answers)
        self.answers += len(answers)

    def choose(self, **answers: str) -> None:
        self.visitor.choose(**answers)
        self.answers += len(answers)

    def send(self) -> None:
        self.visitor.press(SEND)
        self.pages += 1

    def send_late(self) -> None:
        """Send a page while there is no connection, and once more when it is there again."""
        self.visitor.context.set_offline(True)
        self.visitor.page.locator(SEND).first.click()
        self.visitor.page.locator("#not-sent").wait_for(state="visible")
        self.visitor.look()
        self.visitor.context.set_offline(False)
        with self.visitor.page.expect_navigation():
            self.visitor.page.evaluate("document.forms.form.requestSubmit()")  # the button itself rests for a second
        self.visitor.look()
        self.pages += 1

    def notice(self) -> None:
        self.visitor.open("/")
        self.visitor.press('a[href="/households/new"]')
        self.choose(answer="agrees")

    def household(self, family: Family) -> None:
        self.fill(guardians__0__phone=family.phone, guardians__0__name="梁慧敏", guardians__0__relation="52")
        self.fill(guardians__1__name="邵国平", guardians__1__relation="51")
        self.choose(guardians__1__phone_answer="unknown", stays="yes")
        self.fill(address="5单元201室", arrived__year=str(today().year - 1), arrived__month="5")

    def children(self, family: Family) -> None:
        for place in range(CHILDREN):
            if place:
                self.visitor.page.locator('button[name="add"]').click()
            typed = {"name": name_of(family, place), "id_number": number_of(family, place)}
            chosen = {"school": "primary", "certificate": "seen"}
            self.fill(**{f"children__{place}__{key}": value for key, value in typed.items()})
            self.choose(**{f"children__{place}__{key}": value for key, value in chosen.items()})


def name_of(family: Family, place: int) -> str:
    return family.elder + GIVEN[place]


def number_of(family: Family, place: int) -> str:
    born = family.born.replace(year=today().year - ELDEST + place)
    return id_number(ORIGIN, born, int(family.id_number[14:17]))


def test_a_household_of_five_children_comes_from_nothing_to_its_receipt_within_the_budget(
    visit: Visit, number: itertools.count[int]
) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    counted = Counted(registrar)
    counted.notice()
    counted.send()
    counted.household(family)
    counted.send()
    counted.children(family)
    counted.send()
    counted.send()
    assert registrar.path.endswith("/registered"), registrar.main.inner_text()
    assert registrar.page.locator("main .app-card").count() == CHILDREN
    assert counted.pages == PAGES
    assert counted.answers <= ANSWERS + (CHILDREN - 2) * ANSWERS_A_CHILD
    registrar.open("/")
    assert len(acts.find(registrar, family.phone)) == CHILDREN


def test_two_lost_connections_and_an_idle_end_cost_no_answer_of_five_children(
    visit: Visit, number: itertools.count[int]
) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    counted = Counted(registrar)
    counted.notice()
    counted.send()
    counted.household(family)
    counted.send_late()
    counted.children(family)
    go_idle(registrar)
    counted.send()
    assert registrar.path == "/sign-in"
    assert family.elder not in registrar.page.content()
    sign_in_again(registrar)
    assert registrar.path.endswith("/children")
    for place in range(CHILDREN):
        kept = registrar.page.locator(f'[name="children-{place}-name"]').input_value()
        assert kept == name_of(family, place)
    counted.send()
    assert registrar.path.endswith("/summary"), registrar.main.inner_text()
    counted.send_late()
    assert registrar.path.endswith("/registered"), registrar.main.inner_text()
    assert registrar.page.locator("main .app-card").count() == CHILDREN
    assert counted.answers <= ANSWERS + (CHILDREN - 2) * ANSWERS_A_CHILD
    assert len(acts.find(registrar, family.phone)) == CHILDREN, "each once"


def go_idle(visitor: Visitor) -> None:
    """Let an hour pass for whoever is signed in: nobody waits for it."""
    with closing(sqlite3.connect(visitor.site.database, timeout=15)) as database, database:
        moved = database.execute("UPDATE user_session SET seen_at = datetime(seen_at, '-1 hour') || '.000000'")
        assert moved.rowcount


def sign_in_again(visitor: Visitor) -> None:
    """Sign in on the page that an idle end has led to."""
    visitor.fill(username="changzhou-registrar", password=visitor.site.password)
    visitor.press("form#form button.app-button--primary")


@pytest.fixture
def known(visit: Visit, number: itertools.count[int]) -> tuple[Visitor, Family]:
    """A registrar, and a family of theirs that is on file."""
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    acts.register(registrar, family)
    acts.send(registrar)
    return registrar, family


def test_a_name_is_corrected_when_the_supervisor_has_approved_it(
    visit: Visit, language: str, known: tuple[Visitor, Family]
) -> None:
    registrar, family = known
    wanted = family.elder[0] + "如" + family.elder[1:]
    file = acts_moves.open_found(registrar, family.elder)
    registrar.press('main a[href$="/correct"]')
    registrar.press('main a[href$="/identity"]')
    registrar.fill(name=wanted, reason="mistyped")
    registrar.press(SEND)
    assert family.elder in registrar.page.locator("h1").inner_text(), "nothing is changed yet"

    supervisor = visit("changzhou-supervisor")
    supervisor.press('nav a[href$="/requests"]')
    supervisor.press(f'main .app-card:has-text("{family.elder}") a[href*="/requests/"]')
    compared = supervisor.main.locator("table").inner_text()
    assert wanted in compared
    supervisor.choose(decision="approve")
    supervisor.press(SEND)
    supervisor.open(file)
    assert wanted in supervisor.page.locator("h1").inner_text()
    supervisor.press('main a[href$="/history"]')
    rows = supervisor.page.locator("main table tr", has_text=wanted)
    assert family.elder in rows.first.inner_text()

    registrar.open(file)
    assert {"zh": "已更正", "en": "Corrected"}[language] in registrar.main.inner_text()
    registrar.press('main a[href$="/mine"]')
    outcome = registrar.page.locator("main .app-card", has_text=wanted).first.inner_text()
    assert {"zh": "已同意", "en": "Approved"}[language] in outcome


def test_two_files_with_one_mistyped_number_are_made_one_and_parted_again(
    visit: Visit, number: itertools.count[int], known: tuple[Visitor, Family]
) -> None:
    registrar, family = known
    second = Family(next(number))
    register_with_number(registrar, second, family.id_number)
    kept = acts_moves.open_found(registrar, family.elder)
    other = acts_moves.open_found(registrar, second.elder)

    supervisor = visit("changzhou-supervisor")
    open_pair(supervisor, family)
    supervisor.page.locator(f'label[for="kept-{kept.rsplit("/", 1)[-1]}"]').click()
    supervisor.fill(reason="papers")
    supervisor.press('button[name=decision][value="same"]')
    registrar.open(other)
    assert registrar.path == kept, "the address of the other file leads to the one that is kept"
    assert acts.find(registrar, second.elder) == []

    supervisor.open("/matches?tab=decided")
    supervisor.press(f'main .app-card:has-text("{family.elder}") form[action$="/undo"] button')
    registrar.open(other)
    assert registrar.path == other
    assert second.elder in registrar.page.locator("h1").inner_text()
    open_pair(supervisor, family)
    supervisor.press('button[name=decision][value="not_same"]')
    assert family.elder not in supervisor.main.inner_text(), "the pair does not wait any more"


def open_pair(supervisor: Visitor, family: Family) -> None:
    """Open the pair of files of which one is this boy's."""
    supervisor.open("/matches")
    while not supervisor.main.locator(".app-card", has_text=family.elder).count():
        supervisor.press('.app-pagination a[href*="after="]')
    supervisor.press(f'main .app-card:has-text("{family.elder}") a.app-button')


def register_with_number(registrar: Visitor, family: Family, typed: str) -> None:
    """Register the boy of a family with a number that is not his."""
    acts.begin(registrar)
    acts.guardians(registrar, family)
    registrar.fill(children__0__name=family.elder, children__0__id_number=typed)
    registrar.choose(children__0__school="primary", children__0__certificate="seen")
    registrar.press(SEND)
    acts.send(registrar)
