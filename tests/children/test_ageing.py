"""What time does to files in the nightly round: a 16th birthday, and flags that a day settles."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from registry.children import ageing
from registry.children.episodes import latest_of
from registry.children.history import history_of
from registry.children.models import Child
from registry.children.queries import count_registered
from registry.database import db
from registry.referrals.lists.office_list import Wanted, inbox
from registry.vault.sealed import opened_fields
from sop.identity import BirthDate
from tests.children.counting import children_on_file
from tests.factories import COMMUNITY

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Factory

BIRTHDAY = date(2026, 11, 22)
BORN = BirthDate(2010, 11, 22)


def status_of(child: Child) -> str:
    return db.session.get_one(Child, child.id, populate_existing=True).status


@pytest.mark.database
def test_on_the_birthday_itself_a_child_is_aged_out_and_leaves_the_lists(context: Flask, make: Factory) -> None:
    child, viewer = make.child(birth=BORN), make.viewer()
    assert ageing.age_out(BIRTHDAY - timedelta(days=1), None).done == 0
    assert status_of(child) == "registered"
    assert ageing.age_out(BIRTHDAY, None).done == 1
    db.session.flush()
    assert status_of(child) == "aged_out"
    assert children_on_file(viewer) == 0
    assert count_registered((COMMUNITY,)) == []


def test_its_open_referral_stays_with_the_office_until_it_is_answered(context: Flask, make: Factory) -> None:
    child, bureau = make.child(birth=BORN), make.office("education")
    referral = make.referral(child, bureau)
    officer = make.viewer("officer", user=make.user("officer", office=bureau))
    ageing.age_out(BIRTHDAY, None)
    db.session.flush()
    assert [each.id for each in inbox(officer, Wanted(), BIRTHDAY).referrals] == [referral.id]


def test_a_missed_night_loses_nothing_and_a_second_run_does_nothing(context: Flask, make: Factory) -> None:
    make.child(birth=BirthDate(2010, 3, 1))
    assert ageing.age_out(BIRTHDAY, None).done == 1
    assert ageing.age_out(BIRTHDAY, None).done == 0


def test_where_only_the_month_is_known_the_birthday_is_its_end(context: Flask, make: Factory) -> None:
    child = make.child(birth=BirthDate(2010, 11))
    ageing.age_out(BIRTHDAY, None)
    assert status_of(child) == "registered"
    ageing.age_out(date(2026, 11, 30), None)
    assert status_of(child) == "aged_out"


def test_the_round_opens_the_birth_dates_of_those_who_may_be_due_alone(context: Flask, make: Factory) -> None:
    due = make.child(birth=BORN)
    make.child(birth=BirthDate(2019, 6, 14))
    with opened_fields() as opened:
        ageing.age_out(BIRTHDAY, None)
    assert opened == [("child.birth_date", due.id)]


def test_batches_go_on_where_they_ended(context: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ageing, "SIZE", 2)
    children = [make.child(birth=BORN) for _number in range(3)]
    first = ageing.age_out(BIRTHDAY, None)
    assert (first.done, first.after) == (2, sorted(child.id for child in children)[1])
    last = ageing.age_out(BIRTHDAY, first.after)
    assert (last.done, last.after) == (1, None)


def provisional(make: Factory) -> Child:
    """A child that arrived on 1 June 2026: six months are over on 1 December."""
    child = make.child(flags=("provisional",))
    episode = latest_of(child.id)
    episode.arrived, episode.arrived_month = BirthDate(2026, 6, 1), "2026-06"
    episode.changes_month = "2026-12"
    db.session.commit()
    return child


@pytest.mark.database
def test_a_provisional_child_becomes_what_it_is_on_its_day(context: Flask, make: Factory) -> None:
    child, viewer = provisional(make), make.viewer()
    assert ageing.reclassify_due(date(2026, 11, 30), None).done == 0
    assert ageing.reclassify_due(date(2026, 12, 1), None).done == 1
    db.session.flush()
    episode = latest_of(child.id)
    assert (episode.provisional, episode.migrant_monitoring, episode.migrant_statistical) == (False, True, True)
    assert episode.changes_month is None
    change = history_of(viewer, child.id).changes[0]
    assert (change.field, change.before, change.reason, change.user) == ("flags", ["provisional"], "time", None)


def test_reclassifying_twice_changes_nothing_and_a_missed_month_is_made_up_for(context: Flask, make: Factory) -> None:
    child, viewer = provisional(make), make.viewer()
    assert ageing.reclassify_due(date(2027, 3, 5), None).done == 1
    assert ageing.reclassify_due(date(2027, 3, 5), None).done == 0
    assert len(history_of(viewer, child.id).changes) == 1


def test_who_left_or_died_is_not_reclassified(context: Flask, make: Factory) -> None:
    left, dead = provisional(make), provisional(make)
    episode = latest_of(left.id)
    episode.status, episode.left_month = "left", "2026-11"
    db.session.get_one(Child, dead.id).status = "deceased"
    db.session.flush()
    assert ageing.reclassify_due(date(2026, 12, 1), None).done == 0


def test_who_grew_up_keeps_the_flags_of_before(context: Flask, make: Factory) -> None:
    child = make.child(birth=BORN)
    episode = latest_of(child.id)
    episode.changes_month = "2026-11"
    db.session.flush()
    ageing.reclassify_due(BIRTHDAY, None)
    assert episode.migrant_monitoring


def test_the_nightly_round_does_both(app: Flask, make: Factory) -> None:
    from registry.jobs.service import kinds_of

    assert {"age-out", "reclassify"} <= {name for name, kind in kinds_of(app).items() if kind.nightly}
