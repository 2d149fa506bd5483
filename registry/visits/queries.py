"""Reads of visits: the round of a day, one family at its door, and what a file tells of its visits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from registry.access import outside_scope
from registry.clock import local
from registry.database import db
from registry.referrals.answers import telling
from registry.visits.families import families
from registry.visits.models import Visit, VisitedChild
from registry.visits.tables import episodes, households, households_of, visited_by
from registry.visits.walking import in_walking_order
from sop.version import in_force
from sop.visits import listed_until

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from registry.access import Viewer
    from registry.referrals.answers.telling import Waiting
    from registry.referrals.models import Referral
    from registry.visits.families import Family, Referrals
    from registry.visits.walking import Block
    from sop.visits import VisitRules

    AtHome = dict[UUID, list[Waiting]]


@dataclass(frozen=True)
class Round:
    """A round: its blocks in the order of walking, how many families are to be seen in all, and the news to bring.

    `news`: the latest of them; `news_total`: how many there are.
    """

    blocks: Sequence[Block]
    total: int
    news: Sequence[Referral]
    news_total: int

    @property
    def families(self) -> list[Family]:
        """All its families, in the order of walking."""
        return [family for block in self.blocks for family in block.families]


def round_for(
    viewer: Viewer, on: date, *, most: int | None = None, block: UUID | None = None, news_shown: int = 0
) -> Round:
    """Return the families to be seen on a day: due or new, with answers that are late, or with news to bring.

    `most`: only so many, the most pressing ones; without it as many as the procedure puts on one sheet.
    `block`: only those who live there. `news_shown`: so many of the latest answers. Only what is shown is loaded,
    and the number of queries does not depend on how many there are.
    """
    rules = in_force(on).visits
    untold, unanswered = telling.untold(viewer), telling.late(viewer, on)
    of_child = _households_of({referral.child_id for referral in (*untold, *unanswered)}, viewer)
    news, late = _by_household(untold, of_child), _by_household(unanswered, of_child)
    ids, total = _pressing(viewer, block, rules, on, set(news), late)
    shown = ids[: most or rules.round_families]
    told = [each for home_id in shown for each in (*news.get(home_id, ()), *late.get(home_id, ()))]
    full = telling.in_full([*told, *untold[:news_shown]])
    those = families(viewer, on, shown, _whole(late, shown, full), _whole(news, shown, full))
    return Round(in_walking_order(those, viewer), total, [full[each.id] for each in untold[:news_shown]], len(untold))


def family_of(viewer: Viewer, household_id: UUID, on: date) -> Family:
    """Return one family at its door; a household where the viewer visits nobody is as if absent (404)."""
    untold = telling.untold(viewer)
    news = _by_household(untold, _households_of({referral.child_id for referral in untold}, viewer))
    full = telling.in_full(news.get(household_id, ()))
    found = families(viewer, on, [household_id], {}, _whole(news, [household_id], full))
    if not found:
        outside_scope()
    return found[0]


def own_of_today(viewer: Viewer, household_id: UUID, visit_id: UUID, on: date) -> Visit | None:
    """Return a visit that the viewer recorded today, which may be put right until the night; None for any other."""
    own = Visit.id == visit_id, Visit.household_id == household_id, Visit.user_id == viewer.user_id
    visit = db.session.scalars(select(Visit).where(*own)).one_or_none()
    return visit if visit is not None and local(visit.made_at).date() == on else None


def pending(viewer: Viewer) -> int:
    """Return how many files of the own area were sent incomplete and wait to be worked on."""
    there = episodes()
    counted = select(func.count()).select_from(there).join(there.child)
    return db.session.scalar(counted.where(*visited_by(viewer), there.status == "pending")) or 0


def visits_to(child_id: UUID, household_id: UUID, limit: int) -> Sequence[Visit]:
    """Return the latest visits to a child where it lives now, with who made them; the caller has seen the child."""
    rows = (
        select(Visit)
        .join(Visit.children)
        .where(VisitedChild.child_id == child_id, Visit.household_id == household_id)
        .options(contains_eager(Visit.children), joinedload(Visit.user))
        .order_by(Visit.made_on.desc(), Visit.id.desc())
        .limit(limit)
    )
    return db.session.scalars(rows).unique().all()


def _pressing(
    viewer: Viewer, block: UUID | None, rules: VisitRules, on: date, news: set[UUID], late: AtHome
) -> tuple[list[UUID], int]:
    """Return ids of the families to be seen, those with news first, then by the day; and how many there are.

    `news`, `late`: households where the viewer visits a child. Of those that are merely due only as many as any
    round holds are read.
    """
    home, is_due = households(), _is_due(rules, on)
    columns = select(home.id, home.visit_due, home.registered_on, home.visited_on)
    columns = columns.where(home.block_id == block) if block else columns
    order = case((home.id.in_(news), 0), else_=1), func.coalesce(home.visit_due, home.registered_on), home.id
    counted = columns.add_columns(func.count().over().label("total")).where(is_due, home.id.in_(households_of(viewer)))
    due = db.session.execute(counted.order_by(*order).limit(rules.round_families)).all()
    others = db.session.execute(columns.where(~is_due, home.id.in_(news | late.keys()))).all()
    speaking = [row for row in others if row.id in news or _unspoken(row.visited_on, late[row.id], on)]
    rows = sorted((*due, *speaking), key=lambda row: (row.id not in news, _day(row, rules), row.id))
    return [row.id for row in rows], (due[0].total if due else 0) + len(speaking)


def _is_due(rules: VisitRules, on: date) -> ColumnElement[bool]:
    """A household that no night has reckoned yet is due some days after it was registered."""
    home, until = households(), listed_until(rules, on)
    fresh = and_(home.visit_due.is_(None), home.registered_on <= until - timedelta(days=rules.first_days))
    return or_(and_(home.visit_due.is_not(None), home.visit_due <= until), fresh)


def _day(row: Any, rules: VisitRules) -> date:  # noqa: ANN401 -- of a table without a name here
    day: date = row.visit_due or row.registered_on + timedelta(days=rules.first_days)
    return day


def _unspoken(visited_on: date | None, late: Iterable[Waiting], on: date) -> bool:
    """A late answer brings nobody to the door twice: the family heard of it at the visit since."""
    return visited_on is None or any(visited_on <= (referral.answer_by or on) for referral in late)


def _households_of(child_ids: set[UUID], viewer: Viewer) -> dict[UUID, UUID]:
    there = episodes()
    rows = select(there.child_id, there.household_id).join(there.child)
    found = db.session.execute(rows.where(there.child_id.in_(child_ids), *visited_by(viewer)))
    return {row.child_id: row.household_id for row in found}


def _by_household(referrals: Iterable[Waiting], of_child: dict[UUID, UUID]) -> AtHome:
    found: AtHome = defaultdict(list)
    for referral in referrals:
        if referral.child_id in of_child:
            found[of_child[referral.child_id]].append(referral)
    return found


def _whole(of_home: AtHome, shown: Iterable[UUID], full: dict[UUID, Referral]) -> Referrals:
    return {home_id: [full[each.id] for each in of_home.get(home_id, ())] for home_id in shown}
