"""Statuses of episodes and of children: every move that is allowed, and that no other one is."""

from __future__ import annotations

import itertools

import pytest

from sop.status import (
    CHILD_MOVES,
    ENDED,
    EPISODE_MOVES,
    ON_THE_REGISTER,
    Actor,
    ChildStatus,
    EpisodeStatus,
    ForbiddenStatus,
    by_completeness,
    check_child_move,
    check_episode_move,
    may_become,
)

KEEPERS = {Actor.REGISTRAR, Actor.SUPERVISOR}
# Written by hand, not derived: from, to, who may.
OF_EPISODES = {
    ("pending", "active"): {Actor.RULE},
    ("active", "pending"): {Actor.RULE},
    ("pending", "left"): {*KEEPERS, Actor.RULE},
    ("active", "left"): {*KEEPERS, Actor.RULE},
    ("pending", "not_found"): KEEPERS,
    ("active", "not_found"): KEEPERS,
    ("pending", "withdrawn"): KEEPERS,
    ("active", "withdrawn"): KEEPERS,
    ("left", "pending"): KEEPERS,
    ("left", "active"): KEEPERS,
    ("not_found", "pending"): KEEPERS,
    ("not_found", "active"): KEEPERS,
    ("withdrawn", "pending"): {Actor.SUPERVISOR},
    ("withdrawn", "active"): {Actor.SUPERVISOR},
    ("left", "withdrawn"): KEEPERS,
    ("not_found", "withdrawn"): KEEPERS,
}
OF_CHILDREN = {
    ("registered", "aged_out"): {Actor.RULE},
    ("aged_out", "registered"): {Actor.RULE},
    ("registered", "deceased"): KEEPERS,
    ("aged_out", "deceased"): KEEPERS,
    ("deceased", "registered"): {Actor.SUPERVISOR},
    ("deceased", "aged_out"): {Actor.RULE},
    ("registered", "merged"): {Actor.SUPERVISOR},
    ("merged", "registered"): {Actor.SUPERVISOR},
}
EPISODE_CASES = list(itertools.product(EpisodeStatus, EpisodeStatus, Actor))
CHILD_CASES = list(itertools.product(ChildStatus, ChildStatus, Actor))


@pytest.mark.parametrize(("before", "after", "actor"), EPISODE_CASES)
def test_an_episode_moves_only_as_the_table_says(before: str, after: str, actor: Actor) -> None:
    allowed = actor in OF_EPISODES.get((before, after), set())
    assert may_become(before, after, actor) is allowed
    if allowed:
        check_episode_move(before, after, actor)
    else:
        with pytest.raises(ForbiddenStatus):
            check_episode_move(before, after, actor)


@pytest.mark.parametrize(("before", "after", "actor"), CHILD_CASES)
def test_a_child_moves_only_as_the_table_says(before: str, after: str, actor: Actor) -> None:
    if actor in OF_CHILDREN.get((before, after), set()):
        check_child_move(before, after, actor)
        return
    with pytest.raises(ForbiddenStatus):
        check_child_move(before, after, actor)


def test_nobody_but_a_supervisor_takes_a_death_back() -> None:
    assert CHILD_MOVES[ChildStatus.DECEASED, ChildStatus.REGISTERED] == {Actor.SUPERVISOR}


def test_every_status_is_either_on_the_register_or_ended() -> None:
    assert {*ON_THE_REGISTER, *ENDED} == set(EpisodeStatus)
    assert not set(ON_THE_REGISTER) & set(ENDED)


def test_no_move_leads_where_it_began() -> None:
    assert all(before is not after for before, after in [*EPISODE_MOVES, *CHILD_MOVES])


@pytest.mark.parametrize(("complete", "status"), [(True, "active"), (False, "pending")])
def test_a_complete_file_is_active_and_an_incomplete_one_pending(complete: bool, status: str) -> None:
    assert by_completeness(complete=complete) == status


@pytest.mark.parametrize("status", ["unknown", "", "Left"])
def test_a_status_of_no_list_is_an_error(status: str) -> None:
    with pytest.raises(ValueError, match=f"'{status}'"):
        check_episode_move("active", status, Actor.SUPERVISOR)
