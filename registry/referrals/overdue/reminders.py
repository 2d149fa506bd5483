"""What an office is reminded of, in numbers: overdue, due soon, not yet accepted, and climbed to its supervisors."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import case, func, literal, or_, select

from registry.accounts.navigation import MOST_BESIDE, count_beside
from registry.clock import today
from registry.database import db
from registry.referrals import confidential
from registry.referrals.calendar import working_calendar
from registry.referrals.models import Referral
from registry.referrals.overdue.chasing import count_climbed
from registry.referrals.queries import is_overdue, shown_to_offices
from sop.referral import State, soon_until
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from flask import Flask
    from sqlalchemy import ColumnElement

    from registry.access import Viewer


class Reminders(NamedTuple):
    """Numbers of referrals at an office: past their limit, within a few working days of it, and waiting to be accepted.

    `soon_days`: how many days that is, as the procedure says.
    """

    overdue: int
    soon: int
    new: int
    soon_days: int


def at_office(office_id: UUID, on: date) -> Reminders:
    """Count what waits at an office on a day, in full; two statements, whatever there is."""
    wanted = is_overdue(on), _soon(on), Referral.state == State.SENT
    columns = [func.count(case((each, 1))) for each in wanted]
    there = Referral.due_on.is_not(None), or_(*wanted), shown_to_offices()
    rows = [db.session.execute(select(*columns).where(desk, *there)).one() for desk in confidential.desks_of(office_id)]
    late, soon, new = (sum(numbers) for numbers in zip(*rows, strict=True))
    return Reminders(late, soon, new, in_force(on).referrals.soon_days)


def overdue(viewer: Viewer) -> int:
    """Count what is overdue at an officer's office, for the navigation: no further than it says."""
    return _up_to_most(viewer, is_overdue(today()))


def due_soon(viewer: Viewer) -> tuple[int, int]:
    """Return how many referrals fall due soon at an officer's office, and within how many working days that is.

    They are counted to MOST_BESIDE + 1: nobody waits for the counting of more.
    """
    on = today()
    return _up_to_most(viewer, _soon(on)), in_force(on).referrals.soon_days


def climbed_to(viewer: Viewer) -> int:
    """Count what has climbed to a supervisor, for the navigation and the first page: no further than they say."""
    return count_climbed(viewer.area_code, viewer.prefixes, MOST_BESIDE + 1)


def _soon(on: date) -> ColumnElement[bool]:
    return Referral.due_on.between(on, soon_until(working_calendar(), on, in_force(on).referrals.soon_days))


def _up_to_most(viewer: Viewer, wanted: ColumnElement[bool]) -> int:
    """Count what the viewer's office has of this, over its ordinary desk and its confidential one."""
    there, most = (Referral.due_on.is_not(None), wanted, shown_to_offices()), MOST_BESIDE + 1
    desks = confidential.desks_of(viewer.office_id)
    some = [select(literal(1)).where(desk, *there).limit(most).subquery() for desk in desks]
    return min(most, sum(db.session.scalar(select(func.count()).select_from(each)) or 0 for each in some))


def init_app(app: Flask) -> None:
    """Count beside the words of the navigation; let the office's list say what falls due soon."""
    app.jinja_env.globals |= {"referrals_due_soon": due_soon, "MOST_BESIDE": MOST_BESIDE}
    count_beside(app, "referrals.inbox", overdue)
    count_beside(app, "referrals.chase", climbed_to)
