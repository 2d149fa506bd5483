"""A child who has a file already: seen before anything is saved, and nothing of another family on the screen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update

from registry.audit.models import AuditEvent
from registry.children.models import Child, LookUp
from registry.clock import now, today
from registry.database import db
from registry.households.models import Household, IntakeDraft
from registry.matching.models import Match
from sop.identity import BirthDate
from sop.version import in_force
from tests.factories import COMMUNITY, ELSEWHERE, id_number
from tests.households.conftest import born, carried, child, number, without_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Page
    from tests.factories import Factory
    from tests.households.conftest import Intake

PHONE = "15400002671"  # of the first guardian of every intake
BORN = born(9)
BY_NAME = without_number(0, **{"birth-day": BORN.day})
OTHER_FAMILY = {"address": "7幢101室", "guardians-1-name": "吴芳"}
FAMILY = ("周敏", "3幢2单元602室", "15400009999", PHONE)  # of the file that is there


def how_many(app: Flask, model: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def on_file(make: Factory, area: str = COMMUNITY, phone: str = PHONE, **values: Any) -> Child:
    """A child with the name and birth date of the intake, of another household."""
    told = {"name": "李思琪", "birth": BirthDate.of(BORN), "number": None} | values
    return make.child(household=make.household(area, phone=phone), **told)


def others_shown(page: Page) -> list[str]:
    """What of the other family stands on the page, in its form or out of it."""
    typed = {PHONE, "李思琪"}  # by this family itself
    return [words for words in FAMILY if words not in typed and words in str(page.soup.find(id="main"))]


@pytest.mark.parametrize("known_by", ["number", "phone"])
def test_a_child_on_file_in_the_own_area_is_a_link_before_anything_is_saved(
    known_by: str, make: Factory, begin: Callable[..., Intake], offices: None, app: Flask
) -> None:
    there = on_file(make, number=number()) if known_by == "number" else on_file(make)
    intake = begin("registrar")
    page = intake.to_summary(
        child(0) if known_by == "number" else BY_NAME, without_number(1, name="李思远"), **OTHER_FAMILY
    )
    assert [a["href"] for a in page.select(".app-notice a")] == [f"/children/{there.id}"]
    assert others_shown(page) == []
    assert how_many(app, Household) == 1
    receipt = intake.finish()
    assert "已登记1个孩子" in receipt.text
    assert how_many(app, Child) == 2


@pytest.mark.parametrize("known_by", ["number", "phone"])
def test_of_a_child_on_file_elsewhere_the_screen_shows_nothing(
    known_by: str, make: Factory, begin: Callable[..., Intake], app: Flask, language: str
) -> None:
    there = on_file(make, ELSEWHERE, number=number() if known_by == "number" else None)
    intake = begin("registrar", language=language)
    page = intake.to_summary(child(0) if known_by == "number" else BY_NAME, **OTHER_FAMILY)
    said = page.select(".app-notice--news")[-1].get_text()
    assert ("可能已在其他地区登记" if language == "zh" else "may be registered in another area") in said
    assert others_shown(page) == []
    assert str(there.id) not in str(page.soup)
    assert "李*" not in page.text
    page = intake.finish()
    assert page.path.endswith("/registered")
    assert others_shown(page) == []
    assert how_many(app, Child) == 1


def test_the_workers_tap_leads_to_what_a_look_up_may_show_and_is_counted(
    make: Factory, begin: Callable[..., Intake], app: Flask
) -> None:
    there = on_file(make, ELSEWHERE)
    intake = begin("registrar")
    page = intake.to_summary(BY_NAME)
    found = intake.client.get(page.select(".app-notice--news a")[-1]["href"])
    assert "李*" in found.text
    with app.app_context():
        asked = db.session.scalars(select(LookUp)).one()
        assert (asked.by, asked.purpose, asked.child_id) == ("name", "intake", there.id)
        assert db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "looked_up_elsewhere")).one()


def test_a_kept_address_does_not_go_on_telling_that_a_child_of_another_area_is_there(
    make: Factory, begin: Callable[..., Intake], app: Flask
) -> None:
    on_file(make, ELSEWHERE)
    intake = begin("registrar")
    intake.to_summary(BY_NAME)
    path = intake.finish().path
    assert intake.client.get(path).select(".app-notice--news")
    with app.app_context():
        db.session.execute(update(IntakeDraft).values(sent_at=now() - timedelta(days=1)))
        db.session.commit()
    assert not intake.client.get(path).select(".app-notice--news")


def test_the_receipt_is_offered_on_the_day_of_registration_and_on_no_later_one(intake: Intake, app: Flask) -> None:
    intake.to_summary(BY_NAME)
    page = intake.finish()
    assert page.select("a[href^='/papers/receipt/']")
    with app.app_context():
        db.session.execute(update(Household).values(registered_on=today() - timedelta(days=1)))
        db.session.commit()
    assert not page.client.get(page.path).select("a[href^='/papers/receipt/']")


def test_a_protected_file_is_as_if_absent_and_its_officer_is_told(
    make: Factory, begin: Callable[..., Intake], offices: None, app: Flask
) -> None:
    there = on_file(make, protected=True)
    intake = begin("registrar")
    page = intake.to_summary(BY_NAME)
    assert not page.select(".app-notice--news a")
    assert intake.finish().select(".app-notice--done")
    assert how_many(app, Child) == 2
    with app.app_context():
        pair = db.session.scalars(select(Match)).one()
        assert (pair.protected, pair.reason, pair.other_child_id) == (True, "same_birth", there.id)
        met = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "protected_file_met")).all()
        assert [event.details["by"] for event in met] == ["registration"] * 2  # at the door, and when it was sent


def test_a_protected_file_met_at_the_door_is_told_to_its_officer_though_nothing_is_sent(
    make: Factory, begin: Callable[..., Intake], app: Flask
) -> None:
    there = on_file(make, protected=True)
    begin("registrar").to_summary(BY_NAME)
    with app.app_context():
        met = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "protected_file_met")).one()
        assert [each.child_id for each in met.children] == [there.id]


@pytest.mark.database
def test_after_the_limit_a_name_tells_nothing_at_the_door_and_the_refusal_is_recorded(
    make: Factory, begin: Callable[..., Intake], offices: None, app: Flask
) -> None:
    there, user = on_file(make, ELSEWHERE), make.user("registrar")
    with app.app_context():
        rows = [
            LookUp(user_id=user.id, at=now(), by="card", purpose="family_here", found=0)
            for _ in range(in_force(today()).transfers.look_ups_a_day)
        ]
        db.session.add_all(rows)
        db.session.commit()
    intake = begin(user)
    assert not intake.to_summary(BY_NAME).select(".app-notice--news")
    assert intake.finish().select(".app-notice--done")
    with app.app_context():
        refused = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "refused")).all()
        assert {event.details["why"] for event in refused} == {"limit"}
        pair = db.session.scalars(select(Match)).one()
        assert (pair.reason, pair.other_child_id) == ("same_birth", there.id)


@pytest.mark.database
@pytest.mark.parametrize("change", [{"status": "deceased"}, {"episode": "withdrawn"}])
def test_a_file_elsewhere_that_nobody_could_claim_does_not_stand_in_the_way(
    make: Factory, begin: Callable[..., Intake], offices: None, app: Flask, change: dict[str, str]
) -> None:
    there = on_file(make, ELSEWHERE, number=number())
    with app.app_context():
        row = db.session.get_one(Child, there.id)
        row.status = change.get("status", row.status)
        row.episodes[0].status = change.get("episode", row.episodes[0].status)
        db.session.commit()
    intake = begin("registrar")
    assert not intake.to_summary(child(0)).select(".app-notice--news")
    assert intake.finish().select(".app-notice--done")
    assert how_many(app, Child) == 2
    with app.app_context():
        pair = db.session.scalars(select(Match)).one()
        assert (pair.reason, pair.other_child_id) == ("same_number", there.id)


def test_the_worker_may_say_that_it_is_another_child_and_the_supervisor_sees_the_pair(
    make: Factory, begin: Callable[..., Intake], offices: None, app: Flask
) -> None:
    there = on_file(make)
    intake = begin("registrar")
    page = intake.to_summary(BY_NAME)
    page = page.submit({}, button=("apart", "1"), status=200)
    assert not page.select(".app-notice--news a")
    intake.page = page
    intake.finish()
    with app.app_context():
        assert db.session.scalars(select(Match)).one().other_child_id == there.id


def test_an_id_number_leaves_no_room_for_another_child(make: Factory, begin: Callable[..., Intake], app: Flask) -> None:
    on_file(make, number=number())
    intake = begin("registrar")
    page = intake.to_summary(child(0))
    assert not page.select("button[name=apart]")
    page = page.client.post(page.path, [*carried(page).items(), ("apart", "1")], status=200)
    assert page.select(".app-notice--news a")
    intake.page = page
    intake.finish()
    assert how_many(app, Child) == 1


@pytest.mark.parametrize(
    ("phone", "other_number"), [("15400009999", None), ("15400009999", id_number("321322", BORN, 915))]
)
def test_a_doubtful_one_is_registered_and_put_before_the_supervisor(
    phone: str, other_number: str | None, make: Factory, begin: Callable[..., Intake], offices: None, app: Flask
) -> None:
    there = on_file(make, phone=phone, number=other_number)
    intake = begin("registrar")
    page = intake.to_summary(BY_NAME)
    assert str(there.id) not in str(page.soup)
    assert intake.finish().select(".app-notice--done")
    with app.app_context():
        pair = db.session.scalars(select(Match)).one()
        assert (pair.reason, pair.other_child_id, pair.protected) == ("same_birth", there.id, False)


def test_brothers_and_sisters_of_one_intake_are_no_pairs(intake: Intake, app: Flask) -> None:
    intake.to_summary(child(0), child(1, name="李思琪", id_number=number(sequence=906)))
    intake.finish()
    assert how_many(app, Child) == 2
    assert how_many(app, Match) == 0


def test_twins_without_a_name_are_two_children_and_the_same_name_twice_is_one(intake: Intake) -> None:
    intake.notice()
    intake.family()
    twice = without_number(0) | without_number(1)
    assert intake.send(twice, faulty=True).errors == {"children-1-name": "孩子2：与孩子1是同一个孩子"}
    twins = without_number(0, name="未取名") | without_number(1, name="未取名")
    assert intake.send(twins).path.endswith("/summary")
    assert "已登记2个孩子" in intake.finish().text


def test_a_phone_that_is_corrected_is_looked_for_afresh(make: Factory, begin: Callable[..., Intake]) -> None:
    on_file(make)
    intake = begin("registrar")
    page = intake.to_summary(BY_NAME)
    assert page.select(".app-notice--news a")
    intake.page = intake.client.get(page.path.replace("summary", "family"))
    intake.send({"guardians-0-phone": "15400008888"})
    assert not intake.send({}).select(".app-notice--news a")
