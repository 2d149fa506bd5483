"""When families are to be visited: what the rules are told about their children, and the days that follow."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from registry.children.filters import on_the_register
from registry.database import db
from registry.protection import queries as protection
from registry.visits.models import Visit, VisitedChild
from registry.visits.tables import children, episodes
from sop.visits import Standing, family_due

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from registry.vault.sealed import Opener
    from sop.visits import VisitRules


@dataclass(frozen=True)
class Last:
    """The last day of a visit that counts, and the last one on which the child was seen."""

    contact: date | None = None
    seen: date | None = None


def standings(reader: Opener, since: dict[UUID, date], rules: VisitRules) -> dict[UUID, Standing]:
    """Return what decides when each of these children is to be visited, in a constant number of queries.

    `since`: the day on which each was registered here. Opens the latest assessments and nothing else.
    """
    levels, must = protection.risk_levels(reader, since), protection.must_be_seen(reader, since)
    judged, last = protection.assessed_on(since), last_visits(since, rules)
    return {
        key: Standing(
            since=day,
            contact=last[key].contact,
            seen=last[key].seen,
            level=levels.get(key),
            judged=judged.get(key),
            must_be_seen=key in must,
        )
        for key, day in since.items()
    }


def last_visits(child_ids: Iterable[UUID], rules: VisitRules) -> dict[UUID, Last]:
    """Return for each of these children when it was visited last, in one query."""
    found: dict[UUID, Last] = defaultdict(Last)
    counted = Visit.outcome.in_(rules.counting)
    rows = db.session.execute(
        select(
            VisitedChild.child_id,
            func.max(case((counted, Visit.made_on))),
            func.max(case((VisitedChild.seen, Visit.made_on))),
        )
        .join(VisitedChild.visit)
        .where(VisitedChild.child_id.in_(set(child_ids)))
        .group_by(VisitedChild.child_id)
    )
    for child_id, contact, seen in rows:
        found[child_id] = Last(contact, seen)
    return found


def last_counted(household_id: UUID, rules: VisitRules) -> date | None:
    """Return the day of the last visit to a household that counts, None before the first one."""
    counted = select(func.max(Visit.made_on)).where(Visit.household_id == household_id)
    return db.session.scalar(counted.where(Visit.outcome.in_(rules.counting)))


def dues(reader: Opener, household_ids: Iterable[UUID], rules: VisitRules) -> dict[UUID, date | None]:
    """Return the day by which each of these families is to be visited, None where nobody is to be.

    A protected child moves the day of its family only where all are protected: everybody in the area reads it.
    """
    wanted = set(household_ids)
    there, who = episodes(), children()
    rows = db.session.execute(
        select(there.household_id, there.child_id, there.registered_on, who.protected)
        .join(there.child)
        .where(there.household_id.in_(wanted), there.latest, who.merged_into.is_(None), on_the_register())
    ).all()
    open_families = {row.household_id for row in rows if not row.protected}
    counted = [row for row in rows if not row.protected or row.household_id not in open_families]
    found = standings(reader, {row.child_id: row.registered_on for row in counted}, rules)
    families: dict[UUID, list[Standing]] = defaultdict(list)
    for row in counted:
        families[row.household_id].append(found[row.child_id])
    return {key: family_due(rules, families[key]) for key in wanted}
