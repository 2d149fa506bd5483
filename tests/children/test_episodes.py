"""Episodes: leaving, being back, arriving elsewhere; what a history keeps of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children import episodes
from registry.children.facts import classify_today
from registry.children.history import history_of
from registry.children.models import Child, Episode, Guardianship
from registry.children.queries import in_scope
from registry.children.service import Place
from registry.clock import today
from registry.database import db
from registry.vault.service import find_children
from sop.identity import BirthDate
from sop.status import ForbiddenStatus
from tests.client import OPENER
from tests.factories import ELSEWHERE

if TYPE_CHECKING:
    from flask import Flask

    from registry.access import Viewer
    from tests.factories import Factory

DAY = BirthDate(2026, 11, 3)


def kept(viewer: Viewer, child: Child) -> dict[str, tuple[object, object]]:
    """Return the history by field: (before, after)."""
    return {each.field: (each.before, each.after) for each in history_of(viewer, child.id).changes}


def arrive(viewer: Viewer, make: Factory, child: Child) -> Episode:
    """Let a child arrive in the next district, with another adult and phone."""
    db.session.commit()  # what is made below has a connection of its own
    home = make.household(ELSEWHERE, phone="15400009901")
    place = Place(
        household_id=home.id,
        area_code=ELSEWHERE,
        block_id=None,
        side="receiving",
        arrived=DAY,
        circumstances={"stays": "yes", "guardian_here": "one"},
        source="home_visit",
        guardians=((home.guardians[0].id, "52"),),
        phones=("15400009901",),
    )
    loaded = db.session.get_one(Child, child.id)
    found = classify_today(loaded, episodes.latest_of(child.id), viewer, today())
    return episodes.begin_episode(viewer, loaded, place, found, today())


@pytest.mark.parametrize("status", ["left", "not_found", "withdrawn"])
def test_an_ended_episode_stays_the_latest_and_the_file_in_scope(context: Flask, make: Factory, status: str) -> None:
    child, viewer = make.child(), make.viewer()
    episode = episodes.latest_of(child.id)
    episodes.end_episode(viewer, episode, status, DAY, {"area": ELSEWHERE}, "work")
    db.session.flush()
    assert (episode.status, episode.left_month, episode.latest) == (status, "2026-11", True)
    assert episode.left.open(OPENER) == DAY
    assert in_scope(viewer, child.id)
    assert kept(viewer, child) == {
        "status": ("active", status),
        "left": (None, "2026-11-03"),
        "destination": (None, {"area": ELSEWHERE}),
    }


def test_a_day_that_nobody_knows_is_kept_as_none_and_its_month_is_this_one(context: Flask, make: Factory) -> None:
    child, viewer = make.child(), make.viewer()
    episode = episodes.latest_of(child.id)
    episodes.end_episode(viewer, episode, "left", None, None, "unknown")
    assert not episode.left
    assert episode.left_month == f"{today():%Y-%m}"


def test_what_is_not_allowed_changes_nothing(context: Flask, make: Factory) -> None:
    child, viewer = make.child(status="withdrawn"), make.viewer()
    episode = episodes.latest_of(child.id)
    with pytest.raises(ForbiddenStatus):
        episodes.end_episode(viewer, episode, "left", DAY, None, "work")
    assert episode.status == "withdrawn"
    assert kept(viewer, child) == {}


def test_a_child_who_is_back_stands_where_its_file_stands_by_the_rule(context: Flask, make: Factory) -> None:
    complete, incomplete = make.child(), make.child(number=None, id_number_answer="later")
    viewer = make.viewer()
    for child, status in ((complete, "active"), (incomplete, "pending")):
        episode = episodes.latest_of(child.id)
        episodes.end_episode(viewer, episode, "left", DAY, {"area": ELSEWHERE}, "work")
        episodes.reopen_episode(viewer, episode, "back")
        db.session.flush()
        assert (episode.status, episode.left_month) == (status, None)
        assert not episode.left
        assert not episode.destination


def test_only_a_supervisor_puts_a_withdrawn_file_back(context: Flask, make: Factory) -> None:
    child, registrar, supervisor = make.child(status="withdrawn"), make.viewer(), make.viewer("supervisor")
    episode = episodes.latest_of(child.id)
    with pytest.raises(ForbiddenStatus):
        episodes.reopen_episode(registrar, episode, "back")
    episodes.reopen_episode(supervisor, episode, "back")
    assert episode.status == "active"


@pytest.mark.database
def test_arriving_closes_the_old_episode_and_opens_the_new_one_in_one_act(context: Flask, make: Factory) -> None:
    child, here, there = make.child(), make.viewer(), make.viewer(area=ELSEWHERE)
    old_phone = db.session.get_one(Child, child.id).guardianships[0].guardian.phone.open(OPENER)
    old = episodes.latest_of(child.id)
    new = arrive(there, make, child)
    db.session.flush()
    assert (old.status, old.latest, old.left.open(OPENER)) == ("left", False, DAY)
    assert (new.status, new.latest, new.area_code) == ("active", True, ELSEWHERE)
    assert in_scope(there, child.id)
    assert not in_scope(here, child.id)
    assert find_children(db.session(), "phone", "15400009901") == [child.id]
    assert find_children(db.session(), "phone", old_phone or "") == []
    rows = db.session.scalars(select(Guardianship).where(Guardianship.child_id == child.id)).all()
    assert sorted(row.ended_month is None for row in rows) == [False, True]
    assert len(db.session.get_one(Child, child.id).guardianships) == 1
    kinds = set(db.session.scalars(select(AuditEvent.kind)))
    assert {"episode_ended", "episode_begun"} <= kinds


def test_an_episode_that_had_ended_keeps_its_own_day_when_the_child_arrives(context: Flask, make: Factory) -> None:
    child, here, there = make.child(), make.viewer(), make.viewer(area=ELSEWHERE)
    old = episodes.latest_of(child.id)
    episodes.end_episode(here, old, "left", BirthDate(2026, 9, 1), None, "unknown")
    arrive(there, make, child)
    assert old.left.open(OPENER) == BirthDate(2026, 9, 1)
    assert not old.latest


def test_an_episode_is_not_opened_again_once_the_child_lives_elsewhere(context: Flask, make: Factory) -> None:
    child, here, there = make.child(), make.viewer(), make.viewer(area=ELSEWHERE)
    old = episodes.latest_of(child.id)
    arrive(there, make, child)
    with pytest.raises(ValueError, match="elsewhere"):
        episodes.reopen_episode(here, old, "back")


def test_a_guardian_of_before_is_one_again_after_coming_back(context: Flask, make: Factory) -> None:
    child = make.child()
    loaded = db.session.get_one(Child, child.id)
    mother = loaded.guardianships[0].guardian_id
    episodes.set_guardians(loaded, (), today())
    db.session.expire(loaded)
    assert loaded.guardianships == []
    episodes.set_guardians(loaded, ((mother, "58"),), today())
    db.session.expire(loaded)
    assert [(one.guardian_id, one.relation) for one in loaded.guardianships] == [(mother, "58")]


@pytest.mark.parametrize(
    ("before", "after", "role"),
    [
        ("deceased", "registered", "registrar"),
        ("registered", "aged_out", "supervisor"),
        ("merged", "deceased", "registrar"),
    ],
)
def test_a_status_of_a_child_that_is_not_theirs_to_give_is_refused(
    context: Flask, make: Factory, before: str, after: str, role: str
) -> None:
    viewer, made = make.viewer(role), make.child()
    child = db.session.get_one(Child, made.id)
    child.status = before
    with pytest.raises(ForbiddenStatus):
        episodes.set_status(viewer, child, after)
    assert child.status == before
