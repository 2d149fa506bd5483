"""Pages of one transfer, and what either side may do with it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer
from registry.areas.queries import full_name
from registry.audit import service as audit
from registry.children.elsewhere import onward
from registry.children.queries import seen_among
from registry.clock import today
from registry.i18n import language
from registry.transfers import queries, service
from registry.transfers.errors import AlreadyOpenError, NobodyThereError, StaleVersionError, UnfitPlaceError
from registry.transfers.forms import AcceptForm, PlaceForm, ReturnForm, VersionForm
from registry.transfers.history import notes_for
from registry.transfers.shown import sees_whose, shown
from registry.transfers.views.blueprint import blueprint
from sop.referral import ForbiddenMove
from sop.transfer import Move, Side, State

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response as BaseResponse

    from registry.access import Viewer
    from registry.transfers.known import Known
    from registry.transfers.models import Transfer
    from registry.web.forms import RegistryForm

    Answer = str | tuple[str, int] | BaseResponse


@blueprint.get("/<uuid:transfer_id>")
@allows(Permission.TRANSFER_WORK)
def show(transfer_id: UUID) -> str:
    """Show one transfer with every step, and no more of the child than the side may see."""
    return _page(queries.one(current_viewer(), transfer_id))


@blueprint.route("/<uuid:transfer_id>/accept", methods=["GET", "POST"])
@allows(Permission.TRANSFER_WORK)
def accept(transfer_id: UUID) -> Answer:
    """Say yes. Its bare address leads to the transfer."""
    if request.method == "GET":
        return redirect(_at(transfer_id))
    viewer = current_viewer()
    transfer = queries.one(viewer, transfer_id)
    form = _accept_form(viewer, transfer)
    if not form.validate():
        return _page(transfer, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        service.accept(viewer, transfer_id, form.seen(), today(), form.chosen())
    except (StaleVersionError, ForbiddenMove, UnfitPlaceError):
        return _changed(viewer, transfer_id)
    flash(_("Accepted. The other side sees it at once."))
    return redirect(_at(transfer_id))


@blueprint.route("/<uuid:transfer_id>/return", methods=["GET", "POST"])
@allows(Permission.TRANSFER_WORK)
def return_(transfer_id: UUID) -> Answer:
    """Give it back with a reason. Its bare address leads to the transfer."""
    if request.method == "GET":
        return redirect(_at(transfer_id))
    viewer = current_viewer()
    transfer = queries.one(viewer, transfer_id)
    form = ReturnForm(transfer.version)
    if not form.validate():
        return _page(transfer, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        service.return_(viewer, transfer_id, form.seen(), form.reason.data, form.note.data, today())
    except (StaleVersionError, ForbiddenMove):
        return _changed(viewer, transfer_id, form)
    flash(_("Returned. The other side sees the reason at once; your note stays with you."))
    return redirect(_at(transfer_id))


@blueprint.route("/<uuid:transfer_id>/withdraw", methods=["GET", "POST"])
@allows(Permission.TRANSFER_WORK)
def withdraw(transfer_id: UUID) -> Answer:
    """Take it back, or let a returned one rest. Its bare address leads to the transfer."""
    if request.method == "GET":
        return redirect(_at(transfer_id))
    viewer = current_viewer()
    try:
        service.withdraw(viewer, transfer_id, VersionForm(prefix="withdraw").seen(), today())
    except (StaleVersionError, ForbiddenMove):
        return _changed(viewer, transfer_id)
    flash(_("Taken back. The child's file stays where it was."))
    return redirect(_at(transfer_id))


@blueprint.route("/<uuid:transfer_id>/correct", methods=["GET", "POST"])
@allows(Permission.TRANSFER_WORK)
def correct(transfer_id: UUID) -> Answer:
    """Announce a returned child anew, to another place."""
    viewer = current_viewer()
    transfer = queries.one(viewer, transfer_id)
    if not _can_be_corrected(viewer, transfer):
        return redirect(_at(transfer_id))
    form = PlaceForm(prefix="place", version=transfer.version)
    if request.method == "GET" or form.area.asked or not form.validate():
        status = HTTPStatus.OK if request.method == "GET" or form.area.asked else HTTPStatus.UNPROCESSABLE_ENTITY
        return _correct_page(transfer, form), status
    try:
        made = service.correct(viewer, transfer_id, form.seen(), form.area.data, today())
    except (StaleVersionError, ForbiddenMove, AlreadyOpenError):
        return _changed(viewer, transfer_id)
    except (NobodyThereError, UnfitPlaceError) as error:
        form.area.errors = [_cannot_go_there(error)]
        return _correct_page(transfer, form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Announced anew. The area that was told has a new limit to answer."))
    return redirect(_at(made.id))


def _page(transfer: Transfer, form: RegistryForm | None = None, *, changed: bool = False) -> str:
    viewer = current_viewer()
    (page,) = shown(viewer, [transfer], today())
    part = "transfer" if page.full else "masked"
    audit.note("child_opened", viewer=viewer, children=[transfer.child_id], part=part)
    return render_template(
        "transfers/show.html",
        page=page,
        transfer=transfer,
        own_file=transfer.child_id in seen_among(viewer, [transfer.child_id]),
        known=_known(viewer, transfer),
        onward=_onward(viewer, transfer),
        moved_again=transfer.state == State.ARRIVED and queries.has_moved_again(transfer),
        notes=notes_for(viewer, transfer),
        Move=Move,
        accepting=form if isinstance(form, AcceptForm) else _accept_form(viewer, transfer),
        returning=form if isinstance(form, ReturnForm) else ReturnForm(transfer.version),
        withdrawing=VersionForm(prefix="withdraw", version=transfer.version),
        correctable=_can_be_corrected(viewer, transfer),
        changed=changed,
        form=form,
    )


def _correct_page(transfer: Transfer, form: PlaceForm) -> str:
    (page,) = shown(current_viewer(), [transfer], today())
    audit.note("child_opened", viewer=current_viewer(), children=[transfer.child_id], part="transfer")
    return render_template("transfers/correct.html", page=page, transfer=transfer, form=form)


def _accept_form(viewer: Viewer, transfer: Transfer) -> AcceptForm:
    """Only where a wider area was announced does accepting need the community."""
    wide = transfer.begun_by == Side.SENDING and queries.is_wide(transfer.to_area)
    return AcceptForm(transfer.version, queries.communities(viewer, transfer.to_area) if wide else None)


def _can_be_corrected(viewer: Viewer, transfer: Transfer) -> bool:
    returned = (transfer.state, transfer.begun_by) == (State.RETURNED, Side.SENDING)
    return returned and Side.SENDING in queries.sides_of(viewer, transfer)


def _changed(viewer: Viewer, transfer_id: UUID, form: ReturnForm | None = None) -> tuple[str, int]:
    """Show the present state, say that somebody else was quicker, and keep what was typed."""
    transfer = queries.one(viewer, transfer_id)
    if form is not None:
        form.version.data = transfer.version
    return _page(transfer, form, changed=True), HTTPStatus.CONFLICT


def _known(viewer: Viewer, transfer: Transfer) -> Known | None:
    accepted = transfer.state == State.ACCEPTED and Side.RECEIVING in queries.sides_of(viewer, transfer)
    return queries.known_of(viewer, transfer) if accepted and sees_whose(viewer, transfer) else None


def _onward(viewer: Viewer, transfer: Transfer) -> tuple[str, object] | None:
    """Return what the side that sent the child goes on seeing until it moves again, with the name of the place."""
    if transfer.state != State.ARRIVED or Side.SENDING not in queries.sides_of(viewer, transfer):
        return None
    if queries.has_moved_again(transfer):
        return None
    known = onward([transfer.child_id]).get(transfer.child_id)
    return (full_name(known.area_code, language()), known) if known else None


def _cannot_go_there(error: Exception) -> str:
    if isinstance(error, NobodyThereError):
        return str(_("Nobody works in the registry for this place yet, so nobody could be told. Choose a wider area."))
    return str(_("The child's file is kept there already. Choose another place."))


def _at(transfer_id: UUID) -> str:
    return url_for("transfers.show", transfer_id=transfer_id)
