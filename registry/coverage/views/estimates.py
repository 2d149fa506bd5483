"""The administrator's pages of estimates: those in force, a new one, and what was in force before."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer, outside_scope
from registry.areas.queries import full_name, names_of
from registry.coverage import estimates as reading
from registry.coverage import service
from registry.coverage.forms import EstimateForm
from registry.coverage.views.blueprint import blueprint
from registry.coverage.words import range_words
from registry.i18n import language
from sop.indicators import POPULATIONS

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

Page = tuple[str, int]


@blueprint.get("/estimates")
@allows(Permission.ESTIMATE_MANAGE)
def estimates() -> str:
    """Estimates in force in the own area."""
    rows = reading.of_area(current_viewer())
    places = names_of({row.area_code for row in rows}, language())
    return render_template("coverage/estimates.html", rows=rows, places=places, range_words=range_words)


@blueprint.route("/estimates/new", methods=["GET", "POST"])
@allows(Permission.ESTIMATE_MANAGE)
def new_estimate() -> str | Page | BaseResponse:
    """Record an estimate; the one before it, of the same area and population, ends."""
    viewer = current_viewer()
    asked = {"area": request.args.get("area") or viewer.area_code, "population": request.args.get("population")}
    form = EstimateForm(data=asked)
    if request.method == "POST" and not form.area.asked and form.validate():
        new = form.estimated()
        if viewer.covers(new.area_code):
            service.record_estimate(viewer, new)
            flash(_("The estimate is in force."))
            return redirect(url_for(".estimates"))
        form.area.errors = [_("Choose a place inside your area")]
    page = render_template("coverage/estimate.html", form=form)
    return (page, HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else page


@blueprint.get("/estimates/history")
@allows(Permission.ESTIMATE_MANAGE)
def history() -> str:
    """Every estimate of one area and population, the one in force first."""
    area, population = request.args.get("area", ""), request.args.get("population", "")
    if not current_viewer().covers(area) or population not in POPULATIONS:
        outside_scope()
    rows = reading.history(area, population)
    return render_template(
        "coverage/history.html",
        rows=rows,
        area=area,
        population=population,
        place=full_name(area, language()),
        range_words=range_words,
    )
