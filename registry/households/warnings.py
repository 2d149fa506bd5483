"""What is said about an ID number and about a page's answers: what was read, and what should be looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from registry.areas import codes, queries
from registry.children.display import answer
from registry.households import places
from registry.i18n import language
from registry.web.filters import long_date
from sop.identity import IdNumberError, read_id_number
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date

    from registry.households.answers import FamilyAnswers
    from registry.households.classifying import Classified
    from sop.identity import IdNumber


def of_number(typed: str, on: date) -> dict[str, str]:
    """Return {"read": sentence} for a number that can be read on this day, else {"fault": sentence}; {} for none."""
    if not typed.strip():
        return {}
    try:
        return {"read": said(read_id_number(typed, on))}
    except IdNumberError as error:
        return {"fault": fault(error.code)}


def said(read: IdNumber) -> str:
    """Return what an ID number says: birth date, sex, and the county where it was issued when that is known."""
    sex = answer("sex", read.sex)
    born = long_date(read.birth)
    county = queries.current_code(read.division)
    if county is None:
        return str(_("Read: born %(born)s, %(sex)s", born=born, sex=sex))
    place = places.written(county)
    return str(_("Read: born %(born)s, %(sex)s, number issued in %(place)s", born=born, sex=sex, place=place))


def fault(code: str) -> str:
    """Return why a number cannot be read. `code`: length, characters, birth or future."""
    faults: dict[str, str] = {
        "length": _("An ID number has 18 characters. Check it; it can be saved as it is."),
        "characters": _("An ID number has digits only, and may end with X. Check it; it can be saved as it is."),
        "birth": _("The ID number holds a date that does not exist. Check it; it can be saved as it is."),
        "future": _("The ID number says a birth in the future. Check it."),
    }
    return faults[code]


def of_child(classified: Classified, on: date) -> list[str]:
    """Return what should be looked at again about a child; nothing of it stops the intake."""
    child = classified.child
    found = _contradictions(child.contradicted)
    if child.id_number is None or child.arriving is not None:
        return found
    if child.read is None:
        return [*found, fault(child.id_fault or "length")]
    say = in_force(on).say
    written = child.read.birth
    if not child.birth.earliest <= written <= child.birth.latest:
        found.append(say("warn_birth_differs", language(), read=long_date(written)))
    if child.sex in ("1", "2") and child.sex != child.read.sex:
        found.append(say("warn_sex_differs", language(), read=answer("sex", child.read.sex)))
    if "check_digit" in child.read.faults:
        found.append(say("warn_check_digit", language()))
    if classified.issued_in != codes.full(child.read.division):
        found.append(say("warn_division", language(), division=child.read.division))
    return found


def of_family(family: FamilyAnswers, on: date) -> list[str]:
    """Return what should be looked at again about the household; nothing of it stops the intake."""
    found = [
        _(
            "The phone of guardian %(number)s cannot be one that is in use. Check it; it can be saved as it is.",
            number=n,
        )
        for n, guardian in enumerate(family.guardians, 1)
        if guardian.phone and guardian.phone_digits is None
    ]
    found += _contradictions(family.contradicted)
    if family.arrived and family.arrived.earliest > on:
        found.append(_("The date of arrival is in the future. Check it; it can be saved as it is."))
    if family.away_since and family.away_since.earliest > on:
        found.append(_("The date of leaving is in the future. Check it; it can be saved as it is."))
    nobody = family.guardians and all(each.lives_here == "no" for each in family.guardians)
    if nobody and not family.alone:
        found.append(_("No guardian lives here by these answers. If the child is alone, say so on page 2."))
    return found


def _contradictions(questions: tuple[str, ...]) -> list[str]:
    return [
        _(
            "%(question)s: something was written, and that it is not known or declined was ticked as well. "
            "What is written will be kept. If the family declines, delete it.",
            question=question,
        )
        for question in questions
    ]
