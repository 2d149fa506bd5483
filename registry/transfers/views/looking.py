"""Looking a child up outside the own area, what that found, and claiming the child."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import refresh

from registry.access import Permission, allows, current_viewer, outside_scope
from registry.audit import service as audit
from registry.children import elsewhere
from registry.clock import today
from registry.i18n import choose
from registry.transfers import queries, service
from registry.transfers.errors import AlreadyOpenError, NobodyThereError, UnfitPlaceError
from registry.transfers.forms import LOOK_UP_FORMS, CommunityForm
from registry.transfers.views.blueprint import blueprint
from sop.transfer import Basis

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from registry.access import Viewer
    from registry.children.elsewhere import Answer, Found
    from registry.transfers.forms import LookUpForm

# The camera that reads the code of a card is allowed on this page and on no other.
CAMERA = {"Permissions-Policy": "camera=(self), geolocation=(), microphone=()"}
BASIS_OF = {"card": Basis.CARD, "id_number": Basis.DOCUMENT, "document": Basis.DOCUMENT, "name": Basis.TOLD}


@blueprint.route("/look-up", methods=["GET", "POST"])
@allows(Permission.LOOK_UP_ELSEWHERE)
def look_up() -> Response | BaseResponse:
    """Ask for a card, a document, or name with birth date and phone; then look for exactly that."""
    by = request.args.get("by", "")
    by = by if by in LOOK_UP_FORMS else next(iter(LOOK_UP_FORMS))
    if _language_chosen():
        return _ask(by, LOOK_UP_FORMS[by]())
    form = LOOK_UP_FORMS[by]()
    if not form.validate_on_submit():
        return _ask(by, form, HTTPStatus.OK if request.method == "GET" else HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        sought, values = form.sought()
        look_up_id = elsewhere.ask(current_viewer(), sought, values, form.purpose.data, today())
    except elsewhere.LookUpLimitError:
        g.refused = "limit"
        return _ask(by, form, HTTPStatus.TOO_MANY_REQUESTS)
    return redirect(url_for("transfers.found", look_up_id=look_up_id))


@blueprint.get("/look-up/<uuid:look_up_id>")
@allows(Permission.LOOK_UP_ELSEWHERE)
def found(look_up_id: UUID) -> str | BaseResponse:
    """Show what a look-up of the viewer's own found, for the rest of the day."""
    viewer = current_viewer()
    answer = elsewhere.answered(viewer, look_up_id, today())
    return _found_page(viewer, look_up_id, answer) if answer else _ask_again(viewer, look_up_id)


@blueprint.route("/look-up/<uuid:look_up_id>/claim", methods=["GET", "POST"])
@allows(Permission.TRANSFER_WORK)
def claim(look_up_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Claim the child that was found. Its bare address leads to what was found."""
    viewer = current_viewer()
    answer = elsewhere.answered(viewer, look_up_id, today())
    if answer is None:
        return _ask_again(viewer, look_up_id)
    if request.method == "GET" or answer.found is None or answer.found.summary is None:
        return redirect(url_for("transfers.found", look_up_id=look_up_id))
    form = _community_form(viewer)
    if not form.validate():
        return _found_page(viewer, look_up_id, answer, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        basis = BASIS_OF.get(answer.by, Basis.DOCUMENT)
        made = service.claim(viewer, answer.found.child_id, basis, form.community.data, today())
    except AlreadyOpenError:
        return _under_way(viewer, look_up_id, answer, answer.found)
    except (NobodyThereError, UnfitPlaceError) as error:
        form.community.errors = [_cannot_claim(error)]
        return _found_page(viewer, look_up_id, answer, form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Claimed. The office that keeps the file has been told."))
    return redirect(url_for("transfers.show", transfer_id=made.id))


def _ask(by: str, form: LookUpForm, status: int = HTTPStatus.OK) -> Response:
    left = elsewhere.left(current_viewer(), today())
    page = render_template("transfers/look_up.html", by=by, form=form, left=left)
    return make_response(page, status, CAMERA)


def _ask_again(viewer: Viewer, look_up_id: UUID) -> BaseResponse:
    """Lead back to the question where the answer is kept no longer; another person's look-up is as if absent."""
    if elsewhere.is_anothers(viewer, look_up_id):
        outside_scope()
    flash(_("What was found is shown on its day only. Look the child up again."))
    return redirect(url_for("transfers.look_up"))


def _found_page(viewer: Viewer, look_up_id: UUID, answer: Answer, form: CommunityForm | None = None) -> str:
    hit = answer.found
    under_way = queries.open_of(hit.child_id) if hit else None
    ours = under_way if under_way and queries.sides_of(viewer, under_way) else None
    if hit and hit.summary:
        audit.note("child_opened", viewer=viewer, children=[hit.child_id], part="masked")
    return render_template(
        "transfers/found.html",
        look_up_id=look_up_id,
        result=answer,
        under_way=under_way,
        ours=ours,
        claiming=form or _community_form(viewer),
        left=elsewhere.left(viewer, today()),
        form=form,
    )


def _under_way(viewer: Viewer, look_up_id: UUID, answer: Answer, hit: Found) -> tuple[str, int] | BaseResponse:
    """Somebody was quicker: the own office's claim is shown, another's is told by the name of its office."""
    there = queries.open_of(hit.child_id)
    if there is not None and queries.sides_of(viewer, there):
        return redirect(url_for("transfers.show", transfer_id=there.id))
    return _found_page(viewer, look_up_id, answer), HTTPStatus.CONFLICT


def _community_form(viewer: Viewer) -> CommunityForm:
    form = CommunityForm()
    form.offer(queries.communities(viewer))
    return form


def _cannot_claim(error: Exception) -> str:
    if isinstance(error, NobodyThereError):
        return str(_("Nobody works in the registry for the area that keeps the file. Ask your supervisor."))
    return str(_("The file is kept in this community already."))


def _language_chosen() -> bool:
    """Switch the language without losing what was typed, when that button was pressed."""
    chosen = request.form.get("_language")
    if chosen is not None:
        choose(chosen)
        refresh()
    return chosen is not None
