"""Vaccination in a child's file: what is due first, the certificate's table folded, and what the registrar adds."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.children.models import ChildAnswer
from registry.clock import today
from registry.database import db
from registry.doses.service import Entry
from registry.vault.sealed import opened_fields
from tests.client import OPENER
from tests.doses.clinic import BCG, HEPB, SECOND, doses
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.children.models import Child
    from tests.client import Client, Page
    from tests.doses.clinic import Clinic

EARLY = Entry("HepB", date(2024, 3, 10), "certificate")
TOLD = Entry("MMR", date(2024, 11, 1), "guardian")
LIVE = Entry("JE-L", date(2024, 11, 1), "clinic")


def part(page: Page) -> str:
    """The words of the section, folded ones too."""
    said, found = [], page.select("#vaccination")[0]
    for each in found.find_next_siblings():
        if each.name == "h2":
            break
        said.append(each.get_text(" "))
    return " ".join(" ".join([found.get_text(" "), *said]).split())


def opened(client_as: Callable[..., Client], child: Child, role: str = "registrar", language: str = "zh") -> Page:
    return client_as(role, language=language).get(f"/children/{child.id}")


def test_the_file_says_what_is_due_and_when_and_folds_the_table(
    client_as: Callable[..., Client], clinic: Clinic, language: str
) -> None:
    child = clinic.referred()
    clinic.enter(child, HEPB, BCG, SECOND)
    page = opened(client_as, child, language=language)
    said = part(page)
    assert {"zh": "脊灰1（2024-05-01起）", "en": "Polio 1 (from 1 May 2024)"}[language] in said
    assert {"zh": "以接种门诊安排为准", "en": "as arranged by the clinic"}[language] in said
    assert {"zh": "已种3剂", "en": "3 of"}[language] in said
    (folded,) = page.select("#vaccination ~ details:has(.app-doses)")
    assert not folded.has_attr("open")
    rows = [" ".join(row.get_text(" ").split()) for row in folded.select("tbody tr")]
    birth = {
        "zh": "出生时 ✓ 乙肝1 2024-03-01 ✓ 卡介苗1 2024-03-01",
        "en": "At birth ✓ Hepatitis B 1 1 Mar 2024 ✓ BCG 1 1 Mar 2024",
    }
    assert rows[0] == birth[language]
    late = {"zh": "! 脊灰1 逾期，2024-05-01起应种", "en": "! Polio 1 Overdue, from 1 May 2024"}
    assert rows[2].find(late[language]) > 0
    assert page.select(".app-todo li")[0].get_text().count(label := {"zh": "脊灰1", "en": "Polio 1"}[language]), label


def test_what_does_not_count_is_said_with_its_reason_and_a_guardians_word_apart(
    client_as: Callable[..., Client], clinic: Clinic, language: str
) -> None:
    child = clinic.referred()
    clinic.enter(child, HEPB, EARLY, TOLD)
    said = part(opened(client_as, child, language=language))
    reason = {
        "zh": "乙肝 2024-03-10 乙肝：接种时未到最小月龄",
        "en": "HepB 10 Mar 2024 Hepatitis B: Given below the minimum age",
    }
    assert reason[language] in said
    told = {"zh": "家长口述，不计入 麻腮风 2024-11-01", "en": "Told by the guardian, not counted MMR 1 Nov 2024"}
    assert told[language] in said
    assert "✓ 麻腮风1" not in said


def test_another_vaccine_than_the_tables_is_named_and_what_has_no_line_stands_apart(
    client_as: Callable[..., Client], clinic: Clinic
) -> None:
    child = clinic.referred()
    days = [date(2024, 11, 1), date(2024, 11, 8), date(2026, 3, 2)]
    clinic.enter(child, *(Entry("JE-I", day, "clinic") for day in days), Entry("IG", date(2024, 4, 1), "clinic"))
    said = part(opened(client_as, child))
    assert "✓ 乙脑1 乙脑灭活 2024-11-01" in said
    assert "另外接种 免疫球蛋白 2024-04-01 · 乙脑灭活 2026-03-02" in said.replace("·", " · ").replace("  ", " ")


@pytest.mark.parametrize("role", ["registrar", "supervisor", "protection_officer"])
def test_where_nothing_is_recorded_nothing_is_claimed_and_the_registrar_is_told_what_to_do(
    client_as: Callable[..., Client], clinic: Clinic, role: str, language: str
) -> None:
    child = clinic.referred(protected=role == "protection_officer")
    page = opened(client_as, child, role, language)
    said = part(page)
    assert {"zh": "尚未录入接种剂次", "en": "No doses are entered"}[language] in said
    assert not page.select(".app-doses")
    assert ({"zh": "请看接种证", "en": "Look at the certificate"}[language] in said) == (role != "protection_officer")
    assert bool(page.select(f"a[href='/children/{child.id}/answers/health#certificate']")) == (
        role != "protection_officer"
    )


def test_the_day_of_the_last_dose_is_asked_when_the_certificate_was_seen_kept_sealed_and_shown(
    app: Flask, client_as: Callable[..., Client], clinic: Clinic, language: str
) -> None:
    unseen, seen = clinic.referred(), clinic.referred(certificate="seen")
    browser = client_as("registrar", language=language)
    assert not browser.get(f"/children/{unseen.id}/questions/health").select("[name^=last_dose]")
    page = browser.get(f"/children/{seen.id}/questions/health")
    page.submit({"last_dose-year": "2025", "last_dose-month": "9", "last_dose-day": ""})
    said = part(browser.get(f"/children/{seen.id}"))
    assert {"zh": "最后一剂 2025年9月", "en": "Last dose September 2025"}[language] in said
    with app.app_context():
        rows = db.session.scalars(select(ChildAnswer).where(ChildAnswer.child_id == seen.id))
        (row,) = (each for each in rows if each.question == "last_dose")
        assert row.value.open(OPENER) == {"last_dose": "2025-09"}


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        (today() + timedelta(days=1), {"zh": "这一天还没有到", "en": "This day has not come yet"}),
        (date(2024, 2, 29), {"zh": "这一天孩子还没有出生", "en": "The child was not born yet on this day"}),
    ],
)
def test_a_last_dose_that_cannot_have_been_given_is_a_fault_at_its_field(
    client_as: Callable[..., Client], clinic: Clinic, day: date, fault: dict[str, str], language: str
) -> None:
    child = clinic.referred(certificate="seen")
    page = client_as("registrar", language=language).get(f"/children/{child.id}/questions/health")
    typed = {"last_dose-year": str(day.year), "last_dose-month": str(day.month), "last_dose-day": str(day.day)}
    page = page.submit(typed, status=422)
    assert fault[language] in page.select("#last_dose-error")[0].get_text()
    page.submit({**typed, "last_dose-year": "2024", "last_dose-month": "3", "last_dose-day": ""})


def test_the_file_reads_doses_in_two_statements_however_many_they_are(
    app: Flask, client_as: Callable[..., Client], clinic: Clinic
) -> None:
    few, many = clinic.referred(), clinic.referred()
    clinic.enter(few, HEPB)
    clinic.enter(many, HEPB, BCG, SECOND, LIVE, TOLD, EARLY)
    browser = client_as("registrar")
    browser.get(f"/children/{few.id}")  # what is kept in memory is read once
    counts = []
    for child in (few, many):
        with statements(app) as sent:
            browser.get(f"/children/{child.id}")
        counts.append((len(sent), sum("immunisation" in each or "FROM dose" in each for each in sent)))
    assert counts[0] == counts[1]
    assert counts[0][1] == 2


def test_the_file_opens_the_days_that_it_shows_and_a_withdrawn_one_is_not_among_them(
    app: Flask, client_as: Callable[..., Client], clinic: Clinic
) -> None:
    child = clinic.referred()
    clinic.enter(child, HEPB, BCG)
    browser = client_as("registrar")
    clinic.withdraw(next(each for each in doses(app) if each.vaccine == "BCG"))
    with opened_fields() as fields:
        page = browser.get(f"/children/{child.id}")
    assert sum(field == "dose.day" for field, _row in fields) == 1
    assert "✓ 卡介苗1" not in part(page)


@pytest.mark.parametrize("status", ["deceased", "aged_out"])
def test_of_a_child_who_died_or_grew_up_nothing_is_due(
    client_as: Callable[..., Client], clinic: Clinic, status: str
) -> None:
    child = clinic.referred()
    clinic.enter(child, HEPB, on=today())
    with clinic.app.app_context():
        db.session.merge(child).status = status
        db.session.commit()
    page = opened(client_as, child)
    assert not {"逾期", "应种", "未到期"} & set(re.findall(r"逾期|应种|未到期", part(page)))
    assert "提醒家长" not in page.text
    assert "✓ 乙肝1 2024-03-01" in part(page)
