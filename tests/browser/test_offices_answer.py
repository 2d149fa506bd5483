"""Officers of the offices that answer: police, civil affairs and education, each with no more than it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser import acts, acts_moves, acts_referrals
from tests.browser.acts import SEND, Family
from tests.browser.acts_referrals import DONE

if TYPE_CHECKING:
    import itertools
    from collections.abc import Callable

    from tests.browser.visitor import Visitor

    Visit = Callable[..., Visitor]

COMPARED = {"name": "agrees", "birth_date": "differs", "sex": "agrees", "id_number": "not_found", "hukou": "agrees"}
RESULTS = {
    "zh": ("一致", "不一致", "未查到", "再向家庭核实"),
    "en": ("Agrees", "Differs", "Not found", "asked of the family again"),
}
HOME = "3单元402室"  # where the invented families live
IN_PROGRESS = "/referrals/?tab=in_progress"
PLACED = "采菱小学"
PERSUADED, REFUSED = "46", "42"  # outcomes of education: one takes the kind of school, one may not end a duty


def test_the_police_compare_item_by_item_and_what_is_not_found_is_asked_of_the_family_again(
    visit: Visit, language: str, number: itertools.count[int]
) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    acts_referrals.registered(registrar, family)
    asked = acts_referrals.ask(registrar, family.elder, "identity")

    police = visit("changzhou-police")
    acts_referrals.open_waiting(police, family.elder)
    assert police.path == asked.at_office
    assert family.id_number not in acts_referrals.plain(police), "not before it is accepted"
    acts_referrals.accept(police)
    assert family.id_number in acts_referrals.plain(police)
    assert HOME not in police.main.inner_text(), "the police are not told where a child lives"
    police.choose(answer__outcome="113", answer__item_name="agrees")
    police.press(SEND)
    assert police.status == 422, "this outcome needs a result for every item"
    assert police.page.locator('[name="answer-item_name"][value="agrees"]').is_checked()
    police.choose(**{f"answer__item_{item}": result for item, result in COMPARED.items()})
    police.press(SEND)
    police.open(asked.at_office)
    assert family.elder not in police.main.inner_text(), "who has answered sees the child no more"

    acts_moves.open_found(registrar, family.elder)
    said = registrar.main.inner_text()
    assert all(words in said for words in RESULTS[language]), said


def test_civil_affairs_see_where_a_child_lives_only_from_accepting_to_answering(
    visit: Visit, number: itertools.count[int]
) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    acts_referrals.registered(registrar, family)
    asked = acts_referrals.ask(registrar, family.elder, "social_assistance")

    civil = visit("changzhou-civil")
    acts_referrals.open_waiting(civil, family.elder)
    for hidden in (family.id_number, HOME):
        assert hidden not in acts_referrals.plain(civil)
    acts_referrals.accept(civil)
    for shown in (family.id_number, HOME, family.phone):
        assert shown in acts_referrals.plain(civil)
    civil.choose(answer__outcome="612")
    civil.press(SEND)
    assert civil.page.locator(DONE).count() == 1
    civil.open(asked.at_office)
    for hidden in (family.elder, family.id_number, HOME, family.phone):
        assert hidden not in acts_referrals.plain(civil)

    registrar.open(asked.follow)
    assert {"zh": "已给予临时救助", "en": "Temporary relief given"}[civil.language] in registrar.main.inner_text()


def test_education_accepts_at_once_places_one_child_and_cannot_refuse_another_without_an_alternative(
    visit: Visit, number: itertools.count[int]
) -> None:
    placed, refused = Family(next(number)), Family(next(number))
    registrar = visit("changzhou-registrar")
    for family in (placed, refused):
        acts_referrals.registered(registrar, family)

    education = visit("changzhou-education")
    accept_at_once(education, {placed.elder, refused.elder})
    acts.open_listed(education, IN_PROGRESS, placed.elder)
    acts.choose_outcome(education, PERSUADED)
    education.fill(answer__school_kind="public", answer__school=PLACED, answer__grade="3")
    education.press(SEND)
    assert education.page.locator(DONE).count() == 1

    acts.open_listed(education, IN_PROGRESS, refused.elder)
    education.choose(answer__outcome=REFUSED)
    education.fill(answer__reason="no_permit")
    education.press(SEND)
    assert education.status == 422
    assert education.page.locator(".govuk-error-summary a").get_attribute("href") == "#answer-alternative"
    assert education.page.locator('[name="answer-reason"]').input_value() == "no_permit"
    education.fill(answer__alternative="waiting_list")
    education.press(SEND)
    assert education.page.locator(DONE).count() == 1

    acts_moves.open_found(registrar, placed.elder)
    assert PLACED in registrar.main.inner_text()


def accept_at_once(officer: Visitor, names: set[str]) -> None:
    """Tick these children in what waits, and accept them together."""
    officer.open("/referrals/?tab=waiting")
    for name in sorted(names):
        row = officer.main.locator("tbody tr", has_text=name)
        row.locator("[data-tick]").check(force=True)
    officer.press('button[name="act"][value="accept"]')
    officer.press("form#form button.app-button--primary")
    assert "2" in officer.page.locator(DONE).inner_text()
