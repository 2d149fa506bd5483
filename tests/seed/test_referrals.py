"""Referrals of the demonstration: of every service, as the services would have made and moved them."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from registry.access import Role, Viewer
from registry.accounts.models import User
from registry.areas.models import Office, OfficeService
from registry.children.answers import SENSITIVE
from registry.children.models import Change, ChildAnswer, HouseholdAnswer, Schooling
from registry.database import db, uuid7
from registry.jobs.service import kinds_of
from registry.referrals import confidential
from registry.referrals.models import CONFIDENTIAL, Referral
from seed.demo.accounts import ROLES, WORDS
from seed.demo.load import OF_REFERRALS, fill, work_through
from seed.demo.places import CITIES, COUNTY, home_of
from sop.referral import Deadlines, Move, Side, State, due_on, next_state
from sop.version import in_force

if TYPE_CHECKING:
    from flask import Flask

    from registry.referrals.models import ReferralStep

DAY = date(2026, 11, 20)
SOP = in_force(DAY)
CHILDREN = 1500
READER = Viewer(uuid7(), Role.SUPERVISOR, uuid7(), "320000000000", ("",), opens=None)
SENDERS = {Move.SEND, Move.WITHDRAW, Move.REOPEN}


@pytest.fixture
def referrals(context: Flask) -> list[Referral]:
    """All referrals of a small demonstration, before its first night."""
    fill(CHILDREN, 2009, DAY, "a password of nobody")
    return list(db.session.scalars(select(Referral)))


def side_of(step: ReferralStep) -> Side:
    if step.source == "slip":
        return Side.SLIP
    return Side.SENDER if Move(step.move) in SENDERS else Side.RECEIVER


@pytest.mark.database
def test_every_service_was_asked_and_stands_as_its_moves_have_left_it(referrals: list[Referral]) -> None:
    asked = Counter(confidential.code_of(each, READER) for each in referrals)
    assert set(asked) == set(SOP.services)
    assert min(asked["education"], asked["vaccination"]) > max(asked["legal_aid"], asked["identity"])
    for each in referrals:
        service, state = confidential.service_of(each, READER), State.DRAFT
        for step in each.steps:
            state = next_state(state, Move(step.move), side_of(step))
            assert step.state == state
            outcome, details = step.outcome.open(READER), step.details.open(READER)
            reasons = service.outcome(outcome).reasons if outcome else ()
            assert not reasons or step.reason.open(READER) in reasons
            taken = {*service.outcome(outcome).takes, "alternative", "items"} if outcome else {"from", "to"}
            assert not isinstance(details, dict) or set(details) <= taken
        assert (each.state, each.version) == (state, len(each.steps))
        assert each.accept_by
        assert each.answer_by
        assert each.due_on == due_on(state, Deadlines(each.accept_by, each.answer_by))
        assert (confidential.agreed_on(each, READER) is not None) == service.needs_agreement
        assert each.entry_year


@pytest.mark.database
def test_a_confidential_service_stands_nowhere_in_plain_and_its_office_finds_it(referrals: list[Referral]) -> None:
    serving = defaultdict(set)
    for row in db.session.scalars(select(OfficeService)):
        serving[row.office_id].add(row.service)
    for each in referrals:
        service = confidential.service_of(each, READER)
        office = confidential.office_of(each, READER)
        assert office is not None
        assert confidential.is_at(each, office.id)
        assert service.code in serving[office.id]
        assert office.kind in service.office_kinds
        if service.confidential:
            assert (each.service, each.office_id, each.reasons) == (CONFIDENTIAL, None, None)
            assert each.asked_token == confidential.asked_token(each.child_id, service.code)
        else:
            assert (each.asked_token, each.office_token, each.confidential_sealed) == (None, None, None)


def test_some_were_handed_on_returned_opened_again_and_answered_on_paper(referrals: list[Referral]) -> None:
    steps = [(each, step) for each in referrals for step in each.steps]
    moves = Counter(step.move for _, step in steps)
    # Whether somebody was appointed is chance; no office closed, so that no other follows what it sent.
    assert all(moves[move] for move in Move if move not in {Move.APPOINT, Move.FOLLOW})
    assert 0.02 < sum(step.source == "slip" for _, step in steps) / sum(bool(step.outcome) for _, step in steps) < 0.1
    for each, step in steps:
        if step.move == Move.HAND_ON:
            told = step.details.open(READER)
            assert isinstance(told, dict)
            assert told["from"] != told["to"] == getattr(confidential.office_id_of(each, READER), "hex", "")


def test_what_an_office_answered_of_school_stands_in_the_file(referrals: list[Referral]) -> None:
    told = db.session.scalars(select(Schooling).where(Schooling.told_by == "office")).all()
    assert told
    assert all(spell.school.open(READER) and spell.kind.open(READER) for spell in told)


@pytest.mark.database
def test_one_family_in_eight_answered_the_full_file_and_its_history_tells_it(referrals: list[Referral]) -> None:
    rows = list(db.session.scalars(select(ChildAnswer)))
    asked = {row.child_id for row in rows}
    assert 0.08 < len(asked) / CHILDREN < 0.17
    kept = [*rows, *db.session.scalars(select(HouseholdAnswer))]
    assert {"health", "aid", "disability_grade"} <= {key for row in kept for key in row.value.open(READER) or ()}
    assert all((row.question == SENSITIVE) == (len(row.value_sealed or b"") > 1000) for row in kept)
    changed = db.session.scalar(select(func.count()).where(Change.subject == "answer"))
    assert changed == sum(row.version for row in rows)


@pytest.mark.database
def test_after_the_night_rules_have_proposed_and_what_is_long_overdue_has_climbed(
    context: Flask, referrals: list[Referral]
) -> None:
    from registry.referrals.models import Performance, Proposal

    names = {name for name in kinds_of(context) if name.startswith(OF_REFERRALS)}
    assert names >= {"referral-clocks", "referral-proposals", "referral-performance"}
    work_through(DAY)
    proposed = Counter(each.kind for each in db.session.scalars(select(Proposal)))
    assert proposed["refer"] > CHILDREN // 50
    heights = Counter(db.session.scalars(select(Referral.climbed).where(Referral.due_on < DAY)))
    assert set(heights) == {0, 1, 2}
    supervised = Referral.area_code.startswith(home_of(CITIES[0]).code[:COUNTY])
    nowhere = select(func.count()).where(Referral.climbed > 0, Referral.climbed_to.is_(None), supervised)
    assert db.session.scalar(nowhere) == 0
    assert db.session.scalar(select(func.count()).select_from(Performance))


def test_every_office_that_answers_a_service_has_an_account_in_each_city(referrals: list[Referral]) -> None:
    for city in CITIES:
        rows = select(OfficeService.service).join(User, User.office_id == OfficeService.office_id)
        found = set(db.session.scalars(rows.where(User.active, User.username.startswith(city.name))))
        assert found == set(SOP.services), city.name
    assert {suffix for suffix, *_ in ROLES} == set(WORDS)


def test_each_officer_of_the_first_city_has_something_to_answer(referrals: list[Referral]) -> None:
    officers = select(User).where(User.role == Role.OFFICER, User.active, User.username.startswith("changzhou-"))
    for officer in db.session.scalars(officers):
        waiting = confidential.at_office(officer.office_id), Referral.due_on.is_not(None)
        assert db.session.scalar(select(func.count()).where(*waiting)), officer.username
        assert db.session.get_one(Office, officer.office_id).closed_on is None
