"""Which household a child of a ledger joins: none whose address its uploader, or a colleague, must not learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from registry.children.models import Child, Episode
from registry.database import db
from registry.households.models import Household
from tests.client import OPENER
from tests.factories import COMMUNITY, ELSEWHERE
from tests.ledgers.importing import FAMILY, HERE, THERE, imported, one, row

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

    SignIn = Callable[..., Client]

SECRET = "采菱花园9幢901室"
PHONE = FAMILY["联系电话"]


def home_of(app: Flask, name: str) -> tuple[UUID, str | None]:
    """The household of the child of that name, and its address."""
    with app.app_context():
        for episode in db.session.scalars(select(Episode)):
            if episode.child.name.open(OPENER) == name:
                return episode.household_id, episode.household.address.open(OPENER)
    raise AssertionError(name)


def protected(app: Flask, child: Child, **values: object) -> None:
    with app.app_context():
        db.session.execute(update(Child).where(Child.id == child.id).values(protected=True, **values))
        db.session.commit()


@pytest.mark.database
@pytest.mark.parametrize("who", ["registrar", "supervisor", "named"])
@pytest.mark.parametrize("sibling", [False, True])
def test_nobody_joins_the_household_of_a_protected_child(app: Flask, make: Factory, who: str, *, sibling: bool) -> None:
    """Nor where an ordinary sibling lives there, nor for its named registrar, whose colleagues see the new file."""
    user = make.user("supervisor" if who == "supervisor" else "registrar")
    home = make.household(phone=PHONE, address=SECRET)
    hidden = make.child(household=home)
    if sibling:
        make.child(name="陈雨彤", household=home)
    protected(app, hidden, **({"protected_registrar_id": user.id} if who == "named" else {}))
    found = one(imported(app, make.viewer(user=user), row("汪新试", 现住址=HERE, **FAMILY)))
    assert found.child_id is not None
    joined, address = home_of(app, "汪新试")
    assert (joined == home.id, address) == (False, HERE)


def test_a_protected_child_typed_again_gets_a_file_that_shows_no_secret_address(
    app: Flask, make: Factory, client_as: SignIn
) -> None:
    home = make.household(phone=PHONE, address=SECRET)
    protected(app, make.child(name="汪桐紫", household=home))
    registrar = make.user()
    found = one(imported(app, make.viewer(user=registrar), row("汪桐紫", 现住址="", **FAMILY)))
    page = client_as(registrar).get(f"/children/{found.child_id}")
    assert "汪桐紫" in page.text
    assert SECRET not in page.text


def test_a_protected_child_who_has_left_still_keeps_its_household_to_itself(app: Flask, make: Factory) -> None:
    home = make.household(phone=PHONE, address=SECRET)
    hidden = make.child(household=home)
    make.child(name="陈雨彤", household=home)
    protected(app, hidden)
    with app.app_context():
        db.session.execute(update(Episode).where(Episode.child_id == hidden.id).values(status="left"))
        db.session.commit()
    imported(app, make.viewer(), row("汪新试", **FAMILY))
    assert home_of(app, "汪新试")[0] != home.id


@pytest.mark.database
def test_a_row_that_is_passed_on_joins_no_household_of_the_community_concerned(app: Flask, make: Factory) -> None:
    make.user(area=ELSEWHERE)
    home = make.household(ELSEWHERE, phone=PHONE, address=SECRET)
    make.child(household=home)
    there = THERE + "1幢"
    imported(app, make.viewer(), *(row(name, 现住址=there, **FAMILY) for name in ("汪新试", "汪小试")))
    joined, address = home_of(app, "汪新试")
    assert (joined == home.id, address) == (False, there)
    assert home_of(app, "汪小试")[0] == joined, "its siblings of the ledger share a new one"
    with app.app_context():
        assert len(db.session.scalars(select(Household).where(Household.area_code == ELSEWHERE)).all()) == 2


def test_an_ordinary_household_of_the_own_area_is_joined(app: Flask, make: Factory) -> None:
    home = make.household(COMMUNITY, phone=PHONE)
    make.child(household=home)
    imported(app, make.viewer(), row("汪新试", **FAMILY))
    assert home_of(app, "汪新试")[0] == home.id
