"""The child arrives: what is known is not asked again, and one arrival comes of it however often it is sent."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from registry.children.models import Child, Episode, Guardianship, Schooling
from registry.clock import today
from registry.database import db
from registry.households.models import Household, IntakeDraft
from registry.referrals.models import Referral
from registry.transfers.models import Transfer
from tests.factories import COMMUNITY, VILLAGE
from tests.households.conftest import Intake, carried, family, number, without_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

HERE = {name: value for name, value in family().items() if not name.startswith(("guardians", "hukou"))}


def accepted(make: Factory, child: Child, to_area: str = COMMUNITY, **values: Any) -> Transfer:
    """A transfer of a child of the village that waits for it here."""
    user = make.user()
    told = {
        "child_id": child.id,
        "begun_by": "receiving",
        "basis": "card",
        "state": "accepted",
        "from_area": VILLAGE,
        "to_area": to_area,
        "from_office_id": user.office_id,
        "to_office_id": user.office_id,
        "opened_on": today(),
        "opened_by": user.id,
        "answer_by": today(),
        "accepted_on": today(),
        "arrive_by": today(),
        "sop_version": "2026-11",
    }
    return make._saved(Transfer(**told | values))


def how_many(app: Flask, model: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def episodes(app: Flask, child: Child) -> list[tuple[str, str, bool]]:
    with app.app_context():
        rows = db.session.scalars(select(Episode).where(Episode.child_id == child.id).order_by(Episode.id))
        return [(row.area_code, row.status, row.latest) for row in rows]


@pytest.fixture
def home(make: Factory) -> Household:
    return make.household(VILLAGE, phone="15400003316")


@pytest.fixture
def coming(make: Factory, home: Household) -> Child:
    return make.child(household=home, name="陈雨桐", number=number(sequence=902), school="primary", side="sending")


@pytest.fixture
def transfer(make: Factory, coming: Child) -> Transfer:
    return accepted(make, coming)


@pytest.fixture
def worker(client_as: Callable[..., Client], offices: None) -> Client:
    return client_as("registrar")


def begin_at(browser: Client, transfer: Transfer) -> Intake:
    intake = Intake.__new__(Intake)
    intake.client, intake.page = browser, browser.get(f"/households/arrive/{transfer.id}")
    return intake


def to_summary(intake: Intake, *, answers: dict[str, Any] | None = None, **notice: Any) -> Page:
    intake.notice(**notice)
    intake.send(HERE)
    return intake.send(answers or {})


@pytest.mark.database
def test_a_child_arrives_in_one_act_and_both_episodes_say_so(
    worker: Client, transfer: Transfer, coming: Child, app: Flask
) -> None:
    intake = begin_at(worker, transfer)
    assert "陈雨桐" in intake.page.text
    to_summary(intake)
    receipt = intake.finish()
    assert receipt.path.endswith("/registered")
    assert "陈雨桐" in receipt.text
    assert episodes(app, coming) == [(VILLAGE, "left", False), (COMMUNITY, "active", True)]
    with app.app_context():
        row = db.session.get_one(Transfer, transfer.id)
        assert (row.state, row.ended_on) == ("arrived", today())
        here = db.session.scalars(select(Household).where(Household.area_code == COMMUNITY)).one()
        present = db.session.scalars(select(Guardianship).where(Guardianship.ended_month.is_(None))).all()
        assert {each.guardian.household_id for each in present} == {here.id}
    assert how_many(app, Child) == 1
    assert worker.get(f"/children/{coming.id}").status == 200


def test_what_is_on_file_is_shown_and_not_asked_again(
    begin: Callable[..., Intake], transfer: Transfer, client_as: Callable[..., Client], language: str
) -> None:
    intake = begin_at(client_as("registrar", language=language), transfer)
    page = intake.notice()
    typed = dict(page.values())
    assert (typed["guardians-0-name"], typed["guardians-0-phone"]) == ("周敏", "")
    assert "15400003316" not in str(page.soup)  # who stands at the door may be whom it is kept from
    assert typed["ethnic"] == "01"
    assert typed["hukou-3"] == "321322000000"
    page = intake.send(HERE)
    card = page.select("#arriving-0")[0]
    assert "陈雨桐" in card.get_text()
    assert number(sequence=902)[:4] + "*" * 10 in card.get_text()
    assert number(sequence=902) not in str(page.soup)
    asked = {each["name"] for each in card.select("input, select, textarea")}
    assert asked == {"arriving-0-school", "arriving-0-certificate"}
    known = dict(page.values())
    assert (known["arriving-0-school"], known["arriving-0-certificate"]) == ("primary", "seen")


def test_an_answer_that_has_changed_is_recorded_and_leads_to_a_referral(
    worker: Client, transfer: Transfer, coming: Child, app: Flask
) -> None:
    intake = begin_at(worker, transfer)
    page = to_summary(intake, answers={"arriving-0-school": "none"})
    assert [value for name, value in page.values() if name == "referral"] == ["1-education"]
    intake.finish()
    with app.app_context():
        spells = db.session.scalars(select(Schooling).order_by(Schooling.id)).all()
        assert [(each.stage, each.to_month is None) for each in spells] == [("primary", False), ("none", True)]
        assert db.session.scalars(select(Referral)).one().child_id == coming.id


def test_a_new_child_is_registered_beside_the_one_who_arrives(worker: Client, transfer: Transfer, app: Flask) -> None:
    intake = begin_at(worker, transfer)
    to_summary(intake, answers=without_number(0, name="陈雨生"))
    receipt = intake.finish()
    assert "已登记2个孩子" in receipt.text
    assert how_many(app, Child) == 2
    assert how_many(app, Household) == 2


def test_brothers_and_sisters_of_one_household_arrive_together_and_no_other_family_is_shown(
    worker: Client, transfer: Transfer, coming: Child, home: Household, make: Factory, app: Flask
) -> None:
    brother = make.child(household=home, name="陈雨轩", number=number(sequence=903))
    accepted(make, brother)
    stays = make.child(household=home, name="陈雨田", number=number(sequence=905))
    accepted(make, stays)
    accepted(make, make.child(name="李他家", area=VILLAGE))
    intake = begin_at(worker, transfer)
    assert "李他家" not in intake.page.text
    boxes = {box["value"] for box in intake.page.select("input[name=arriving]:not([disabled])")}
    with app.app_context():
        mine = db.session.scalars(select(Transfer.id).where(Transfer.child_id == brother.id)).one()
    assert str(mine) in boxes
    assert len(boxes) == 2
    to_summary(intake, arriving=[mine])
    intake.finish()
    assert episodes(app, coming)[-1][0] == episodes(app, brother)[-1][0] == COMMUNITY
    assert episodes(app, stays) == [(VILLAGE, "active", True)]
    assert how_many(app, Household) == 3  # the old one, the other family's, the new one


@pytest.mark.database
def test_two_workers_at_once_make_one_arrival_and_the_second_is_told(
    transfer: Transfer, coming: Child, client_as: Callable[..., Client], make: Factory, app: Flask, offices: None
) -> None:
    office = make.office()
    intakes = [begin_at(client_as(make.user(office=office)), transfer) for _ in range(2)]
    paths = [to_summary(each).path for each in intakes]
    ready = threading.Barrier(2)

    def press(intake: Intake, path: str) -> None:
        hidden = carried(intake.page)
        ready.wait()
        intake.client.http.post(path, data=hidden)

    workers = [threading.Thread(target=press, args=pair) for pair in zip(intakes, paths, strict=True)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert [latest for *_, latest in episodes(app, coming)] == [False, True]
    pages = [each.client.get(path) for each, path in zip(intakes, paths, strict=True)]
    assert sorted("不再来此报到" in page.text for page in pages) == [False, True]


def test_double_click_and_back_lead_to_the_one_arrival(
    worker: Client, transfer: Transfer, coming: Child, app: Flask
) -> None:
    intake = begin_at(worker, transfer)
    first = intake.page
    summary = to_summary(intake)
    assert first.submit({"answer": "agrees"}, button=("continue", "1"), status=200).path.endswith("/family")
    receipt = summary.submit({})
    assert summary.submit({}).path == receipt.path
    assert first.submit({"answer": "agrees"}, button=("continue", "1"), status=200).path == receipt.path
    assert len(episodes(app, coming)) == 2
    assert how_many(app, IntakeDraft) == 1
    worker.get(f"/households/arrive/{transfer.id}", status=404)


@pytest.mark.parametrize("state", ["withdrawn", "returned"])
def test_a_transfer_that_ended_meanwhile_is_told_and_nothing_typed_is_lost(
    state: str, worker: Client, transfer: Transfer, coming: Child, app: Flask
) -> None:
    intake = begin_at(worker, transfer)
    summary = to_summary(intake, answers=without_number(0, name="陈雨生"))
    with app.app_context():
        row = db.session.get_one(Transfer, transfer.id)
        row.state, row.ended_on = state, today()
        db.session.commit()
    page = worker.get(summary.path)
    assert "不再来此报到" in page.text
    assert "陈雨桐" not in page.text
    assert "周敏" not in page.text  # of the old household, and nobody here spoke of her
    assert "陈雨生" in page.text
    intake.page = page
    assert "已登记1个孩子" in intake.finish().text
    assert episodes(app, coming) == [(VILLAGE, "active", True)]


def test_with_nobody_left_to_arrive_a_child_is_asked_for(worker: Client, transfer: Transfer, app: Flask) -> None:
    intake = begin_at(worker, transfer)
    summary = to_summary(intake)
    with app.app_context():
        row = db.session.get_one(Transfer, transfer.id)
        row.state, row.ended_on = "withdrawn", today()
        db.session.commit()
    page = worker.get(summary.path)
    assert page.path.endswith("/children")
    assert "不再来此报到" in page.text
    intake.page = page
    assert "form" in intake.send({}, faulty=True).errors


def test_the_budget_of_one_who_arrives_is_four_pages_and_few_answers(worker: Client, transfer: Transfer) -> None:
    from tests.households.test_budget import Counted

    counted = Counted(begin_at(worker, transfer))
    counted.send({"answer": "agrees"})
    counted.send(HERE)
    counted.send({})
    counted.finish()
    assert counted.intake.page.path.endswith("/registered")
    assert (counted.pages, counted.answers) == (4, 1 + 4)


@pytest.mark.parametrize("state", ["claimed", "announced", "arrived"])
def test_only_an_accepted_transfer_into_the_own_area_begins_an_intake(
    state: str, make: Factory, coming: Child, client_as: Callable[..., Client]
) -> None:
    waiting = accepted(make, coming, state=state)
    browser = client_as("registrar")
    browser.get(f"/households/arrive/{waiting.id}", status=404)


def test_a_transfer_into_another_area_and_other_roles_are_refused(
    make: Factory, transfer: Transfer, client_as: Callable[..., Client]
) -> None:
    client_as("registrar", area=VILLAGE).get(f"/households/arrive/{transfer.id}", status=404)
    for role in ("supervisor", "officer", "protection_officer"):
        client_as(role).get(f"/households/arrive/{transfer.id}", status=403)


def test_a_child_who_became_protected_is_expected_no_longer(
    worker: Client, transfer: Transfer, coming: Child, app: Flask
) -> None:
    intake = begin_at(worker, transfer)
    to_summary(intake)
    with app.app_context():
        db.session.get_one(Child, coming.id).protected = True
        db.session.commit()
    page = intake.page.submit({})
    assert "陈雨桐" not in page.text
    assert len(episodes(app, coming)) == 1
