"""What a list of children can be narrowed to: read from its address, offered on its page, asked of the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_, literal_column, or_

from registry.access import Role
from registry.areas import queries as areas
from registry.children.display import answer
from registry.children.models import Child, Episode, Schooling
from registry.children.queries import ON_THE_REGISTER
from registry.children.todo import papers_promised
from registry.i18n import language
from sop.eligibility import FLAGS_SHOWN, months_between
from sop.identity import BirthDate
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy import ColumnElement

    from registry.access import Viewer
    from sop.content import CodeList

Choices = list[tuple[str, str]]

OF_EPISODE: Final = (*ON_THE_REGISTER, "left", "not_found", "withdrawn")
OF_CHILD: Final = ("aged_out", "deceased")
STATUSES: Final = OF_EPISODE + OF_CHILD
UNSEEN: Final = ("unseen", "unknown")
WANTING: Final = ("papers", "certificate", "pending", "turning")
CODE_DIGITS: Final = 12


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; None leaves a column alone. `area`: 12 digits inside the viewer's own.

    `age`: code of the list age_band; `school` and `certificate`: of theirs; `todo`: one of WANTING.
    """

    status: str | None = None
    flag: str | None = None
    school: str | None = None
    area: str | None = None
    block: UUID | None = None
    age: str | None = None
    certificate: str | None = None
    todo: str | None = None

    @property
    def named(self) -> dict[str, str]:
        """Those that narrow, as they stand in an address: codes, and nothing about anybody."""
        return {name: str(value) for name, value in vars(self).items() if value}


def read(asked: Mapping[str, str], viewer: Viewer, on: date) -> Filters:
    """Read the filters of a list from its address; what is not offered leaves the list as it is."""
    lists, area = in_force(on).codes, asked.get("area", "")
    return Filters(
        status=_one_of(asked.get("status"), STATUSES),
        flag=_one_of(asked.get("flag"), FLAGS_SHOWN),
        school=_one_of(asked.get("school"), _codes(lists["school"])),
        area=area if len(area) == CODE_DIGITS and area.isdigit() and viewer.covers(area) else None,
        block=_uuid(asked.get("block", "")),
        age=_one_of(asked.get("age"), _codes(lists["age_band"])),
        certificate=_one_of(asked.get("certificate"), _codes(lists["certificate"])),
        todo=_one_of(asked.get("todo"), WANTING),
    )


def offered(filters: Filters, viewer: Viewer, on: date) -> list[tuple[str, str, Choices, str | None]]:
    """Return label, name, choices ("all" first) and present choice of every filter, in the order of the page.

    A registrar has one community, so there is no area to choose; blocks are those of one community.
    """
    lists, everything = in_force(on).codes, [("", _("All"))]
    todo = {
        "papers": _("Papers to come"),
        "certificate": _("Certificate to see"),
        "pending": _("To be completed"),
        "turning": _("Six months to reach"),
    }
    statuses = [(code, answer("episode_status", code)) for code in OF_EPISODE]
    ended = [(code, answer("child_status", code)) for code in OF_CHILD]
    flags = [(code, answer("flag", code)) for code in FLAGS_SHOWN]
    found = [
        (_("Area"), "area", areas_offered(filters.area, viewer), filters.area),
        (_("Block"), "block", _blocks(filters.area or viewer.area_code), str(filters.block) if filters.block else None),
        (_("Status"), "status", everything + statuses + ended, filters.status),
        (_("To do"), "todo", everything + list(todo.items()), filters.todo),
        (_("Registration category"), "flag", everything + flags, filters.flag),
        (_("Age"), "age", everything + lists["age_band"].choices(language()), filters.age),
        (_("School"), "school", everything + lists["school"].choices(language()), filters.school),
        (_("Certificate"), "certificate", everything + lists["certificate"].choices(language()), filters.certificate),
    ]
    return [each for each in found if len(each[2]) > 1]


