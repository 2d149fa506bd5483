"""The number of a child's card: drawn once, for life, at registration; and whose card and papers a viewer may print."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from registry.areas.codes import county_of
from registry.children import queries
from registry.children.models import Child, Episode
from registry.database import db
from registry.jobs.service import Batch
from registry.vault import service as vault
from registry.vault.errors import TokenTakenError
from sop.card import ALPHABET, COUNTY_DIGITS, DRAWN, card_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer

BATCH = 200
NO_CARD = frozenset({"withdrawn", "not_found"})
TRIES = 5  # a number taken already is drawn once in thirty thousand million


class Papers(NamedTuple):
    """Which papers there are for a household: slips where a file of its children may be seen, and the receipt.

    The receipt is of children who are on the register and not protected.
    """

    slips: bool
    receipt: bool


def give(child: Child, area_code: str, on: date) -> str:
    """Give a child its card number and let it be found by it; returns the 17 characters.

    `area_code`: 12 digits, in the county that issues it; `on`: the day whose year it bears. `child` is a row of
    this transaction and has no number yet. Whoever gives the same number at the same time draws again.
    """
    for _try in range(TRIES):
        number = draw(area_code, on)
        try:
            with db.session.begin_nested():
                vault.index_child(db.session(), child.id, "card", number, exclusive=True)
        except TokenTakenError:
            continue
        child.card_number = number
        return number
    raise TokenTakenError("card")


def draw(area_code: str, on: date, choose: Callable[[str], str] = secrets.choice) -> str:
    """Return a number drawn by lot for the county of a 12-digit area; whether it is free is not known yet."""
    county = county_of(area_code)[:COUNTY_DIGITS]
    number = None
    while number is None:
        number = card_number(county, on.year, "".join(choose(ALPHABET) for _place in range(DRAWN)))
    return number


def give_missing(on: date, after: UUID | None) -> Batch:
    """Give a number to the files that have none, a batch at a time, from `after` on (work of the nightly round).

    The county is the one that has the file now. A merged file needs none: the kept one has its own.
    """
    wanted = (
        select(Child, Episode.area_code)
        .join(Child.episodes)
        .where(Child.card_number_sealed.is_(None), Child.merged_into.is_(None), Episode.latest)
        .order_by(Child.id)
        .limit(BATCH)
    )
    rows = db.session.execute(wanted if after is None else wanted.where(Child.id > after)).all()
    for child, area_code in rows:
        give(child, area_code, on)
    return Batch(done=len(rows), after=rows[-1][0].id if len(rows) == BATCH else None)


def holders(viewer: Viewer, ids: Iterable[UUID], *, lock: bool = False) -> list[Child]:
    """Return those of these children whose card the viewer may print, in the order of their registration.

    Who died, is 16, or was registered by mistake gets none. `lock`: until the end of
    this transaction nobody else prints or numbers them.
    """
    seen = queries.seen_by(viewer).where(Child.id.in_(set(ids)))
    wanted = (
        select(Child)
        .where(Child.id.in_(seen), Child.status == "registered")
        .options(selectinload(Child.episodes))
        .order_by(Child.id)
    )
    found = db.session.scalars(wanted.with_for_update() if lock else wanted).all()
    return [child for child in found if queries.present_episode(child).status not in NO_CARD]


def of_household(viewer: Viewer, household_id: UUID) -> list[UUID]:
    """Return the ids of the children of a household whose files the viewer may see."""
    there = select(Episode.child_id).where(Episode.household_id == household_id, Episode.latest)
    return list(db.session.scalars(queries.seen_by(viewer).where(Child.id.in_(there)).order_by(Child.id)))


def papers_of(viewer: Viewer, household_ids: Iterable[UUID]) -> dict[UUID, Papers]:
    """Return by household which papers about its children the viewer may hand out; one statement for all of them."""
    wanted = set(household_ids)
    rows = (
        select(Episode.household_id, Episode.status, Child.protected)
        .join(Episode.child)
        .where(queries.visible(viewer), Episode.household_id.in_(wanted))
    )
    found = dict.fromkeys(wanted, Papers(slips=False, receipt=False))
    for home, status, protected in db.session.execute(rows):
        stands = status in queries.ON_THE_REGISTER and not protected
        found[home] = Papers(slips=True, receipt=found[home].receipt or stands)
    return found


def number_for(child: Child, viewer: Viewer, on: date) -> str:
    """Return a child's card number; one that has none yet is given it now."""
    return child.card_number.open(viewer) or give(child, queries.present_episode(child).area_code, on)
