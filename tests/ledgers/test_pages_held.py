"""The supervisor's page of rows that may be a child with a file: here, or in another area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children.models import Child
from registry.database import db
from registry.transfers.models import Transfer
from sop.identity import BirthDate
from tests.factories import COMMUNITY, ELSEWHERE
from tests.ledgers.importing import FAMILY, born, count, imported, number, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

    SignIn = Callable[..., Client]

GIRL = "李思琪"
PAGE = "/ledgers/held"


def waiting(app: Flask, make: Factory, area: str, **on_file: object) -> Child:
    """A row of a ledger that waits beside a file in an area; whoever uploaded it was told nothing."""
    told = {"name": GIRL, "birth": BirthDate.of(born(9)), "number": None} | on_file
    phone = FAMILY["联系电话"] if area == ELSEWHERE else "15400009999"
    child = make.child(household=make.household(area, phone=phone), **told)
    make.user(area=area)
    family = FAMILY if area == ELSEWHERE else FAMILY | {"监护人": "何平"}
    imported(app, make.viewer(), row(GIRL, 身份证号=on_file.get("number") or "", **family))
    return child


def decided(page: Page, decision: str) -> Page:
    """Press one of the buttons beside the row."""
    forms = [form for form in page.select("main form") if form.select(f'button[value="{decision}"]')]
    assert len(forms) == 1, page.text
    action = forms[0]["action"]
    return page.submit(form=f'form[action="{action}"]:has(button[value="{decision}"])', status=200)


def test_a_file_elsewhere_is_shown_masked_and_claimed(
    app: Flask, make: Factory, client_as: SignIn, language: str
) -> None:
    child = waiting(app, make, ELSEWHERE)
    browser = client_as("supervisor", language=language)
    assert browser.get("/ledgers/").select(f'.app-notice--late a[href="{PAGE}"]'), "the list says that something waits"
    page = browser.get(PAGE)
    assert "李*" in page.text
    assert not page.select(f'a[href$="{child.id}"]'), "no way into a file of another area"
    done = decided(page, "claim")
    assert done.select(".app-notice--done")
    assert done.select(".app-empty")
    with app.app_context():
        assert db.session.scalars(select(Transfer)).one().to_area == COMMUNITY


def test_a_file_of_the_own_area_is_opened_and_found_to_be_the_same(
    app: Flask, make: Factory, client_as: SignIn
) -> None:
    child = waiting(app, make, COMMUNITY)
    page = client_as("supervisor").get(PAGE)
    assert page.select(f'a[href="/children/{child.id}"]')
    decided(page, "same")
    assert count(app, Child) == 1


def test_another_child_is_registered_and_a_second_tap_registers_nobody(
    app: Flask, make: Factory, client_as: SignIn
) -> None:
    waiting(app, make, ELSEWHERE)
    page = client_as("supervisor").get(PAGE)
    decided(page, "another")
    assert decided(page, "another").status == 200
    assert count(app, Child) == 2


def test_of_one_id_number_nobody_is_asked_whether_it_is_another_child(
    app: Flask, make: Factory, client_as: SignIn
) -> None:
    waiting(app, make, ELSEWHERE, number=number())
    assert [each["value"] for each in client_as("supervisor").get(PAGE).select("main form button[name=decision]")] == [
        "claim"
    ]


def test_a_decision_that_nobody_offered_is_refused(app: Flask, make: Factory, client_as: SignIn) -> None:
    waiting(app, make, COMMUNITY)
    page = client_as("supervisor").get(PAGE)
    action = str(page.select("main form[action*='/held/']")[0]["action"])
    pairs = [(name, value) for name, value in page.values(f'form[action="{action}"]') if name != "decision"]
    assert page.client.post(action, [*pairs, ("decision", "delete")]).status == 400
    assert page.client.get(PAGE).select("main form button[name=decision]")


def test_the_next_township_and_a_registrar_see_and_decide_nothing(app: Flask, make: Factory, client_as: SignIn) -> None:
    waiting(app, make, COMMUNITY)
    own = client_as("supervisor").get(PAGE)
    action = str(own.select("main form[action*='/held/']")[0]["action"])
    next_one = client_as("supervisor", area=ELSEWHERE[:9] + "000")
    assert next_one.get(PAGE).select(".app-empty")
    token = str(next_one.get("/password").select("input[name=csrf_token]")[0]["value"])
    assert next_one.post(action, [("csrf_token", token), ("decision", "same")]).status == 404
    client_as("registrar").get(PAGE, status=403)


def test_what_was_shown_is_recorded(app: Flask, make: Factory, client_as: SignIn) -> None:
    child = waiting(app, make, COMMUNITY)
    client_as("supervisor").get(PAGE)
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "children_listed")).all()
        shown = [event for event in events if event.details["list"] == "held_rows"]
        assert [[each.child_id for each in event.children] for event in shown] == [[child.id]]
