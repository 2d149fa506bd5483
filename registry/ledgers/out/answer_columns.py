"""Columns of a service office's list that are filled in: which of them a service has use for, and what they offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sop import referral
from sop.content import LANGUAGES, Code
from sop.downloads import ITEM, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sop.version import Outcome, Service, Sop

ACCEPT: Final = "accept"  # the choice that takes a referral on without an outcome


def columns_of(service: Service) -> frozenset[str]:
    """Return the columns that an answer of this service may have use for."""
    return frozenset({"outcome"}.union(*(taken(service, outcome) for outcome in service.outcomes)))


def taken(service: Service, outcome: Outcome) -> frozenset[str]:
    """Return the columns that may be filled in beside an outcome; a dose is said in the note."""
    items = (f"{ITEM}{code}" for code in service.items)
    dose = ("dose",) if any(each.asks == "next_dose" for each in service.outcomes) else ()
    return frozenset({*referral.goes_with(outcome), *items, *dose, "note"})


def offers(service: Service, sop: Sop) -> Mapping[str, tuple[Code, ...]]:
    """Return by column what may be chosen in it for a service: a column of its own for each item."""
    offered = dict(referral.offers(sop, service))
    results = offered.pop("items")
    outcomes = (Code(ACCEPT, sop.downloads.accept), *offered["outcome"])
    return {**offered, "outcome": outcomes, **{f"{ITEM}{code}": results for code in service.items}}


def words_of(entry: Code, tongue: str) -> str:
    """Return an entry as it is offered in a list: outcomes and grades under the codes that offices know."""
    words = entry.text.in_language(tongue)
    return f"{entry.code} {words}" if entry.code.isdecimal() else words


def chosen(typed: str, offer: Iterable[Code]) -> str | None:
    """Return the code that was chosen from a list, or typed: the code, its words in either language, or both."""
    wanted = folded(typed)
    for entry in offer:
        code, words = entry.code, {folded(entry.text.in_language(tongue)) for tongue in LANGUAGES}
        spelt = {code, code.lstrip("0") or code, *words, *(folded(code) + word for word in words)}
        if wanted and wanted in spelt:
            return code
    return None
