"""What the summary shows before anything is sent: the household, each child's flags, warnings and proposals."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from registry.children.display import age, answer, reasoned, unanswered
from registry.households import places, warnings
from registry.households.classifying import classified
from registry.households.forms.children import without_number
from registry.households.service import chosen_as
from registry.i18n import language
from registry.referrals import service as referrals
from registry.referrals.shown import proposal_items
from registry.web.filters import long_date
from sop.identity import mask_id_number, wanting
from sop.schooling import grade_name
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date

    from registry.children.display import Reasoned
    from registry.households.already import KnownFile
    from registry.households.answers import ChildAnswers, FamilyAnswers, GuardianAnswers, Intake
    from registry.households.classifying import Classified
    from sop.identity import BirthDate

Fact = tuple[str, str | None]


@dataclass(frozen=True)
class ChildShown:
    """One child on the summary: what was answered, what follows, or the file that is there already (`known`)."""

    number: int
    name: str
    facts: list[Fact]
    flags: list[Reasoned] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    proposals: list[dict[str, Any]] = field(default_factory=list)
    unserved: list[str] = field(default_factory=list)
    wanting: str = ""
    outside: str | None = None
    known: KnownFile | None = None
    arriving: bool = False
    place: int = 0  # on its page, from 0, among those who arrive or among those who are new


@dataclass(frozen=True)
class Summary:
    """The whole summary."""

    household: list[Fact]
    warnings: list[str]
    children: list[ChildShown]

    @property
    def sends(self) -> bool:
        """Say whether any child is left that is registered, arrives or is counted."""
        return any(child.known is None and not (child.arriving and child.outside) for child in self.children)

    @property
    def registers(self) -> bool:
        """Say whether sending opens a file."""
        return any(child.known is None and child.outside is None for child in self.children)

    @property
    def proposes(self) -> bool:
        """Say whether there is any referral to choose."""
        return any(child.proposals for child in self.children)


def summarise(intake: Intake, on: date, declined: frozenset[str], aside: dict[int, KnownFile]) -> Summary:
    """Return what follows from an intake on a day.

    `declined`: proposals that are not to be ticked, named as `service.chosen_as` does. `aside`: by number of the
    child, the files that there are already.
    """
    arrive = sum(child.arriving is not None for child in intake.children)
    found = []
    for each in classified(intake, on):
        shown = (
            ChildShown(each.number, each.child.name, _facts(each, intake, on), known=aside[each.number])
            if each.number in aside
            else _child(each, intake, on, declined)
        )
        comes = each.child.arriving is not None
        found.append(replace(shown, arriving=comes, place=each.number - 1 - (0 if comes else arrive)))
    return Summary(_household(intake), warnings.of_family(intake.family, on), found)


def _child(each: Classified, intake: Intake, on: date, declined: frozenset[str]) -> ChildShown:
    child, facts, warned = each.child, _facts(each, intake, on), warnings.of_child(each, on)
    if each.classification.outside is not None:
        said = in_force(on).explain(each.classification.outside, language())
        return ChildShown(each.number, child.name, facts, outside=said, warnings=warned)
    found = referrals.proposals(child.birth, child.school, child.certificate, intake.family.area_code, on)
    served = [one for one in found if one.office]
    wanted = frozenset(
        chosen_as(each.number, code)
        for code in (one.service.code for one in served)
        if declined.isdisjoint({chosen_as(each.number, code), chosen_as(child.name, code)})
    )
    return ChildShown(
        each.number,
        child.name,
        facts,
        flags=reasoned(each.classification.flags, on),
        warnings=warned,
        proposals=proposal_items(served, prefix=chosen_as(each.number, ""), ticked=wanted),
        unserved=[one.service.name.in_language(language()) for one in found if not one.office],
        wanting=_wanting(child),
    )


def _wanting(child: ChildAnswers) -> str:
    """Say what keeps the file pending; nothing of a complete one."""
    words = {
        "name": _("the child's own name"),
        "birth_day": _("the day of birth"),
        "id_number": _("the ID number, or that there is none"),
    }
    missing = [words[part] for part in wanting(child.name, child.birth, child.id_answer)]
    between = "、" if language() == "zh" else "; "
    return _("Still to come: %(what)s", what=between.join(missing)) if missing else ""


def _facts(each: Classified, intake: Intake, on: date) -> list[Fact]:
    child = each.child
    facts: list[Fact] = [
        (_("Sex"), answer("sex", child.sex)),
        (_("Date of birth"), _("%(day)s (%(age)s)", day=long_date(child.birth), age=age(child.birth, on))),
        (_("ID number"), mask_id_number(child.id_number) if child.id_number else _no_number(child)),
        (_("Schooling"), _school(child, intake, on)),
        (_("Vaccination certificate"), answer("certificate", child.certificate)),
    ]
    if each.hukou_code and each.hukou_code != intake.family.hukou_code:
        label = _("Place of hukou") if child.arriving else _("Place of hukou (by the ID number)")
        facts.insert(3, (label, places.written(each.hukou_code)))
    return facts


def _no_number(child: ChildAnswers) -> str:
    return str(dict(without_number()).get(child.id_answer, ""))


def _school(child: ChildAnswers, intake: Intake, on: date) -> str:
    if child.school in ("primary", "junior"):
        return grade_name(in_force(on), child.birth, on, intake.family.area_code).in_language(language())
    return answer("school", child.school)


def _household(intake: Intake) -> list[Fact]:
    family = intake.family
    between = "、" if language() == "zh" else ", "
    said = between.join(_guardian(each) for each in family.guardians)
    phones = between.join(each.phone or unanswered(each.phone_answer) for each in family.guardians if each.phone_answer)
    hukou = places.written(family.hukou_code) or unanswered(family.hukou_answer)
    return [
        (_("Guardians"), said or None),
        (_("Phone"), phones or None),
        (_("Place of hukou"), hukou or None),
        (_("Address"), family.address or unanswered(family.address_answer) or None),
        (_("Ethnic group"), answer("ethnic", family.ethnic)),
        *(_absence(family) if intake.side == "sending" else _arrival(family)),
        (_("Notice"), _("Explained, and the guardian agrees")),
    ]


def _guardian(told: GuardianAnswers) -> str:
    name = told.name or unanswered(told.name_answer) or _("No name")
    if not told.relation:
        return str(name)
    return str(_("%(name)s (%(relation)s)", name=name, relation=answer("relation", told.relation)))


def _arrival(family: FamilyAnswers) -> list[Fact]:
    return [
        (_("Arrived"), _day(family.arrived) or unanswered(family.arrived_answer) or None),
        (_("Means to stay six months"), answer("stays", family.stays)),
        (_("Guardian here"), answer("guardian_here", family.guardian_here)),
    ]


def _absence(family: FamilyAnswers) -> list[Fact]:
    return [
        (_("Who is away"), answer("who_away", family.who_away)),
        (_("Away since"), _day(family.away_since) or unanswered(family.away_since_answer) or None),
        (_("Gone to"), places.written(family.away_area) or unanswered(family.away_area_answer) or None),
        (_("Parent at home can care"), answer("other_parent_can_care", family.other_parent_can_care)),
        (_("Boards at school"), answer("boarding", family.boarding)),
    ]


def _day(day: BirthDate | None) -> str | None:
    return long_date(day) if day else None
