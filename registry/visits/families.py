"""A family of a round with all that is said of it, and how families are loaded: in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from registry.database import db
from registry.visits.models import Visit
from registry.visits.reckoning import standings
from registry.visits.tables import episodes, households, visited_by
from sop.version import in_force
from sop.visits import Standing, due, family_due, months_between_visits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.referrals.models import Referral
    from sop.visits import VisitRules

Referrals = dict["UUID", list["Referral"]]


@dataclass(frozen=True)
class Family:
    """One family: its household, its episodes (each with its child), and why it is in a round.

    `standings` by child. `due` and `months`: until when and how often it is visited, by its most pressing child.
    `attempt`: a visit after the last one that counts, which did not count itself. `late` and `news`: referrals of
    its children that were not answered in time, and answers that it was not told yet.
    """

    household: Any
    episodes: Sequence[Any]
    standings: Mapping[UUID, Standing]
    due: date
    months: int
    attempt: Visit | None
    late: Sequence[Referral]
    news: Sequence[Referral]

    @property
    def children(self) -> list[Any]:
        """The children whom the viewer visits, the eldest first."""
        return sorted((each.child for each in self.episodes), key=lambda one: (one.birth_year, one.birth_month, one.id))

    @property
    def must_be_seen(self) -> frozenset[UUID]:
        """Those of them who must themselves be seen."""
        return frozenset(key for key, standing in self.standings.items() if standing.must_be_seen)

    @property
    def last(self) -> date | None:
        """The day of the last visit that counts."""
        return max((each.contact for each in self.standings.values() if each.contact), default=None)


def families(viewer: Viewer, on: date, ids: Iterable[UUID], late: Referrals, news: Referrals) -> list[Family]:
    """Return these households as families, without those where the viewer visits nobody. Referrals are by household."""
    wanted, rules = set(ids), in_force(on).visits
    of_home: dict[UUID, list[Any]] = defaultdict(list)
    for each in _episodes(viewer, wanted):
        of_home[each.household_id].append(each)
    since = {each.child_id: each.registered_on for those in of_home.values() for each in those}
    known, attempts = standings(viewer, since, rules), _attempts(wanted, rules, on)
    found = []
    for home in _households(of_home):
        its = {each.child_id: known[each.child_id] for each in of_home[home.id]}
        first = min(its.values(), key=lambda child: due(rules, child))
        found.append(
            Family(
                household=home,
                episodes=of_home[home.id],
                standings=its,
                due=family_due(rules, its.values()) or on,
                months=months_between_visits(rules, first.level, must_be_seen=first.must_be_seen),
                attempt=attempts.get(home.id),
                late=late.get(home.id, ()),
                news=news.get(home.id, ()),
            )
        )
    return found


def _episodes(viewer: Viewer, ids: set[UUID]) -> Iterable[Any]:
    there = episodes()
    inside = select(there).join(there.child).where(there.household_id.in_(ids), *visited_by(viewer))
    return db.session.scalars(inside.options(contains_eager(there.child))).all()


def _households(ids: Iterable[UUID]) -> Iterable[Any]:
    home = households()
    loaded = select(home).where(home.id.in_(ids)).options(joinedload(home.block), selectinload(home.guardians))
    return db.session.scalars(loaded).all()


def _attempts(ids: set[UUID], rules: VisitRules, on: date) -> dict[UUID, Visit]:
    """Return by household its latest visit of these weeks, where that one did not count."""
    since = on - timedelta(days=rules.attempt_days)
    rows = select(Visit).where(Visit.household_id.in_(ids), Visit.made_on >= since)
    latest = {row.household_id: row for row in db.session.scalars(rows.order_by(Visit.made_on, Visit.id))}
    return {key: row for key, row in latest.items() if row.outcome not in rules.counting}
