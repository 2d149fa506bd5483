"""A registrar at a door: offices that serve the community, and an intake driven page by page as a browser would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from registry.clock import today
from sop.identity import add_months
from tests.factories import COMMUNITY, VILLAGE, id_number

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tests.client import Client, Page
    from tests.factories import Factory


def born(years: int, months: int = 3) -> date:
    """A day that many years and months ago, so that ages do not change with the calendar."""
    return add_months(today(), -12 * years - months)


def number(years: int = 9, county: str = "321322", sequence: int = 902) -> str:
    """An invented ID number of a child of that age; even sequences are girls."""
    return id_number(county, born(years), sequence)


def family(**changed: Any) -> dict[str, Any]:
    """Answers of the second page: two adults who came half a year ago and more."""
    arrived = add_months(today(), -8)
    answers = {
        "guardians-0-phone": "15400002671",
        "guardians-0-name": "李建国",
        "guardians-0-relation": "51",
        "guardians-1-name": "周敏",
        "guardians-1-relation": "52",
        "address": "2单元602室",
        "arrived-year": arrived.year,
        "arrived-month": arrived.month,
        "stays": "yes",
        "hukou-typed": "沭阳县",
    }
    return answers | changed


def child(place: int = 0, **changed: Any) -> dict[str, Any]:
    """Answers about one child on the third page, with an ID number, in school and vaccinated."""
    answers = {
        "name": "李思琪",
        "id_number": number(sequence=902 + 2 * place),
        "school": "primary",
        "certificate": "seen",
    }
    return {f"children-{place}-{name}": value for name, value in (answers | changed).items() if value is not None}


def without_number(place: int = 0, **changed: Any) -> dict[str, Any]:
    """Answers about one child whose number is not at hand."""
    day = born(9)
    typed = {"birth-year": day.year, "birth-month": day.month, "sex": "1", "id_number": None}
    return child(place, **(typed | changed))


def carried(page: Page) -> dict[str, str]:
    """What a page carries hidden: its token, and the stamp of what it shows."""
    values = dict(page.values())
    return {name: values[name] for name in ("csrf_token", "stamp")}


class Intake:
    """One intake in one browser, on the page that it has reached."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.page: Page = client.get("/households/new")

    def notice(self, **answers: Any) -> Page:
        return self.send({"answer": "agrees"} | answers)

    def family(self, **changed: Any) -> Page:
        return self.send(family(**changed))

    def children(self, *children: dict[str, Any]) -> Page:
        while len(self.page.select("[data-child]")) < len(children):
            self.send(button=("add", "children"))
        return self.send({name: value for child in children for name, value in child.items()})

    def send(self, answers: dict[str, Any] | None = None, *, button: Any = None, faulty: bool = False) -> Page:
        self.page = self.page.submit(answers, button=button or ("continue", "1"))
        assert self.page.status == (422 if faulty else 200), self.page.errors
        return self.page

    def finish(self, **answers: Any) -> Page:
        """Press the button of the summary."""
        self.page = self.page.submit(answers, status=200)
        return self.page

    def to_summary(self, *children: dict[str, Any], **household: Any) -> Page:
        self.notice()
        self.family(**household)
        return self.children(*children)


@pytest.fixture
def offices(make: Factory) -> None:
    """Who answers referrals of the community."""
    make.office("education", COMMUNITY[:6] + "000000", serves=(("education", COMMUNITY),))
    make.office("clinic", COMMUNITY[:9] + "000", serves=(("vaccination", COMMUNITY),))


@pytest.fixture
def intake(client_as: Callable[..., Client], offices: None) -> Intake:
    """An intake of a community worker of Changzhou, in Chinese."""
    return Intake(client_as("registrar"))


@pytest.fixture
def begin(client_as: Callable[..., Client], make: Factory) -> Callable[..., Intake]:
    """Return a function that begins an intake: `begin(user, language="en")`, `begin("registrar", area=VILLAGE)`."""

    def begun(who: Any = "registrar", *, language: str = "zh", **office: Any) -> Intake:
        return Intake(client_as(who, language=language, **office))

    return begun


@pytest.fixture
def village_registrar(make: Factory) -> Any:
    """A registrar of a village in Suqian, whose office registers children left behind."""
    return make.user(office=make.office("village", VILLAGE, side="sending"))
