"""What a child's file says of its schooling: expected by age, place, flags, papers; and what it opens for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.admission.queries import standing_of
from registry.children.models import ChildAnswer
from registry.children.queries import file_of
from registry.clock import today
from registry.database import db
from registry.vault.sealed import opened_fields
from sop.schooling import grade_name
from sop.version import in_force
from tests.admission.conftest import born_for
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.admission.conftest import Families
    from tests.client import Client


@pytest.mark.parametrize("role", ["registrar", "supervisor"])
def test_the_file_says_grade_by_age_why_a_place_is_needed_and_leads_to_the_papers(
    families: Families, client_as: Callable[..., Client], role: str, language: str
) -> None:
    child, sop = families.child(3), in_force(today())
    page = client_as(role, language=language).get(f"/children/{child.id}")
    assert grade_name(sop, born_for(3), today()).in_language(language) in page.text
    assert f"{born_for(3).year + 6}" in page.text
    assert page.select(f"a[href='/admission/{child.id}']")
    assert page.select("#schooling ~ .app-facts .app-tag--late")


def test_a_child_in_its_grade_needs_no_place_and_has_no_list_of_papers(
    families: Families, client_as: Callable[..., Client]
) -> None:
    child = families.child(3, "primary")
    page = client_as("registrar").get(f"/children/{child.id}")
    assert page.select(f"a[href='/admission/{child.id}']") == []
    assert page.select("#schooling ~ .app-facts .app-tag--grey")


def test_each_flag_stands_as_a_tag_with_its_sentence(
    families: Families, client_as: Callable[..., Client], language: str
) -> None:
    child = families.child(9)
    families.tell(child, not_in_school="dropped_out")
    page = client_as("registrar", language=language).get(f"/children/{child.id}")
    codes = in_force(today()).codes["schooling_flag"]
    for flag in ("dropout", "not_in_school_14_15"):
        assert codes.text(flag).in_language(language) in page.text


def test_of_a_child_who_left_or_died_the_file_says_nothing_of_it(
    families: Families, client_as: Callable[..., Client]
) -> None:
    for values in ({"status": "left"}, {"child_status": "deceased"}):
        page = client_as("registrar").get(f"/children/{families.child(3, **values).id}")
        assert page.select("#schooling ~ .app-facts .app-tag--late") == []


def test_the_protection_officer_reads_it_in_a_protected_file_and_is_led_nowhere(
    families: Families, client_as: Callable[..., Client]
) -> None:
    child = families.child(3, protected=True)
    page = client_as("protection_officer").get(f"/children/{child.id}")
    assert page.select("#schooling ~ .app-facts .app-tag--late")
    assert page.select("a[href^='/admission/']") == []


@pytest.mark.parametrize(
    ("grade", "school", "also"),
    [(3, "none", ["not_in_school"]), (3, "primary", ["grade_class"]), (1, "kindergarten", ["admission_papers"])],
)
def test_it_takes_one_statement_and_opens_nothing_that_the_file_does_not_show(
    app: Flask, families: Families, client_as: Callable[..., Client], grade: int, school: str, also: list[str]
) -> None:
    child = families.child(grade, school)
    families.tell(child, not_in_school="suspended", health="good", grade_class="三年级")
    client_as("registrar").get(f"/admission/{child.id}").submit({"paper": ["hukou_book"]})
    with app.app_context():
        rows = {row.id: row.question for row in db.session.scalars(select(ChildAnswer))}
        whole = file_of(families.viewer, child.id)
        with statements(app) as sent, opened_fields() as opened:
            standing_of(families.viewer, whole, today())
    assert len(sent) == 1
    assert {field for field, _id in opened} == {"child.birth_date", "child_answer.value"}
    assert [rows[row_id] for field, row_id in opened if field == "child_answer.value"] == also
