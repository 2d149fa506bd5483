"""Closing an office: what it has to answer goes to its successor, ordinary or confidential, and nothing is left."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from registry.accounts.models import User
from registry.administration import service as offices
from registry.areas.models import Office
from registry.areas.queries import office_for
from registry.audit.models import AuditEvent
from registry.clock import now, today
from registry.database import db
from registry.referrals import confidential, queries, service, waiting
from registry.referrals.models import Referral, ReferralStep
from tests.changes.test_order import between
from tests.client import OPENER
from tests.factories import COMMUNITY, ELSEWHERE, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

TIANNING = f"{COMMUNITY[:6]}000000"


def close(browser: Client, closing: Office, successor: Office, status: int = 200) -> Page:
    form = browser.get(f"/administration/offices/{closing.id}/close")
    return form.submit({"successor": successor.id}, status=status)


@pytest.mark.database
def test_what_waits_goes_to_the_successor_with_new_limits_and_says_from_where(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    old, new = (make.office("clinic", TIANNING) for _ in range(2))
    viewer = make.viewer("officer", user=make.user("officer", office=new))
    late = today() - timedelta(days=40)
    kept = {
        state: make.referral(make.child(), old, state=state, service="vaccination", accept_by=late, answer_by=late)
        for state in ("sent", "accepted", "appointed", "returned", "closed")
    }
    page = client_as("administrator", language=language).get(f"/administration/offices/{old.id}/close")
    assert "3" in page.select(".app-facts")[0].get_text()
    assert "陈" not in page.text
    assert list(page.submit({"successor": ""}, status=422).errors) == ["successor"]
    page.submit({"successor": new.id}, status=200)
    with app.app_context():
        rows = {state: db.session.get_one(Referral, each.id) for state, each in kept.items()}
        moved = [rows.pop(state) for state in ("sent", "accepted", "appointed")]
        assert {(row.office_id, row.state, row.sent_on, row.climbed) for row in moved} == {(new.id, "sent", today(), 0)}
        assert all(row.due_on is not None and row.due_on > today() for row in moved)
        assert {row.office_id for row in rows.values()} == {old.id}  # with its sender, or ended
        steps = db.session.scalars(select(ReferralStep)).all()
        assert {(step.move, step.reason.open(OPENER)) for step in steps} == {("hand_on", "office_closed")}
        assert steps[0].details.open(OPENER) == {"from": old.id.hex, "to": new.id.hex}
        assert queries.one(viewer, kept["sent"].id)
        assert db.session.get_one(Office, old.id).closed_on == today()


@pytest.mark.database
def test_confidential_ones_go_along_and_are_found_by_the_successor_alone(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    old, new = (
        make.office("township", TIANNING, serves=(("social_assistance", TIANNING),)),
        make.office("civil_affairs", TIANNING),
    )
    before, after = (make.viewer("officer", user=make.user("officer", office=each)) for each in (old, new))
    registrar, child = make.viewer("registrar"), make.child()
    with app.app_context():
        referral = service.send(registrar, child.id, "social_assistance", (), COMMUNITY, today()).id
        # It follows nothing itself, and nobody works there any more.
        db.session.get_one(User, before.user_id).office_id = new.id
        db.session.commit()
    close(client_as("administrator"), old, new)
    with app.app_context():
        row = db.session.get_one(Referral, referral)
        assert (row.service, row.office_id) == ("confidential", None)
        assert confidential.office_id_of(row, OPENER) == new.id
        assert queries.one(after, referral)
    with app.test_request_context(), pytest.raises(NotFound):
        queries.one(before, referral)


def test_only_an_office_that_may_answer_all_that_waits_is_offered(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    closing, other = make.office("clinic", TIANNING), make.office("clinic", TIANNING)
    centre, school = make.office("community_centre", TIANNING), make.office("education", TIANNING)
    elsewhere = make.office("clinic", VILLAGE)
    make.referral(make.child(), closing, service="vaccination")
    make.referral(make.child(), closing, service="birth_certificate")
    page = client_as("administrator").get(f"/administration/offices/{closing.id}/close")
    offered = {option["value"] for option in page.select("#successor option")}
    assert str(other.id) in offered
    assert not {str(each.id) for each in (closing, centre, school, elsewhere)} & offered


@pytest.mark.database
def test_very_many_are_passed_on_in_lots_and_the_office_closes_with_the_last(
    app: Flask, make: Factory, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "LOT", 2)
    old, new = make.office("clinic", TIANNING, serves=(("vaccination", TIANNING),)), make.office("clinic", TIANNING)
    for _ in range(3):
        make.referral(make.child(), old, service="vaccination")
    browser = client_as("administrator")
    told = close(browser, old, new)
    assert told.path.endswith("/close")
    assert told.select(".app-notice--news")
    assert left_at(app, old) == (1, False)
    with app.app_context():
        assert office_for("vaccination", COMMUNITY).id == new.id  # what is sent now goes there
    close(browser, old, new)
    assert left_at(app, old) == (0, True)


def test_an_office_where_nothing_waits_needs_no_successor(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    old = make.office("clinic", TIANNING)
    make.referral(make.child(), old, state="closed")
    page = client_as("administrator").get(f"/administration/offices/{old.id}/close")
    assert not page.select("#successor")
    page.submit(status=200)
    assert left_at(app, old) == (0, True)


@pytest.mark.database
def test_what_it_sent_and_answers_not_told_yet_are_followed_by_its_successor(
    app: Flask, make: Factory, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    bureau, old, new = make.office("education", TIANNING), make.office("community"), make.office("community")
    told = {"outcome": "11", "outcome_kind": "solved", "closed_on": today()}
    answered = {"untold": told, "told": told | {"told_at": now()}}
    sent = {
        state: make.referral(make.child(), bureau, from_office=old, state=state)
        for state in ("sent", "accepted", "returned", "withdrawn")
    } | {
        name: make.referral(make.child(), bureau, from_office=old, state="closed", **values)
        for name, values in answered.items()
    }
    page = client_as("administrator", language=language).get(f"/administration/offices/{old.id}/close")
    assert [row.get_text() for row in page.select(".app-facts dd")][1] == "4"
    assert list(page.submit({"successor": ""}, status=422).errors) == ["successor"]
    monkeypatch.setattr(waiting, "LOT", 3)
    assert page.submit({"successor": new.id}, status=200).path.endswith("/close")
    assert left_at(app, old) == (0, False)
    close(client_as("administrator"), old, new)
    follower = make.viewer(user=make.user(office=new))
    with app.test_request_context():
        rows = {name: db.session.get_one(Referral, each.id) for name, each in sent.items()}
        moved = {name for name, row in rows.items() if row.from_office_id == new.id}
        assert moved == {"sent", "accepted", "returned", "untold"}
        assert {rows[name].version for name in moved} == {2}
        assert {row.office_id for row in rows.values()} == {bureau.id}
        assert [rows[name].state for name in ("sent", "accepted", "returned")] == ["sent", "accepted", "returned"]
        step = db.session.scalars(select(ReferralStep).where(ReferralStep.referral_id == rows["sent"].id)).one()
        assert (step.move, step.state, step.reason.open(OPENER)) == ("follow", "sent", "office_closed")
        assert step.details.open(OPENER) == {"from": old.id.hex, "to": new.id.hex}
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "referral_moved")).first()
        assert event.details["move"] == "follow"
        assert {queries.one(follower, rows[name].id).id for name in moved} == {rows[name].id for name in moved}
        assert db.session.get_one(Office, old.id).closed_on == today()
    history = client_as(follower_of(app, new), language=language).get(f"/referrals/sent/{sent['sent'].id}")
    assert new.name(language) in history.select(".app-timeline")[0].get_text()


def follower_of(app: Flask, office: Office) -> User:
    with app.app_context():
        found = db.session.scalars(select(User).where(User.office_id == office.id)).one()
        db.session.expunge(found)
        return found


def test_only_where_registrars_see_its_children_what_it_sent_can_be_followed(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    old, same, next_door = make.office("community"), make.office("village"), make.office("community", ELSEWHERE)
    bureau = make.office("education", TIANNING)
    make.referral(make.child(), bureau, from_office=old)
    page = client_as("administrator").get(f"/administration/offices/{old.id}/close")
    offered = {option["value"] for option in page.select("#successor option")}
    assert offered & {str(each.id) for each in (old, same, next_door, bureau)} == {str(same.id)}


@pytest.mark.database("postgresql")  # SQLite has one writer at a time
@pytest.mark.parametrize("code", ["vaccination", "social_assistance"])
@pytest.mark.parametrize("closes_first", [True, False])
def test_nothing_lands_at_an_office_that_closes_at_the_same_moment(
    app: Flask, make: Factory, code: str, *, closes_first: bool
) -> None:
    kind = {"vaccination": "clinic", "social_assistance": "township"}[code]
    old, new = make.office(kind, TIANNING, serves=((code, TIANNING),)), make.office(kind, TIANNING)
    child, registrar, administrator = make.child(), make.viewer(), make.viewer("administrator")

    def send() -> None:
        service.send(registrar, child.id, code, (), COMMUNITY, today())
        db.session.flush()

    def shut() -> None:
        offices.close_office(administrator, old.id, new.id)
        db.session.flush()

    acts = (send, shut) if closes_first else (shut, send)
    between(app, *acts, lambda: None)
    with app.app_context():
        row = db.session.scalars(select(Referral)).one()
        assert confidential.office_id_of(row, OPENER) == new.id
        assert db.session.get_one(Office, old.id).closed_on == today()


def left_at(app: Flask, office: Office) -> tuple[int, bool]:
    with app.app_context():
        return waiting.waiting_at(office.id).received, db.session.get_one(Office, office.id).closed_on is not None
