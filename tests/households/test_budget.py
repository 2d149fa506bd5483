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
