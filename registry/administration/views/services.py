"""Pages of services: which office answers where, what nobody covers, and assigning it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer, outside_scope
from registry.administration import queries, service
from registry.administration.forms import AssignForm, not_so, offered
from registry.administration.service import RefusedError
from registry.administration.views.blueprint import blueprint
from registry.areas import serving
from registry.areas.queries import full_name
from registry.clock import today
from registry.i18n import language
from sop.version import in_force

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

Page = tuple[str, int]


@blueprint.get("/services", defaults={"code": None})
@blueprint.get("/services/<area:code>")
@allows(Permission.PLACE_MANAGE)
def services(code: str | None) -> str:
    """Show who answers each service in an area and in the divisions one step below it."""
    viewer = current_viewer()
    place = queries.place_of(viewer, code)
    return render_template(
        "administration/services.html",
        place=place,
        way=queries.way_to(viewer, place),
        rows=serving.table(place.code, in_force(today()).services),
        services=in_force(today()).services,
    )


@blueprint.route("/services/<area:code>/assign", methods=["GET", "POST"])
@allows(Permission.PLACE_MANAGE)
def assign(code: str) -> str | Page | BaseResponse:
    """Let an office answer a service in one area."""
    viewer, known = current_viewer(), in_force(today()).services
    asked = request.args.get("service", "")
    place = queries.place_of(viewer, code)
    if asked not in known:
        outside_scope()
    now = serving.assigned_office(asked, code)
    form = AssignForm(data={"office": str(now or ""), "before": str(now or "")})
    form.office.choices = offered(service.candidates(viewer, asked), _("Nobody of its own: the wider area's office"))
    if form.validate_on_submit():
        try:
            service.assign(viewer, asked, code, _id(form.office.data), _id(form.before.data))
        except RefusedError as error:
            not_so(form, error.why, error.field)
            form.before.data = str(now or "")
        else:
            flash(_("Saved. New referrals go there from now on; those already sent stay where they are."))
            return redirect(url_for(".services", code=queries.parent_shown(viewer, place)))
    page = render_template(
        "administration/assign.html",
        form=form,
        place=place,
        full=full_name(code, language()),
        service=known[asked],
        back=queries.parent_shown(viewer, place),
    )
    return (page, HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else page


def _id(sent: str | None) -> UUID | None:
    try:
        return UUID(sent or "")
    except ValueError:
        return None
