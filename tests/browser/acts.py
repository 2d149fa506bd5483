"""What people of the story do at their browser, from the first page of an act to its last."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from registry.clock import today
from tests.factories import id_number
from tests.serving import environment_of, run

if TYPE_CHECKING:
    from datetime import date

    from tests.browser.visitor import Visitor

SEND = "form#form button[type=submit]:is(:not([name]), [name=continue]):not(.app-default)"
GIVEN = "晨昕沐泽宁远嘉禾书瑶景行知夏若溪安澜"
ORIGIN = "341225"  # Funan county in Anhui
NUMBERS_A_DAY = 49  # invented ID numbers of boys: odd sequences from 901 on


@dataclass(frozen=True)
class Family:
    """An invented family of two adults and two children, told apart from others by its number (1 to 323)."""

    number: int

    @property
    def elder(self) -> str:
        """A boy of eight, out of school, his ID number at hand."""
        return f"邵{GIVEN[self.number % len(GIVEN)]}{GIVEN[self.number // len(GIVEN)]}"

    @property
    def younger(self) -> str:
        """A girl of three without papers."""
        return f"邵小{GIVEN[-1 - self.number % len(GIVEN)]}{GIVEN[-1 - self.number // len(GIVEN)]}"

    @property
    def born(self) -> date:
        return today().replace(day=1 + self.number // NUMBERS_A_DAY, month=3, year=today().year - 8)

    @property
    def id_number(self) -> str:
        return id_number(ORIGIN, self.born, 901 + 2 * (self.number % NUMBERS_A_DAY))

    @property
    def phone(self) -> str:
        return f"154{99_000_000 + self.number}"


def register(registrar: Visitor, family: Family) -> None:
    """Fill in the four pages of a family that moved here, up to the summary."""
    begin(registrar)
    guardians(registrar, family)
    children(registrar, family)
    assert registrar.path.endswith("/summary"), registrar.main.inner_text()


def begin(registrar: Visitor) -> None:
    """Read out the notice; the guardian agrees."""
    registrar.open("/")
    registrar.press('a[href="/households/new"]')
    registrar.choose(answer="agrees")
    registrar.press(SEND)


def guardians(registrar: Visitor, family: Family) -> None:
    """Two guardians, the second without a phone, at home in the own community since a month ago."""
    arrived = today()
    registrar.fill(guardians__0__phone=family.phone, guardians__0__name="梁慧敏", guardians__0__relation="52")
    registrar.fill(guardians__1__name="邵国平", guardians__1__relation="51")
    registrar.choose(guardians__1__phone_answer="unknown", stays="yes")
    registrar.fill(address="3单元402室", arrived__year=str(arrived.year - 1), arrived__month="5")
    registrar.press(SEND)


def children(registrar: Visitor, family: Family) -> None:
    """A boy with his number, which says birth and sex; a girl without, who is asked for."""
    registrar.fill(children__0__name=family.elder, children__0__id_number=family.id_number)
    registrar.choose(children__0__school="none", children__0__certificate="seen")
    if registrar.scripts:
        registrar.page.locator('button[name="add"]').click()
    registrar.fill(
        children__1__name=family.younger, children__1__birth__year=str(today().year - 3), children__1__birth__month="5"
    )
    registrar.choose(children__1__id_answer="none", children__1__sex="2")
    registrar.choose(children__1__school="none", children__1__certificate="none")
    registrar.press(SEND)


def send(registrar: Visitor) -> None:
    """Register and send what is proposed."""
    registrar.press(SEND)
    assert registrar.path.endswith("/registered"), registrar.main.inner_text()


def find(registrar: Visitor, term: str) -> list[str]:
    """Look for a child from the first page; return the names that are found."""
    registrar.open("/")
    registrar.fill(term=term)
    registrar.press('form.app-search button[type="submit"]')
    return registrar.page.locator("main table th[scope=row]").all_inner_texts()


def open_file(registrar: Visitor, name: str) -> None:
    """Open the file of a child from a list."""
    registrar.press("main table th[scope=row] a", has_text=name)


def open_listed(visitor: Visitor, address: str, name: str) -> None:
    """Open what a list has of a child, on whichever page of the list it stands."""
    visitor.open(address)
    while not visitor.main.locator("table a", has_text=name).count():
        visitor.press('.app-pagination a[href*="after="]')
    visitor.press("main table a", has_text=name)


def fill_day(visitor: Visitor, name: str, day: date) -> None:
    """Fill in the three boxes of a day."""
    for part in ("year", "month", "day"):
        visitor.fill(**{f"{name}__{part}": str(getattr(day, part))})


def choose_outcome(officer: Visitor, outcome: str) -> None:
    """Choose an outcome; one that places a child at a school takes the first day there, which is today."""
    officer.choose(answer__outcome=outcome)
    if officer.page.locator('[name="answer-begins-year"]').is_visible():
        fill_day(officer, "answer__begins", today())


def let_work(visitor: Visitor) -> None:
    """Let the worker do what waits for it: the round of the day, and what people put in."""
    database = visitor.site.database
    environment = environment_of(f"sqlite:///{database}", database.parents[1] / "keys")
    run([sys.executable, "-m", "registry.cli", "worker", "--once"], environment)


def answer(officer: Visitor, name: str, outcome: str) -> None:
    """Open a child's referral from the list of the own office, accept it, and close it with an outcome."""
    open_listed(officer, "/referrals/?tab=waiting", name)
    officer.press('form[action$="/accept"] button[type="submit"]')
    choose_outcome(officer, outcome)
    officer.press(SEND)
    assert officer.status == HTTPStatus.OK, officer.main.inner_text()
