"""The handshake as the service makes it: who may move what, in which state, what is written, what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from registry.children.models import Episode, Guardianship
from registry.clock import today
from registry.database import db
from registry.transfers import queries, service
from registry.transfers.errors import AlreadyOpenError, NobodyThereError, StaleVersionError, UnfitPlaceError
from registry.transfers.models import Transfer, TransferStep
from sop.referral import ForbiddenMove
from sop.transfer import Basis
from tests.factories import COMMUNITY, ELSEWHERE, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from tests.factories import Factory
    from tests.transfers.conftest import World

SHUYANG = VILLAGE[:6] + "000000"
TOWNSHIP = COMMUNITY[:9] + "000"


def steps(transfer_id: UUID) -> list[tuple[str, str, str]]:
    rows = db.session.scalars(select(TransferStep).where(TransferStep.transfer_id == transfer_id))
    return [(step.side, step.move, step.state) for step in rows.all()]


@pytest.mark.database
def test_a_claimed_child_is_accepted_by_the_sending_office_and_arrives_in_one_act(
    world: World, home: Callable[..., Any], requested: None
) -> None:
    transfer_id = world.transfer("accepted")
    here, (place, classification) = world.viewer(world.receiver), home()
    episode = service.arrive(here, transfer_id, place, classification, today())
    db.session.commit()
    transfer = db.session.get_one(Transfer, transfer_id)
    assert (transfer.state, transfer.ended_on, transfer.to_area) == ("arrived", today(), COMMUNITY)
    assert steps(transfer_id) == [
        ("receiving", "claim", "claimed"),
        ("sending", "accept", "accepted"),
        ("receiving", "arrive", "arrived"),
    ]
    old = db.session.scalars(select(Episode).where(Episode.child_id == world.child.id, ~Episode.latest)).one()
    assert (old.area_code, old.status, old.left_month) == (VILLAGE, "left", f"{today():%Y-%m}")
    assert (episode.area_code, episode.latest) == (COMMUNITY, True)
    present = select(Guardianship).where(Guardianship.child_id == world.child.id, Guardianship.ended_month.is_(None))
    assert [row.guardian_id for row in db.session.scalars(present)] == [place.guardians[0][0]]


@pytest.mark.database
def test_an_announced_child_is_accepted_by_the_receiving_office(world: World, requested: None) -> None:
    transfer_id = world.transfer("announced")
    made = db.session.get_one(Transfer, transfer_id)
    assert (made.from_office_id, made.to_office_id, made.basis) == (world.village.id, world.community.id, "announced")
    accepted = service.accept(world.viewer(world.receiver), transfer_id, 1, today())
    assert (accepted.state, accepted.arrive_by) == ("accepted", today() + timedelta(days=60))


@pytest.mark.parametrize("state", ["claimed", "announced"])
def test_nobody_accepts_or_returns_what_they_began_themselves(world: World, requested: None, state: str) -> None:
    transfer_id = world.transfer(state)
    beginner = world.viewer(world.receiver if state == "claimed" else world.sender)
    with pytest.raises(ForbiddenMove):
        service.accept(beginner, transfer_id, 1, today())
    with pytest.raises(ForbiddenMove):
        service.return_(beginner, transfer_id, 1, "other", None, today())


@pytest.mark.parametrize("state", ["claimed", "announced"])
def test_nobody_takes_back_what_the_other_side_began(world: World, requested: None, state: str) -> None:
    transfer_id = world.transfer(state)
    other = world.viewer(world.sender if state == "claimed" else world.receiver)
    with pytest.raises(ForbiddenMove):
        service.withdraw(other, transfer_id, 1, today())


@pytest.mark.parametrize("state", ["claimed", "announced", "returned"])
def test_a_child_does_not_arrive_before_both_sides_agreed(
    world: World, home: Callable[..., Any], requested: None, state: str
) -> None:
    transfer_id = world.transfer(state)
    with pytest.raises(ForbiddenMove):
        service.arrive(world.viewer(world.receiver), transfer_id, *home(), today())
    assert db.session.scalars(select(Episode)).one().area_code == VILLAGE


def test_the_sending_side_does_not_let_a_child_arrive(world: World, home: Callable[..., Any], requested: None) -> None:
    transfer_id = world.transfer("accepted")
    with pytest.raises(UnfitPlaceError):
        service.arrive(world.viewer(world.sender), transfer_id, *home(), today())


def test_a_second_press_does_not_let_a_child_arrive_twice(
    world: World, home: Callable[..., Any], requested: None
) -> None:
    transfer_id, here = world.transfer("accepted"), world.viewer(world.receiver)
    service.arrive(here, transfer_id, *home(), today())
    db.session.commit()
    with pytest.raises(ForbiddenMove):
        service.arrive(here, transfer_id, *home(), today())
    assert len(db.session.scalars(select(Episode)).all()) == 2


@pytest.mark.parametrize("act", ["accept", "return", "withdraw", "correct", "arrive", "known"])
def test_to_a_third_place_a_transfer_is_as_if_absent(
    world: World, home: Callable[..., Any], requested: None, act: str
) -> None:
    transfer_id, stranger = world.transfer("accepted"), world.viewer(world.stranger)
    acts: dict[str, Callable[[], Any]] = {
        "accept": lambda: service.accept(stranger, transfer_id, 2, today()),
        "return": lambda: service.return_(stranger, transfer_id, 2, "other", None, today()),
        "withdraw": lambda: service.withdraw(stranger, transfer_id, 2, today()),
        "correct": lambda: service.correct(stranger, transfer_id, 2, ELSEWHERE, today()),
        "arrive": lambda: service.arrive(stranger, transfer_id, *home(), today()),
        "known": lambda: queries.known_of(stranger, db.session.get_one(Transfer, transfer_id)),
    }
    with pytest.raises(NotFound):
        acts[act]()


def test_what_somebody_else_has_changed_meanwhile_is_not_moved(world: World, requested: None) -> None:
    transfer_id, sender = world.transfer("claimed"), world.viewer(world.sender)
    for act in (
        lambda: service.accept(sender, transfer_id, 7, today()),
        lambda: service.return_(sender, transfer_id, 7, "other", None, today()),
        lambda: service.withdraw(sender, transfer_id, 7, today()),
    ):
        with pytest.raises(StaleVersionError):
            act()


def test_a_reason_that_is_not_on_the_list_returns_nothing(world: World, requested: None) -> None:
    transfer_id = world.transfer("claimed")
    with pytest.raises(ValueError, match="reason"):
        service.return_(world.viewer(world.sender), transfer_id, 1, "tired", None, today())


def test_a_returned_claim_leaves_the_child_free_for_the_next_one(world: World, requested: None) -> None:
    world.transfer("returned")
    made = service.claim(world.viewer(world.stranger), world.child.id, Basis.TOLD, ELSEWHERE, today())
    assert (made.state, made.to_area) == ("claimed", ELSEWHERE)


def test_a_second_claim_is_told_who_has_the_child(world: World, requested: None) -> None:
    world.transfer("claimed")
    with pytest.raises(AlreadyOpenError) as refused:
        service.claim(world.viewer(world.stranger), world.child.id, Basis.CARD, ELSEWHERE, today())
    assert refused.value.holder is not None
    assert refused.value.holder.id == world.community.id


def test_a_child_is_claimed_for_the_own_community_only(world: World, requested: None) -> None:
    with pytest.raises(UnfitPlaceError):
        service.claim(world.viewer(world.receiver), world.child.id, Basis.CARD, ELSEWHERE, today())
    with pytest.raises(UnfitPlaceError):
        service.claim(world.viewer(world.sender), world.child.id, Basis.CARD, VILLAGE, today())


def test_a_supervisor_names_the_community_and_its_registrar_waits_for_the_child(world: World, requested: None) -> None:
    supervisor = world.viewer(world.make.user("supervisor"))
    made = service.claim(supervisor, world.child.id, Basis.DOCUMENT, COMMUNITY, today())
    assert (made.to_area, made.to_office_id) == (COMMUNITY, world.community.id)
    with pytest.raises(UnfitPlaceError):
        service.claim(supervisor, world.child.id, Basis.DOCUMENT, TOWNSHIP, today())


@pytest.mark.parametrize("role", ["supervisor", None])
def test_where_no_registrar_works_the_supervisor_answers_and_where_nobody_does_it_says_so(
    make: Factory, requested: None, role: str | None
) -> None:
    make.user("registrar")
    receiver = make.viewer("registrar", area=COMMUNITY)
    child = make.child(area=VILLAGE, number=None)
    if role is None:
        with pytest.raises(NobodyThereError):
            service.claim(receiver, child.id, Basis.CARD, COMMUNITY, today())
        return
    county = make.office("township", SHUYANG)
    supervisor = make.viewer(user=make.user("supervisor", office=county))
    made = service.claim(receiver, child.id, Basis.CARD, COMMUNITY, today())
    assert made.from_office_id == county.id
    assert queries.to_do(supervisor) == 1


def test_a_move_to_where_nobody_works_is_not_announced(world: World, requested: None) -> None:
    with pytest.raises(NobodyThereError):
        service.announce(world.viewer(world.sender), world.child.id, "441400000000", today())
    with pytest.raises(UnfitPlaceError):
        service.announce(world.viewer(world.sender), world.child.id, VILLAGE, today())


def test_a_move_to_a_township_goes_to_its_supervisor_who_names_the_community(world: World, requested: None) -> None:
    supervisor = world.viewer(world.make.user("supervisor"))
    made = service.announce(world.viewer(world.sender), world.child.id, TOWNSHIP, today())
    db.session.commit()
    own = world.viewer(world.receiver)
    with pytest.raises(NotFound):
        queries.one(own, made.id)
    for unfit in (None, ELSEWHERE, TOWNSHIP):
        with pytest.raises(UnfitPlaceError):
            service.accept(supervisor, made.id, 1, today(), unfit)
        db.session.rollback()
    accepted = service.accept(supervisor, made.id, 1, today(), COMMUNITY)
    assert (accepted.to_area, accepted.to_office_id) == (COMMUNITY, world.community.id)
    assert queries.one(own, made.id).state == "accepted"


def test_a_returned_announcement_is_corrected_by_another_one_and_the_old_one_rests(
    world: World, requested: None
) -> None:
    transfer_id = world.transfer("returned", begun_by="sending")
    sender = world.viewer(world.sender)
    made = service.correct(sender, transfer_id, 2, ELSEWHERE, today())
    assert (made.state, made.to_area) == ("announced", ELSEWHERE)
    old = db.session.get_one(Transfer, transfer_id)
    assert (old.state, old.to_area, old.reason) == ("withdrawn", COMMUNITY, "not_found")


@pytest.mark.parametrize("state", ["announced", "accepted"])
def test_only_what_was_announced_and_returned_is_corrected(world: World, requested: None, state: str) -> None:
    transfer_id = world.transfer(state, begun_by="sending")
    with pytest.raises(ForbiddenMove):
        service.correct(world.viewer(world.sender), transfer_id, 1, ELSEWHERE, today())


def test_a_child_of_another_area_is_not_announced(world: World, requested: None) -> None:
    with pytest.raises(NotFound):
        service.announce(world.viewer(world.stranger), world.child.id, COMMUNITY, today())
