"""Withdrawing a dose: each entry of it that one may withdraw, of the child that was asked for, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from registry.audit.models import AuditEvent
from registry.children import merging
from registry.children.models import Child
from registry.database import db
from registry.doses import queries, service
from registry.doses.errors import DoseError
from registry.doses.forms import SOURCES
from tests.doses.clinic import BCG, BORN, HEPB, SECOND, Clinic, doses, put
from tests.factories import COMMUNITY

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from registry.access import Viewer
    from tests.client import Client
    from tests.factories import Factory

CORRECT = "#vaccination ~ details a[href$='/correct']"


def merge(app: Flask, make: Factory, child: Child, into: Child) -> None:
    with app.app_context():
        merging.merge(make.viewer("supervisor"), child.id, into.id)
        db.session.commit()


def standing(app: Flask) -> list[str]:
    return [each.vaccine for each in doses(app) if each.withdrawn_at is None]


@pytest.mark.database
def test_with_a_dose_go_all_own_entries_of_it_in_every_file_of_the_child_and_another_offices_stays(
    app: Flask, clinic: Clinic, make: Factory
) -> None:
    kept, other, third = (clinic.referred(number=None) for _ in range(3))
    for child in (kept, other):
        clinic.enter(child, HEPB, SECOND)
    put(app, make, third, [HEPB])
    merge(app, make, other, kept)
    merge(app, make, third, kept)
    (shown,) = [each for each in clinic.record(kept).doses if each.day == HEPB.day]
    assert len(shown.office_ids) == 2
    assert clinic.withdraw(doses(app)[0]) is True, "somebody else's stays"
    assert len(standing(app)) == 3
    assert len([each for each in clinic.record(kept).doses if each.day == HEPB.day]) == 1
    with app.app_context():
        assert len(db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "dose_withdrawn")).all()) == 2
    with pytest.raises(NotFound):
        clinic.withdraw(doses(app)[-1])
    assert clinic.withdraw(doses(app)[-1], make.viewer("supervisor")) is False
    assert standing(app) == ["HepB", "HepB"], "the second dose, twice"


def test_the_own_entry_behind_another_offices_can_be_withdrawn_and_the_clinic_is_told_that_one_stays(
    app: Flask, client_as: Callable[..., Client], clinic: Clinic, make: Factory, language: str
) -> None:
    kept, other = clinic.referred(number=None), clinic.referred(number=None)
    put(app, make, kept, [HEPB])
    clinic.enter(other, HEPB)
    merge(app, make, other, kept)
    browser = client_as(clinic.user, language=language)
    asking = browser.get(browser.get(f"/doses/{kept.id}").select("#entered ~ ul a")[0]["href"])
    page = asking.submit({"reason": "wrong_day"}, status=200)
    assert {"zh": "另有单位", "en": "Another office has entered the same dose"}[language] in page.text
    assert [each.withdrawn_at is None for each in doses(app)] == [True, False]
    assert not page.select("#entered ~ ul a")


@pytest.mark.parametrize("role", ["officer", "supervisor"])
def test_a_dose_of_another_child_is_as_if_absent_and_the_refusal_is_recorded(
    app: Flask, client_as: Callable[..., Client], clinic: Clinic, role: str
) -> None:
    child, other = clinic.referred(), clinic.referred()
    clinic.enter(child, HEPB)
    clinic.enter(other, BCG)
    browser = client_as(clinic.user if role == "officer" else role)
    page = browser.get(f"/doses/{child.id}" if role == "officer" else f"/children/{child.id}")
    token = dict(page.values("form"))["csrf_token"]
    verb = "withdraw" if role == "officer" else "correct"
    browser.post(f"/doses/{child.id}/{doses(app)[1].id}/{verb}", [("csrf_token", token)], status=404)
    assert standing(app) == ["HepB", "BCG"]
    with app.app_context():
        refused = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "refused")).all()
        assert [event.details["why"] for event in refused] == ["scope"]


def test_through_any_file_of_the_child_it_is_withdrawn(app: Flask, clinic: Clinic, make: Factory) -> None:
    kept, other = clinic.referred(number=None), clinic.referred(number=None)
    clinic.enter(other, HEPB)
    merge(app, make, other, kept)
    clinic.withdraw(doses(app)[0], of=kept)
    assert standing(app) == []


@pytest.mark.parametrize(("role", "protected"), [("supervisor", False), ("protection_officer", True)])
@pytest.mark.parametrize("source", ["certificate", "guardian"])
def test_who_decides_on_corrections_withdraws_in_the_file_also_a_guardians_word_that_stands_alone(
    app: Flask, client_as: Callable[..., Client], clinic: Clinic, role: str, protected: bool, source: str
) -> None:
    child = clinic.referred()
    clinic.enter(child, HEPB._replace(source=source))
    with app.app_context():
        db.session.get_one(Child, child.id).protected = protected
        db.session.commit()
    page = client_as(role).get(f"/children/{child.id}")
    page.client.get(page.select(CORRECT)[0]["href"]).submit({"reason": "other"}, status=200)
    assert standing(app) == []
    assert (
        not client_as("registrar", area=COMMUNITY)
        .get(f"/children/{child.id}", status=404 if protected else 200)
        .select(CORRECT)
    )


def test_a_protected_kept_file_is_closed_to_the_clinic_by_way_of_a_merged_one(
    app: Flask, clinic: Clinic, make: Factory
) -> None:
    kept, other = make.child(birth=BORN, number=None), clinic.referred(number=None)
    merge(app, make, other, kept)
    with app.app_context():
        assert queries.may_enter(clinic.viewer, other.id)
        db.session.get_one(Child, kept.id).protected = True
        db.session.commit()
        assert not queries.may_enter(clinic.viewer, other.id)
    with pytest.raises(NotFound):
        clinic.enter(other, HEPB)


def test_of_files_that_move_before_they_are_held_the_one_that_is_kept_then_is_written(
    app: Flask, clinic: Clinic, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    child, into = clinic.referred(number=None), clinic.referred(number=None)
    locked, moved, supervisor = merging.locked, list[bool](), make.viewer("supervisor")

    def meanwhile(ids: list[UUID]) -> list[Child]:
        if not moved:
            moved.append(True)
            merging.merge(supervisor, child.id, into.id)
        return locked(ids)

    monkeypatch.setattr(merging, "locked", meanwhile)
    clinic.enter(child, HEPB)
    assert clinic.record(into).state == "overdue"
    assert clinic.record(into).version == 2, "its row counts who entered"


def test_who_may_enter_is_asked_after_the_file_is_held(
    clinic: Clinic, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    child, order = clinic.referred(), list[str]()
    locked, may_enter = merging.locked, queries.may_enter

    def holding(ids: list[UUID]) -> list[Child]:
        order.append("held")
        return locked(ids)

    def asking(viewer: Viewer, child_id: UUID) -> bool:
        order.append("asked")
        return may_enter(viewer, child_id)

    monkeypatch.setattr(merging, "locked", holding)
    monkeypatch.setattr(queries, "may_enter", asking)
    clinic.enter(child, HEPB)
    clinic.withdraw(doses(app)[0])
    assert order == ["held", "asked", "held", "asked"]


def test_a_source_that_nobody_knows_is_a_fault(app: Flask, clinic: Clinic) -> None:
    with pytest.raises(DoseError) as caught:
        clinic.enter(clinic.referred(), HEPB, BCG._replace(source="hearsay"))
    assert caught.value.faults == ((1, "unknown_source"),)
    assert doses(app) == []
    assert {source for source, _words in SOURCES} == service.SOURCES
