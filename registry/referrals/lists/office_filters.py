"""What an office's list can be narrowed to: read from its address, offered on its page, asked of the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from flask import current_app
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import false, or_, true

from registry.areas.codes import prefix_of
from registry.areas.queries import inside, names_of
from registry.children.merging import merged_with
from registry.i18n import language
from registry.referrals.calendar import working_calendar
from registry.referrals.lists.places import communities_of, town_of, towns_of
from registry.referrals.models import CONFIDENTIAL, Referral
from registry.referrals.queries import is_overdue
from registry.web.filters import listed
from sop.referral import State, soon_until, visible
from sop.schooling import school_year
from sop.services import SCHOOL
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from flask import Flask
    from sqlalchemy import ColumnElement, Select

    from registry.access import Viewer
    from sop.version import Sop

    Choices = list[tuple[str, str]]

ONLY: Final = ("overdue", "soon", "interim")
STAGES: Final = ("kindergarten", "primary", "junior")
CODE_DIGITS: Final = 12
YOUNGEST, OLDEST = 6, 9  # years of entry offered: so many to come, so many past
NARROWINGS: Final = "referral_narrowings"


@dataclass(frozen=True)
class Narrowing:
    """What another room lets lists be narrowed by. `name`: in the address.

    `about` and `field`: only of services about this, and while their office may see this field of the procedure, so
    that a list tells nobody what it does not show. `label()`, `choices(on)` and `left_out()`, which says what of, word
    it; `files(code)` is a statement for the ids of the kept files that fit a code.
    """

    name: str
    about: str
    field: str
    label: Callable[[], str]
    choices: Callable[[date], Choices]
    left_out: Callable[[], str]
    files: Callable[[str], Select[UUID]]


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; None leaves a column alone.

    `service`: a code, or CONFIDENTIAL for all of these together, as which of them it is stays sealed; `grade`: one of
    STAGES or the number of a grade; `entry`: the year of entry to primary school; `area`: 12 digits of a town or
    community; `only`: one of ONLY. `more`: code by name of a Narrowing.
    """

    service: str | None = None
    grade: str | None = None
    entry: int | None = None
    area: str | None = None
    only: str | None = None
    more: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def named(self) -> dict[str, Any]:
        """Those that narrow, as they stand in an address: codes, and nothing about anybody."""
        own = {name: value for name, value in vars(self).items() if name != "more"} | dict(self.more)
        return {name: str(value) for name, value in own.items() if value}


def narrow_by(app: Flask, narrowing: Narrowing) -> None:
    """Let a higher room narrow the lists of offices."""
    app.extensions.setdefault(NARROWINGS, []).append(narrowing)


def read(asked: Mapping[str, str], served: Sequence[str], on: date) -> Filters:
    """Read the filters of a list from its address; what is not offered leaves the list as it is.

    `served`: the codes of the services that the office answers.
    """
    area, entry = asked.get("area", ""), asked.get("entry", "")
    grades = _codes(_grades(in_force(on)))
    known = [(each.name, asked.get(each.name), _codes(each.choices(on))) for each in _narrowings(served, on)]
    return Filters(
        service=_one_of(asked.get("service"), _codes(_services(served, on))),
        grade=_one_of(asked.get("grade"), grades),
        entry=int(entry) if entry in _codes(_entries(in_force(on), on)) else None,
        area=area if len(area) == CODE_DIGITS and area.isdecimal() else None,
        only=_one_of(asked.get("only"), ONLY),
        more=MappingProxyType({name: code for name, code, codes in known if code is not None and code in codes}),
    )


def offered(
    filters: Filters, viewer: Viewer, served: Sequence[str], on: date
) -> list[tuple[str, str, Choices, str | None]]:
    """Return label, name, choices ("all" first) and present choice of every filter, in the order of the page.

    Places are those of which the office has something to answer: the towns, and the communities of the chosen one.
    """
    sop = in_force(on)
    of_school = is_of_school(served, on)
    only = [("overdue", _("Overdue")), ("soon", _("Due soon")), ("interim", _("Interim answer given"))]
    found = [
        (_("Service"), "service", _services(served, on), filters.service),
        (_("Stage or grade"), "grade", _grades(sop) if of_school else [], filters.grade),
        (_("Year of entry"), "entry", _entries(sop, on) if of_school else [], str(filters.entry or "")),
        *((each.label(), each.name, each.choices(on), filters.more.get(each.name)) for each in _narrowings(served, on)),
        (pgettext("filter of referrals", "Place"), "area", _places(viewer, filters.area), filters.area),
        (pgettext("filter of referrals", "Only"), "only", only, filters.only),
    ]
    fewest = {"service": 2}
    return [
        (label, name, [("", _("All")), *choices], chosen)
        for label, name, choices, chosen in found
        if len(choices) >= fewest.get(name, 1)
    ]


def is_of_school(served: Iterable[str], on: date) -> bool:
    """Say whether lists of an office that answers these services are about school."""
    services = in_force(on).services
    return any(services[code].about == SCHOOL for code in served if code in services)


