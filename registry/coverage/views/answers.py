"""The page on how offices answer referrals: an office sees its own, a supervisor its area's, an official less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import render_template, request
from flask_babel import gettext as _

from registry.access import Permission, Role, allows, current_viewer
from registry.areas.codes import prefix_of
from registry.areas.queries import full_name, office_names
from registry.areas.serving import answering
from registry.audit import service as audit
from registry.clock import today
from registry.coverage.answers import OTHERS, by_office, by_service, protected, whole
from registry.coverage.queries import COUNTY_DIGITS
from registry.coverage.views.blueprint import statistics
from registry.coverage.words import rate_words
from registry.i18n import language
from registry.referrals.performance import totals
from registry.referrals.service_words import service_words
from registry.web.filters import long_date
from sop.performance import MEDIAN, NINETIETH, OUTCOMES, months_until
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date

    from registry.access import Viewer
    from registry.coverage.answers import ExactLine
    from registry.referrals.performance.totals import Counted

YEAR, LAST = "year", "12"  # periods, beside single months
LAST_MONTHS: Final = 12


@statistics.get("/referrals")
@allows(Permission.PERFORMANCE_READ)
def referrals() -> str:
    """Show how referrals were answered, as it was counted in the last night."""
    viewer, counted_on = current_viewer(), totals.counted_on()
    audit.note("statistics_shown", viewer=viewer, table="performance")
    shown = {
        "own": viewer.role is Role.OFFICER,
        "place": None if viewer.role is Role.OFFICER else full_name(viewer.area_code, language()),
        "counted_on": counted_on,
        "service_words": lambda code: _("Services of former versions") if code == OTHERS else service_words(code),
        "rate_words": rate_words,
        "by_county": len(prefix_of(viewer.area_code)) > COUNTY_DIGITS and viewer.role is not Role.OFFICER,
    }
    if viewer.role is Role.OFFICIAL:
        return render_template("coverage/answers_protected.html", **shown, **_protected(viewer, today()))
    return render_template("coverage/answers.html", **shown, **_exact(viewer, today()))


def _exact(viewer: Viewer, on: date) -> dict[str, Any]:
    """Return what the own office did, or what was done for the children of a supervisor's area."""
    periods = _periods(on)
    period = request.args.get("period")
    period = period if period in periods else LAST
    months = periods[period][1]
    own = viewer.role is Role.OFFICER
    counted = totals.of_office(viewer.office_id) if own else totals.of_area(viewer.prefixes)
    services, offices = by_service(counted, months), [] if own else by_office(counted, months)
    names = office_names({each.office_id for each in offices if each.office_id}, language())
    order = {code: place for place, code in enumerate(totals.services(on))}
    return {
        "period": period,
        "periods": [(code, words) for code, (words, _months) in periods.items()],
        "all": whole(counted, months),
        "services": sorted(services, key=lambda each: order.get(each.service, len(order))),
        "offices": sorted(offices, key=lambda each: (order.get(each.service, len(order)), names[each.office_id])),
        "names": names,
        "outcomes": _outcomes(services, on),
        "MEDIAN": MEDIAN,
        "NINETIETH": NINETIETH,
    }


def _protected(viewer: Viewer, on: date) -> dict[str, Any]:
    counted: list[Counted] = totals.of_area(viewer.prefixes)
    offices = answering(viewer.area_code)
    services = {code: offices.get(code, []) for code in totals.services(on)}
    sent, lines = protected(counted, services, months_until(on, LAST_MONTHS))
    shown = {line.office_id for _service, each in lines for line in each if line.office_id}
    return {"sent": sent, "services": lines, "names": office_names(shown, language())}


def _periods(on: date) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return what may be chosen, with its months: {as it stands in the address: (words, months)}."""
    single = {month: (_month_words(month), (month,)) for month in reversed(months_until(on, LAST_MONTHS + 1))}
    return {
        LAST: (_("The last 12 months"), months_until(on, LAST_MONTHS)),
        YEAR: (_("This year"), months_until(on, on.month)),
        **single,
    }


def _month_words(month: str) -> str:
    year, _dash, number = month.partition("-")
    return long_date((int(year), int(number), None))


def _outcomes(services: list[ExactLine], on: date) -> list[tuple[str, str, int]]:
    """Return service, outcome in words and number of everything that was closed with a code."""
    known = in_force(on).services
    words = {
        (code, outcome.code): outcome.text.in_language(language())
        for code, service in known.items()
        for outcome in service.outcomes
    }
    return [
        (each.service, words.get((each.service, code), code), number)
        for each in services
        for code, number in sorted(each.totals.of(OUTCOMES).items())
    ]
