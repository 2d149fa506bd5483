"""A household can be sent incomplete: a name to call the child by and the month of birth are enough for a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.children.models import Child
from registry.database import db
from tests.client import OPENER
from tests.households.conftest import without_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.households.conftest import Intake

NOTHING = {f"guardians-{place}-{name}": "" for place in range(2) for name in ("name", "phone", "relation")} | {
    "address": "",
    "arrived-year": "",
    "arrived-month": "",
    "hukou-typed": "",
}
UNNAMED = without_number(0, name="周敏的女儿", school=None, certificate=None, sex=None)


def test_a_child_without_name_of_a_guardian_without_name_is_registered_as_pending(
    begin: Callable[..., Intake], offices: None, app: Flask, language: str
) -> None:
    intake = begin("registrar", language=language)
    intake.notice()
    intake.send({"guardians-0-phone": "15400002671"})
    page = intake.children(UNNAMED)
    assert page.path.endswith("/summary")
    said = " ".join(each.get_text() for each in page.select(".app-flag"))
    wanted = {"zh": ("待核实", "正式姓名", "出生日", "公民身份号码"), "en": ("Pending", "own name", "day of birth")}
    assert all(words in said for words in wanted[language])
    assert "待核实" in intake.finish().text or language == "en"
    with app.app_context():
        child = db.session.scalars(select(Child)).one()
        assert child.episodes[0].status == "pending"
        assert child.name.open(OPENER) == "周敏的女儿"


def test_a_household_of_which_nothing_is_known_but_a_child_is_registered(intake: Intake, app: Flask) -> None:
    intake.notice()
    intake.family(**NOTHING)
    intake.children(UNNAMED)
    assert intake.finish().select(".app-notice--done")
    assert intake.client.get("/today").select("a[href='/children/?status=pending']")
    assert "周敏的女儿" in intake.client.get("/children/?status=pending").text
    with app.app_context():
        assert db.session.scalars(select(Child)).one().episodes[0].status == "pending"


def test_a_complete_child_is_told_nothing_is_to_come(intake: Intake) -> None:
    from tests.households.conftest import child

    page = intake.to_summary(child(0))
    assert "待核实" not in page.text
