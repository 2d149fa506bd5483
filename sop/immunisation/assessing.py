"""Judges a child's doses, and says how each course stands on a day (domain 4.2 to 4.5)."""

from __future__ import annotations

from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING

from sop.immunisation.history import Given, History, Taken
from sop.immunisation.schedule import Assessment, Judged, Outlook

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sop.immunisation.rules.plain import Plain
    from sop.immunisation.schedule import Schedule, Vaccine


def assess(schedule: Schedule, birth: date, sex: str, given: Iterable[Given], on: date) -> Assessment:
    """Return each dose judged and each course's standing, as a child's doses look on the day `on`.

    `sex`: code of GB/T 2261.1 (1 male, 2 female, any other not known). Doses after `on` are not looked at, the same
    code on the same day counts once, and the order of `given` does not matter. A dose is judged by the edition in
    force on its day, the standing by the one in force on `on`. What needs a doctor's knowledge of the child (a mother
    with hepatitis B, low weight, immune deficiency; domain 4.3) is the clinic's affair. Raises SopError where a code
    is none of the schedule's.
    """
    history = History(schedule, birth, sex, given, on)
    judged: list[Judged] = []
    courses = {}
    in_force = schedule.edition(on).rules
    for course in schedule.courses:
        judged += _judged(schedule, course, history)
        rule = in_force.get(course)
        valid = len(history.valid[course])
        courses[course] = _outlook(schedule, rule, history) if rule else Outlook(valid, "none")
        history.standing[course] = courses[course].status
    judged.sort(key=attrgetter("on"))
    return Assessment(tuple(judged), MappingProxyType(courses))


def _judged(schedule: Schedule, course: str, history: History) -> list[Judged]:
    """Judge the doses of one course by day, and keep the valid ones."""
    valid: list[Taken] = []
    history.valid[course] = valid
    if course not in history.doses:
        return []
    judged = []
    for day, vaccines in schedule.rule(course, history.birth).own(history).items():
        rule = schedule.rule(course, day)
        for vaccine in _preferred(rule, history, vaccines, day):
            reason = _reason(rule, history, vaccine, day)
            if reason is None:
                valid.append(Taken(day, vaccine))
            judged.append(Judged(vaccine.code, day, course, None if reason else len(valid), reason))
    return judged


def _preferred(rule: Plain, history: History, vaccines: list[Vaccine], day: date) -> list[Vaccine]:
    """Put what was given on one day in the order of judging: what the course wants first."""
    if len(vaccines) < 2:  # noqa: PLR2004 -- as nearly always
        return vaccines
    wanted = rule.wanted(history, history.valid[rule.course], day)
    return sorted(vaccines, key=lambda vaccine: (vaccine.code != wanted, vaccine.place))


def _reason(rule: Plain, history: History, vaccine: Vaccine, day: date) -> str | None:
    valid = history.valid[rule.course]
    if valid and valid[-1].day == day:
        return "repeated"
    return rule.refusal(history, valid, vaccine, day) or history.refusal(vaccine, rule.course, day)


def _outlook(schedule: Schedule, rule: Plain, history: History) -> Outlook:
    valid = history.valid[rule.course]
    count, on = len(valid), history.on
    if rule.excludes(history):
        return Outlook(count, "none")
    if rule.complete(history, valid, on):
        return Outlook(count, "complete")
    latest = history.age(rule.latest_age)
    if on >= latest:
        return Outlook(count, "aged_out")
    step = rule.step(history, valid)
    if step is None:
        return Outlook(count, "ask")
    vaccine = schedule.vaccines[step.dose.vaccine]
    earliest = history.free_from(vaccine, rule.course, step.earliest)
    if earliest >= latest:
        return Outlook(count, "aged_out")
    recommended = max(earliest, step.recommended)
    told = step.dose.number, earliest, recommended, vaccine.code
    limit = step.overdue_from(history, recommended) if on >= recommended else None
    overdue = limit is not None and on >= limit
    status = "overdue" if overdue else "not_yet" if limit is None else "due"
    return Outlook(count, status, *told, limit if overdue else None)
