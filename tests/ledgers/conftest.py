"""Fixtures of the room of ledgers."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from registry.clock import today
from sop.identity import BirthDate
from sop.version import in_force
from tests.factories import COMMUNITY
from tests.ledgers.answering import FAR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def limits() -> Iterator[Callable[..., None]]:
    """Give a function: `limits(most_rows=2)` changes limits of lists until the test has ended."""
    sop = in_force(today())
    before = sop.downloads

    def change(**values: int) -> None:
        object.__setattr__(sop, "downloads", dataclasses.replace(before, **values))

    yield change
    object.__setattr__(sop, "downloads", before)


COUNTY = f"{COMMUNITY[:6]}000000"


@pytest.fixture
def office(make):
    return make.office("education", COUNTY, serves=(("education", COUNTY),))


@pytest.fixture
def clinic(make):
    return make.office("clinic", COUNTY, serves=(("vaccination", COUNTY),))


@pytest.fixture
def officer(make, office):
    return make.user("officer", office=office)


@pytest.fixture
def asked(make, office):
    """Return a function: makes a child with a referral to the office."""

    def ask(name="陈雨桐", **values):
        child = make.child(name=name, birth=BirthDate(2018, 3, 2), school="none")
        place = values.pop("office", office)
        return make.referral(child, place, accept_by=FAR, answer_by=FAR, **values)

    return ask
