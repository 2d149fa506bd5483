"""Reads of what is proposed, for the registrar who confirms it: family by family, and of one child."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from registry.areas.queries import inside
from registry.children.filters import on_the_register
from registry.children.queries import visible
from registry.database import cut, db
from registry.referrals import confidential
from registry.referrals.holding import in_order
from registry.referrals.models import Proposal, Referral
from registry.referrals.proposals.proposing import OPEN, REFER, WITHDRAW
from registry.referrals.service import Asked, with_offices
from sop.referral import OPEN_STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement

    from registry.access import Viewer
    from registry.referrals.service import Proposed

HOUSEHOLDS: Final = 50  # on a page
WITHDRAWALS: Final = 50  # at once; more follow when these are decided


@dataclass(frozen=True)
class Line:
    """One proposal: its row, and what is asked of which office by when."""

    row: Proposal
    proposed: Proposed


@dataclass(frozen=True)
class OfChild:
    """What is proposed for one child."""

    child: Any
    lines: list[Line]


@dataclass(frozen=True)
class OfFamily:
    """What is proposed for the children of one household, the eldest first."""

    household: Any
    children: list[OfChild]


@dataclass(frozen=True)
class Page:
    """One page of families; `after` is the household after which the next one begins, None at the end."""

    families: list[OfFamily]
    after: UUID | None


def page_of(viewer: Viewer, on: date, service: str | None = None, after: UUID | None = None) -> Page:
    """Return a page of the families of the viewer's area for whose children anything is proposed.

    `service`: a code, or CONFIDENTIAL for all of that kind; it narrows which proposals are shown. The number of
    queries does not depend on how many there are.
    """
    episode, wanted = _episodes(), _open(viewer, REFER)
    if service is not None:
        wanted = (*wanted, Proposal.service == service)
    homes = _joined(select(episode.household_id)).where(*wanted).distinct().order_by(episode.household_id)
    homes = homes.where(episode.household_id > after) if after else homes
    shown, last = cut(db.session.scalars(homes.limit(HOUSEHOLDS + 1)).all(), HOUSEHOLDS)
    rows = _joined(select(Proposal, episode.household_id)).where(*wanted, episode.household_id.in_(shown))
    rows = rows.options(contains_eager(Proposal.child)).order_by(Proposal.id)
    of_home: dict[UUID, list[Proposal]] = {}
    for row, home_id in db.session.execute(rows):
        of_home.setdefault(home_id, []).append(row)
    lines = _lines(viewer, [row for those in of_home.values() for row in those], on)
    households = homes_of(of_home)
    return Page([_family(households[key], of_home[key], lines) for key in shown if key in of_home], last)


def count(viewer: Viewer) -> int:
    """Return how many referrals are proposed in the viewer's area."""
    return db.session.scalar(_joined(select(func.count(Proposal.id))).where(*_open(viewer, REFER))) or 0


def made_until(viewer: Viewer, until: date) -> list[tuple[str, date, int]]:
    """Count what is proposed in the viewer's area and was so by a day: (community, day of proposing, how many)."""
    of = Proposal.area_code, Proposal.made_on
    rows = _joined(select(*of, func.count(Proposal.id))).where(*_open(viewer, REFER), Proposal.made_on <= until)
    return [(area, made_on, number) for area, made_on, number in db.session.execute(rows.group_by(*of))]


def count_to_withdraw(viewer: Viewer) -> int:
    """Return how many referrals that the viewer's office sent are proposed for withdrawal."""
    rows = _joined(select(func.count(Proposal.id))).join(Referral, Proposal.referral_id == Referral.id)
    return db.session.scalar(rows.where(*_open(viewer, WITHDRAW), _own(viewer))) or 0


def to_withdraw(viewer: Viewer) -> list[tuple[Proposal, Referral]]:
    """Return the proposals to withdraw what the viewer's own office sent, with the referrals, the oldest first."""
    rows = _joined(select(Proposal, Referral)).join(Referral, Proposal.referral_id == Referral.id)
    rows = rows.where(*_open(viewer, WITHDRAW), _own(viewer)).options(contains_eager(Proposal.child))
    found = [(row, referral) for row, referral in db.session.execute(rows.order_by(Proposal.id).limit(WITHDRAWALS))]
    confidential.load_offices([referral for _row, referral in found], viewer)
    return found


def of_child(child_id: UUID) -> Sequence[Proposal]:
    """Return what is proposed for a child and not declined; the caller has seen that the viewer may see it."""
    rows = select(Proposal).where(Proposal.child_id == child_id, Proposal.state == OPEN)
    return db.session.scalars(rows.order_by(Proposal.kind, Proposal.id)).all()


