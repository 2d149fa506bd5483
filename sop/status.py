"""Statuses of an episode and of a child: which may follow which, and who may say so."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Actor(StrEnum):
    """Who changes a status: a registrar, a supervisor, or a rule by itself (a file is complete, a birthday)."""

    REGISTRAR = "registrar"
    SUPERVISOR = "supervisor"
    RULE = "rule"


class EpisodeStatus(StrEnum):
    """Where an episode stands (codes of the list `episode_status`)."""

    PENDING = "pending"
    ACTIVE = "active"
    LEFT = "left"
    NOT_FOUND = "not_found"
    WITHDRAWN = "withdrawn"


class ChildStatus(StrEnum):
    """Where a child stands; all but registered are codes of the list `child_status`."""

    REGISTERED = "registered"
    AGED_OUT = "aged_out"
    DECEASED = "deceased"
    MERGED = "merged"


class ForbiddenStatus(Exception):  # noqa: N818 - the name says what happened
    """The status may not become that, or not by this hand."""


ON_THE_REGISTER: Final = (EpisodeStatus.PENDING, EpisodeStatus.ACTIVE)
ENDED: Final = (EpisodeStatus.LEFT, EpisodeStatus.NOT_FOUND, EpisodeStatus.WITHDRAWN)

# What the software itself writes into a history: why a value changed, and which one.
CHANGE_REASONS: Final = frozenset(
    {
        *("guardian", "office", "completed", "time", "age", "arrived", "moved", "joined", "visit_away", "back"),
        *("not_found", "deceased", "revived", "merged"),
    }
)
CHANGED_FIELDS: Final = frozenset(
    {
        *("name", "birth_date", "id_number", "sex", "ethnic", "hukou", "certificate", "schooling", "arrived"),
        *("guardian_name", "guardian_phone", "address", "household", "area", "flags", "status", "left"),
        *("destination", "absence", "died_on"),
    }
)

_KEEPERS: Final = frozenset({Actor.REGISTRAR, Actor.SUPERVISOR})
_SUPERVISOR: Final = frozenset({Actor.SUPERVISOR})
_RULE: Final = frozenset({Actor.RULE})

# Design section 3. A child who is back stands again where its file stands by the rule: pending or active.
# That the family's wish is undone, only a supervisor may say.
EPISODE_MOVES: Final[Mapping[tuple[EpisodeStatus, EpisodeStatus], frozenset[Actor]]] = {
    (EpisodeStatus.PENDING, EpisodeStatus.ACTIVE): _RULE,
    (EpisodeStatus.ACTIVE, EpisodeStatus.PENDING): _RULE,
    **{(status, EpisodeStatus.LEFT): _KEEPERS | _RULE for status in ON_THE_REGISTER},  # by rule: it arrived elsewhere
    **{(status, EpisodeStatus.NOT_FOUND): _KEEPERS for status in ON_THE_REGISTER},
    **{(status, EpisodeStatus.WITHDRAWN): _KEEPERS for status in ON_THE_REGISTER},
    **{(EpisodeStatus.LEFT, status): _KEEPERS for status in ON_THE_REGISTER},
    **{(EpisodeStatus.NOT_FOUND, status): _KEEPERS for status in ON_THE_REGISTER},
    **{(EpisodeStatus.WITHDRAWN, status): _SUPERVISOR for status in ON_THE_REGISTER},
    (EpisodeStatus.LEFT, EpisodeStatus.WITHDRAWN): _KEEPERS,
    (EpisodeStatus.NOT_FOUND, EpisodeStatus.WITHDRAWN): _KEEPERS,
}

# A death is taken back by a supervisor only; a birthday by the rule, when the date of birth was wrong.
CHILD_MOVES: Final[Mapping[tuple[ChildStatus, ChildStatus], frozenset[Actor]]] = {
    (ChildStatus.REGISTERED, ChildStatus.AGED_OUT): _RULE,
    (ChildStatus.AGED_OUT, ChildStatus.REGISTERED): _RULE,
    (ChildStatus.REGISTERED, ChildStatus.DECEASED): _KEEPERS,
    (ChildStatus.AGED_OUT, ChildStatus.DECEASED): _KEEPERS,
    (ChildStatus.DECEASED, ChildStatus.REGISTERED): _SUPERVISOR,
    (ChildStatus.DECEASED, ChildStatus.AGED_OUT): _RULE,
    (ChildStatus.REGISTERED, ChildStatus.MERGED): _SUPERVISOR,
    (ChildStatus.MERGED, ChildStatus.REGISTERED): _SUPERVISOR,
}


def check_episode_move(before: str, after: str, actor: Actor) -> None:
    """Raise ForbiddenStatus unless this actor may let an episode of one status have the other."""
    if actor not in EPISODE_MOVES.get((EpisodeStatus(before), EpisodeStatus(after)), frozenset()):
        raise ForbiddenStatus(f"the {actor} may not let an episode that is {before} become {after}")


def check_child_move(before: str, after: str, actor: Actor) -> None:
    """Raise ForbiddenStatus unless this actor may let a child of one status have the other."""
    if actor not in CHILD_MOVES.get((ChildStatus(before), ChildStatus(after)), frozenset()):
        raise ForbiddenStatus(f"the {actor} may not let a child who is {before} become {after}")


def may_become(before: str, after: str, actor: Actor) -> bool:
    """Say whether this actor may let an episode of one status have the other: what a page offers."""
    return actor in EPISODE_MOVES.get((EpisodeStatus(before), EpisodeStatus(after)), frozenset())


def by_completeness(*, complete: bool) -> EpisodeStatus:
    """Return what an episode on the register is, by rule: active when complete, else pending.

    `complete` as `sop.identity.is_complete` says it.
    """
    return EpisodeStatus.ACTIVE if complete else EpisodeStatus.PENDING
