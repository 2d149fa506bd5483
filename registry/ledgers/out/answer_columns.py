"""Columns of a service office's list that are filled in: which of them a service has use for, and what they offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sop.content import LANGUAGES, Text
from sop.downloads import ITEM, folded
from sop.referral import LAST_GRADE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sop.version import Outcome, Service, Sop

    Offer = list[tuple[str, Text]]  # codes with their words

ACCEPT: Final = "accept"  # the choice that takes a referral on without an outcome
UNKNOWN: Final = frozenset({"unknown", "refused"})  # what a family may say of a school's kind, and no office


def columns_of(service: Service) -> frozenset[str]:
    """Return the columns that an answer of this service may have use for."""
    return frozenset({"outcome"}.union(*(taken(service, outcome) for outcome in service.outcomes)))


def taken(service: Service, outcome: Outcome) -> frozenset[str]:
    """Return the columns that may be filled in beside an outcome; a dose is said in the note."""
    asked = {"reason": outcome.reasons, "day": outcome.asks, "alternative": outcome.alternative}
    items = (f"{ITEM}{code}" for code in service.items)
    dose = ("dose",) if any(each.asks == "next_dose" for each in service.outcomes) else ()
    return frozenset({*(name for name, needs in asked.items() if needs), *outcome.takes, *items, *dose, "note"})


def offers(service: Service, sop: Sop) -> Mapping[str, Offer]:
    """Return by column what may be chosen in it for a service."""
    results = [(each.code, each.text) for each in sop.codes["item_result"]]
    return {
        "outcome": [(ACCEPT, sop.downloads.accept), *((each.code, each.text) for each in service.outcomes)],
        "reason": _listed(sop, "outcome_reason", {code for each in service.outcomes for code in each.reasons}),
        "school_kind": _listed(sop, "schooling_kind", sop.codes["schooling_kind"].known - UNKNOWN),
        "grade": [(str(grade), _grade(sop, grade)) for grade in range(LAST_GRADE + 1)],
        "alternative": _listed(sop, "alternative", {code for each in service.outcomes for code in each.alternative}),
        **{f"{ITEM}{code}": results for code in service.items},
    }


def words_of(code: str, text: Text, tongue: str) -> str:
    """Return an entry as it is offered in a list: outcomes and grades under the codes that offices know."""
    words = text.in_language(tongue)
    return f"{code} {words}" if code.isdecimal() else words


def chosen(typed: str, offer: Iterable[tuple[str, Text]]) -> str | None:
    """Return the code that was chosen from a list, or typed: the code, its words in either language, or both."""
    wanted = folded(typed)
    for code, text in offer:
        words = {folded(text.in_language(tongue)) for tongue in LANGUAGES}
        spelt = {code, code.lstrip("0") or code, *words, *(folded(code) + word for word in words)}
        if wanted and wanted in spelt:
            return code
    return None


def _listed(sop: Sop, name: str, wanted: Iterable[str]) -> Offer:
    return [(each.code, each.text) for each in sop.codes[name] if each.code in set(wanted)]


def _grade(sop: Sop, grade: int) -> Text:
    """Name a grade; those after the compulsory ones, which have no names of their own, by their number in the stage."""
    if grade == 0:
        return sop.codes["school"].text("kindergarten")
    if named := sop.wording.get(f"grade_{grade}"):
        return named
    senior, number = sop.codes["school"].text("senior"), grade - sop.schooling.compulsory_grades
    return Text(f"{senior.zh} {number}", f"{senior.en} {number}")
