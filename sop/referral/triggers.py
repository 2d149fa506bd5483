"""When a child is to be referred: for each service the rules that say so, each with its reason."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from sop import schooling
from sop.questions import UNKNOWN
from sop.schooling.needs import NEXT, NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from sop.content import Text
    from sop.referral.facts import Case

Params = dict[str, "int | date | str | Text"]


class Trigger(NamedTuple):
    """A rule. `rule`: what its sentence is filled in with, None where it does not hold; `settled`: whether enough was
    opened to say that it no longer holds; `given`: the names that the rule fills in.
    """

    rule: Callable[[Case], Params | None]
    settled: Callable[[Case], bool]
    given: frozenset[str] = frozenset()


def _school_needed(case: Case) -> Params | None:
    if not case.is_placeless or {"dropout", "still_in_kindergarten"} & set(case.schooling.flags):
        return None
    return {"age": case.age, "grade": _grade_due(case)}


def _in_kindergarten(case: Case) -> Params | None:
    if not case.is_placeless or "still_in_kindergarten" not in case.schooling.flags:
        return None
    return {"age": case.age, "grade": _grade_due(case)}


def _grade_due(case: Case) -> Text:
    return schooling.grade_name(case.sop, case.facts.birth, case.on, case.facts.area)


def _dropped_out(case: Case) -> Params | None:
    return {"age": case.age} if case.is_placeless and "dropout" in case.schooling.flags else None


def _school_entrant(case: Case) -> Params | None:
    """Say who enters grade 1 or 7 next September, from the month on in which places are planned (domain 3.5)."""
    starts = schooling.next_start(case.sop, case.on)
    planned = starts.year == case.on.year and case.on.month >= case.sop.referrals.entrants_from_month
    if case.schooling.needs != NEXT or not (planned or case.sent):
        return None
    first = 1 if "entrant_grade_1" in case.schooling.flags else case.sop.schooling.primary_grades + 1
    return {"year": starts.year, "grade": case.sop.wording[f"grade_{first}"]}


def _school_outgrown(case: Case) -> Params | None:
    """Say who is 14 or 15 and in no school, where no school owes it a place any more: that one comes first."""
    outgrown = "not_in_school_14_15" in case.schooling.flags and case.schooling.needs == NONE
    return {"age": case.age} if outgrown else None


def _over_age(case: Case) -> Params | None:
    found = "over_age" in case.schooling.flags and case.age < case.sop.eligibility.age_below
    return {"age": case.age} if found else None


def _certificate(answer: str) -> Callable[[Case], Params | None]:
    return lambda case: {} if case.facts.certificate == answer else None


def _doses_overdue(case: Case) -> Params | None:
    return {"days": case.sop.referrals.overdue_dose_days} if case.facts.long_overdue else None


def _newly_arrived(case: Case) -> Params | None:
    """Say who is to be registered at the clinic of its residence (domain 4.6), unless no dose is left to give."""
    arrived, rules = case.facts.arrived, case.sop.referrals
    if arrived is None or not case.is_young or case.facts.immunisation == "complete":
        return None
    return {} if case.sent or (case.on - arrived).days <= rules.newly_arrived_days else None


def _answered(question: str, answer: str) -> Callable[[Case], Params | None]:
    return lambda case: {} if answer in case.said(question) else None


def _health_record_missing(case: Case) -> Params | None:
    return {} if case.is_young and "no" in case.said("health_record") else None


def _disability_unlisted(case: Case) -> Params | None:
    """Say who is called disabled and holds no certificate; who declined to say is not pressed."""
    graded = case.said("disability_grade") - {"none", UNKNOWN}
    return {} if "disabled" in case.said("health") and not graded else None


def _aid_wanting(case: Case) -> Params | None:
    """Say who is disabled or ill while its family is known to receive nothing."""
    in_need = case.said("health") & {"disabled", "ill"}
    return {} if in_need and case.said("aid") == {"none"} else None


def _always(_case: Case) -> bool:
    return True


def _opened(*questions: str) -> Callable[[Case], bool]:
    return lambda case: all(map(case.holds, questions))


def _status_known(case: Case) -> bool:
    return case.facts.school != "none" or case.holds("not_in_school")


AGE_AND_GRADE: Final = frozenset({"age", "grade"})
AGE: Final = frozenset({"age"})
TRIGGERS: Final[Mapping[str, Mapping[str, Trigger]]] = MappingProxyType(
    {
        "education": {
            "school_needed": Trigger(_school_needed, _always, AGE_AND_GRADE),
            "in_kindergarten": Trigger(_in_kindergarten, _always, AGE_AND_GRADE),
            "dropped_out": Trigger(_dropped_out, _status_known, AGE),
            "school_entrant": Trigger(_school_entrant, _always, frozenset({"year", "grade"})),
        },
        "vaccination": {
            "certificate_missing": Trigger(_certificate("none"), _always),
            "no_dose": Trigger(_certificate("no_dose"), _always),
            "doses_overdue": Trigger(_doses_overdue, _always, frozenset({"days"})),
            "newly_arrived": Trigger(_newly_arrived, _always),
        },
        "identity": {"hukou_missing": Trigger(_answered("hukou_registered", "no"), _opened("hukou_registered"))},
        "birth_certificate": {
            "birth_certificate_missing": Trigger(_answered("birth_certificate", "none"), _opened("birth_certificate"))
        },
        "health_check": {"health_record_missing": Trigger(_health_record_missing, _opened("health_record"))},
        "medical_insurance": {"not_insured": Trigger(_answered("insurance", "none"), _opened("insurance"))},
        "disability": {"disability_unlisted": Trigger(_disability_unlisted, _opened("health"))},
        "social_assistance": {"aid_wanting": Trigger(_aid_wanting, _opened("health", "aid"))},
        "non_formal_education": {
            "school_outgrown": Trigger(_school_outgrown, _status_known, AGE),
            "over_age": Trigger(_over_age, _always, AGE),
        },
    }
)
# The questions of the full file that rules look at.
QUESTIONS: Final = frozenset(
    {
        *("hukou_registered", "birth_certificate", "health_record", "insurance"),
        *("health", "disability_grade", "aid", "not_in_school"),
    }
)
# Every reason with what its sentence is filled in with.
REASONS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {key: trigger.given for triggers in TRIGGERS.values() for key, trigger in triggers.items()}
)
