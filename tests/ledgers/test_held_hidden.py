"""A row that waits beside a file which is told of no more, as one that became protected: its child is a stranger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from registry.audit.models import AuditEvent
from registry.children.models import Child
from registry.clock import now, today
from registry.database import db
from registry.ledgers import hits
from registry.ledgers.errors import UnfitDecisionError
from registry.ledgers.models import Ledger, LedgerRow
from sop.identity import BirthDate
from tests.factories import COMMUNITY, ELSEWHERE
from tests.ledgers.importing import FAMILY, born, count, imported, number, row

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

    SignIn = Callable[..., Client]

pytestmark = pytest.mark.database
GIRL = "李思琪"
PAGE = "/ledgers/held"
HELD_BY = pytest.mark.parametrize("held", ["by_number", "doubtful"])


def waiting(app: Flask, make: Factory, held: str, told: str | None = None) -> tuple[UUID, UUID]:
    """A row that waits beside a file: of its ID number in another area, or in the own one of somebody alike.

    `told`: the ID number in the row of the latter. The ids of row and file.
    """
    sure = held == "by_number"
    household = make.household(ELSEWHERE if sure else COMMUNITY, phone="15400009999")
    child = make.child(household=household, name=GIRL, birth=BirthDate.of(born(9)), number=number() if sure else None)
    imported(app, make.viewer(), row(GIRL, 身份证号=number() if sure else told or "", **FAMILY | {"监护人": "何平"}))
    with app.app_context():
        waits = db.session.scalars(select(LedgerRow)).one()
        assert (waits.held, waits.held_child_id) == (held, child.id)
        return waits.id, child.id


def hide(app: Flask, child_id: UUID) -> None:
    with app.app_context():
        db.session.execute(update(Child).where(Child.id == child_id).values(protected=True))
        db.session.commit()


@HELD_BY
def test_the_page_says_nothing_of_the_file_and_offers_to_register(
    app: Flask, make: Factory, client_as: SignIn, held: str
) -> None:
    _row, child_id = waiting(app, make, held)
    hide(app, child_id)
    page = client_as("supervisor", language="en").get(PAGE)
    assert [each["value"] for each in page.select("main form button[name=decision]")] == ["register"]
    assert [each.get_text() for each in page.select("main .app-card .app-caption")] == ["In the ledger"]
    done = page.submit(form=f'form[action^="{PAGE}/"]', status=200)
    assert "The child was registered." in done.text
    assert done.select(".app-empty")
    assert count(app, Child) == 2
    with app.app_context():
        met = select(AuditEvent).where(AuditEvent.kind == "protected_file_met")
        assert {each.child_id for event in db.session.scalars(met) for each in event.children} == {child_id}


@HELD_BY
def test_a_file_that_is_told_of_is_not_registered_over(app: Flask, make: Factory, held: str) -> None:
    row_id, _child = waiting(app, make, held)
    with app.test_request_context(), pytest.raises(UnfitDecisionError):
        hits.settle(make.viewer("supervisor"), row_id, "register", today())
    assert count(app, Child) == 1


@HELD_BY
def test_who_still_presses_that_it_is_another_child_is_shown_the_row_again(
    app: Flask, make: Factory, held: str
) -> None:
    row_id, child_id = waiting(app, make, held)
    hide(app, child_id)
    with app.test_request_context(), pytest.raises(UnfitDecisionError):
        hits.settle(make.viewer("supervisor"), row_id, "another", today())
    assert count(app, Child) == 1


def test_a_child_registered_meanwhile_is_the_file_to_look_at(app: Flask, make: Factory, client_as: SignIn) -> None:
    _row, child_id = waiting(app, make, "doubtful", told=number())
    hide(app, child_id)
    page = client_as("supervisor").get(PAGE)
    other = make.child(household=make.household(COMMUNITY), name=GIRL, birth=BirthDate.of(born(9)), number=number())
    again = page.submit(form=f'form[action^="{PAGE}/"]', status=200)
    assert [each["value"] for each in again.select("main form button[name=decision]")] == ["same"]
    assert again.select(f'a[href="/children/{other.id}"]')
    assert count(app, Child) == 2


def test_the_page_says_how_long_there_is_to_decide(app: Flask, make: Factory, client_as: SignIn) -> None:
    waiting(app, make, "doubtful")
    browser = client_as("supervisor", language="en")
    assert browser.get(PAGE).select(".app-card__tag")[0].get_text().strip() == "90 days left"
    with app.app_context():
        db.session.execute(update(Ledger).values(ended_at=now().replace(year=now().year - 1)))
        db.session.commit()
    tag = browser.get(PAGE).select(".app-card__tag .app-tag--late")[0]
    assert tag.get_text().strip() == "0 days left"
