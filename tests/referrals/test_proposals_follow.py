"""Proposals follow every act that changes what rules look at: each act says so once, for all its children."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.changes import facts, leaving
from registry.changes.leaving import Leaving
from registry.children import answers, correcting, following
from registry.children.correcting import Identity, Why
from registry.children.episodes import latest_of
from registry.children.models import Child
from registry.children.queries import file_of
from registry.clock import today
from registry.database import db
from registry.doses.models import Dose
from registry.households import moving as households
from registry.referrals import moving, reopening
from registry.referrals.answers import answering
from sop.identity import BirthDate
from sop.referral import Answer
from sop.status import EpisodeStatus
from sop.version import in_force
from tests.doses.clinic import HEPB, Clinic
from tests.factories import COMMUNITY
from tests.referrals.proposals import SCHOOL_AGE, tell
from tests.referrals.sending import placed
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from uuid import UUID

    from flask import Flask

    from registry.access import Viewer
    from tests.factories import Factory

COUNTY = f"{COMMUNITY[:6]}000000"
WHY = Why("mistake")
BORN = BirthDate(2018, 3, 3)


@pytest.fixture
def said(app: Flask) -> list[set[UUID]]:
    """The children of whom each act said that they have changed."""
    calls: list[set[UUID]] = []

    def note(_viewer: Viewer, child_ids: Collection[UUID]) -> None:
        calls.append(set(child_ids))

    app.extensions[following.CHANGE] = [note]
    return calls


@pytest.fixture
def viewer(make: Factory) -> Viewer:
    return make.viewer()


def told(key: str, value: object) -> Callable[[Viewer, Child], None]:
    """Put one fact of the file right."""

    def write(viewer: Viewer, child: Child) -> None:
        fact = facts.fact_of(viewer, child, key, hold=True)
        assert fact is not None
        facts.write(viewer, child, fact, value, WHY, today())

    return write


def answered(viewer: Viewer, child: Child) -> None:
    questions = in_force(today()).questions
    for key, value in (("hukou_registered", "no"), ("insurance", "none")):
        answers.record_answer(viewer, child, questions.question(key), value, today())
    answers.note_answered(viewer, child)


def left(viewer: Viewer, child: Child) -> None:
    leaving.leave(viewer, [latest_of(child.id)], Leaving(EpisodeStatus.LEFT, None, "unknown"), today())


def died(viewer: Viewer, child: Child) -> None:
    leaving.record_death(viewer, correcting.held(child), None, today())


def moved(viewer: Viewer, child: Child) -> None:
    home = households.held(child.episodes[0].household_id)
    to = households.Address(COMMUNITY, None, "8幢1单元101室", "given")
    households.move(viewer, home, to, None, WHY, today())


def renamed(viewer: Viewer, child: Child) -> None:
    new = Identity("陈雨桐", BORN, None, "none")
    correcting.change_identity(viewer, correcting.held(child), new, WHY, today())


@pytest.mark.parametrize(
    "act",
    [
        told("schooling", {"stage": "none", "kind": None, "school": None}),
        told("certificate", "none"),
        told("arrived", "2026-10"),
        told("hukou", "320402000000"),
        answered,
        renamed,
        moved,
        left,
        died,
    ],
    ids=["schooling", "certificate", "arrival", "hukou", "answers", "identity", "move", "leaving", "death"],
)
def test_each_change_of_a_file_says_so_once(
    context: Flask, make: Factory, viewer: Viewer, said: list[set[UUID]], act: Callable[[Viewer, Child], None]
) -> None:
    made = make.child(birth=SCHOOL_AGE, number=None)
    assert context
    act(viewer, file_of(viewer, made.id))
    assert said == [{made.id}]


def test_who_leaves_together_is_said_together_and_who_is_back_as_well(
    context: Flask, make: Factory, viewer: Viewer, said: list[set[UUID]]
) -> None:
    home = make.household()
    made = [make.child(household=home, birth=BirthDate(year, 3, 2)) for year in (2018, 2019)]
    assert context
    episodes = [latest_of(each.id) for each in made]
    leaving.leave(viewer, episodes, Leaving(EpisodeStatus.LEFT, None, "unknown"), today())
    assert said == [{each.id for each in made}]
    leaving.come_back(viewer, latest_of(made[0].id), "back", today())
    assert said[1:] == [{made[0].id}]


def test_a_death_that_is_taken_back_says_so(
    context: Flask, make: Factory, said: list[set[UUID]], viewer: Viewer
) -> None:
    made, supervisor = make.child(), make.viewer("supervisor")
    assert context
    died(viewer, file_of(viewer, made.id))
    leaving.take_back_death(supervisor, correcting.held(db.session.get_one(Child, made.id)), today())
    assert said == [{made.id}, {made.id}]


def test_doses_that_are_entered_or_withdrawn_say_so_once(app: Flask, make: Factory, said: list[set[UUID]]) -> None:
    clinic = Clinic(app, make)
    child = clinic.referred()
    clinic.enter(child, HEPB)
    with app.app_context():
        dose = db.session.scalars(select(Dose)).one()
        db.session.expunge(dose)
    clinic.withdraw(dose)
    assert said == [{child.id}, {child.id}]


def test_a_referral_that_is_closed_withdrawn_or_reopened_says_so_and_an_interim_answer_does_not(
    context: Flask, make: Factory, said: list[set[UUID]]
) -> None:
    assert context
    office, ours = make.office("education", COUNTY), make.office()
    officer = make.viewer("officer", user=make.user("officer", office=office))
    registrar = make.viewer(user=make.user(office=ours))
    one, other = make.child(birth=SCHOOL_AGE), make.child(birth=SCHOOL_AGE)
    referral = make.referral(one, office, from_office=ours, state="accepted")
    sent = make.referral(other, office, from_office=ours)
    answering.answer(officer, referral.id, 1, Answer("43"), today())
    assert said == []
    answering.answer(officer, referral.id, 2, placed(), today())
    moving.withdraw(registrar, sent.id, 1, "mistake", today())
    reopening.reopen(officer, referral.id, 3, "mistake", today())
    assert said == [{one.id}, {other.id}, {one.id}]


@pytest.mark.database
def test_a_save_takes_the_same_statements_however_much_was_told(app: Flask, make: Factory) -> None:
    viewer = make.viewer()

    def sent(child: Child) -> int:
        with app.app_context(), statements(app) as told:
            following.changed(viewer, [child.id])
            db.session.commit()
        return len(told)

    little, much = (make.child(birth=SCHOOL_AGE, school="none") for _ in range(2))
    tell(app, make, little, insurance="none")
    tell(app, make, much, insurance="none", hukou_registered="no", health="disabled", aid=["none"])
    assert sent(little) == sent(much) <= 12
