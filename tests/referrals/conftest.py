"""A registrar with an office that answers, what was sent, and a family for whose children something is proposed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from registry.clock import today
from sop.identity import BirthDate
from tests.referrals.proposals import COUNTY, SCHOOL_AGE, reckon_today

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.accounts.models import User
    from registry.areas.models import Office
    from registry.children.models import Child
    from registry.referrals.models import Referral
    from tests.client import Client
    from tests.factories import Factory

FAR = today() + timedelta(days=60)
SERVICES = ("education", "vaccination", "identity", "disability", "medical_insurance")


@pytest.fixture
def unplaced(make: Factory) -> Child:
    """A child of school age in no school, with nothing else to ask for."""
    return make.child(birth=SCHOOL_AGE, school="none")


@pytest.fixture
def bureau(make: Factory) -> Office:
    return make.office("education", COUNTY, serves=tuple((service, COUNTY) for service in SERVICES))


@pytest.fixture
def office(make: Factory) -> Office:
    """An education bureau that sees to vaccination as well."""
    return make.office("education", COUNTY, serves=(("education", COUNTY), ("vaccination", COUNTY)))


@pytest.fixture
def officer(make: Factory, office: Office) -> User:
    return make.user("officer", office=office)


@pytest.fixture
def child(make: Factory) -> Child:
    """A child in no school and without a certificate."""
    return make.child(birth=BirthDate(2018, 3, 2), school="none", certificate="none")


@pytest.fixture
def referred(make: Factory, office: Office) -> Callable[..., Referral]:
    """Return a function: a referral of a child in no school, accepted by the office unless said otherwise."""
    sender = make.office()

    def refer(state: str = "accepted", **values: Any) -> Referral:
        born = BirthDate(values.pop("born", today().year - 8), 3, 2)
        child = make.child(birth=born, school="none", name=values.pop("name", "陈雨桐"))
        return make.referral(child, office, state=state, from_office=sender, accept_by=FAR, answer_by=FAR, **values)

    return refer


@pytest.fixture
def ours(make: Factory, bureau: Office) -> Office:
    assert bureau
    return make.office()


@pytest.fixture
def registrar(make: Factory, ours: Office) -> User:
    return make.user(office=ours)


@pytest.fixture
def browser(client_as: Callable[..., Client], registrar: User, language: str) -> Client:
    return client_as(registrar, language=language)


@pytest.fixture
def family(app: Flask, make: Factory, ours: Office) -> list[Child]:
    """Two children of one household, in no school and without a certificate."""
    home = make.household(office=ours)
    made = [
        make.child(household=home, birth=BirthDate(year, 3, 2), school="none", certificate="none")
        for year in (2017, 2018)
    ]
    reckon_today(app, *made)
    return made


@pytest.fixture
def sent(make: Factory, ours: Office, office: Office) -> Callable[..., Referral]:
    """Return a function: a referral of a child of its own, which our office sent to the office of the test."""

    def send(name: str = "陈雨桐", **values: Any) -> Referral:
        child = make.child(name=name, birth=BirthDate(2018, 3, 2), school="none")
        place = values.pop("office", office)
        return make.referral(child, place, from_office=ours, **{"accept_by": FAR, "answer_by": FAR} | values)

    return send


@pytest.fixture
def answered(sent: Callable[..., Referral]) -> Callable[..., Referral]:
    """Return a function: one that was closed with an answer that the family has not heard."""

    def answer(name: str = "陈雨桐", outcome: str = "11", **values: Any) -> Referral:
        return sent(name, state="closed", outcome=outcome, outcome_kind="solved", closed_on=today(), **values)

    return answer