def conditions(filters: Filters, on: date) -> list[ColumnElement[bool]]:
    """Return the conditions on a referral that an office has to answer."""
    found: list[ColumnElement[bool]] = []
    if filters.service:
        found.append(Referral.service == filters.service)
    if filters.grade:
        first, last = _entered(in_force(on), filters.grade, on)
        found.append(Referral.entry_year.between(first, last))
    if filters.entry:
        found.append(Referral.entry_year == filters.entry)
    if filters.area:
        found.append(inside(Referral.area_code, [prefix_of(filters.area)]))
    if filters.only:
        found.append(_only(filters.only, on))
    return [*found, *(_seen(each, on) for each in _chosen(filters))]


def left_out(filters: Filters) -> list[str]:
    """Say of what a narrowed list leaves out, because the office may not see there what the list is narrowed by."""
    return [each.left_out() for each in _chosen(filters)]


def ways(filters: Filters) -> list[ColumnElement[bool]]:
    """Return what other rooms narrow by, as conditions of which exactly one holds for each referral that fits.

    Lists ask with one after the other and merge what they find: what hangs on a kept file, and the few on files that
    were merged into one. In one condition with "or" no index would serve either.
    """
    found: list[ColumnElement[bool]] = [true()]
    for each in _chosen(filters):
        files = each.files(filters.more[each.name])
        kept, merged = Referral.child_id.in_(files), Referral.child_id.in_(merged_with(files))
        found = [way & one for way in found for one in (kept, merged)]
    return found


def _chosen(filters: Filters) -> list[Narrowing]:
    return [each for each in current_app.extensions.get(NARROWINGS, ()) if each.name in filters.more]


def _seen(narrowing: Narrowing, on: date) -> ColumnElement[bool]:
    """Return the condition that the office of a referral may see what the list is narrowed by."""
    seen: list[ColumnElement[bool]] = [false()]
    for service in in_force(on).services.values():
        states = [state for state in State if narrowing.field in visible(service, state)]
        if service.about == narrowing.about and states:
            seen.append((Referral.service == service.code) & Referral.state.in_(states))
    return or_(*seen)


def _only(which: str, on: date) -> ColumnElement[bool]:
    """Return the condition that something is past its limit, near it, or answered for the time being."""
    if which == "interim":
        return Referral.outcome_kind == "interim"
    if which == "overdue":
        return is_overdue(on)
    return Referral.due_on.between(on, soon_until(working_calendar(), on, in_force(on).referrals.soon_days))


def _entered(sop: Sop, grade: str, on: date) -> tuple[int, int]:
    """Return the first and last year of entry of who is in a stage or grade by age: those yet to enter come last."""
    rules, entered = sop.schooling, school_year(sop, on) + 1  # by those whom September made first-graders, plus one
    spans = {
        "kindergarten": (entered, entered + YOUNGEST),
        "primary": (entered - rules.primary_grades, entered - 1),
        "junior": (entered - rules.compulsory_grades, entered - rules.primary_grades - 1),
    }
    return spans.get(grade) or (entered - int(grade), entered - int(grade))


def _grades(sop: Sop) -> Choices:
    stages = [(code, sop.codes["school"].text(code).in_language(language())) for code in STAGES]
    numbers = [str(number) for number in range(1, sop.schooling.compulsory_grades + 1)]
    return [*stages, *((each, sop.wording[f"grade_{each}"].in_language(language())) for each in numbers)]


def _entries(sop: Sop, on: date) -> Choices:
    entered = school_year(sop, on)
    return [(str(year), str(year)) for year in range(entered + YOUNGEST, entered - OLDEST - 1, -1)]


def _services(served: Iterable[str], on: date) -> Choices:
    """Return the services of an office; the confidential ones are one choice, with all their names."""
    known = in_force(on).services
    those = [known[code] for code in served if code in known]
    plain = [(each.code, each.name.in_language(language())) for each in those if not each.confidential]
    names = [each.name.in_language(language()) for each in those if each.confidential]
    return [*plain, *([(CONFIDENTIAL, listed(names))] if names else [])]


def _places(viewer: Viewer, chosen: str | None) -> Choices:
    """Return the towns of which there is something to answer, and the communities of the chosen one, or of its town."""
    communities = communities_of(viewer, town_of(chosen)) if chosen else []
    towns = towns_of(viewer)
    names = names_of([*towns, *communities], language())
    found: Choices = []
    for town in towns:
        found.append((town, names.get(town, town)))
        if chosen and town == town_of(chosen):
            found += [(code, f"\u2003{names.get(code, code)}") for code in communities]
    return found


def _narrowings(served: Iterable[str], on: date) -> list[Narrowing]:
    services = in_force(on).services
    about = {services[code].about for code in served if code in services}
    return [each for each in current_app.extensions.get(NARROWINGS, ()) if each.about in about]


def _codes(choices: Choices) -> set[str]:
    return {code for code, _words in choices}


def _one_of(asked: str | None, known: Iterable[str]) -> str | None:
    return asked if asked is not None and asked in known else None
