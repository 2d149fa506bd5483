"""What pages say of answers: which outcome needs what, what was told beside it, who told it, and what to bring."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from registry.access import current_viewer
from registry.accounts.navigation import staff_name
from registry.accounts.queries import people
from registry.clock import today
from registry.i18n import language
from registry.referrals.answers import came_back, finding
from registry.referrals.models import SLIP
from registry.referrals.shown import service_of, sop_of
from registry.web.filters import long_date, phrases
from sop.referral import fitting, wanting
from sop.schooling import name_of_grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from flask import Flask

    from registry.referrals.models import Referral, ReferralStep
    from sop.version import Outcome, Sop

Line = tuple[str, str]

LABELS: Final = {
    "alternative": _l("Offered instead"),
    "school_kind": _l("Kind of school"),
    "school": _l("Name of the school"),
    "grade": _l("Grade"),
    "begins": _l("First day at school"),
    **came_back.LABELS,
}
DAYS: Final = frozenset({"begins", came_back.ANSWERED_ON})
LISTS: Final = {"alternative": "alternative", "school_kind": "schooling_kind"}


def outcomes_of(referral: Referral) -> tuple[Outcome, ...]:
    """Return the outcomes that its office may give for a child of this age."""
    where = referral.child.birth_in_plain, today(), referral.area_code
    return fitting(sop_of(referral), service_of(referral), *where)


def wanting_codes(referral: Referral, what: str) -> str:
    """Return the codes of the outcomes with which a field of an answer goes, for the script that hides the others."""
    return " ".join(each.code for each in wanting(service_of(referral), what))


def wanting_words(referral: Referral, what: str) -> str:
    """Return these outcomes in words."""
    return phrases(each.text.in_language(language()) for each in wanting(service_of(referral), what))


def answer_lines(referral: Referral, step: ReferralStep) -> list[Line]:
    """Return (label, words) of what was told beside outcome, reason, day and note; each compared item is one."""
    details = cast("dict[str, Any]", step.details.open(current_viewer()) or {})
    sop = sop_of(referral)
    told = [(str(label), _worded(sop, name, details[name])) for name, label in LABELS.items() if name in details]
    return told + item_lines(referral, details)


def item_lines(referral: Referral, details: Mapping[str, Any]) -> list[Line]:
    """Return (item, result) in words for each item that was compared, in the order of the service."""
    codes, results = sop_of(referral).codes, details.get("items", {})
    return [
        (
            codes["item"].text(item).in_language(language()),
            codes["item_result"].text(results[item]).in_language(language()),
        )
        for item in service_of(referral).items
        if item in results
    ]


def _worded(sop: Sop, name: str, value: Any) -> str:  # noqa: ANN401 -- as it was kept
    if name == "grade":
        return name_of_grade(sop, value).in_language(language())
    if name in DAYS:
        return long_date(date.fromisoformat(value))
    return sop.codes[LISTS[name]].text(value).in_language(language()) if name in LISTS else str(value)


def compared(referrals: Iterable[Referral]) -> dict[UUID, list[Line]]:
    """Return what offices found that compared a child's particulars, by referral: (item, result with who and when).

    Two statements at most, and none where nothing was compared. What differs or is not found is to be asked of the
    family again: nothing else rests on it.
    """
    asked = {each.id: each for each in referrals if each.outcome and service_of(each).items}
    steps = finding.last_compared(current_viewer(), asked) if asked else {}
    by = staff_of(steps.values()) if steps else {}
    return {key: _compared(asked[key], step, by[step.id]) for key, step in steps.items()}


def _compared(referral: Referral, step: ReferralStep, by: str) -> list[Line]:
    details = cast("dict[str, Any]", step.details.open(current_viewer()) or {})
    found = item_lines(referral, details)
    day = long_date(step.at)
    return [(item, str(_("%(result)s (%(by)s, %(day)s)", result=result, by=by, day=day))) for item, result in found]


def staff_of(steps: Iterable[ReferralStep]) -> dict[UUID, str]:
    """Return who made each of these steps, by its id: office and name; one statement."""
    made = list(steps)
    found, viewer = people(each.user_id for each in made), current_viewer()
    users = {each.id: found[each.user_id] for each in made}
    return {key: _staff(user.office.name(language()), staff_name(user, viewer)) for key, user in users.items()}


def _staff(office: str, name: str) -> str:
    return str(_("%(office)s, %(name)s", office=office, name=name))


def by_slip(step: ReferralStep) -> bool:
    """Say whether a step was entered by the registrar, from what the office wrote on the slip."""
    return step.source == SLIP


def on_paper(referrals: Iterable[Referral]) -> set[UUID]:
    """Return the ids of those of a list that were answered on a slip; one statement."""
    return finding.answered_on_paper(each.id for each in referrals)


def documents(referral: Referral) -> list[str]:
    """Return what the family brings."""
    return [each.in_language(language()) for each in service_of(referral).documents]


def offered_first(referral: Referral) -> list[str]:
    """Return the services, in words, that were to be offered before this one."""
    services = sop_of(referral).services
    return [services[code].name.in_language(language()) for code in service_of(referral).offer_first]


WORDS: Final = (
    answer_lines,
    by_slip,
    compared,
    documents,
    offered_first,
    on_paper,
    staff_of,
    wanting_codes,
    wanting_words,
)


def init_app(app: Flask) -> None:
    """Add these to what every template may say of a referral: `referral_words.answer_lines(...)`."""
    words = cast("dict[str, object]", app.jinja_env.globals["referral_words"])
    words.update({each.__name__: each for each in WORDS})
