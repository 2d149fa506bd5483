"""The page of papers: what is asked where, what the family has and lacks, two who save, who may, what is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children import answers
from registry.children.models import Change, Child, ChildAnswer
from registry.clock import today
from registry.database import db
from sop.version import in_force
from tests.factories import ELSEWHERE
from tests.statements import count_statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from tests.admission.conftest import Families
    from tests.client import Client, Page
    from tests.factories import Factory

NANKAI = "120104001901"
ALL_NEEDED = {"residence_permit", "social_insurance", "labour_contract", "hukou_book", "guardian_id"}


def ticked(page: Page) -> set[str]:
    return {str(box["value"]) for box in page.select("input[name=paper]:checked")}


def offered(page: Page) -> list[str]:
    return [str(box["value"]) for box in page.select("input[name=paper]")]


def name_of(code: str, language: str = "zh") -> str:
    lists = in_force(today()).documents.checklists.values()
    return next(each.name for found in lists for each in found.papers if each.code == code).in_language(language)


def save(page: Page, *codes: str, status: int = 200) -> Page:
    return page.submit({"paper": list(codes) or None}, status=status)


def held(app: Flask, child_id: UUID) -> list[Any]:
    with app.app_context():
        rows = db.session.scalars(select(ChildAnswer).where(ChildAnswer.child_id == child_id))
        return [row.value.open(_ALL) for row in rows if row.question == "admission_papers"]


class _All:
    opens = None


_ALL = _All()


def events(app: Flask, kind: str) -> list[dict[str, Any]]:
    with app.app_context():
        return [row.details for row in db.session.scalars(select(AuditEvent).where(AuditEvent.kind == kind))]


def test_the_list_of_the_county_is_shown_with_issuer_form_time_and_source(
    families: Families, client_as: Callable[..., Client], language: str
) -> None:
    page = client_as("registrar", language=language).get(f"/admission/{families.child(1).id}")
    asked = in_force(today()).documents.checklists["changzhou_2024"]
    assert sorted(offered(page)) == sorted(paper.code for paper in asked.papers)
    for paper in asked.papers:
        for said in (paper.name, paper.issuer, paper.valid):
            assert said is None or said.in_language(language) in page.text
    for said in (asked.name, asked.source, asked.placement, *asked.notes):
        assert said.in_language(language) in page.text
    assert len(page.select("#calendar + ol > li")) >= 1


def test_another_county_asks_for_other_papers_and_says_which_count_only_together(
    families: Families, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = families.child(1, household=make.household(NANKAI), area=NANKAI)
    page = client_as("registrar", area=NANKAI).get(f"/admission/{child.id}")
    assert "property_query" in offered(page)
    (joined,) = page.select(".app-admission__way--joined")
    assert [str(box["value"]) for box in joined.select("input")] == ["lease_filing", "property_query"]
    assert name_of("title_deed") in page.select(".app-todo")[0].get_text()
    begun = save(page, "lease_filing").select(".app-todo")[0].get_text()
    assert name_of("property_query") in begun
    assert name_of("title_deed") not in begun, "the family rents: nobody asks it for a deed"


def test_what_was_ticked_is_kept_and_what_is_lacking_is_said_at_once(
    app: Flask, families: Families, client_as: Callable[..., Client]
) -> None:
    child, browser = families.child(1), client_as("registrar")
    page = browser.get(f"/admission/{child.id}")
    assert len(page.select(".app-todo li")) == len(ALL_NEEDED)
    after = save(page, *(ALL_NEEDED - {"hukou_book"}))
    (left,) = after.select(".app-todo li")
    assert name_of("hukou_book") in left.get_text()
    assert ticked(after) == ALL_NEEDED - {"hukou_book"}
    assert name_of("hukou_book") in browser.get(f"/children/{child.id}").text
    done = save(after, *ALL_NEEDED)
    assert done.select(".app-todo") == []
    assert held(app, child.id) == [{"admission_papers": sorted(ALL_NEEDED)}]
    assert events(app, "admission_papers_noted") == [{}, {}]
    save(done, *ALL_NEEDED)
    assert len(events(app, "admission_papers_noted")) == 2, "nothing was changed the third time"


def test_what_was_noted_wrongly_is_taken_back_and_what_stood_there_is_kept(
    app: Flask, families: Families, client_as: Callable[..., Client]
) -> None:
    child, browser = families.child(1), client_as("registrar")
    page = save(browser.get(f"/admission/{child.id}"), "hukou_book")
    assert ticked(save(page)) == set()
    with app.app_context():
        rows = db.session.scalars(select(Change).where(Change.field == "admission_papers").order_by(Change.id))
        kept = [(row.before.open(_ALL), row.after.open(_ALL)) for row in rows]
    ticks, none = {"admission_papers": ["hukou_book"]}, {"admission_papers": []}
    assert kept == [(None, ticks), (ticks, none)]


def test_of_two_who_save_nobody_undoes_the_other_and_the_second_is_told(
    app: Flask, families: Families, client_as: Callable[..., Client]
) -> None:
    child = families.child(1)
    first, second = client_as("registrar"), client_as("supervisor")
    one, other = first.get(f"/admission/{child.id}"), second.get(f"/admission/{child.id}")
    assert save(one, "hukou_book").select(".app-notice--warn") == []
    told = save(other, "guardian_id")
    assert name_of("hukou_book") in told.select(".app-notice--warn")[0].get_text()
    assert ticked(told) == {"hukou_book", "guardian_id"}
    third = save(one, "hukou_book")  # sent again from the old page: nothing of it is new
    assert ticked(third) == {"hukou_book", "guardian_id"}
    assert held(app, child.id) == [{"admission_papers": ["guardian_id", "hukou_book"]}]


def test_papers_of_another_list_stay_and_what_no_list_knows_is_passed_over(
    app: Flask, families: Families, client_as: Callable[..., Client]
) -> None:
    child, browser = families.child(1), client_as("registrar")
    save(browser.get(f"/admission/{child.id}?stage=transfer"), "student_record", "hukou_book")
    page = browser.get(f"/admission/{child.id}")
    assert ticked(page) == {"hukou_book"}
    pairs = [pair for pair in page.values() if pair[0] != "paper"]
    browser.post(f"/admission/{child.id}", [*pairs, ("paper", "a_bribe"), ("seen", "nothing")], status=200)
    assert held(app, child.id) == [{"admission_papers": ["student_record"]}]


def test_the_admission_of_the_age_is_shown_first_and_any_other_can_be_asked_for(
    families: Families, client_as: Callable[..., Client]
) -> None:
    child, browser = families.child(1), client_as("registrar")
    codes = in_force(today()).codes["admission_stage"]
    for query, code in (("", "grade_1"), ("?stage=transfer", "transfer"), ("?stage=university", "grade_1")):
        page = browser.get(f"/admission/{child.id}{query}")
        (current,) = page.select(".app-switch--current")
        assert current.get_text(strip=True) == codes.text(code).zh
    after = save(browser.get(f"/admission/{child.id}?stage=transfer"), "hukou_book")
    assert after.select(".app-switch--current")[0].get_text(strip=True) == codes.text("transfer").zh


def test_papers_noted_in_a_file_that_was_merged_come_along(
    app: Flask, families: Families, client_as: Callable[..., Client]
) -> None:
    kept, merged, browser = families.child(1), families.child(1), client_as("registrar")
    save(browser.get(f"/admission/{merged.id}"), "hukou_book")
    with app.app_context():
        row = db.session.get_one(Child, merged.id)
        row.status, row.merged_into = "merged", kept.id
        db.session.commit()
    assert ticked(browser.get(f"/admission/{kept.id}")) == {"hukou_book"}
    assert ticked(save(browser.get(f"/admission/{kept.id}"), "hukou_book", "guardian_id")) == {
        "hukou_book",
        "guardian_id",
    }


@pytest.mark.parametrize("role", ["registrar", "supervisor"])
def test_a_child_of_another_area_or_a_protected_one_is_as_absent_and_the_attempt_is_recorded(
    app: Flask, families: Families, make: Factory, client_as: Callable[..., Client], role: str
) -> None:
    browser = client_as(role)
    token = dict(browser.get(f"/admission/{families.child(1).id}").values())["csrf_token"]
    hidden = (families.child(1, household=make.household(ELSEWHERE)), families.child(1, protected=True))
    for child in hidden:
        browser.get(f"/admission/{child.id}", status=404)
        browser.get(f"/admission/{child.id}/paper", status=404)
        browser.post(f"/admission/{child.id}", [("csrf_token", token), ("paper", "hukou_book")], status=404)
        assert held(app, child.id) == []
    refused = events(app, "refused")
    assert len(refused) == 6
    assert {each["why"] for each in refused} == {"scope"}


def test_nothing_is_held_for_who_may_not_see_the_file(
    families: Families, make: Factory, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, held_files, hold = client_as("registrar"), list[object](), answers.hold

    def holding(child_id: UUID) -> None:
        held_files.append(child_id)
        hold(child_id)

    monkeypatch.setattr(answers, "hold", holding)
    seen, hidden = families.child(1), families.child(1, household=make.household(ELSEWHERE))
    page = browser.get(f"/admission/{seen.id}")
    token = dict(page.values())["csrf_token"]
    browser.post(f"/admission/{hidden.id}", [("csrf_token", token), ("paper", "hukou_book")], status=404)
    save(page, "hukou_book")
    assert held_files == [seen.id]


def test_the_named_registrar_of_a_protected_file_notes_papers_and_prints_none(
    families: Families, make: Factory, client_as: Callable[..., Client]
) -> None:
    user = make.user()
    child = families.child(1, protected=True, protected_registrar_id=user.id)
    browser = client_as(user)
    page = browser.get(f"/admission/{child.id}")
    assert page.select(f"a[href^='/admission/{child.id}/paper']") == []
    assert ticked(save(page, "hukou_book")) == {"hukou_book"}
    browser.get(f"/admission/{child.id}/paper", status=404)


@pytest.mark.parametrize("role", ["officer", "protection_officer", "official", "administrator", "auditor"])
def test_other_roles_have_no_page_of_papers(families: Families, client_as: Callable[..., Client], role: str) -> None:
    browser = client_as(role)
    for address in (f"/admission/{families.child(1).id}", f"/admission/{families.child(1).id}/paper"):
        browser.get(address, status=403)


@pytest.mark.parametrize("values", [{"status": "left"}, {"child_status": "deceased"}])
def test_of_who_is_here_no_more_nothing_is_asked_and_nothing_noted(
    app: Flask, families: Families, client_as: Callable[..., Client], values: dict[str, str]
) -> None:
    child, browser = families.child(1, **values), client_as("registrar")
    page = browser.get(f"/admission/{child.id}")
    assert page.select(".app-empty")
    assert offered(page) == []
    token = dict(browser.get(f"/admission/{families.child(1).id}").values())["csrf_token"]
    browser.post(f"/admission/{child.id}", [("csrf_token", token), ("paper", "hukou_book")], status=200)
    browser.get(f"/admission/{child.id}/paper", status=404)
    assert held(app, child.id) == []


def test_opening_the_page_is_recorded_once_and_names_nobody(
    app: Flask, families: Families, client_as: Callable[..., Client]
) -> None:
    page = client_as("registrar").get(f"/admission/{families.child(1).id}")
    assert page.soup.title is not None
    assert "陈雨桐" not in page.soup.title.get_text()
    assert events(app, "child_opened") == [{"part": "admission"}]


def test_what_it_asks_of_the_database_does_not_grow_with_the_file(app: Flask, families: Families) -> None:
    plain, told = families.child(1), families.child(1)
    families.tell(told, not_in_school="not_entered", boarding="no", health="good")
    for year in range(2018, 2024):
        families.spell(told, "kindergarten", since=f"{year}-09", until=f"{year + 1}-07")
    counts = [count_statements(app, lambda child=child: families.standing(child)) for child in (plain, told)]
    assert counts[0] == counts[1]
