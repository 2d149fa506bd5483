"""What a child's schooling comes to, in words: what is due by age, whether a place is needed and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from registry.children.display import answer
from registry.i18n import language
from registry.web.filters import long_date
from sop.content import Reason
from sop.schooling import entry_rule, grade_name, next_start
from sop.schooling.needs import IN_A_SCHOOL, NEXT, NONE, NOW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel import LazyString

    from registry.admission.queries import Standing

Tag = tuple[str, str]
NEEDS: Final[Mapping[str, tuple[LazyString, str]]] = {
    NOW: (_l("Place needed now"), "late"),
    NEXT: (_l("Place needed next September"), "soon"),
    NONE: (_l("No place needed"), "grey"),
}
# In a few characters, beside the sentence that the procedure has for each.
FLAGS: Final[Mapping[str, tuple[LazyString, str]]] = {
    "dropout": (_l("Dropped out"), "late"),
    "not_in_school_14_15": (_l("Out of school at 14 or 15"), "late"),
    "still_in_kindergarten": (_l("Still in kindergarten"), "soon"),
    "entrant_grade_1": (_l("Enters grade 1"), "tint"),
    "entrant_grade_7": (_l("Enters junior school"), "tint"),
    "over_age": (_l("Over-age"), "soon"),
    "suspended": (lazy_pgettext("schooling", "Suspended"), "grey"),
    "home_teaching": (_l("Taught at home"), "outlined"),
    "delayed": (_l("Entry delayed"), "outlined"),
    "kindergarten_age": (_l("Not in kindergarten"), "outlined"),
    "to_verify": (_l("To be checked"), "dashed"),
}


def by_age(standing: Standing) -> str:
    """Return what is due by age: kindergarten, a grade, senior school, or that it is not yet or no more."""
    expected = standing.needs.stage_expected
    if expected in {"kindergarten", "senior"}:
        return answer("school", expected)
    return _grade(standing)


def entry(standing: Standing) -> str:
    """Return when the child enters or entered primary school by its age."""
    starts = standing.sop.schooling
    return long_date((standing.needs.enters, starts.year_starts_month, None))


def need(standing: Standing) -> Tag:
    """Return words and kind of the tag that says whether a place is needed."""
    words, kind = NEEDS[standing.needs.needs]
    return str(words), kind


def flags(standing: Standing) -> list[tuple[str, str, str]]:
    """Return words, kind and sentence of each flag."""
    found = ((FLAGS[code], answer("schooling_flag", code)) for code in standing.needs.flags)
    return [(str(words), kind, sentence) for (words, kind), sentence in found]


def why(standing: Standing) -> str:
    """Return in a sentence why a place is needed, or why none is."""
    if standing.needs.needs == NOW:
        return _why_now(standing)
    return _why_next(standing) if standing.needs.needs == NEXT else _why_not(standing)


def _why_now(standing: Standing) -> str:
    told = {"age": standing.birth.age_on(standing.on), "grade": _grade(standing)}
    if "still_in_kindergarten" in standing.needs.flags:
        return str(_("Age %(age)s, due in %(grade)s by age, still in kindergarten", **told))
    if "dropout" in standing.needs.flags:
        return str(_("Age %(age)s, left school before the end of the nine compulsory grades", **told))
    if standing.needs.grade_expected is None:
        return str(_("Age %(age)s, has finished primary school and is in no junior school", **told))
    name = grade_name(standing.sop, standing.birth, standing.on, standing.area)
    reason = Reason("school_needed", {"age": standing.birth.age_on(standing.on), "grade": name})
    return standing.sop.explain(reason, language())


def _why_next(standing: Standing) -> str:
    year = next_start(standing.sop, standing.on).year
    if "delayed" in standing.needs.flags:
        return str(_("A later entry was approved: enters grade 1 in September %(year)s", year=year))
    if "entrant_grade_7" in standing.needs.flags:
        return str(_("Ends primary school: enters junior school in September %(year)s", year=year))
    rule = entry_rule(standing.sop, standing.area)
    day = long_date(date(year, rule.cut_off_month, rule.cut_off_day))
    return str(
        _("%(age)s years old by %(day)s: enters grade 1 in September %(year)s", age=rule.age, day=day, year=year)
    )


def _why_not(standing: Standing) -> str:
    found, told = standing.needs.flags, standing.told
    if "suspended" in found:
        return str(_("The school keeps the place"))
    if "delayed" in found or (standing.due < 1 and told.stage not in IN_A_SCHOOL):
        return str(_("Enters primary school in September %(year)s", year=standing.needs.enters))
    if "home_teaching" in found:
        return str(_("A school teaches the child at home"))
    if told.status == "in_school" and told.stage in IN_A_SCHOOL:
        return str(_("Goes to school"))
    if standing.needs.grade_expected is not None:
        return str(_("Nobody knows yet whether the child goes to school: ask the family"))
    return str(_("Past the nine compulsory grades"))


def _grade(standing: Standing) -> str:
    return grade_name(standing.sop, standing.birth, standing.on, standing.area).in_language(language())
