"""The page of officials: who is registered, what was referred and answered, in their own area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import pgettext

from registry.access import Permission, allows, current_viewer
from registry.areas.codes import LENGTH, prefix_of
from registry.areas.queries import full_name, names_of
from registry.audit import service as audit
from registry.clock import today
from registry.coverage import queries, rates
from registry.coverage.views.blueprint import blueprint
from registry.coverage.words import rate_words
from registry.disclosure.tables import protect
from registry.i18n import language
from registry.referrals.service_words import service_words
from sop.performance import OPEN, SOLVED, UNSOLVED
from sop.version import in_force

if TYPE_CHECKING:
    from registry.disclosure.tables import ProtectedTable


@blueprint.get("/")
@allows(Permission.STATISTICS_READ)
def overview() -> str:
    """Show registered children and referrals of the own area, protected."""
    viewer = current_viewer()
    registered = protect(queries.registered(viewer, today()))
    referrals = protect(queries.referrals(viewer, today()))
    whole, parts = rates.of_area(viewer)
    audit.note("statistics_shown", viewer=viewer, table="overview")
    return render_template(
        "coverage/overview.html",
        place=full_name(viewer.area_code, language()),
        day=today(),
        registered=registered,
        referrals=referrals,
        district_head=_district_head(registered),
        words=_words(registered, referrals),
        whole=whole,
        parts=parts,
        rate_words=rate_words,
    )


def _district_head(table: ProtectedTable) -> str:
    """Name what the districts are; some cities have towns and no counties."""
    heads = {queries.TOWN_DIGITS: _("Town"), LENGTH: _("Community")}
    return str(heads.get(len(prefix_of(table.dimensions[0].members[0])), _("District")))


def _members(table: ProtectedTable, name: str) -> tuple[str, ...]:
    return next((each.members for each in table.dimensions if each.name == name), ())


def _words(*tables: ProtectedTable) -> dict[str, dict[str, Any]]:
    """Return the names of all members of all dimensions: {dimension: {member: words}}."""
    sop, spoken = in_force(today()), language()
    codes = {code for table in tables for code in table.dimensions[0].members}
    return {
        "district": {code: code for code in codes} | names_of(codes, spoken),
        "sex": {
            "1": sop.codes["sex"].text("1").in_language(spoken),
            "2": sop.codes["sex"].text("2").in_language(spoken),
            queries.UNTOLD: _("Not known or not told"),
        },
        "age": dict(sop.codes["age_band"].choices(spoken)),
        "service": {code: service_words(code) for table in tables for code in _members(table, "service")},
        "result": {
            OPEN: pgettext("referrals", "Open"),
            SOLVED: _("Solved"),
            UNSOLVED: _("Closed unsolved or withdrawn"),
        },
    }