def held(viewer: Viewer, ids: Iterable[UUID], kind: str) -> dict[UUID, Proposal]:
    """Return those of these open proposals that the viewer may confirm, as they are now, locked; by id.

    What was confirmed or declined meanwhile is left out, as is what belongs to another area, and a withdrawal of what
    another office has sent. Whoever needs the referrals, too, holds them before.
    """
    wanted = Proposal.id.in_(set(ids)), *_open(viewer, kind), *_withdrawn_by(viewer, kind)
    rows = in_order(_joined(select(Proposal)).where(*wanted), Proposal)
    return {row.id: row for row in db.session.scalars(rows)}


def held_to_withdraw(viewer: Viewer, ids: Iterable[UUID]) -> dict[UUID, Referral]:
    """Return by id the open referrals of the viewer's office that these proposals would withdraw, locked."""
    proposed = select(Proposal.referral_id).where(Proposal.id.in_(set(ids)), Proposal.kind == WITHDRAW)
    rows = select(Referral).where(Referral.id.in_(proposed), Referral.state.in_(OPEN_STATES), _own(viewer))
    return {row.id: row for row in db.session.scalars(in_order(rows, Referral))}


def children_of(ids: Iterable[UUID]) -> Sequence[UUID]:
    """Return the children of these proposals, whoever may see them: to hold them, nothing else."""
    return db.session.scalars(select(Proposal.child_id).where(Proposal.id.in_(set(ids))).distinct()).all()


def elsewhere(viewer: Viewer, ids: Iterable[UUID]) -> bool:
    """Say whether any of these is not the viewer's: of a child it may not see, or of what another office has sent."""
    seen = _joined(select(Proposal.id)).where(visible(viewer))
    others = select(Referral.id).where(~_own(viewer))
    theirs = or_(Proposal.id.not_in(seen), Proposal.referral_id.in_(others))
    return db.session.scalar(select(Proposal.id).where(Proposal.id.in_(set(ids)), theirs).limit(1)) is not None


def _children() -> Any:  # noqa: ANN401 -- a mapped class that its own room alone may name
    return Proposal.child.property.mapper.class_


def _episodes() -> Any:  # noqa: ANN401 -- as above
    return _children().episodes.property.mapper.class_


def _joined(rows: Any) -> Any:  # noqa: ANN401 -- a statement
    return rows.join(Proposal.child).join(_children().episodes)


def _open(viewer: Viewer, kind: str) -> tuple[ColumnElement[bool], ...]:
    """Inside the viewer's area, of children who are worked on; of a protected one for its named registrar alone."""
    there = inside(Proposal.area_code, viewer.prefixes), Proposal.state == OPEN, Proposal.kind == kind
    return *there, visible(viewer), on_the_register()


def _withdrawn_by(viewer: Viewer, kind: str) -> tuple[ColumnElement[bool], ...]:
    """Only who has sent it takes back a referral, or says that it stays."""
    own = select(Referral.id).where(_own(viewer))
    return (Proposal.referral_id.in_(own),) if kind == WITHDRAW else ()


def _own(viewer: Viewer) -> ColumnElement[bool]:
    return Referral.from_office_id == viewer.office_id


def _lines(viewer: Viewer, rows: Sequence[Proposal], on: date) -> dict[UUID, Line]:
    asked = [_asked(viewer, row) for row in rows]
    return {row.id: Line(row, one) for row, one in zip(rows, with_offices(asked, on), strict=True)}


def _asked(viewer: Viewer, row: Proposal) -> Asked:
    told = confidential.code_of(row, viewer), confidential.reasons_of(row, viewer)
    return Asked(*told, row.area_code, row.child.birth_in_plain)


def homes_of(ids: Iterable[UUID]) -> dict[UUID, Any]:
    """Return these households by id, with what names them; the caller has checked who may see them."""
    home = _episodes().household.property.mapper.class_
    rows = select(home).where(home.id.in_(set(ids))).options(joinedload(home.block), selectinload(home.guardians))
    return {row.id: row for row in db.session.scalars(rows)}


def _family(household: Any, rows: Iterable[Proposal], lines: dict[UUID, Line]) -> OfFamily:  # noqa: ANN401
    of_child: dict[Any, list[Line]] = {}
    for row in rows:
        of_child.setdefault(row.child, []).append(lines[row.id])
    eldest_first = sorted(of_child, key=lambda child: (child.birth_year, child.birth_month, child.id))
    return OfFamily(household, [OfChild(child, of_child[child]) for child in eldest_first])
