"""What is left behind: a request when the child has moved on, a registrar who left, ids that a browser made up."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children.models import Child, Episode
from registry.clock import now, today
from registry.database import db
from registry.households.models import Household
from registry.protection import queries, service
from registry.protection.queries import Answers
from registry.visits.models import Visit, VisitedChild
from sop.identity import add_months
from sop.version import in_force
from tests.factories import ELSEWHERE
from tests.protection.acts import ask, form_of, registrar_of, requests

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory


def test_a_child_that_moved_to_another_county_is_no_longer_decided_here(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    ask(client_as("protection_officer"), child, registrar_of(make))
    with app.app_context():
        db.session.get_one(Episode, child.episodes[0].id).area_code = make.area(ELSEWHERE)
        db.session.commit()
    officer = client_as("protection_officer")
    page = officer.get("/protection/files")
    assert "陈雨桐" not in page.text
    version = {"csrf_token": dict(page.values())["csrf_token"], "version": "1", "decision": "confirmed"}
    assert officer.http.post(f"/protection/requests/{requests(app)[0].id}", data=version).status_code == 409
    with app.app_context():
        assert not db.session.get_one(Child, child.id).protected


def test_where_a_child_has_moved_what_the_old_county_asked_does_not_stand_in_the_way(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, county = make.child(), f"{ELSEWHERE[:6]}000000"
    ask(client_as("protection_officer"), child, registrar_of(make))
    with app.app_context():
        db.session.get_one(Episode, child.episodes[0].id).area_code = make.area(ELSEWHERE)
        db.session.commit()
    ask(client_as("protection_officer", area=county), child, registrar_of(make, ELSEWHERE))
    assert [(row.county[:6], row.decision) for row in requests(app)] == [("320402", "withdrawn"), ("320404", None)]
    assert "陈雨桐" in client_as("protection_officer", area=county).get("/protection/files").text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("change", [{"role": "supervisor"}, {"active": False}])
def test_the_officers_see_which_file_is_without_its_registrar_and_nobody_else_sees_the_file(
    app: Flask, make: Factory, client_as: Callable[..., Client], change: dict[str, object], language: str
) -> None:
    named = registrar_of(make)
    child = make.child(name="王保密", protected=True, protected_registrar_id=named.id)
    officer = client_as("protection_officer", language=language)
    words = "无登记员" if language == "zh" else "Without a registrar"
    assert words not in officer.get("/protected-files").text
    with app.app_context():
        for field, value in change.items():
            setattr(db.session.get_one(type(named), named.id), field, value)
        db.session.commit()
    assert words in officer.get("/protected-files").text
    if "role" in change:
        client_as(named).get(f"/children/{child.id}", status=404)


def test_who_leaves_nobody_but_the_protection_officer_learns_what_was_protected(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    named, other = registrar_of(make), registrar_of(make)
    make.child(protected=True, protected_registrar_id=named.id)
    pages = [client_as("administrator").get(f"/accounts/{user.id}/leave") for user in (named, other)]
    said = [[value.get_text(strip=True) for value in page.select("main .app-facts__value, main p")] for page in pages]
    assert said[0] == said[1]


def test_a_page_notes_no_id_that_the_browser_named(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    child, stolen = make.child(), str(uuid.uuid4())
    assert form_of(client_as("registrar"), child).submit({"own_id": stolen}).status == 422
    page = client_as("protection_officer").get(f"/protection/files/{child.id}")
    assert page.submit({"own_id": stolen}).status == 422
    with app.app_context():
        noted = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "confidential_opened")).all()
        assert noted
        assert stolen not in {event.details["record"] for event in noted}


@pytest.mark.parametrize("status", ["aged_out", "deceased"])
def test_a_child_who_died_or_grew_up_is_on_no_list_of_key_care(
    app: Flask, make: Factory, client_as: Callable[..., Client], status: str
) -> None:
    child = make.child(name="钱已故")
    with app.app_context():
        service.assess(make.viewer(), child.id, Answers("none", "poor", ("poverty",)), None)
        db.session.commit()
    officer = client_as("protection_officer")
    assert "钱已故" in officer.get("/protection/key-care").text
    with app.app_context():
        db.session.get_one(Child, child.id).status = status
        db.session.commit()
    assert "钱已故" not in officer.get("/protection/key-care").text


@pytest.mark.database
def test_an_assessment_moves_the_day_of_the_next_visit_at_once(context: Flask, make: Factory) -> None:
    child, viewer = make.child(), make.viewer()
    home = child.episodes[0].household_id
    told: dict[str, Any] = {"outcome": "seen", "unchanged": True, "made_on": today(), "made_at": now()}
    visit = Visit(household_id=home, user_id=viewer.user_id, office_id=viewer.office_id, **told)
    visit.children = [VisitedChild(child_id=child.id, seen=True)]
    db.session.add(visit)
    db.session.flush()
    service.assess(viewer, child.id, Answers("good", "good", ()), None)
    db.session.flush()
    calm = db.session.get_one(Household, home).visit_due
    before = queries.latest(child.id)
    assert before is not None
    service.assess(viewer, child.id, Answers("none", "poor", ("vagrant",)), before.id)
    worried = db.session.get_one(Household, home).visit_due
    months = in_force(today()).visits.months
    assert (calm, worried) == (add_months(today(), months["ordinary"]), add_months(today(), months["high"]))
