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
    """Show what is to be done today: the commonest act first, then finding, what to tell, and whom to visit."""
    viewer, on = current_viewer(), clock.today()
    work = queries.today(viewer, on)
    shown = {child.id for family in work.round.families for child in family.children}
    shown |= {referral.child_id for referral in work.news}
    if shown:
        audit.note("children_listed", viewer=viewer, children=sorted(shown), list="today", shown=len(shown))
    return render_template("households/home.html", work=work, day=on, place=places.named(viewer.area_code))
