"""The second to fourth page of an intake: household and guardians, children, summary; and reading an ID number."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 -- the router reads it

from flask import jsonify, redirect, render_template, request, url_for

from registry import clock
from registry.access import Permission, allows, current_viewer
from registry.households import drafts, reading, rows, service, summing
from registry.households.forms import whole
from registry.households.views import buttons
from registry.households.views.blueprint import blueprint

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from registry.households.models import IntakeDraft
    from registry.web.forms import RegistryForm

    Answer = str | BaseResponse | tuple[str, int]

NEXT = {"family": "children", "children": "summary"}


@blueprint.route("/households/intake/<uuid:draft_id>/family", methods=["GET", "POST"])
@allows(Permission.HOUSEHOLD_REGISTER)
def family(draft_id: UUID) -> Answer:
    """Ask about the household and its guardians, by the quick form of the draft's side."""
    return _page(draft_id, "family")


@blueprint.route("/households/intake/<uuid:draft_id>/children", methods=["GET", "POST"])
@allows(Permission.HOUSEHOLD_REGISTER)
def children(draft_id: UUID) -> Answer:
    """Ask about the children."""
    return _page(draft_id, "children")


@blueprint.route("/households/intake/<uuid:draft_id>/summary", methods=["GET", "POST"])
@allows(Permission.HOUSEHOLD_REGISTER)
def summary(draft_id: UUID) -> Answer:
    """Show what follows from the answers before anything is sent, and send it."""
    viewer = current_viewer()
    draft = drafts.own(viewer, draft_id, lock=request.method == "POST")
    if draft.sent_at is not None:
        return redirect(url_for("households.registered", draft_id=draft.id))
    try:
        intake = whole.read(draft, viewer)
    except whole.UnfitPageError as unfit:
        return redirect(url_for(f"households.{unfit.page}", draft_id=draft.id))
    if request.method == "GET" or buttons.language_chosen(request.form):
        shown = summing.summary(draft, viewer, intake, clock.today(), _ticked())
        return render_template("households/summary.html", draft=draft, summary=shown)
    chosen = frozenset(request.form.getlist("referral"))
    ended = service.send(viewer, draft, intake, chosen, clock.today())
    return redirect(url_for("households.registered" if ended else "households.summary", draft_id=draft.id))


@blueprint.post("/households/read-number")
@allows(Permission.HOUSEHOLD_REGISTER)
def read_id() -> Response:
    """Say for the script what an ID number says: {"read": sentence} or {"fault": sentence}."""
    return jsonify(reading.of_number(request.form.get("number", ""), clock.today()))


@blueprint.post("/households/intake/<uuid:draft_id>/discard")
@allows(Permission.HOUSEHOLD_REGISTER)
def discard(draft_id: UUID) -> BaseResponse:
    """Forget an intake that was not sent."""
    draft = drafts.own(current_viewer(), draft_id, lock=True)
    if draft.sent_at is None:
        drafts.discard(draft)
    return redirect(url_for("households.home"))


def _page(draft_id: UUID, page: str) -> Answer:
    viewer = current_viewer()
    draft = drafts.own(viewer, draft_id, lock=request.method == "POST")
    if draft.sent_at is not None:
        return redirect(url_for("households.registered", draft_id=draft.id))
    if request.method == "POST":
        return _turned(draft, page)
    typed = drafts.typed(draft, viewer, page) or whole.first_typed(draft, viewer, page)
    return _shown(draft, page, whole.form_of(draft, viewer, page, typed))


def _turned(draft: IntakeDraft, page: str) -> Answer:
    """Keep a page that was sent, and go on; or stay on it for a button that only changes the page."""
    viewer, typed = current_viewer(), rows.typed_in(request.form)
    stay = buttons.pressed(request.form, typed, whole.GROUPS[page])
    if stay is not None:
        drafts.keep(draft, viewer, page, stay.typed)
        return redirect(url_for(f"households.{page}", draft_id=draft.id, _anchor=stay.anchor))
    typed = rows.without_empty(typed, whole.GROUPS[page], whole.PREFILLED[page])
    form = whole.form_of(draft, viewer, page, typed)
    if not form.validate():
        return _shown(draft, page, form), HTTPStatus.UNPROCESSABLE_ENTITY
    drafts.keep(draft, viewer, page, typed)
    return redirect(url_for(f"households.{NEXT[page]}", draft_id=draft.id))


def _shown(draft: IntakeDraft, page: str, form: RegistryForm) -> str:
    template = page if page == "children" else draft.side
    return render_template(f"households/{template}.html", draft=draft, form=form, said=reading.said)


def _ticked() -> frozenset[str] | None:
    """What was ticked before the language was switched; None at first, when everything proposed is ticked."""
    return frozenset(request.form.getlist("referral")) if request.method == "POST" else None
