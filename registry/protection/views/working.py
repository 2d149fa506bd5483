"""What a protection officer does with reports of harm: the county's list, whom they went to, the sheet, the end."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import redirect, render_template, request, url_for

from registry.access import Permission, Viewer, allows, current_viewer
from registry.areas.queries import full_name, office_names
from registry.children import county
from registry.children.fields import facts_for_service
from registry.children.queries import children_for_service
from registry.clock import today
from registry.i18n import language
from registry.protection import reporting, reports
from registry.protection.forms import ToldForm, VersionForm
from registry.protection.reporting import NotAllToldError
from registry.protection.service import StaleError
from registry.protection.views.blueprint import blueprint, note_opened
from registry.protection.views.reporting import show
from registry.protection.words import not_told
from sop.version import in_force

if TYPE_CHECKING:
    from markupsafe import Markup
    from werkzeug.wrappers import Response as BaseResponse

PARTICULARS = ("child.sex", "child.birth_date", "child.address", "child.guardian", "child.phone")


@blueprint.get("/protection/reports", endpoint="reports")
@allows(Permission.HARM_WORK)
def show_list() -> str:
    """List the reports of the own county, those that are open or those that are closed."""
    viewer, after = current_viewer(), request.args.get("after", type=UUID)
    closed = "closed" in request.args
    page = reports.of_county(viewer, closed=closed, after=after)
    note_opened(viewer, (one.row.id for one in page.reports))
    offices = office_names({one.row.reporter.office_id for one in page.reports}, language())
    return render_template(
        "protection/reports.html",
        page=page,
        closed=closed,
        offices=offices,
        rules=in_force(today()).protection,
        first=after is None,
    )


@blueprint.post("/protection/reports/<uuid:report_id>/told")
@allows(Permission.HARM_WORK)
def told(report_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Note that a body was told."""
    viewer, form = current_viewer(), ToldForm()
    form.recipient.choices = not_told(reports.one(viewer, report_id).row)
    if not form.validate():
        return show(viewer, report_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        reporting.tell(viewer, report_id, form.seen(), form.recipient.data, form.told_at(), form.way.data or "")
    except StaleError:
        return _changed(report_id, form)
    return redirect(url_for("protection.report_of", report_id=report_id))


@blueprint.post("/protection/reports/<uuid:report_id>/close")
@allows(Permission.HARM_WORK)
def close(report_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Close a report of which every body was told."""
    viewer, form = current_viewer(), VersionForm()
    try:
        reporting.close(viewer, report_id, form.seen())
    except NotAllToldError:
        return show(viewer, report_id, too_early=True), HTTPStatus.UNPROCESSABLE_ENTITY
    except StaleError:
        return _changed(report_id)
    return redirect(url_for("protection.report_of", report_id=report_id))


@blueprint.get("/protection/reports/<uuid:report_id>/sheet")
@allows(Permission.HARM_WORK)
def sheet(report_id: UUID) -> str:
    """Show the sheet that is printed and handed to the three bodies."""
    viewer = current_viewer()
    found = reports.one(viewer, report_id)
    note_opened(viewer, [report_id])
    return render_template(
        "protection/sheet.html",
        report=found,
        rules=in_force(today()).protection,
        place=full_name(found.content.area or found.row.county, language()),
        office=office_names([found.row.reporter.office_id], language()).get(found.row.reporter.office_id, ""),
        particulars=_particulars(viewer, found.child_id),
    )


def _particulars(viewer: Viewer, child_id: UUID | None) -> list[tuple[str, str | Markup | None]]:
    """Tell whoever is told where to go; of a child without a file, or of another county by now, nothing is known."""
    if child_id is None or child_id not in county.reached(viewer, [child_id]):
        return []
    return facts_for_service(viewer, children_for_service([child_id])[child_id], PARTICULARS)


def _changed(report_id: UUID, form: ToldForm | None = None) -> tuple[str, int]:
    """Say that somebody else was quicker, show the present state, and keep what was typed."""
    viewer = current_viewer()
    if form is not None:
        form.version.data = reports.one(viewer, report_id).row.version
    return show(viewer, report_id, form, changed=True), HTTPStatus.CONFLICT
