"""What offices handed on, in the nightly count: for the office that had it, read once a night, whoever goes on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from registry.database import db
from registry.referrals import moving
from registry.referrals.performance import counting
from registry.vault.sealed import opened_fields
from tests.factories import COMMUNITY
from tests.referrals.counting import count, of_office

if TYPE_CHECKING:
    from flask import Flask

    from registry.areas.models import Office
    from tests.factories import Factory

ON = date(2026, 11, 22)
COUNTY = f"{COMMUNITY[:6]}000000"
EARLY = {"sent_on": date(2026, 10, 9), "accept_by": date(2026, 10, 23), "answer_by": date(2026, 11, 20)}


def test_what_was_handed_on_counts_for_the_office_that_had_it_and_as_sent_at_the_next(
    app: Flask, make: Factory
) -> None:
    first, second = (make.office("education", COUNTY) for _ in range(2))
    hand_on(app, make, first, second)
    count(app, ON)
    (handed,) = of_office(app, first)
    assert handed.counts == {"handed_on": {"all": 1}}
    (sent,) = of_office(app, second)
    assert sent.counts == {"became": {"open": 1}, "now": {"open": 1}}


@pytest.mark.database
def test_a_night_opens_what_was_handed_on_once_however_many_batches_it_takes(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "OFFICES_AT_ONCE", 1)
    offices = [make.office("education", COUNTY) for _ in range(3)]
    for office in offices:
        hand_on(app, make, office, offices[0] if office is not offices[0] else offices[1])
    with opened_fields() as opened:
        assert count(app, ON) > len(offices)
    assert [field for field, _row in opened].count("referral_step.details") == len(offices)
    assert [told["handed_on"] for office in offices for told in counts_in(app, office)] == [{"all": 1}] * 3
    hand_on(app, make, offices[2], offices[0])
    count(app, ON)
    assert counts_in(app, offices[2])[0]["handed_on"] == {"all": 2}, "each night reads anew"


def test_another_worker_that_goes_on_after_an_end_counts_what_was_handed_on_too(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "OFFICES_AT_ONCE", 1)
    offices = [make.office("education", COUNTY) for _ in range(2)]
    for office in offices:
        hand_on(app, make, office, offices[0] if office is not offices[0] else offices[1])
    with app.app_context():
        after = counting.perform(ON, None).after
        db.session.commit()
    del app.extensions[counting.OF_NIGHT]
    with app.app_context():
        while after is not None:
            after = counting.perform(ON, after).after
            db.session.commit()
    assert [told["handed_on"] for office in offices for told in counts_in(app, office)] == [{"all": 1}] * 2


def hand_on(app: Flask, make: Factory, office: Office, to: Office) -> None:
    """Let an office pass a referral on."""
    officer = make.viewer("officer", user=make.user("officer", office=office))
    referral = make.referral(make.child(), office, **EARLY)
    with app.app_context():
        moving.hand_on(officer, referral.id, referral.version, to.id, "not_our_area", ON)
        db.session.commit()


def counts_in(app: Flask, office: Office) -> list[Any]:
    """What is kept of an office in the months in which it handed anything on."""
    return [each.counts for each in of_office(app, office) if "handed_on" in each.counts]
