"""Reporting harm: the numbers to phone first, what was seen, and what became of one's own reports."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for

from registry.access import Permission, Viewer, allows, current_viewer
from registry.areas.queries import full_name, office_names
from registry.children import county
from registry.clock import today
from registry.database import uuid7
from registry.i18n import language
from registry.protection import reporting, reports
from registry.protection.forms import ReportForm, ToldForm, clock_now, day_of, read_id
from registry.protection.reporting import NewReport
from registry.protection.views.blueprint import blueprint, note_opened
from registry.protection.words import not_told
from registry.web.buttons import language_chosen
from sop.version import in_force

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response as BaseResponse

    from registry.areas.queries import Place


@blueprint.get("/after-visit")
@allows(Permission.HARM_REPORT)
def mine() -> str:
    """Offer to report, and list what one reported oneself."""
    return render_template("protection/mine.html", rows=reports.mine(current_viewer()))


@blueprint.route("/after-visit/report", methods=["GET", "POST"])
@allows(Permission.HARM_REPORT)
def report() -> str | tuple[str, int] | BaseResponse:
    """Phone first, then write down what was seen. A child on file is named by POST, so that no address holds it."""
    viewer = current_viewer()
    begins = request.method == "POST" and "begin" in request.form
    form = ReportForm(formdata=None, child=request.form.get("child")) if begins else ReportForm()
    rules, counties = in_force(today()).protection, reports.counties(viewer)
    form.offer(rules, rules.hotlines_for(viewer.area_code), counties)
    if request.method == "GET" or begins or language_chosen(request.form):
        return _form(viewer, form)
    _need_county(form, counties)
    if not form.validate():
        return _form(viewer, form), HTTPStatus.UNPROCESSABLE_ENTITY
    new = _new(form)
    reporting.write(viewer, new)
    return redirect(url_for("protection.report_of", report_id=new.id))


@blueprint.get("/after-visit/report/<uuid:report_id>")
@allows(Permission.HARM_REPORT)
def report_of(report_id: UUID) -> str:
    """Show a report to whoever wrote it, or works on it."""
    return show(current_viewer(), report_id)


def show(viewer: Viewer, report_id: UUID, told: ToldForm | None = None, **state: Any) -> str:  # noqa: ANN401
    """Draw the page of a report; `told`: the form as it was sent, `state`: what went wrong."""
    found = reports.one(viewer, report_id)
    note_opened(viewer, [report_id])
    works = reports.works_on(viewer, found.row)
    reached = county.reached(viewer, [found.child_id]) if found.child_id and works else {}
    told = told or ToldForm(formdata=None, version=found.row.version, clock=clock_now())
    told.recipient.choices = not_told(found.row)
    return render_template(
        "protection/report.html",
        report=found,
        rules=in_force(today()).protection,
        works=works,
        on_file=found.child_id in reached,
        place=full_name(found.content.area or found.row.county, language()),
        office=office_names([found.row.reporter.office_id], language()).get(found.row.reporter.office_id, ""),
        told=told,
        form=told if told.errors else None,
        **state,
    )


def _form(viewer: Viewer, form: ReportForm) -> str:
    """Draw the form. The name of a child on file is shown, and noted under an id that nobody can choose."""
    if read_id(form.own_id.data) is None:
        form.own_id.data = str(uuid7())
    child_id = form.child_id()
    child = county.reached_one(viewer, child_id) if child_id else None
    if child is not None:
        note_opened(viewer, [uuid7()])
    rules = in_force(today()).protection
    return render_template(
        "protection/reporting.html",
        form=form,
        child=child,
        rules=rules,
        lines=rules.hotlines_for(viewer.area_code),
        asks_county=child is None and len(form.county.choices) > 1,
    )


def _need_county(form: ReportForm, counties: list[Place]) -> None:
    """Where there is but one county, or a file that says it, nobody is asked."""
    known = {one.code for one in counties}
    if form.county.data not in known and (form.child_id() or len(known) == 1):
        form.county.data = min(known, default="")


def _new(form: ReportForm) -> NewReport:
    own_id = read_id(form.own_id.data)
    return NewReport(
        id=own_id or uuid7(),
        child_id=form.child_id(),
        described=form.described.data,
        county=form.county.data,
        kinds=tuple(form.kinds.data),
        seen=form.happened.data or "",
        day=day_of(form.day),
        urgency=form.urgency.data,
        phoned=tuple(form.phoned.data),
        phoned_how=form.phoned_how.data,
    )
