"""Two offices in one second: one claim wins, one answer counts, one arrival happens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from registry.children.models import Episode
from registry.clock import today
from registry.database import db
from registry.transfers import service
from registry.transfers.errors import AlreadyOpenError, StaleVersionError
from registry.transfers.models import Transfer
from sop.referral import ForbiddenMove
from sop.transfer import Basis
from tests.factories import COMMUNITY, ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.transfers.conftest import World


def together(app: Flask, *acts: Callable[[], Any]) -> list[str]:
    """Do these at the same time, each in a transaction of its own; return what each came to."""
    ready = Barrier(len(acts), timeout=30)

    def one(act: Callable[[], Any]) -> str:
        with app.test_request_context():
            ready.wait()
            try:
                act()
                db.session.commit()
            except AlreadyOpenError as error:
                db.session.rollback()
                return f"held by {error.holder.id if error.holder else None}"
            except (ForbiddenMove, StaleVersionError) as error:
                db.session.rollback()
                return type(error).__name__
            return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(one, acts))


@pytest.mark.database
def test_of_two_claims_in_one_second_one_wins_and_the_other_is_told_who_has_the_child(app: Flask, world: World) -> None:
    one, other = world.viewer(world.receiver), world.viewer(world.stranger)
    done, held = together(
        app,
        lambda: service.claim(one, world.child.id, Basis.CARD, COMMUNITY, today()),
        lambda: service.claim(other, world.child.id, Basis.CARD, ELSEWHERE, today()),
    )
    with app.app_context():
        made = db.session.scalars(select(Transfer)).one()
        assert done == "done"
        assert held == f"held by {made.to_office_id}"


@pytest.mark.database
def test_of_an_acceptance_and_a_return_in_one_second_one_counts(app: Flask, world: World) -> None:
    transfer_id, sender = world.transfer("claimed"), world.viewer(world.sender)
    came_to = together(
        app,
        lambda: service.accept(sender, transfer_id, 1, today()),
        lambda: service.return_(sender, transfer_id, 1, "not_found", None, today()),
    )
    assert came_to == ["StaleVersionError", "done"]


@pytest.mark.database
def test_of_two_arrivals_in_one_second_one_happens(app: Flask, world: World, home: Callable[..., Any]) -> None:
    transfer_id, here = world.transfer("accepted"), world.viewer(world.receiver)
    homes = [home(), home()]
    came_to = together(app, *(lambda at=at: service.arrive(here, transfer_id, *at, today()) for at in homes))
    assert came_to == ["ForbiddenMove", "done"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Episode)) == 2
