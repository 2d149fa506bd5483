"""What an office is reminded of, in numbers: overdue, due soon, not yet accepted, and climbed to its supervisors."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import case, func, literal, or_, select

from registry.accounts.navigation import count_beside
from registry.children.listing import COUNTED_AT_MOST
from registry.children.queries import protected
from registry.clock import today
from registry.database import db
from registry.referrals import confidential
from registry.referrals.calendar import working_calendar
from registry.referrals.models import Referral
from registry.referrals.overdue.chasing import count_climbed
from registry.referrals.queries import living
from sop.referral import State, add_working_days
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
    """Count what waits at an office on a day; two statements, whatever there is."""
    rules = in_force(on).referrals
    late, soon, new = _counts(office_id, _overdue(on), _soon(on), Referral.state == State.SENT)
    return Reminders(late, soon, new, rules.soon_days)


def overdue(viewer: Viewer) -> int:
    """Count what is overdue at an officer's office, for the navigation; at each of its desks COUNTED_AT_MOST."""
    seen = Referral.due_on.is_not(None), _overdue(today()), Referral.child_id.not_in(protected()), living()
    desks = confidential.desks_of(viewer.office_id)
    some = [select(literal(1)).where(desk, *seen).limit(COUNTED_AT_MOST).subquery() for desk in desks]
    return sum(db.session.scalar(select(func.count()).select_from(each)) or 0 for each in some)


def due_soon(viewer: Viewer) -> tuple[int, int]:
    """Return how many referrals fall due soon at an officer's office, and within how many working days that is."""
    on = today()
    return _counts(viewer.office_id, _soon(on))[0], in_force(on).referrals.soon_days


def climbed_to(viewer: Viewer) -> int:
    """Count what has climbed to a supervisor, for the navigation and the first page; at most COUNTED_AT_MOST."""
    return count_climbed(viewer.area_code, viewer.prefixes)


def _overdue(on: date) -> ColumnElement[bool]:
    return Referral.due_on < on


def _soon(on: date) -> ColumnElement[bool]:
    until = add_working_days(working_calendar(), on, in_force(on).referrals.soon_days + 1)
    return (Referral.due_on >= on) & (Referral.due_on < until)


def _counts(office_id: UUID, *wanted: ColumnElement[bool]) -> list[int]:
    """Count each of these at an office, over its ordinary desk and its confidential one; only their rows are read."""
    columns = [func.count(case((each, 1))) for each in wanted]
    seen = Referral.due_on.is_not(None), or_(*wanted), Referral.child_id.not_in(protected()), living()
    rows = [db.session.execute(select(*columns).where(desk, *seen)).one() for desk in confidential.desks_of(office_id)]
    return [sum(numbers) for numbers in zip(*rows, strict=True)]


def init_app(app: Flask) -> None:
    """Count beside the words of the navigation; let the office's list say what falls due soon."""
    app.jinja_env.globals["referrals_due_soon"] = due_soon
    count_beside(app, "referrals.inbox", overdue)
    count_beside(app, "referrals.chase", climbed_to)
