"""The budget of an ordinary intake: two adults, two children, 4 pages sent, at most 25 answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.factories import COMMUNITY
from tests.households.conftest import child, family, without_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Factory
    from tests.households.conftest import Intake

PAGES, ANSWERS = 4, 25
WITH_NUMBERS = (child(0), child(1, name="李思远"))
WITHOUT_NUMBERS = (without_number(0), without_number(1, name="李思远", school="none", certificate="none"))


class Counted:
    """An intake that counts the pages it sends and the boxes it must touch: what is prefilled is not touched."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.pages = 0
        self.answers = 0

    def send(self, answers: dict[str, Any]) -> None:
        prefilled = dict(self.intake.page.values())
        touched = [name for name, value in answers.items() if prefilled.get(name) != str(value)]
        self.intake.send(answers)
        self.pages += 1
        self.answers += len(touched)

    def finish(self) -> None:
        self.intake.finish()
        self.pages += 1


@pytest.mark.parametrize("children", [WITH_NUMBERS, WITHOUT_NUMBERS], ids=["numbers at hand", "no numbers"])
def test_two_adults_and_two_children_take_four_pages_and_at_most_25_answers(
    children: tuple[dict[str, Any], ...], make: Factory, begin: Callable[..., Intake], offices: None
) -> None:
    block = make.block()
    counted = Counted(begin("registrar"))

    counted.send({"answer": "agrees"})
    counted.send(family(block_id=block.id))
    counted.send(children[0] | children[1])
    counted.finish()

    assert counted.intake.page.path.endswith("/registered")
    assert counted.intake.page.h1 == "已登记"
    assert len(counted.intake.page.select(".app-card")) == 2
    assert counted.pages == PAGES
    assert counted.answers <= ANSWERS


FIVE_NAMES = ("李思琪", "李思远", "李思源", "李思齐", "李思成")
FIVE_WITH = tuple(child(place, name=name) for place, name in enumerate(FIVE_NAMES))
FIVE_WITHOUT = tuple(without_number(place, name=name) for place, name in enumerate(FIVE_NAMES))


@pytest.mark.parametrize(
    ("children", "answers_a_child"), [(FIVE_WITH, 4), (FIVE_WITHOUT, 6)], ids=["numbers at hand", "no numbers"]
)
def test_five_children_take_four_pages_and_a_few_answers_for_each_child_more(
    children: tuple[dict[str, Any], ...],
    answers_a_child: int,
    make: Factory,
    begin: Callable[..., Intake],
    offices: None,
) -> None:
    """The script makes the cards of further children in the page; so are they sent here."""
    block = make.block()
    counted = Counted(begin("registrar"))
    counted.send({"answer": "agrees"})
    counted.send(family(block_id=block.id))
    page = counted.intake.page
    typed = {name: value for one in children for name, value in one.items()}
    prefilled = [pair for pair in page.values() if pair[0] not in typed]
    counted.intake.page = page.client.post(
        page.path, [*prefilled, *((name, str(value)) for name, value in typed.items())], status=200
    )
    counted.pages, counted.answers = counted.pages + 1, counted.answers + len(typed)
    counted.finish()

    assert counted.intake.page.path.endswith("/registered")
    assert len(counted.intake.page.select(".app-card")) == len(children)
    assert counted.pages == PAGES
    assert counted.answers <= ANSWERS + 3 * answers_a_child


def test_without_a_script_each_further_child_takes_one_press_more_and_loses_nothing(intake: Intake) -> None:
    intake.notice()
    intake.family()
    for place in range(len(FIVE_NAMES)):
        if place > 1:
            intake.send(button=("add", "children"))
        intake.send(FIVE_WITH[place], button=("read", str(place)))
    assert intake.send().path.endswith("/summary")
    assert "已登记5个孩子" in intake.finish().text


def test_community_form_ethnic_group_and_living_here_are_prefilled(intake: Intake) -> None:
    assert dict(intake.page.values())["side"] == "receiving"
    page = intake.notice()
    prefilled = dict(page.values())
    assert prefilled["area_code"] == COMMUNITY
    assert prefilled["ethnic"] == "01"
    assert prefilled["guardians-0-lives_here"] == prefilled["guardians-1-lives_here"] == "yes"


def test_a_registrar_of_a_township_chooses_the_community(begin: Callable[..., Intake], make: Factory) -> None:
    make.area(COMMUNITY)
    make.area(COMMUNITY[:9] + "902")
    intake = begin(make.user(office=make.office("township", COMMUNITY[:9] + "000")))
    intake.notice()
    page = intake.send(family(), faulty=True)
    assert page.errors == {"area_code": "请选择社区（村）"}
    intake.send({"area_code": COMMUNITY})
    assert intake.children(child(0)).path.endswith("/summary")
    assert intake.finish().h1 == "已登记"


def test_with_the_number_at_hand_neither_birth_nor_sex_nor_hukou_is_asked(intake: Intake) -> None:
    page = intake.to_summary(child(0), **{"hukou-typed": ""})
    assert "女" in page.text
    assert "江苏省宿迁市沭阳县" not in page.select(".app-facts")[0].get_text()
    assert "流动（监测）" in page.text  # the county in the number settled where the hukou is
