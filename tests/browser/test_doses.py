"""The clinic at its page of doses, from the keyboard alone; and what the registrar then sees in the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.visitor import Visitor

    Visit = Callable[..., Visitor]

CLINIC = "changzhou-clinic"
BOXES = ".app-doses--boxes input"
SAVE = "form#form button.app-button--primary"


def test_a_clinic_enters_a_certificate_from_the_keyboard_and_the_file_says_what_is_due(visit: Visit) -> None:
    nurse = visit(CLINIC)
    child, born = accepted(nurse)
    nurse.open(f"/doses/{child}")
    nurse.page.locator(BOXES).first.focus()
    keys = nurse.page.keyboard
    for typed in (f"{born + 1}-1-5", f"{born + 1}.1.6", f"{born + 1}-13-1"):
        keys.type(typed)
        keys.press("Tab")
    with nurse.page.expect_navigation(wait_until="load"):
        keys.press("Enter")
    nurse.look()
    assert nurse.status == 422, "one day does not exist"
    wrong = nurse.page.locator(f"{BOXES}[aria-invalid]")
    assert wrong.count() == 1
    assert nurse.page.locator(BOXES).first.input_value() == f"{born + 1}-1-5", "what was right is kept"
    wrong.fill(f"{born + 1}年3月30日")
    nurse.press(SAVE)
    assert nurse.status == 200
    given = nurse.page.locator(".app-doses--boxes .app-dose--given")
    assert given.count() == 3
    assert nurse.page.locator(".app-dose-state").inner_text()
    registrar = visit("changzhou-registrar")
    registrar.open(f"/children/{child}")
    assert registrar.page.locator(".app-doses").is_hidden(), "the file stays short"
    registrar.page.locator("#vaccination ~ details:has(.app-doses) summary").click()
    assert registrar.page.locator(".app-doses .app-dose--given").count() == 3
    withdraw_all(nurse)


def test_without_scripts_the_page_takes_another_vaccine_from_the_list(visit: Visit) -> None:
    nurse = visit(CLINIC, scripts=False)
    child, born = accepted(nurse)
    nurse.open(f"/doses/{child}")
    nurse.page.locator("form#form summary").click()
    nurse.fill(other__1__vaccine="乙脑灭活", other__1=f"{born + 1}1101")
    nurse.press(SAVE)
    assert nurse.page.locator("#entered ~ ul .app-entry").count() == 1
    withdraw_all(nurse)


def accepted(nurse: Visitor) -> tuple[UUID, int]:
    """Return a child of the registrar's community that the clinic works on, and the year of its birth."""
    area = "320402008901"
    with closing(sqlite3.connect(nurse.site.database)) as database, database:
        row = database.execute(
            "SELECT child_id, birth_year FROM referral JOIN child ON child.id = child_id WHERE service = 'vaccination'"
            " AND referral.state = 'accepted' AND area_code = ? AND birth_year BETWEEN 2019 AND 2024 AND NOT protected"
            " AND child_id NOT IN (SELECT child_id FROM dose WHERE withdrawn_at IS NULL) ORDER BY child_id LIMIT 1",
            (area,),
        ).fetchone()
    assert row, "the demonstration has no child for this"
    return UUID(row[0]), int(row[1])


def withdraw_all(nurse: Visitor) -> None:
    """Leave the demonstration as it was found: the other screens and languages come to the same child."""
    while nurse.page.locator("#entered ~ ul a").count():
        nurse.press("#entered ~ ul a")
        nurse.page.locator("label[for=reason-wrong_child]").click()
        nurse.press(SAVE)
