"""Pages of offices: the list, one to make or change, one to close."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from registry.access import Permission, allows, current_viewer
from registry.administration import queries, service
from registry.administration.forms import NEITHER, CloseForm, OfficeForm, not_so, offered, particulars_of
from registry.administration.service import RefusedError
from registry.administration.views.blueprint import blueprint
from registry.areas.offices import OfficeFilter
from registry.areas.queries import names_of
from registry.clock import today
from registry.i18n import language
from registry.web.conflicts import settle
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response as BaseResponse

    from registry.areas.models import Office
    from registry.web.conflicts import Conflict

Page = tuple[str, int]
ROW = "office"


@blueprint.get("/offices")
@allows(Permission.PLACE_MANAGE)
def offices() -> str:
    """Offices of the own area: open or closed, of a kind."""
    after, kinds = request.args.get("after", type=UUID), in_force(today()).codes["office_kind"]
    kind = request.args.get("kind")
    wanted = OfficeFilter(kind if kind and kinds.has(kind) else None, "closed" in request.args)
    narrowed = {"kind": wanted.kind} if wanted.kind else {}
    return render_template(
        "administration/offices.html",
        page=queries.offices_of(current_viewer(), wanted, after),
        wanted=wanted,
        narrowed=narrowed | ({"closed": 1} if wanted.closed else {}),
        first=after is None,
        kinds=kinds.choices(language()),
        services=_services(),
    )


@blueprint.route("/offices/new", methods=["GET", "POST"])
@allows(Permission.PLACE_MANAGE)
def make_office() -> str | Page | BaseResponse:
    """Make an office."""
    form = _form({"area": current_viewer().area_code})
    if request.method == "POST" and not form.area.asked and form.validate():
        try:
            service.make_office(current_viewer(), particulars_of(form.told()))
        except RefusedError as error:
            not_so(form, error.why, error.field)
        else:
            flash(_("The office is made."))
            return redirect(url_for(".offices"))
    return _edited(form, None)


@blueprint.route("/offices/<uuid:office_id>", methods=["GET", "POST"])
@allows(Permission.PLACE_MANAGE)
def office(office_id: UUID) -> str | Page | BaseResponse:
    """Change an office. What another administrator has changed meanwhile is shown beside what was typed."""
    viewer, sent = current_viewer(), request.method == "POST"
    found = queries.office_of(viewer, office_id, lock=sent)
    known = _known(found)
    form = _form(known)
    if sent and not form.area.asked and form.validate():
        settled = settle(request.form, form.changes(ROW, found.version, known))
        if settled.met:
            return _edited(form, found, settled.met)[0], HTTPStatus.CONFLICT
        try:
            service.change_office(viewer, office_id, particulars_of(known | settled.wanted))
        except RefusedError as error:
            not_so(form, error.why, error.field)
        else:
            flash(_("The office is changed."))
            return redirect(url_for(".offices"))
    return _edited(form, found)


@blueprint.route("/offices/<uuid:office_id>/close", methods=["GET", "POST"])
@allows(Permission.PLACE_MANAGE)
def close_office(office_id: UUID) -> str | Page | BaseResponse:
    """Close an office, after showing what stands in the way and what has to be taken over."""
    viewer, form = current_viewer(), CloseForm()
    found = queries.office_of(viewer, office_id)
    if found.closed_on is not None:
        return redirect(url_for(".office", office_id=office_id))
    form.successor.choices = offered(service.successors(viewer, found), _("Choose…"))
    if form.validate_on_submit():
        try:
            left = service.close_office(viewer, office_id, _id(form.successor.data))
        except RefusedError as error:
            not_so(form, error.why, error.field)
        else:
            return _closed(office_id, left)
    hindrances = queries.hindrances(found)
    places = names_of({area for _service, area in hindrances.served}, language())
    page = render_template(
        "administration/close_office.html",
        form=form,
        office=found,
        hindrances=hindrances,
        places=places,
        services=_services(),
    )
    return (page, HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else page


def _closed(office_id: UUID, left: int) -> BaseResponse:
    """Say what has become of it: of very many referrals some are passed on at a time."""
    if not left:
        flash(_("The office is closed."))
        return redirect(url_for(".offices"))
    words = ngettext(
        "%(num)s referral is still to be passed on. Close once more to go on.",
        "%(num)s referrals are still to be passed on. Close once more to go on.",
        left,
    )
    flash(words)
    return redirect(url_for(".close_office", office_id=office_id))


def _form(known: dict[str, str | None]) -> OfficeForm:
    form = OfficeForm(data=known)
    form.offer(in_force(today()).codes["office_kind"].choices(language()))
    return form


def _edited(form: OfficeForm, found: Office | None, met: Sequence[Conflict] = ()) -> Page:
    seen = request.form.get(f"seen-{ROW}", found.version if found else 0)
    page = render_template("administration/office.html", form=form, office=found, seen=seen, met=met)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _known(found: Office) -> dict[str, str | None]:
    names = {name: getattr(found, name) for name in ("name_zh", "name_en", "kind", "phone")}
    return names | {"area": found.area_code, "side": found.side or NEITHER}


def _services() -> dict[str, str]:
    return {code: each.name.in_language(language()) for code, each in in_force(today()).services.items()}


def _id(sent: str | None) -> UUID | None:
    try:
        return UUID(sent or "")
    except ValueError:
        return None
