"""What is proposed: reckoned from the file, one for a service, never twice, and followed by every save."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.children.models import Child, Episode, Schooling
from registry.database import db
from registry.doses.models import Immunisation
from registry.referrals import confidential
from registry.referrals.models import Proposal, Referral
from registry.referrals.proposals.knowing import READER
from sop.identity import BirthDate
from sop.version import in_force
from tests.factories import COMMUNITY
from tests.referrals.proposals import COUNTY, ON, SCHOOL_AGE, change, proposed, reckon, tell

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Factory

BABY = BirthDate(2024, 3, 1)


@pytest.mark.database
def test_one_proposal_for_a_child_and_a_service_with_all_its_reasons(app: Flask, make: Factory) -> None:
    child = make.child(birth=SCHOOL_AGE, school="none", certificate="none")
    make.child()  # in school, certificate seen
    assert reckon(app, child) == 2
    assert proposed(app) == [
        (child.id, "refer", "education", "open", ["school_needed"]),
        (child.id, "refer", "vaccination", "open", ["certificate_missing"]),
    ]


@pytest.mark.database
def test_twice_changes_nothing(app: Flask, make: Factory, unplaced: Child) -> None:
    tell(app, make, unplaced, health="disabled")
    assert reckon(app, unplaced) == 2
    before = proposed(app)
    assert reckon(app, unplaced) == 0
    assert proposed(app) == before


@pytest.mark.database
def test_what_is_asked_already_is_not_proposed_whichever_service_and_file(
    app: Flask, make: Factory, unplaced: Child
) -> None:
    tell(app, make, unplaced, health="disabled")
    office = make.office("education", COUNTY)
    merged = make.child(birth=SCHOOL_AGE)
    change(app, Child, Child.id == merged.id, merged_into=unplaced.id, status="merged")
    make.referral(merged, office)
    with app.app_context():
        services = in_force(ON).services
        referral = Referral(
            child_id=unplaced.id, from_office_id=office.id, area_code=COMMUNITY, state="sent", sop_version="2026-11"
        )
        confidential.write(referral, services["disability"], ())
        confidential.address(referral, office, READER)
        db.session.add(referral)
        db.session.commit()
    assert reckon(app, unplaced, merged) == 0


@pytest.mark.database
def test_a_merged_file_has_no_proposals_and_its_answers_speak_for_the_kept_one(app: Flask, make: Factory) -> None:
    kept, merged = make.child(birth=SCHOOL_AGE), make.child(birth=SCHOOL_AGE, school="none")
    tell(app, make, merged, insurance="none", hukou_registered="no")
    tell(app, make, kept, hukou_registered="yes")
    reckon(app, kept, merged)
    of_merged = {row[2] for row in proposed(app) if row[0] == merged.id}
    assert of_merged == {"education", "identity", "medical_insurance"}
    change(app, Child, Child.id == merged.id, merged_into=kept.id, status="merged")
    reckon(app, kept)
    assert [row[:3] for row in proposed(app)] == [(kept.id, "refer", "medical_insurance")]


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Child, {"status": "aged_out"}),
        (Child, {"status": "deceased"}),
        (Episode, {"status": "left"}),
        (Episode, {"status": "withdrawn"}),
    ],
)
def test_who_is_not_on_the_register_any_more_has_none(
    app: Flask, unplaced: Child, model: type, values: dict[str, str]
) -> None:
    assert reckon(app, unplaced) == 1
    change(app, model, (Child.id if model is Child else Episode.child_id) == unplaced.id, **values)
    assert reckon(app, unplaced) == 1
    assert proposed(app) == []


@pytest.mark.database
def test_what_the_facts_no_longer_call_for_is_gone(app: Flask, unplaced: Child) -> None:
    reckon(app, unplaced)
    change(app, Schooling, Schooling.child_id == unplaced.id, stage="primary")
    assert reckon(app, unplaced) == 1
    assert proposed(app) == []


@pytest.mark.database
def test_what_was_declined_stays_so_until_a_new_reason_joins(app: Flask, make: Factory) -> None:
    child = make.child(birth=BABY, certificate="none")
    change(app, Episode, Episode.child_id == child.id, arrived_month="2026-10")
    reckon(app, child)
    assert proposed(app)[0][4] == ["certificate_missing", "newly_arrived"]
    user = make.user()
    change(app, Proposal, Proposal.child_id == child.id, state="declined", declined_by=user.id, declined_reason="later")
    assert reckon(app, child) == 0
    assert reckon(app, child, on=ON + timedelta(days=90)) == 0, "one of its reasons has lapsed, none has come up"
    with app.app_context():
        version = db.session.scalars(select(Proposal.version)).one()
    db_row = {
        "child_id": child.id,
        "state": "overdue",
        "long_overdue": True,
        "reckoned_on": ON,
        "sop_version": "2026-11",
    }
    with app.app_context():
        db.session.add(Immunisation(**db_row))
        db.session.commit()
    assert reckon(app, child) == 1
    assert proposed(app)[0][3:] == ("open", ["certificate_missing", "doses_overdue", "newly_arrived"])
    with app.app_context():
        row = db.session.scalars(select(Proposal)).one()
        assert (row.version, row.declined_by, row.declined_reason) == (version + 1, None, None)


@pytest.mark.database
def test_reasons_of_an_open_proposal_follow_the_facts(app: Flask, make: Factory) -> None:
    child = make.child(birth=BABY, certificate="none")
    change(app, Episode, Episode.child_id == child.id, arrived_month="2026-10")
    reckon(app, child)
    assert reckon(app, child, on=ON + timedelta(days=90)) == 1
    assert proposed(app)[0][4] == ["certificate_missing"]
