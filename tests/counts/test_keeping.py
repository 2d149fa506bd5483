"""Counts kept with the writes: whatever is written, by whatever way, a count in full finds the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from registry.children.merging import merge, part
from registry.children.models import Child, Episode
from registry.children.queries import count_registered
from registry.clock import today
from registry.counts.models import ChildTallyDelta, PopulationTally
from registry.counts.service import fold_nightly
from registry.coverage.recounting import recount
from registry.database import db, uuid7
from registry.referrals.models import Referral
from registry.referrals.queries import count_answered
from tests.factories import COMMUNITY, ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy import Connection

    from tests.factories import Factory

pytestmark = pytest.mark.database
TIANNING = "320402000000"

EPISODES: dict[str, tuple[dict[str, Any], int]] = {  # what becomes of the episode, and how many are counted then
    "pending": ({"status": "pending"}, 1),
    "left": ({"status": "left"}, 0),
    "not found": ({"status": "not_found"}, 0),
    "no longer the latest": ({"latest": False}, 0),
    "in another area": ({"area_code": ELSEWHERE}, 1),
    "in other populations": ({"migrant_monitoring": False, "left_behind": True}, 1),
    "unaccompanied": ({"unaccompanied": True}, 1),
}
CHILDREN: dict[str, tuple[dict[str, Any], int]] = {
    "grown up": ({"status": "aged_out"}, 0),
    "dead": ({"status": "deceased"}, 0),
    "of the other sex": ({"sex": "1"}, 1),
    "born in another month": ({"birth_year": 2018, "birth_month": 12}, 1),
    "protected": ({"protected": True}, 1),
}
RESULTS = {
    ("draft", None): [],
    ("sent", None): [("education", "open", 1)],
    ("returned", None): [("education", "open", 1)],
    ("accepted", "interim"): [("education", "open", 1)],
    ("closed", "solved"): [("education", "solved", 1)],
    ("closed", None): [("education", "unsolved", 1)],
    ("withdrawn", None): [("education", "unsolved", 1)],
}


def counted(app: Flask) -> int:
    """Return how many children are counted, having seen that they are those who are there."""
    assert recount_in(app) == []
    with app.app_context():
        return sum(each.n for each in count_registered(("32",)))


def recount_in(app: Flask) -> list[Any]:
    with app.app_context():
        return recount()


def commit(app: Flask, act: Callable[[], object]) -> None:
    with app.app_context():
        act()
        db.session.commit()


@pytest.mark.parametrize(("becomes", "number"), EPISODES.values(), ids=EPISODES.keys())
def test_a_child_is_counted_where_and_as_what_its_latest_episode_says(
    app: Flask, make: Factory, becomes: dict[str, Any], number: int
) -> None:
    make.area(ELSEWHERE)
    child = make.child()
    before = child.episodes[0]
    commit(app, lambda: db.session.execute(update(Episode).values(**becomes)))
    assert counted(app) == number
    back = {name: getattr(before, name) for name in becomes}
    commit(app, lambda: db.session.execute(update(Episode).values(**back)))
    assert counted(app) == 1


@pytest.mark.parametrize(("becomes", "number"), CHILDREN.values(), ids=CHILDREN.keys())
def test_a_child_is_counted_as_what_it_is_corrected_to(
    app: Flask, make: Factory, becomes: dict[str, Any], number: int
) -> None:
    child = make.child()
    commit(app, lambda: db.session.execute(update(Child).values(**becomes)))
    assert counted(app) == number
    back = {name: getattr(child, name) for name in becomes}
    commit(app, lambda: db.session.execute(update(Child).values(**back)))
    assert counted(app) == 1


def test_of_two_merged_files_one_is_counted_and_both_when_that_is_undone(app: Flask, make: Factory) -> None:
    supervisor, one, other = make.viewer("supervisor"), make.child(), make.child()
    commit(app, lambda: merge(supervisor, other.id, one.id))
    assert counted(app) == 1
    commit(app, lambda: part(supervisor, other.id, "registered"))
    assert counted(app) == 2


def test_a_child_who_arrives_elsewhere_is_counted_there_only(app: Flask, make: Factory) -> None:
    child, home = make.child(), make.household(ELSEWHERE)

    def arrive() -> None:
        episode = db.session.get_one(Episode, child.episodes[0].id)
        values = {column.key: getattr(episode, column.key) for column in Episode.__mapper__.column_attrs}
        episode.latest = False
        db.session.flush()
        db.session.execute(
            insert(Episode).values(values | {"id": uuid7(), "area_code": ELSEWHERE, "household_id": home.id})
        )

    commit(app, arrive)
    assert counted(app) == 1
    with app.app_context():
        assert [each.district for each in count_registered(("3204",))] == ["320404"]


def test_what_is_removed_or_rolled_back_is_not_counted(app: Flask, make: Factory) -> None:
    make.child()
    with app.app_context():
        db.session.execute(update(Episode).values(status="left"))
        db.session.rollback()
    assert counted(app) == 1
    commit(app, lambda: db.session.execute(delete(Episode)))
    assert counted(app) == 0


def test_many_rows_of_one_statement_are_counted_one_by_one(app: Flask, make: Factory) -> None:
    children = [make.child() for _ in range(3)]
    make.child(area=make.area(ELSEWHERE))
    commit(app, lambda: db.session.execute(update(Episode).where(Episode.area_code == COMMUNITY).values(status="left")))
    assert counted(app) == 1

    def again(connection: Connection) -> None:
        columns = ", ".join(column.name for column in Episode.__table__.columns if column.name != "id")
        number = "randomblob(16)" if connection.dialect.name == "sqlite" else "gen_random_uuid()"
        number = "lower(hex(randomblob(16)))" if connection.dialect.name == "sqlite" else number
        connection.execute(text("UPDATE episode SET latest = false"))
        copied = columns.replace("latest", "true").replace("status", "'active'")
        connection.execute(text(f"INSERT INTO episode (id, {columns}) SELECT {number}, {copied} FROM episode"))

    commit(app, lambda: again(db.session.connection()))
    assert counted(app) == len(children) + 1


@pytest.mark.parametrize(("state", "kind"), RESULTS)
def test_a_referral_is_counted_by_its_result(app: Flask, make: Factory, state: str, kind: str | None) -> None:
    referral = make.referral(make.child(), make.office("education", TIANNING), state="draft")

    def results() -> list[tuple[Any, ...]]:
        assert recount_in(app) == []
        with app.app_context():
            return [tuple(each)[1:] for each in count_answered(("3204",))]

    assert results() == []
    commit(app, lambda: db.session.execute(update(Referral).values(state="sent")))
    assert results() == [("education", "open", 1)]
    commit(app, lambda: db.session.execute(update(Referral).values(state=state, outcome_kind=kind)))
    assert results() == RESULTS[state, kind]
    commit(app, lambda: db.session.execute(delete(Referral).where(Referral.id == referral.id)))
    assert results() == []


def test_an_answer_that_changes_nothing_that_counts_writes_no_count(app: Flask, make: Factory) -> None:
    make.child()
    with app.app_context():
        before = len(db.session.scalars(select(ChildTallyDelta.id)).all())
        db.session.execute(update(Child).values(certificate="none", sex=Child.sex))
        db.session.execute(update(Episode).values(left_month=None, status=Episode.status, version=Episode.version + 1))
        db.session.commit()
        assert len(db.session.scalars(select(ChildTallyDelta.id)).all()) == before


def test_the_month_in_which_a_child_came_to_be_counted_is_kept(app: Flask, make: Factory) -> None:
    make.child()
    commit(app, lambda: fold_nightly(today(), None))
    with app.app_context():
        kept = db.session.execute(select(PopulationTally.digits, PopulationTally.month, PopulationTally.n))
        assert sorted(tuple(row) for row in kept) == [(digits, f"{today():%Y-%m}", 1) for digits in (6, 9, 12)]
