"""What the summary shows before anything is sent: the household, each child's flags, warnings and proposals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from registry.children.display import age, answer, flag_tags
from registry.households import drafts, known, places, reading
from registry.households.judging import Judged, judge
from registry.households.service import chosen_as
from registry.i18n import language
from registry.referrals import service as referrals
from registry.web.filters import long_date
from sop.schooling import grade_name
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date

    from registry.access import Viewer
    from registry.households.answers import FamilyAnswers, GuardianAnswers, Intake
    from registry.households.known import KnownFile
    from registry.households.models import IntakeDraft
    from registry.referrals.service import Proposed
    from sop.identity import BirthDate

Fact = tuple[str, str | None]


@dataclass(frozen=True)
class ChildShown:
    """One child on the summary. `flags`: words, kind of tag, reason. `proposals`: as the macro draws them."""

    number: int
    name: str
    facts: list[str]
    flags: list[tuple[str, str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    proposals: list[dict[str, Any]] = field(default_factory=list)
    unserved: list[str] = field(default_factory=list)
    outside: str | None = None
    known: KnownFile | None = None


@dataclass(frozen=True)
class Summary:
    """The whole summary. `sends`: whether anything is left to be sent; `registers`: whether a file is opened."""

    household: list[Fact]
    warnings: list[str]
    children: list[ChildShown]

    @property
    def sends(self) -> bool:
        """Say whether any child is left that has no file yet."""
        return any(child.known is None for child in self.children)

    @property
    def registers(self) -> bool:
        """Say whether sending opens a file."""
        return any(child.known is None and child.outside is None for child in self.children)


def summary(draft: IntakeDraft, viewer: Viewer, intake: Intake, on: date, ticked: frozenset[str] | None) -> Summary:
    """Return what follows from an intake on a day. `ticked`: chosen proposals, None when all are ticked still."""
    aside = known.files(viewer, drafts.those_set_aside(draft, viewer))
    return Summary(
        household=_household(intake),
        warnings=reading.family_warnings(intake.family, on),
        children=[_child(each, intake, on, ticked, aside.get(each.number)) for each in judge(intake, on)],
    )


def _child(
    judged: Judged, intake: Intake, on: date, ticked: frozenset[str] | None, already: KnownFile | None
) -> ChildShown:
    child = judged.child
    facts = [answer("sex", child.sex), age(child.birth, on), born(child.birth), _school(judged, intake, on)]
    if already is not None:
        return ChildShown(judged.number, child.name, facts, known=already)
    outside = judged.classification.outside
    if outside is not None:
        said = in_force(on).explain(outside, language())
        return ChildShown(judged.number, child.name, facts, outside=said, warnings=reading.warnings(judged, on))
    found = referrals.proposals(child.birth, child.school, child.certificate, intake.family.area_code, on)
    return ChildShown(
        judged.number,
        child.name,
        facts,
        flags=flags(judged, on),
        warnings=reading.warnings(judged, on),
        proposals=[_proposal(judged.number, each, on, ticked) for each in found if each.office],
        unserved=[each.service.name.in_language(language()) for each in found if not each.office],
    )


def flags(judged: Judged, on: date) -> list[tuple[str, str, str]]:
    """Return the words, the kind of tag and the reason of each flag of a child."""
    held = judged.classification.flags
    tags = flag_tags([flag.code for flag in held])
    said = [in_force(on).explain(flag.reason, language()) for flag in held]
    return [(words, kind, reason) for (words, kind), reason in zip(tags, said, strict=True)]


def born(birth: BirthDate) -> str:
    """Return a birth date in words."""
    return str(_("born %(day)s", day=long_date((birth.year, birth.month, birth.day))))


def _school(judged: Judged, intake: Intake, on: date) -> str:
    child = judged.child
    if child.school in ("primary", "junior"):
        return grade_name(in_force(on), child.birth, on, intake.family.area_code).in_language(language())
    return answer("school", child.school)


def _proposal(number: int, proposed: Proposed, on: date, ticked: frozenset[str] | None) -> dict[str, Any]:
    value, office, sop = chosen_as(number, proposed.service.code), proposed.office, in_force(on)
    shown = [answer("field", name) for name in proposed.service.visible_before]
    between = "、" if language() == "zh" else ", "
    limits = proposed.deadlines
    lines = [sop.explain(reason, language()) for reason in proposed.reasons]
    lines.append(
        _(
            "To accept by %(accept)s, to answer by %(answer)s",
            accept=long_date(limits.accept_by),
            answer=long_date(limits.answer_by),
        )
    )
    lines.append(_("They see: %(fields)s", fields=between.join(shown)))
    if not proposed.calendar_known:
        lines.append(sop.say("warn_calendar", language(), year=limits.answer_by.year))
    return {
        "value": value,
        "service": proposed.service.name.in_language(language()),
        "office": (office.name_zh if language() == "zh" else office.name_en) if office else "",
        "lines": lines,
        "checked": ticked is None or value in ticked,
    }


def _household(intake: Intake) -> list[Fact]:
    family = intake.family
    between = "、" if language() == "zh" else ", "
    said = between.join(_guardian(each) for each in family.guardians)
    phones = between.join(each.phone or _withheld(each.phone_answer) for each in family.guardians if each.phone_answer)
    hukou = places.written(family.hukou_code) or _withheld(family.hukou_answer)
    return [
        (_("Guardians"), said or None),
        (_("Phone"), phones or None),
        (_("Place of hukou"), hukou or None),
        (_("Address"), family.address or _withheld(family.address_answer) or None),
        (_("Ethnic group"), answer("ethnic", family.ethnic)),
        *(_absence(family) if intake.side == "sending" else _arrival(family)),
        (_("Notice"), _("Explained, and the guardian agrees")),
    ]


def _guardian(told: GuardianAnswers) -> str:
    name = told.name or _withheld(told.name_answer) or _("No name")
    return str(_("%(name)s (%(relation)s)", name=name, relation=answer("relation", told.relation)))


def _arrival(family: FamilyAnswers) -> list[Fact]:
    return [
        (_("Arrived"), _day(family.arrived) or _withheld(family.arrived_answer) or None),
        (_("Means to stay six months"), answer("stays", family.stays)),
        (_("Guardian here"), answer("guardian_here", family.guardian_here)),
    ]


def _absence(family: FamilyAnswers) -> list[Fact]:
    return [
        (_("Who is away"), answer("who_away", family.who_away)),
        (_("Away since"), _day(family.away_since) or _withheld(family.away_since_answer) or None),
        (_("Gone to"), places.written(family.away_area) or _withheld(family.away_area_answer) or None),
        (_("Parent at home can care"), answer("other_parent_can_care", family.other_parent_can_care)),
        (_("Boards at school"), answer("boarding", family.boarding)),
    ]


def _day(day: BirthDate | None) -> str | None:
    return long_date((day.year, day.month, day.day)) if day else None


def _withheld(said: str) -> str:
    return answer("stays", said) if said in ("unknown", "refused") else ""
