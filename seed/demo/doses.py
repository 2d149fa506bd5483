"""Doses of one child in eight: mostly on time, some late, some missing, a few too early; and how children stand."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from registry.children.models import Child, Episode
from registry.database import uuid7
from registry.doses.models import CourseState, Dose, Immunisation
from registry.doses.service import READER
from registry.doses.states import course_row
from seed.demo.histories import instant_of
from sop.identity import add_months
from sop.immunisation import Given, certificate
from sop.immunisation.standing import NO_CERTIFICATE, NO_DOSE, UNKNOWN, standing
from sop.status import ChildStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from seed.demo.world import Rows, World
    from sop.identity import BirthDate
    from sop.immunisation import Row, Schedule
    from sop.immunisation.cells import Span
    from sop.immunisation.standing import Standing

SEEN = "seen"
RECORDED_SHARE = 0.2  # of children whose certificate was seen: one in eight of all
CARELESS_SHARE = 0.25  # of families
ON_TIME_DAYS, LATE_DAYS, EARLY_DAYS = 12, 150, 9
CLINIC_SHARE = 0.3  # of histories were read off the clinic's own record
HALF_ENTERED_SHARE = 1 / 6  # of histories: somebody was called away over the certificate
ENTERED_DAYS = 60  # ago, at most
PLANNED_AFTER = 3  # months from birth: what was in force then is what the child was called for
FEMALE = "2"


class Habits(NamedTuple):
    """How a family keeps to the plan: shares of visits that are late, missed, too early, or the last one."""

    late: float
    missed: float = 0.0
    early: float = 0.0
    stopped: float = 0.0


CAREFUL, CARELESS = Habits(late=0.1), Habits(late=0.3, missed=0.09, early=0.04, stopped=0.02)
HPV = "2vHPV"
# What was given in place of today's vaccines: until this day of the dose, or to who was born before it.
TRIVALENT_UNTIL = date(2016, 5, 1)
MEASLES_RUBELLA_BORN = date(2019, 10, 1)


def add_doses(rows: Rows, world: World, drawn_from: str) -> None:
    """Add to the rows of new children their doses, and how each child on file stands.

    `drawn_from`: what is told apart from other batches of the same day. Who is invented does not depend on doses.
    """
    random = Random(f"doses {world.on} {drawn_from}")
    areas = {episode["child_id"]: episode["area_code"] for episode in rows[Episode] if episode["latest"]}
    for child in rows[Child]:
        if child["status"] == ChildStatus.REGISTERED:
            recorded = child["certificate"] == SEEN and random.random() < RECORDED_SHARE
            given = _add_history(rows, world, random, child, areas[child["id"]]) if recorded else []
            whole = bool(given) and random.random() >= HALF_ENTERED_SHARE
            _add_standing(rows, world, child["id"], _standing(world, child, given, whole), whole)


def _add_history(rows: Rows, world: World, random: Random, child: dict[str, Any], area: str) -> list[Given]:
    born = _birth(child).latest
    entered = max(child["registered_at"].date(), world.on - timedelta(days=random.randint(0, ENTERED_DAYS)))
    given = history(random, world.sop.immunisation, born, child["sex"], entered)
    office = world.places.serving("vaccination", area)
    told = {
        "child_id": child["id"],
        "source": "clinic" if random.random() < CLINIC_SHARE else "certificate",
        "office_id": office,
        "entered_by": world.places.staff[office],
        "entered_at": instant_of(entered),
        "sop_version": world.sop.version,
    }
    for vaccine, day in given:
        row = uuid7()
        rows[Dose].append({"id": row, "vaccine": vaccine, "day_sealed": Dose.day.seal_for(row, day), **told})
    return given


def history(random: Random, schedule: Schedule, born: date, sex: str, until: date) -> list[Given]:
    """Return what was given to a child until a day, visit by visit: all that is due at one age on one day."""
    habits = CARELESS if random.random() < CARELESS_SHARE else CAREFUL
    planned = schedule.edition(add_months(born, PLANNED_AFTER))
    given: list[Given] = []
    last: dict[str, date] = {}  # by course
    for months, lines in _by_age(schedule, planned.valid_from, schedule.edition(until).valid_from):
        if random.random() < habits.stopped:
            break
        if months and random.random() < habits.missed:
            continue
        called = add_months(born, months) + timedelta(days=_delay(random, habits) if months else 0)
        day = _free(schedule, called, lines, last)
        if months and random.random() < habits.early:
            day -= timedelta(days=random.randint(1, EARLY_DAYS))
        if day > until:
            break
        given += _given(schedule, lines, born, sex, day)
        last |= {line.course: day for line in lines}
    return given


def _free(schedule: Schedule, called: date, lines: list[Row], last: dict[str, date]) -> date:
    """Return the day from which nothing given before stands in the way: a clinic calls nobody too early."""
    intervals = _intervals(schedule, schedule.edition(called).valid_from)
    day = called
    for line in lines:
        interval = intervals.get((line.course, line.number))
        if interval and line.course in last:
            day = max(day, interval.after(last[line.course]))
    return day


@lru_cache(maxsize=64)
def _intervals(schedule: Schedule, on: date) -> dict[tuple[str, int], Span | None]:
    """Return the interval before each dose of the usual routes, by course and number."""
    routes = {code: next(iter(table.routes.values())) for code, table in schedule.edition(on).tables.items()}
    return {(code, dose.number): dose.interval for code, route in routes.items() for dose in route}


def _delay(random: Random, habits: Habits) -> int:
    if random.random() < habits.late:
        return random.randint(ON_TIME_DAYS, LATE_DAYS)
    return random.randint(0, ON_TIME_DAYS)


@lru_cache(maxsize=64)
def _by_age(schedule: Schedule, planned: date, until: date) -> list[tuple[int, list[Row]]]:
    """Return the lines of the certificate by age: of the edition planned by, and what a later one adds for girls."""
    lines = [line for line in certificate(schedule, planned) if line.course != HPV]
    lines += [line for line in certificate(schedule, until) if line.course == HPV]
    ages = sorted({line.months for line in lines})
    return [(months, [line for line in lines if line.months == months]) for months in ages]


def _given(schedule: Schedule, lines: list[Row], born: date, sex: str, day: date) -> Iterator[Given]:
    for line in lines:
        if line.course != HPV:
            yield Given(_product(line, born, day), day)
        elif sex == FEMALE and HPV in schedule.edition(day).tables:
            yield Given(HPV, day)


def _product(line: Row, born: date, day: date) -> str:
    if line.course == "polio" and day < TRIVALENT_UNTIL:
        return "tOPV"
    if line.course == "MMR" and line.number == 1 and born < MEASLES_RUBELLA_BORN:
        return "MR"
    return line.vaccine


def _standing(world: World, child: dict[str, Any], given: list[Given], whole: bool) -> Standing:
    if not given and child["certificate"] not in (NO_DOSE, NO_CERTIFICATE):
        return UNKNOWN
    told = _birth(child), child["sex"], child["certificate"]
    return standing(world.sop, *told, given, whole=whole, on=world.on)


def _birth(child: dict[str, Any]) -> BirthDate:
    birth = Child.birth_date.open_value(child["id"], child["birth_date_sealed"], READER)
    if birth is None:
        raise ValueError("every invented child has a birth date")
    return birth


def _add_standing(rows: Rows, world: World, child: UUID, found: Standing, whole: bool) -> None:
    rows[Immunisation].append(
        {
            "id": uuid7(),
            "version": 1,
            "child_id": child,
            "state": found.state,
            "due_month": found.due_month,
            "long_overdue": found.long_overdue,
            "whole": whole,
            "reckoned_on": world.on,
            "sop_version": world.sop.version,
        }
    )
    rows[CourseState] += [course_row(child, code, course) for code, course in found.courses.items()]
