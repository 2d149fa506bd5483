"""Reads of what an office sent: what the families wait to hear, what came back, is overdue, open or has ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from sqlalchemy import and_, case, false, func, true, tuple_
from sqlalchemy.orm import joinedload

from registry.areas.offices import offices_by_id
from registry.database import db
from registry.referrals import confidential
from registry.referrals.answers.telling import to_be_told
from registry.referrals.lists.pages import PAGE, Page, page_of, place_of
from registry.referrals.models import CONFIDENTIAL, Referral, ReferralStep
from registry.referrals.queries import from_own, is_overdue, last_steps, living
from sop.referral import WITH_OFFICE, Move, State
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy import ColumnElement

    from registry.access import Viewer
    from registry.areas.models import Office

TO_TELL, RETURNED, OVERDUE, OPEN, ENDED = "to_tell", "returned", "overdue", "open", "ended"
TABS: Final = (TO_TELL, RETURNED, OVERDUE, OPEN, ENDED)
BY_LIMIT: Final = frozenset({OVERDUE, OPEN})  # the earliest limit first; the others the newest first


@dataclass(frozen=True)
class Narrowed:
    """What of the list is wanted: one of TABS, of one service (a code) and of one office, where these are named."""

    tab: str = TO_TELL
    service: str | None = None
    office: UUID | None = None


def sent(viewer: Viewer, narrowed: Narrowed, on: date, after: str | None = None) -> Page:
    """Return a page of what the viewer's office sent, with child and office. `after`: what the page before gave."""
    place, by_limit = place_of(after), narrowed.tab in BY_LIMIT
    here = tuple_(Referral.due_on, Referral.id)
    order: tuple[Any, ...] = (Referral.due_on, Referral.id) if by_limit else (Referral.id.desc(),)
    beyond = true() if place is None else here > place if by_limit else Referral.id < place[1]
    rows = from_own(viewer).where(living(), _in_tab(viewer, narrowed.tab, on), *_of(viewer, narrowed, on), beyond)
    found = db.session.scalars(rows.options(joinedload(Referral.child)).order_by(*order).limit(PAGE + 1)).all()
    confidential.load_offices(found, viewer)
    return page_of(found)


def counts(viewer: Viewer, on: date) -> dict[str, int]:
    """Return how many referrals that the viewer's office sent stand under each tab."""
    columns = [func.count(case((_in_tab(viewer, tab, on), 1))) for tab in TABS]
    row = db.session.execute(from_own(viewer).where(living()).with_only_columns(*columns)).one()
    return dict(zip(TABS, row, strict=True))


def count_overdue(viewer: Viewer, on: date) -> int:
    """Return how many referrals that the viewer's office sent are overdue."""
    late = from_own(viewer).where(_in_tab(viewer, OVERDUE, on), living()).with_only_columns(func.count())
    return db.session.scalar(late) or 0


def offices_asked(viewer: Viewer) -> list[Office]:
    """Return the offices that the viewer's office has sent anything to, by kind and area: three statements."""
    plain = from_own(viewer).where(Referral.office_id.is_not(None)).with_only_columns(Referral.office_id).distinct()
    sealed = {UUID(each["office"]) for each in _confidential(viewer).values() if "office" in each}
    found = offices_by_id({*db.session.scalars(plain), *sealed})
    return sorted(found.values(), key=lambda office: (office.kind, office.area_code, office.id))


def last_returns(ids: Iterable[UUID]) -> dict[UUID, ReferralStep]:
    """Return by referral the step that gave it back last; the caller has checked who may see these."""
    return last_steps(ids, ReferralStep.move == Move.RETURN_)


def _in_tab(viewer: Viewer, tab: str, on: date) -> ColumnElement[bool]:
    return {
        TO_TELL: and_(*to_be_told(viewer)),
        RETURNED: Referral.state == State.RETURNED,
        OVERDUE: is_overdue(on),
        OPEN: Referral.state.in_(WITH_OFFICE),
        ENDED: Referral.state.in_((State.CLOSED, State.WITHDRAWN)),
    }[tab]


def _of(viewer: Viewer, narrowed: Narrowed, on: date) -> list[ColumnElement[bool]]:
    """Narrow to a service and an office. Which confidential service it is, only opening those of the office tells."""
    wanted = [confidential.at_office(narrowed.office)] if narrowed.office else []
    service = in_force(on).services.get(narrowed.service or "")
    if service and service.confidential:
        of_service = [key for key, told in _confidential(viewer).items() if told["service"] == service.code]
        wanted.append(Referral.id.in_(of_service))
    elif narrowed.service:
        wanted.append(Referral.service == narrowed.service if service else false())
    return wanted


def _confidential(viewer: Viewer) -> Mapping[UUID, dict[str, Any]]:
    """Return what is sealed of the confidential referrals that the viewer's office sent, by id."""
    columns = Referral.id, Referral.confidential_sealed
    rows = from_own(viewer).where(Referral.service == CONFIDENTIAL, living()).with_only_columns(*columns)
    found = [(key, stored) for key, stored in db.session.execute(rows) if stored]
    told = Referral.confidential.open_each(((key.bytes, stored) for key, stored in found), viewer)
    return {key: cast("dict[str, Any]", each) for (key, _stored), each in zip(found, told, strict=True)}
