"""Verbs of cards: printing them, each print with its issue number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from sqlalchemy import func, select

from registry.areas.codes import full
from registry.areas.queries import full_names_of
from registry.audit import service as audit
from registry.cards.models import CardPrint
from registry.children import card_numbers
from registry.clock import now
from registry.database import db
from sop.card import county_in
from sop.content import LANGUAGES, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from registry.access import Viewer
    from registry.children.models import Child


@dataclass(frozen=True)
class Card:
    """What stands on a card. `name` only where the guardian wishes it; `area`: the county that gave the number."""

    number: str
    issue: int
    area: Text
    name: str | None


def print_cards(viewer: Viewer, once: UUID, wanted: Mapping[UUID, bool], on: date) -> list[Card]:
    """Record a print of each child's card, and return what is to be printed.

    `wanted`: child id to whether the name stands on the card; children whose card the viewer may not print are
    left out. `once` names this act of this viewer: sent a second time, it prints the same cards and counts them
    once; each time that they leave the house is recorded.
    """
    children = card_numbers.holders(viewer, wanted, lock=True)
    acts = {child.id: uuid5(once, f"{viewer.user_id} {child.id} {wanted[child.id]}") for child in children}
    printed = _prints(acts.values())
    issues = _issues(acts)
    fresh = [child for child in children if acts[child.id] not in printed]
    for child in fresh:
        act, issue = acts[child.id], issues.get(child.id, 0) + 1
        row = CardPrint(id=act, child_id=child.id, issue=issue, named=wanted[child.id])
        row.printed_at, row.printed_by = now(), viewer.user_id
        db.session.add(row)
        printed[act] = issue
    for named in (False, True):
        those = [child.id for child in children if wanted[child.id] is named]
        if those:
            audit.record("card_printed", viewer=viewer, children=those, named=int(named))
    numbers = {child.id: card_numbers.number_for(child, viewer, on) for child in children}
    db.session.flush()
    return _cards(viewer, children, numbers, {child.id: printed[acts[child.id]] for child in children}, wanted)


def _prints(acts: Iterable[UUID]) -> dict[UUID, int]:
    rows = db.session.execute(select(CardPrint.id, CardPrint.issue).where(CardPrint.id.in_(set(acts))))
    return {row.id: row.issue for row in rows}


def _issues(children: Iterable[UUID]) -> dict[UUID, int]:
    latest = select(CardPrint.child_id, func.max(CardPrint.issue).label("issue"))
    rows = db.session.execute(latest.where(CardPrint.child_id.in_(set(children))).group_by(CardPrint.child_id))
    return {row.child_id: row.issue for row in rows}


def _cards(
    viewer: Viewer,
    children: list[Child],
    numbers: Mapping[UUID, str],
    issues: Mapping[UUID, int],
    wanted: Mapping[UUID, bool],
) -> list[Card]:
    counties = {child.id: full(county_in(numbers[child.id])) for child in children}
    zh, en = (full_names_of(set(counties.values()), language) for language in LANGUAGES)
    return [
        Card(
            number=numbers[child.id],
            issue=issues[child.id],
            area=Text(zh.get(county, county), en.get(county, county)),
            name=child.name.open(viewer) if wanted[child.id] else None,
        )
        for child, county in ((child, counties[child.id]) for child in children)
    ]


def times_printed(child_id: UUID) -> int:
    """Return how often a child's card was printed."""
    return _issues([child_id]).get(child_id, 0)
