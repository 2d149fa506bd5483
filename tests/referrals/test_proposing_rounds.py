"""How proposals live on: withdrawals, what rests, two at once, the nightly round, and what stands in plain."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from registry.children.models import Child, Episode, Schooling
from registry.database import db
from registry.referrals.models import Proposal, Referral
from registry.referrals.proposals import proposing
from sop.version import in_force
from tests.factories import ELSEWHERE
from tests.referrals.proposals import COUNTY, ON, REASON, SCHOOL_AGE, change, night, proposed, reckon, tell
from tests.statements import statements

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Factory


@pytest.mark.database
def test_a_referral_whose_reasons_no_longer_hold_is_proposed_for_withdrawal_until_they_do(
    app: Flask, make: Factory, unplaced: Child
) -> None:
    referral = make.referral(unplaced, make.office("education", COUNTY), reasons=[REASON])
    assert reckon(app, unplaced) == 0
    change(app, Schooling, Schooling.child_id == unplaced.id, stage="primary")
    assert reckon(app, unplaced) == 1
    assert proposed(app) == [(unplaced.id, "withdraw", "education", "open", ["school_needed"])]
    change(app, Schooling, Schooling.child_id == unplaced.id, stage="none")
    assert reckon(app, unplaced) == 1
    assert proposed(app) == []
    change(app, Schooling, Schooling.child_id == unplaced.id, stage="primary")
    reckon(app, unplaced)
    change(app, Referral, Referral.id == referral.id, state="withdrawn")
    assert reckon(app, unplaced) == 1
    assert proposed(app) == []


def test_what_an_office_has_just_solved_rests_and_what_it_left_unsolved_does_not(
    app: Flask, make: Factory, unplaced: Child
) -> None:
    office = make.office("education", COUNTY)
    told = {"reasons": [REASON], "state": "closed", "outcome": "21", "outcome_kind": "solved", "closed_on": ON}
    referral = make.referral(unplaced, office, **told)
    assert reckon(app, unplaced) == 0
    days = in_force(ON).referrals.solved_rest_days
    assert reckon(app, unplaced, on=ON + timedelta(days=days - 1)) == 0
    assert reckon(app, unplaced, on=ON + timedelta(days=days)) == 1
    change(app, Referral, Referral.id == referral.id, recall_on=ON + timedelta(days=days + 30))
    assert reckon(app, unplaced, on=ON + timedelta(days=days)) == 1
    assert proposed(app) == []
    change(app, Referral, Referral.id == referral.id, outcome_kind="unsolved")
    assert reckon(app, unplaced) == 1


def test_what_was_solved_where_the_child_lived_before_does_not_rest_here(
    app: Flask, make: Factory, unplaced: Child
) -> None:
    told = {"reasons": [REASON], "state": "closed", "outcome_kind": "solved", "closed_on": ON}
    make.referral(unplaced, make.office("education", COUNTY), area_code=make.area(ELSEWHERE), **told)
    assert reckon(app, unplaced) == 1


@pytest.mark.database
def test_a_proposal_moves_with_the_child(app: Flask, make: Factory, unplaced: Child) -> None:
    reckon(app, unplaced)
    change(app, Episode, Episode.child_id == unplaced.id, area_code=make.area(ELSEWHERE))
    assert reckon(app, unplaced) == 1
    with app.app_context():
        assert db.session.scalars(select(Proposal.area_code)).all() == [ELSEWHERE]


@pytest.mark.database
def test_two_who_reckon_at_once_double_nothing(
    app: Flask, make: Factory, unplaced: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one is quicker, after this one has read what stands there."""
    tell(app, make, unplaced, health="disabled")
    reckon(app, unplaced)
    monkeypatch.setattr(proposing, "proposed_for", lambda _files: [])
    assert reckon(app, unplaced) == 2
    assert len(proposed(app)) == 2


@pytest.mark.database
def test_the_number_of_statements_does_not_depend_on_how_many_children(app: Flask, make: Factory) -> None:
    def sent(*children: Child) -> int:
        with statements(app) as told:
            reckon(app, *children)
        return len(told)

    def some(number: int) -> list[Child]:
        made = [make.child(birth=SCHOOL_AGE, school="none", certificate="none") for _ in range(number)]
        for child in made:
            tell(app, make, child, health="disabled", aid=["none"])
        return made

    one, few = some(1), some(4)
    assert sent(*one) == sent(*few) <= 11
    assert sent(*one) == sent(*few)


@pytest.mark.database
def test_which_confidential_service_is_proposed_stands_nowhere_in_plain(
    app: Flask, make: Factory, unplaced: Child
) -> None:
    tell(app, make, unplaced, health="disabled", hukou_registered="no", aid=["none"])
    reckon(app, unplaced)
    found = {row[2] for row in proposed(app)}
    assert found == {"education", "disability", "identity", "social_assistance"}
    with app.app_context():
        rows = db.session.execute(text("SELECT * FROM proposal")).all()
        names = [name for name in rows[0]._fields if name != "confidential_sealed"]
        plain = " ".join(str(getattr(row, name)) for row in rows for name in names)
    assert not [
        word for word in ("disability", "identity", "social_assistance", "hukou", "aid_wanting") if word in plain
    ]
    assert [row.service for row in rows].count("confidential") == 3
    assert [row.reasons for row in rows].count(None) == 3


@pytest.mark.database
def test_the_nightly_round_goes_over_all_in_batches_and_killed_half_way_loses_nothing(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposing, "CHILDREN_AT_ONCE", 2)
    children = [make.child(birth=SCHOOL_AGE, school="none") for _ in range(5)]
    with app.app_context():
        first = proposing.nightly(ON, None)
        db.session.commit()
        assert (first.done, first.after) == (2, children[1].id)
        proposing.nightly(ON, first.after)
        db.session.rollback()  # killed here
    assert len(proposed(app)) == 2
    assert night(app) == 3, "those that were done are not written again"
    assert [row[0] for row in proposed(app)] == [child.id for child in children]
    assert night(app) == 0
