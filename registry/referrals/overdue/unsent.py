"""Reads of what waits at the sending side: returned and not sent again in time, proposed and not followed in time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from registry.access import Role
from registry.accounts.queries import offices_with
from registry.areas.codes import ancestors
from registry.areas.offices import offices_by_id
from registry.areas.queries import inside
from registry.clock import today
from registry.database import db
from registry.referrals.calendar import working_calendar
from registry.referrals.models import Referral
from registry.referrals.overdue.climbing import Ladder
from registry.referrals.proposals import proposal_list
from registry.referrals.queries import from_own, living, shown_to_offices
from sop.referral import State, climbed, follow_by, unfollowed_since
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from flask import Flask
    from sqlalchemy import ColumnElement

    from registry.access import Viewer
    from registry.areas.models import Office


class Own(NamedTuple):
    """How many wait too long with a registrar: returned ones and proposals; `days`: how many they have, working days.

    They wait where their day has passed: what was returned, by `resend_by`, what is proposed, so long after its day.
    """

    returned: int
    proposed: int
    days: int


class Waiting(NamedTuple):
    """Some that wait past their day: with which offices, for the children of which community (12 digits), since when.

    `proposed`: whether they are proposals, else returned ones.
    """

    offices: tuple[Office, ...]
    place: str
    due: date
    number: int
    proposed: bool


@dataclass(frozen=True)
class Unsent:
    """What waits past its day with the offices of one area that send, and stands with a supervisor by now.

    `area_code`: of that area, 12 digits; `offices`: none where nobody registers there. `beyond`: how many stand with a
    level above; `oldest`: the day that passed first.
    """

    area_code: str
    offices: tuple[Office, ...]
    returned: int
    proposed: int
    beyond: int
    oldest: date


def own(viewer: Viewer) -> Own:
    """Count what waits too long with a registrar; two statements, whatever there is."""
    on = today()
    rules = in_force(on).referrals
    returned = from_own(viewer).where(*_returned(on), living()).with_only_columns(func.count())
    since = unfollowed_since(rules, on, working_calendar())
    proposed = sum(number for *_of, number in proposal_list.made_until(viewer, since))
    return Own(db.session.scalar(returned) or 0, proposed, rules.send_days)


def climbed_to(viewer: Viewer, on: date) -> list[Unsent]:
    """Return what stands with a supervisor, or has climbed further, by who is to send it, the oldest first.

    Reckoned from the days, as `climb_days` says of all referrals: nothing is written for it. Five statements, or two
    where nothing waits. What a registrar may not see either does not wait.
    """
    waiting = [*_returned_ones(viewer, on), *_proposals(viewer, on)]
    if not waiting:
        return []
    ladder, rules = Ladder(office.area_code for office in offices_with(Role.SUPERVISOR)), in_force(on).referrals
    above, calendar = ancestors(viewer.area_code), working_calendar()
    lines: dict[str, list[tuple[Waiting, bool]]] = defaultdict(list)
    for each in waiting:
        height = climbed(rules, each.due, on, calendar)
        to = ladder.step(each.place, height) if height else None
        if to in above:
            lines[each.offices[0].area_code if each.offices else each.place].append((each, to != viewer.area_code))
    return sorted((_line(area, those) for area, those in lines.items()), key=lambda line: (line.oldest, line.area_code))


def _line(area_code: str, those: list[tuple[Waiting, bool]]) -> Unsent:
    offices = {office.id: office for each, _beyond in those for office in each.offices}
    return Unsent(
        area_code,
        tuple(offices[key] for key in sorted(offices)),
        sum(each.number for each, _beyond in those if not each.proposed),
        sum(each.number for each, _beyond in those if each.proposed),
        sum(each.number for each, beyond in those if beyond),
        min(each.due for each, _beyond in those),
    )


def _returned(on: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Referral.state == State.RETURNED, Referral.resend_by < on


def _returned_ones(viewer: Viewer, on: date) -> Iterator[Waiting]:
    there = inside(Referral.area_code, viewer.prefixes), *_returned(on), shown_to_offices()
    of = Referral.from_office_id, Referral.area_code, Referral.resend_by
    rows = db.session.execute(select(*of, func.count().label("number")).where(*there).group_by(*of)).all()
    offices = offices_by_id({row.from_office_id for row in rows}) if rows else {}
    for row in rows:
        yield Waiting((offices[row.from_office_id],), row.area_code, row.resend_by, row.number, proposed=False)


def _proposals(viewer: Viewer, on: date) -> Iterator[Waiting]:
    """Yield those that wait too long, with the offices of the smallest area around that register children."""
    rules, calendar = in_force(on).referrals, working_calendar()
    rows = proposal_list.made_until(viewer, unfollowed_since(rules, on, calendar))
    registering: dict[str, list[Office]] = defaultdict(list)
    for office in offices_with(Role.REGISTRAR) if rows else ():
        registering[office.area_code].append(office)
    for place, made_on, number in rows:
        area = next((each for each in reversed(ancestors(place)) if each in registering), place)
        due = follow_by(rules, made_on, calendar)
        yield Waiting(tuple(registering.get(area, ())), place, due, number, proposed=True)


def init_app(app: Flask) -> None:
    """Let the pages of a registrar and the first one of a supervisor say what waits to be sent."""
    app.jinja_env.globals["referrals_unsent"] = own
    app.jinja_env.globals["referrals_unsent_below"] = lambda viewer: climbed_to(viewer, today())