def areas_offered(chosen: str | None, viewer: Viewer) -> Choices:
    """Offer the own area, the way down to the chosen one, and what lies one step below it."""
    if viewer.role is Role.REGISTRAR:
        return []
    around = [one for one in areas.path(chosen or viewer.area_code) if viewer.covers(one.code)]
    below = areas.children_of(chosen or viewer.area_code)
    others = [(one.code, one.name(language())) for one in (*around, *below) if one.code != viewer.area_code]
    return [("", _("Whole area")), *others]


def conditions(filters: Filters, viewer: Viewer, on: date) -> list[ColumnElement[bool]]:
    """Return the conditions on child, latest episode and present schooling.

    Whoever asks joins the three, and adds what to do about a status that is not asked for: see `on_the_register`
    and `not_deceased`.
    """
    conditions: list[ColumnElement[bool]] = []
    if filters.status:
        conditions.append(_of_status(filters.status))
    if filters.flag:
        conditions.append(_flagged(filters.flag))
    if filters.school:
        conditions.append(Schooling.stage == filters.school)
    if filters.area and viewer.covers(filters.area):
        conditions.append(areas.inside(Episode.area_code, areas.scope_prefixes(filters.area)))
    if filters.block:
        conditions.append(Episode.block_id == filters.block)
    if filters.age:
        conditions.append(_of_age(filters.age, on))
    if filters.certificate:
        conditions.append(Child.certificate == filters.certificate)
    if filters.todo:
        conditions.append(_wanting(filters.todo))
    return conditions


def on_the_register() -> ColumnElement[bool]:
    """Return the condition of a list that nobody narrowed by status."""
    return and_(Episode.status.in_(ON_THE_REGISTER), Child.status == "registered")


def not_deceased() -> ColumnElement[bool]:
    """Return the condition of a search: who left or grew up is found, a child who died only when asked for."""
    return Child.status != "deceased"


def deceased() -> ColumnElement[bool]:
    """Return the condition on a child that has died; written out, because its index is chosen before values are."""
    return Child.status == literal_column("'deceased'")


def _of_status(status: str) -> ColumnElement[bool]:
    if status in OF_CHILD:
        return Child.status == status
    return and_(Episode.status == status, Child.status == "registered")


def _flagged(flag: str) -> ColumnElement[bool]:
    """Return the condition that a flag is shown; of a provisional child, whether a day settles it."""
    if flag in ("provisional", "unsettled"):
        waits = Episode.changes_month.is_(None) if flag == "unsettled" else Episode.changes_month.is_not(None)
        return and_(Episode.provisional.is_(True), waits)
    held: ColumnElement[bool] = getattr(Episode, flag).is_(True)
    return held


def _of_age(band: str, on: date) -> ColumnElement[bool]:
    """Return the condition on the month of birth: a birthday counts from the end of its month, as lists say it."""
    first, _dash, last = band.partition("-")
    month = Child.birth_year * 12 + Child.birth_month
    return and_(month <= _born(int(first), on), month > _born(int(last or first) + 1, on))


def _born(years: int, on: date) -> int:
    """Return the last month of birth, counted from year nought, in which somebody of so many years was born."""
    index = on.year * 12 + on.month
    had_birthday = months_between(BirthDate(on.year - 1, on.month).latest, on) >= 12  # noqa: PLR2004 -- a year
    return index - (0 if had_birthday else 1) - years * 12


def _wanting(todo: str) -> ColumnElement[bool]:
    """Return the condition that something is to be done, as far as plain columns tell."""
    return {
        "papers": or_(Child.id_number_answer == "later", papers_promised()),
        "certificate": Child.certificate.in_(UNSEEN),
        "pending": Episode.status == "pending",
        "turning": and_(Episode.provisional.is_(True), Episode.changes_month.is_not(None)),
    }[todo]


def _blocks(community: str) -> Choices:
    rows = areas.blocks_of(community)
    return [("", _("All")), *((str(row.id), row.name(language())) for row in rows)]


def _codes(offered: CodeList) -> list[str]:
    return [entry.code for entry in offered]


def _one_of(asked: str | None, known: Iterable[str]) -> str | None:
    return asked if asked is not None and asked in set(known) else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
