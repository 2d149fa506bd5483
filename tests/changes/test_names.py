"""Names on the pages of corrections: in English behind their reading, marked as Chinese; in Chinese alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.children.models import Child
from registry.database import db
from tests.factories import COMMUNITY

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

CHILD, READING = "陈雨桐", "Chen Yutong"
WANTED = "陈雨彤"
ADULT, ADULT_READING = "周敏", "Zhou Min"
UP = COMMUNITY[:9] + "000"


def written(page: Page, name: str, reading: str) -> bool:
    """Whether the page writes a name as its language does, and never with the reading apart from it."""
    english = page.select("html")[0]["lang"] == "en"
    beside = [each for each in page.select("[lang=zh-CN]") if each.get_text() == name and english]
    return bool(beside) if english else name in page.text and reading not in page.text


def guardian_of(app: Flask, child_id: UUID) -> UUID:
    with app.app_context():
        return db.session.get_one(Child, child_id).guardianships[0].guardian_id


def test_what_can_be_corrected_and_one_name_show_both_writings(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    home = make.household(block_id=make.block(name="16幢").id)
    child, browser = make.child(name=CHILD, household=home), client_as("registrar", language=language)
    page = browser.get(f"/changes/{child.id}/correct")
    facts = " ".join(each.get_text(" ", strip=True) for each in page.select("dd"))
    assert (f"{READING} {CHILD}" in facts, f"{ADULT_READING} {ADULT}" in facts) == (language == "en",) * 2
    assert (CHILD in facts, ADULT in facts) == (True, True)
    assert {"zh": "16幢", "en": "Block 16"}[language] in facts
    page = browser.get(f"/changes/{child.id}/guardian/{guardian_of(app, child.id)}/guardian_name")
    assert written(page, ADULT, ADULT_READING)
    assert dict(page.values())["value"] == ADULT  # the field keeps what is on the paper


@pytest.mark.database
def test_a_correction_shows_both_writings_to_who_asks_who_decides_and_in_the_history(
    make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    child, browser = make.child(name=CHILD), client_as("registrar", language=language)
    page = browser.get(f"/changes/{child.id}/identity")
    assert written(page, CHILD, READING)
    reason = page.select("select[name=reason] option")[1]["value"]
    page.submit({"name": WANTED, "reason": reason}, status=200)
    supervisor = client_as("supervisor", area=UP, language=language)
    queue = supervisor.get("/changes/requests")
    page = supervisor.get(str(queue.select("a[href^='/changes/requests/']")[0]["href"]))
    for name in (CHILD, WANTED):
        assert written(page, name, READING), name
    page.submit({"decision": "approve"}, status=200)
    page = supervisor.get(f"/changes/{child.id}/history")
    for name in (CHILD, WANTED):
        assert written(page, name, READING), name
