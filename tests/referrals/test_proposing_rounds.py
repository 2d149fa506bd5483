"""How proposals live on: withdrawals, what rests, two at once, the nightly round, and what stands in plain."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from registry.children.merging import files_of
from registry.children.models import Child, Episode, Schooling
from registry.database import db
from registry.referrals import moving
from registry.referrals.models import Proposal, Referral
from registry.referrals.proposals import confirming, proposing
from sop.version import in_force
from tests.factories import ELSEWHERE
from tests.referrals.proposals import COUNTY, ON, REASON, SCHOOL_AGE, change, night, proposed, reckon, tell
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from flask import Flask

    from registry.referrals.proposals.asked import There
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


def test_what_an_office_has_just_solved_or_could_not_solve_rests(app: Flask, make: Factory, unplaced: Child) -> None:
    rules = in_force(ON).referrals
    told = {"reasons": [REASON], "state": "closed", "outcome": "21", "outcome_kind": "solved", "closed_on": ON}
    referral = make.referral(unplaced, make.office("education", COUNTY), **told)
    for kind, days in (("solved", rules.solved_rest_days), ("unsolved", rules.refused_rest_days)):
        change(app, Referral, Referral.id == referral.id, outcome_kind=kind, recall_on=None)
        assert reckon(app, unplaced, on=ON + timedelta(days=days - 1)) == 0
        assert reckon(app, unplaced, on=ON + timedelta(days=days)) == 1
        assert reckon(app, unplaced) == 1
        assert proposed(app) == []
    change(app, Referral, Referral.id == referral.id, outcome_kind="solved", recall_on=ON + timedelta(days=200))
    assert reckon(app, unplaced, on=ON + timedelta(days=199)) == 0


@pytest.mark.database
@pytest.mark.parametrize(
    ("reason", "rests"), [("not_needed", True), ("guardian", True), ("left", False), ("mistake", False)]
)
def test_what_its_sender_withdrew_as_not_wanted_rests_and_who_is_back_waits_for_nothing(
    app: Flask, make: Factory, unplaced: Child, reason: str, *, rests: bool
) -> None:
    ours = make.office()
    referral = make.referral(unplaced, make.office("education", COUNTY), from_office=ours, reasons=[REASON])
    viewer = make.viewer(user=make.user(office=ours))
    with app.app_context():
        moving.withdraw(viewer, referral.id, referral.version, reason, ON)
        db.session.commit()
        stage = select(Schooling.stage).where(Schooling.child_id == unplaced.id)
        assert db.session.scalar(stage) == "none", "nobody is forgotten: file and statistics count it as in no school"
    assert reckon(app, unplaced) == 0, "it was reckoned with the withdrawal"
    assert proposed(app) == ([] if rests else [(unplaced.id, "refer", "education", "open", ["school_needed"])])
    later = ON + timedelta(days=in_force(ON).referrals.withdrawn_rest_days)
    assert reckon(app, unplaced, on=later) == (1 if rests else 0)


@pytest.mark.database
def test_what_somebody_decides_while_the_night_reckons_stays_decided(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The night has read the rows, and means to write another reason into one and to remove the other."""
    viewer = make.viewer()
    child, grown = (make.child(birth=SCHOOL_AGE, school="none", certificate="none") for _ in range(2))
    reckon(app, child, grown)
    change(app, Child, Child.id == child.id, certificate="no_dose")
    change(app, Child, Child.id == grown.id, certificate="seen")
    with app.app_context():
        stale = proposing.proposed_for(files_of([child.id, grown.id]))
    with app.app_context():
        for row in stale:
            if row.service == "vaccination":
                confirming.decline(viewer, row.id, row.version, "later", ON)
        db.session.commit()
    monkeypatch.setattr(proposing, "proposed_for", lambda _files: stale)
    assert reckon(app, child, grown) == 0
    states = {row[:4] for row in proposed(app)}
    assert {(each.id, "refer", "vaccination", "declined") for each in (child, grown)} <= states
    monkeypatch.undo()
    assert reckon(app, child, grown) == 2, (
        "the next night sees the decision: a new reason is news, and what lapsed goes"
    )


@pytest.mark.database("postgresql")  # SQLite has one writer at a time
def test_a_decision_that_is_committed_between_reading_and_writing_is_not_overwritten(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer, child = make.viewer(), make.child(birth=SCHOOL_AGE, school="none", certificate="none")
    reckon(app, child)
    change(app, Child, Child.id == child.id, certificate="no_dose")
    read = proposing.proposed_for

    def decide(row: There) -> None:
        with app.app_context():
            confirming.decline(viewer, row.id, row.version, "later", ON)
            db.session.commit()

    def read_and_wait(files: Mapping[UUID, UUID]) -> list[There]:
        rows = read(files)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(decide, next(row for row in rows if row.service == "vaccination")).result(timeout=30)
        return rows

    monkeypatch.setattr(proposing, "proposed_for", read_and_wait)
    assert reckon(app, child) == 0
    assert (child.id, "refer", "vaccination", "declined") in {row[:4] for row in proposed(app)}


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
    assert sent(*one) == sent(*few) <= 12
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
