"""The story that must work: a household is registered, its children are referred, offices answer, the city sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser import acts
from tests.browser.acts import Family

if TYPE_CHECKING:
    import itertools
    from collections.abc import Callable

    from tests.browser.visitor import Visitor

    Visit = Callable[..., Visitor]

SOLVED = {"education": "11", "vaccination": "07"}
WORDS = {"zh": ("公办学校就读", "接种证已补办"), "en": ("In a public school", "Certificate issued again")}


def test_a_family_is_registered_its_children_referred_and_the_answers_stand_in_their_files(
    visit: Visit, language: str, number: itertools.count[int]
) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    acts.register(registrar, family)
    assert registrar.page.locator('input[name="referral"]').count() == 2
    acts.send(registrar)

    for account, name, outcome in (
        ("changzhou-education", family.elder, SOLVED["education"]),
        ("changzhou-clinic", family.younger, SOLVED["vaccination"]),
    ):
        officer = visit(account)
        acts.answer(officer, name, outcome)
        officer.open("/referrals/?tab=ended")
        assert name not in officer.main.inner_text(), "an office sees no child after the answer"

    for name, words in zip((family.elder, family.younger), WORDS[language], strict=True):
        assert acts.find(registrar, name)
        acts.open_file(registrar, name)
        assert words in registrar.main.inner_text()


def test_a_child_is_found_by_number_by_phone_and_by_part_of_the_name(
    visit: Visit, number: itertools.count[int]
) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    acts.register(registrar, family)
    acts.send(registrar)
    spaced = f"{family.id_number[:6]} {family.id_number[6:14]} {family.id_number[14:].lower()}"
    for term in (spaced, family.phone, family.elder[1:]):
        found = acts.find(registrar, term)
        assert any(family.elder in name for name in found), (term, found)
        for secret in (family.id_number, family.phone, family.elder):
            assert secret not in registrar.page.url + registrar.page.title()
    acts.open_file(registrar, family.elder)
    assert family.elder in registrar.page.locator("h1").inner_text()
    assert family.elder not in registrar.page.title()
    assert family.id_number not in registrar.main.inner_text(), "the number is masked until a reason is given"


def test_a_village_registers_a_child_whose_parents_are_away(
    visit: Visit, language: str, number: itertools.count[int]
) -> None:
    family = Family(next(number))
    registrar = visit("suqian-registrar")
    acts.begin(registrar)
    registrar.choose(who_away="both", boarding="no")
    registrar.fill(away_since__year="2025", away_since__month="3", away_area__typed="常州市")
    registrar.fill(guardians__0__phone=family.phone, guardians__0__name="邵桂兰", guardians__0__relation="62")
    registrar.press(acts.SEND)
    registrar.fill(children__0__name=family.elder, children__0__id_number=family.id_number)
    registrar.choose(children__0__school="primary", children__0__certificate="seen")
    registrar.press(acts.SEND)
    assert {"zh": "留守", "en": "Left behind"}[language].lower() in registrar.main.inner_text().lower()
    acts.send(registrar)
    assert any(family.elder in name for name in acts.find(registrar, family.phone))


def test_an_official_sees_numbers_and_no_child_and_the_auditor_sees_who_read_what(visit: Visit) -> None:
    registrar = visit("changzhou-registrar")
    registrar.open("/children/")
    registrar.press("main table th[scope=row] a")
    name, file = registrar.page.locator("h1").inner_text(), registrar.path

    official = visit("changzhou-official")
    assert official.main.locator("table").count() >= 2
    official.open(file)
    assert official.status in (403, 404)
    assert name not in official.page.content()

    auditor = visit("changzhou-auditor")
    events = auditor.main.inner_text()
    assert "changzhou-registrar" in events
    assert file[-8:] in events
    assert name not in events


def test_every_page_of_every_role_is_well_made(visit: Visit) -> None:
    for role in (
        "registrar",
        "supervisor",
        "education",
        "clinic",
        "protection",
        "official",
        "administrator",
        "auditor",
    ):
        visitor = visit(f"changzhou-{role}")
        links = visitor.page.locator("nav a, footer a" if role == "registrar" else "nav a")  # one footer for all
        for path in [link.get_attribute("href") for link in links.all()]:
            visitor.open(str(path))
            assert visitor.status == 200, f"{role}: {path}"
        if role == "auditor":
            for path in ("/handbook/", "/handbook/?q=2026", "/handbook/immunisation"):
                visitor.open(path)
                assert visitor.main.locator("a").count() > 1, path
        if role == "supervisor":
            visitor.open("/children/")
            visitor.press("main table th[scope=row] a")
