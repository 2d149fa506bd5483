"""A village that keeps a child's file, and a community where the child has come to, with somebody at each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from flask import has_app_context

from registry.children.service import Place
from registry.clock import today
from registry.database import db
from registry.transfers import service
from registry.vault.service import index_child
from sop.eligibility import Classification
from sop.identity import BirthDate
from sop.transfer import Basis, State
from tests.factories import COMMUNITY, ELSEWHERE, VILLAGE, id_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from flask import Flask

    from registry.access import Viewer
    from registry.accounts.models import User
    from registry.areas.models import Office
    from registry.children.models import Child
    from registry.transfers.models import Transfer
    from tests.factories import Factory

CARD = "C321322227K4M2QXR"
PHONE = "15400007755"
BIRTH = BirthDate(2019, 6, 14)
NUMBER = id_number("321322", BIRTH.latest, 905)


def settle() -> None:
    """End what a test has begun: the factories write in transactions of their own, and SQLite has one writer."""
    if has_app_context():
        db.session.commit()


@dataclass(frozen=True)
class World:
    """Both sides of a move, a third place that has nothing to do with it, and the child."""

    make: Factory
    village: Office
    sender: User
    community: Office
    receiver: User
    stranger: User
    child: Child

    def viewer(self, user: User) -> Viewer:
        """Return what a person's pages get."""
        settle()
        return self.make.viewer(user=user)

    def transfer(self, state: str = "claimed", **values: Any) -> UUID:
        """Bring a transfer into a state by the moves that lead there; returns its id."""
        child = values.pop("child", self.child)
        settle()
        announced = values.pop("begun_by", "receiving") == "sending" or state == "announced"
        with self.make.app.test_request_context():
            made = self._begun(child, announced=announced)
            if state in {"accepted", "returned"}:
                self._answered(made, state, announced=announced)
            for name, value in values.items():
                setattr(made, name, value)
            db.session.commit()
            assert made.state == state
            return made.id

    def _begun(self, child: Child, *, announced: bool) -> Transfer:
        if announced:
            return service.announce(self.make.viewer(user=self.sender), child.id, COMMUNITY, today())
        return service.claim(self.make.viewer(user=self.receiver), child.id, Basis.CARD, COMMUNITY, today())

    def _answered(self, made: Transfer, state: str, *, announced: bool) -> None:
        answering = self.viewer(self.receiver if announced else self.sender)
        if state == State.ACCEPTED:
            service.accept(answering, made.id, made.version, today())
        else:
            service.return_(answering, made.id, made.version, "not_found", "问过邻居", today())


@pytest.fixture
def world(make: Factory) -> World:
    village = make.office("village", VILLAGE, side="sending")
    community = make.office("community", COMMUNITY)
    household = make.household(VILLAGE, office=village, phone=PHONE)
    child = make.child(household=household, birth=BIRTH, number=NUMBER, side="sending")
    with make.app.app_context():
        index_child(db.session(), child.id, "card", CARD)
        db.session.commit()
    return World(
        make=make,
        village=village,
        sender=make.user("registrar", office=village),
        community=community,
        receiver=make.user("registrar", office=community),
        stranger=make.user("registrar", area=ELSEWHERE),
        child=child,
    )


@pytest.fixture
def home(make: Factory) -> Callable[[], tuple[Place, Classification]]:
    """Return a function that makes a home in the community, and says as what the child is registered there."""

    def made() -> tuple[Place, Classification]:
        settle()
        household = make.household(COMMUNITY)
        place = Place(
            household_id=household.id,
            area_code=COMMUNITY,
            block_id=None,
            side="receiving",
            arrived=BirthDate.of(today()),
            circumstances={"stays": "yes", "guardian_here": "one"},
            source="home_visit",
            guardians=((household.guardians[0].id, "52"),),
            phones=("15400009001",),
        )
        return place, Classification((), None, None)

    return made


@pytest.fixture
def requested(app: Flask) -> Iterator[None]:
    """A request, whatever it asks for."""
    with app.test_request_context():
        yield
        db.session.rollback()
