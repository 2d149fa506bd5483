"""The registrar's day."""

from __future__ import annotations

from flask import render_template

from registry import clock
from registry.access import Permission, allows, current_viewer
from registry.audit import service as audit
from registry.households import places, queries
from registry.households.views.blueprint import blueprint


@blueprint.get("/today")
@allows(Permission.HOUSEHOLD_REGISTER)
def home() -> str:
    """Show what is to be done today: the commonest act first, then finding, then what to tell families."""
    viewer, on = current_viewer(), clock.today()
    work = queries.today(viewer, on)
    if work.news:
        told = sorted({referral.child_id for referral in work.news})
        audit.note("children_listed", viewer=viewer, children=told, list="news", shown=len(told))
    return render_template(
        "households/home.html",
        work=work,
        day=on,
        place=places.named(viewer.area_code),
    )
