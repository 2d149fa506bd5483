"""What may be told across: nothing of protected or closed files, what the arrival needs, notes to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask import g
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from registry.audit.models import AuditEvent
from registry.children.models import Child
from registry.clock import today
from registry.database import db
from registry.transfers import queries, service
from registry.transfers.models import TransferStep
from sop.referral import ForbiddenMove
from sop.transfer import Basis, Side
from tests.client import OPENER
from tests.factories import COMMUNITY, VILLAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Factory
    from tests.transfers.conftest import World

SHUYANG = VILLAGE[:6] + "000000"
TOWNSHIP = COMMUNITY[:9] + "000"


def test_a_protected_child_is_neither_announced_nor_claimed_and_its_officer_is_told(
    make: Factory, requested: None
) -> None:
    keeper = make.user("registrar", area=VILLAGE)
    child = make.child(area=VILLAGE, protected=True, protected_registrar_id=keeper.id)
    stranger, own = make.viewer("registrar"), make.viewer(user=keeper)
    with pytest.raises(NotFound):
        service.claim(stranger, child.id, Basis.CARD, COMMUNITY, today())
    told = [each for each in g.noted_events if each.event["kind"] == "protected_file_met"]
    assert [(each.event["details"], list(each.children)) for each in told] == [({"by": "claim"}, [child.id])]
    with pytest.raises(ForbiddenMove):
        service.announce(own, child.id, COMMUNITY, today())


@pytest.mark.parametrize("change", [{"status": "deceased"}, {"status": "aged_out"}, {"protected": True}])
def test_a_child_that_may_no_longer_be_told_of_goes_no_further(
    world: World, home: Callable[..., Any], requested: None, change: dict[str, Any]
) -> None:
    accepted, here, arrival = world.transfer("accepted"), world.viewer(world.receiver), home()
    for name, value in change.items():
        setattr(db.session.get_one(Child, world.child.id), name, value)
    db.session.commit()
    with pytest.raises((ForbiddenMove, NotFound)):
        service.arrive(here, accepted, *arrival, today())


def test_the_transfer_of_a_child_who_died_is_closed_by_the_side_that_has_the_file(
    world: World, requested: None
) -> None:
    transfer_id, sender = world.transfer("accepted"), world.viewer(world.sender)
    db.session.get_one(Child, world.child.id).status = "deceased"
    assert service.withdraw(sender, transfer_id, 2, today()).state == "withdrawn"


def test_what_is_known_is_shown_to_the_receiving_side_from_acceptance_until_arrival(
    world: World, home: Callable[..., Any], requested: None
) -> None:
    here, there = world.viewer(world.receiver), world.viewer(world.sender)
    transfer_id = world.transfer("claimed")
    with pytest.raises(NotFound):
        queries.known_of(here, queries.one(here, transfer_id))
    accepted = service.accept(there, transfer_id, 1, today())
    with pytest.raises(NotFound):
        queries.known_of(there, accepted)
    known = queries.known_of(here, accepted)
    assert (known.name, known.birth.iso, known.school, known.certificate) == ("陈雨桐", "2019-06-14", "primary", "seen")
    assert known.id_number is not None
    assert "*" in known.id_number
    assert [(one.name, one.relation, one.phone) for one in known.guardians] == [("周敏", "52", "15400007755")]
    service.arrive(here, transfer_id, *home(), today())
    with pytest.raises(NotFound):
        queries.known_of(here, accepted)


def test_a_note_stays_with_the_side_that_wrote_it(world: World, requested: None) -> None:
    from registry.transfers.history import notes_for

    transfer_id = world.transfer("returned")
    own, other = world.viewer(world.sender), world.viewer(world.receiver)
    assert "问过邻居" in notes_for(own, queries.one(own, transfer_id)).values()
    assert set(notes_for(other, queries.one(other, transfer_id)).values()) == {None}


def test_every_move_is_recorded_without_anything_personal(world: World, requested: None) -> None:
    transfer_id = world.transfer("returned")
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "transfer_moved").order_by(AuditEvent.id))
    assert [event.details for event in events] == [
        {"transfer": str(transfer_id), "move": "claim", "state": "claimed"},
        {"transfer": str(transfer_id), "move": "return", "state": "returned"},
    ]
    note = db.session.scalars(select(TransferStep).where(TransferStep.move == "return")).one()
    assert note.note.open(OPENER) == "问过邻居"


def test_an_office_over_both_places_stands_on_both_sides(world: World, requested: None) -> None:
    user = world.make.user("supervisor", area="320000000000")
    transfer_id, province = world.transfer("claimed"), world.viewer(user)
    assert queries.sides_of(province, queries.one(province, transfer_id)) == {Side.SENDING, Side.RECEIVING}
    assert service.accept(province, transfer_id, 1, today()).state == "accepted"
