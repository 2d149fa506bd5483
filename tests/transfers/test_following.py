"""What transfers follow by themselves: a file that moves inside its township, a child who no longer moves at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from registry.changes import joining
from registry.children.correcting import Why
from registry.children.models import Child, Episode
from registry.children.queries import file_of, present_episode
from registry.clock import today
from registry.database import db
from registry.households import moving
from registry.jobs.worker import work_off
from registry.transfers import following, service
from registry.transfers.models import Transfer
from sop.transfer import Basis
from tests.factories import VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from registry.accounts.models import User
    from tests.client import Client
    from tests.transfers.conftest import World

NEXT = "321322117902"  # the next village of the township


@pytest.fixture
def neighbour(world: World) -> User:
    """The registrar of the next village."""
    return world.make.user("registrar", office=world.make.office("village", NEXT, side="sending"))


def move(app: Flask, world: World) -> None:
    """Let the child's household go to the next village."""
    viewer = world.viewer(world.sender)
    with app.test_request_context():
        home = moving.held(world.child.episodes[0].household_id)
        moving.move(viewer, home, moving.Address(NEXT, None, "幸福路8号", "given"), None, Why("moved"), today())
        db.session.commit()


def read(app: Flask, transfer_id: UUID) -> Transfer:
    with app.app_context():
        row = db.session.get_one(Transfer, transfer_id)
        db.session.expunge(row)
        return row


@pytest.mark.database
@pytest.mark.parametrize(("state", "begun_by"), [("claimed", "receiving"), ("returned", "sending")])
def test_a_transfer_waits_for_the_registrar_of_the_village_to_which_the_household_moves(
    app: Flask, world: World, neighbour: User, client_as: Callable[..., Client], state: str, begun_by: str
) -> None:
    transfer_id = world.transfer(state, begun_by=begun_by)
    before = read(app, transfer_id)
    move(app, world)
    after = read(app, transfer_id)
    assert (after.from_area, after.from_office_id) == (NEXT, neighbour.office_id)
    assert after.version > before.version
    client_as(world.sender).get(f"/transfers/{transfer_id}", status=404)
    there = client_as(neighbour)
    assert there.get("/transfers/").select(f"a[href='/transfers/{transfer_id}']")
    there.get(f"/transfers/{transfer_id}")


def test_a_child_who_joins_a_household_of_the_next_village_takes_its_transfer_along(
    app: Flask, world: World, neighbour: User
) -> None:
    transfer_id = world.transfer("claimed")
    there = world.make.child(household=world.make.household(NEXT), number=None)
    supervisor = world.viewer(world.make.user("supervisor", area=VILLAGE[:9] + "000"))
    with app.test_request_context():
        child = file_of(supervisor, world.child.id)
        found = joining.candidate(supervisor, present_episode(child), there.episodes[0].household_id)
        joining.join(supervisor, child, found, {}, today())
        db.session.commit()
    assert read(app, transfer_id).from_area == NEXT


def test_a_claim_by_the_village_to_which_the_household_moves_ends_by_itself(
    app: Flask, world: World, neighbour: User, client_as: Callable[..., Client]
) -> None:
    viewer = world.viewer(neighbour)
    with app.test_request_context():
        transfer_id = service.claim(viewer, world.child.id, Basis.CARD, NEXT, today()).id
        db.session.commit()
    move(app, world)
    ended = read(app, transfer_id)
    assert (ended.state, ended.ended_on) == ("withdrawn", today())
    assert "Ended by itself" in client_as(neighbour, language="en").get(f"/transfers/{transfer_id}").text


@pytest.mark.database
@pytest.mark.parametrize("state", ["claimed", "announced", "accepted"])
@pytest.mark.parametrize("change", [{"status": "aged_out"}, {"status": "deceased"}, {"status": "merged"}])
def test_the_night_ends_the_transfers_of_children_who_no_longer_move_and_no_others(
    app: Flask, world: World, state: str, change: dict[str, Any]
) -> None:
    transfer_id = world.transfer(state)
    other = world.transfer("claimed", child=world.make.child(area=VILLAGE, number=None))
    with app.app_context():
        for name, value in change.items():
            setattr(db.session.get_one(Child, world.child.id), name, value)
        db.session.commit()
        assert [following.end_dangling(today(), None).done for _ in range(2)] == [1, 0]
        db.session.commit()
        assert [step.user_id for step in db.session.get_one(Transfer, transfer_id).steps][-1] is None
    ended = read(app, transfer_id)
    assert (ended.state, ended.ended_on) == ("withdrawn", today())
    assert read(app, other).state == "claimed"


def test_the_nightly_round_knows_of_it(app: Flask, world: World) -> None:
    transfer_id = world.transfer("claimed")
    with app.app_context():
        db.session.get_one(Child, world.child.id).status = "aged_out"
        db.session.commit()
    work_off(app)
    assert read(app, transfer_id).ended_on is not None


def test_only_who_may_register_a_household_is_offered_to_take_the_child_in(
    world: World, client_as: Callable[..., Client]
) -> None:
    transfer_id = world.transfer("accepted")
    arriving = f"a[href='/households/arrive/{transfer_id}']"
    for role, offered in (("registrar", True), ("supervisor", False)):
        user = world.receiver if role == "registrar" else world.make.user("supervisor")
        browser = client_as(user, language="en")
        for path in ("/transfers/?tab=in", f"/transfers/{transfer_id}"):
            assert bool(browser.get(path).select(arriving)) is offered
    assert "A registrar of the community takes the child in" in browser.get(f"/transfers/{transfer_id}").text


def test_a_child_found_there_but_in_no_category_is_to_be_recorded_as_left_by_the_side_that_has_the_file(
    app: Flask, world: World, client_as: Callable[..., Client]
) -> None:
    transfer_id, address = world.transfer("accepted"), f"/children/{world.child.id}"
    leaving = f".app-notice a[href='/changes/{world.child.id}/left']"
    sender = client_as(world.sender)
    assert not sender.get(address).select(leaving)
    page = client_as(world.receiver).get(f"/transfers/{transfer_id}")
    page.submit({"return-reason": "unlisted"}, form="form[action$='/return']", status=200)
    assert sender.get(address).select(leaving)
    with app.app_context():
        db.session.get_one(Episode, world.child.episodes[0].id).status = "left"
        db.session.commit()
    assert not sender.get(address).select(leaving)


def test_a_named_registrar_who_became_a_supervisor_reads_no_transfer_of_a_protected_child(
    app: Flask, world: World, client_as: Callable[..., Client]
) -> None:
    transfer_id = world.transfer("claimed")
    supervisor = world.make.user("supervisor", area=VILLAGE[:9] + "000")
    with app.app_context():
        child = db.session.get_one(Child, world.child.id)
        child.protected, child.protected_registrar_id = True, supervisor.id
        db.session.commit()
    client_as(supervisor).get(f"/transfers/{transfer_id}", status=404)
