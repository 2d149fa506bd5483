"""Pages of corrections that were asked for: the supervisor's list, one with both sides, one's own."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer
from registry.audit import service as audit
from registry.changes import queries, service
from registry.changes.errors import AlreadyDecidedError, ChangedMeanwhileError, OwnRequestError
from registry.changes.forms.deciding import DecideForm
from registry.changes.shown import fields_of, has_number, sides_of
from registry.changes.views.blueprint import blueprint, is_faulty, is_sent
from registry.children.forms import RevealForm, purposes
from registry.children.service import SameChildError
from registry.clock import today

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from registry.changes.models import Correction
    from registry.changes.queries import Page
    from registry.changes.views.blueprint import Answer


@blueprint.get("/requests")
@allows(Permission.CORRECTION_DECIDE)
def requests() -> str:
    """List the corrections of the area that wait for a decision, the oldest first."""
    page = queries.waiting(current_viewer(), request.args.get("after", type=UUID))
    return _list("changes/requests.html", page, "corrections")


@blueprint.get("/mine")
@allows(Permission.FILE_CHANGE)
def mine() -> str:
    """List what one asked for oneself, with what became of it."""
    page = queries.own(current_viewer(), request.args.get("after", type=UUID))
    return _list("changes/mine.html", page, "own_corrections")


@blueprint.route("/requests/<uuid:correction_id>", methods=["GET", "POST"])
@allows(Permission.CORRECTION_DECIDE)
def decide(correction_id: UUID) -> Answer:
    """Show what was and what is wanted side by side; approve it, or refuse it with a reason."""
    viewer, form = current_viewer(), DecideForm()
    if not is_sent(form):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_faulty(form) else HTTPStatus.OK
        return _decision(queries.one(viewer, correction_id), form), status
    try:
        if form.approves:
            service.approve(viewer, correction_id, form.seen(), today())
        else:
            service.refuse(viewer, correction_id, form.refusal.data, form.answer.data)
    except (OwnRequestError, AlreadyDecidedError):
        return _decision(queries.one(viewer, correction_id), form), HTTPStatus.CONFLICT
    except ChangedMeanwhileError:
        return _decision(queries.one(viewer, correction_id), form, changed=True), HTTPStatus.CONFLICT
    except SameChildError as met:
        page = _decision(queries.one(viewer, correction_id), form, same=met.child_id)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Approved. The file says so from now on.") if form.approves else _("Refused. Who asked is told why."))
    return redirect(url_for("changes.requests"))


@blueprint.route("/requests/<uuid:correction_id>/numbers", methods=["GET", "POST"])
@allows(Permission.CORRECTION_DECIDE)
def decide_numbers(correction_id: UUID) -> Answer:
    """Show a correction that waits with whole ID numbers, for a reason that is recorded; else lead to its page."""
    viewer, reveal = current_viewer(), RevealForm()
    correction = queries.one(viewer, correction_id)
    if request.method == "GET" or correction.state != queries.ASKED:
        return redirect(url_for("changes.decide", correction_id=correction_id))
    form = DecideForm(formdata=None)
    if not reveal.validate_on_submit():
        return _decision(correction, form, reveal=reveal), HTTPStatus.UNPROCESSABLE_ENTITY
    details = {"field": "child.id_number", "purpose": reveal.purpose.data}
    audit.note("field_revealed", viewer=viewer, children=[correction.child_id], **details)
    return _decision(correction, form, whole=True)


@blueprint.post("/requests/<uuid:correction_id>/withdraw")
@allows(Permission.FILE_CHANGE)
def withdraw_request(correction_id: UUID) -> BaseResponse:
    """Take back what one asked for oneself."""
    viewer = current_viewer()
    try:
        service.withdraw(viewer, correction_id)
    except (OwnRequestError, AlreadyDecidedError):
        flash(_("This is decided already, or is not yours to take back."))
    else:
        flash(_("Taken back. The file stays as it is."))
    return redirect(url_for("changes.mine"))


def _list(template: str, page: Page, name: str) -> str:
    viewer = current_viewer()
    children = {each.child_id for each in page.corrections}
    audit.note("children_listed", viewer=viewer, children=children, list=name, shown=len(children))
    fields = {each.id: fields_of(each, viewer) for each in page.corrections}
    return render_template(template, page=page, fields=fields, first="after" not in request.args)


def _decision(correction: Correction, form: DecideForm, *, whole: bool = False, **met: Any) -> str:  # noqa: ANN401
    viewer, waits = current_viewer(), correction.state == queries.ASKED
    audit.note("child_opened", viewer=viewer, children=[correction.child_id], part="correction")
    return render_template(
        "changes/decide.html",
        correction=correction,
        child=correction.child,
        sides=sides_of(correction, viewer, whole=whole),
        masks=waits and not whole and has_number(correction, viewer),
        purposes=purposes(),
        note=correction.note.open(viewer),
        own=correction.asked_by == viewer.user_id,
        form=form,
        **{"changed": False, "same": None, "reveal": None, **met},
    )
