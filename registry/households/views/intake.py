"""The second to fourth page of an intake: household and guardians, children, summary; and reading an ID number."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 -- the router reads it

from flask import jsonify, redirect, render_template, request, url_for

from registry import clock
from registry.access import Permission, allows, current_viewer
from registry.households import service, warnings
from registry.households.forms import whole
from registry.households.service import chosen_as
from registry.households.summary import summarise
from registry.households.typed import typed_in, without_empty
from registry.households.views import buttons
from registry.households.views.blueprint import blueprint
from registry.households.views.drafting import known_files, unsent
from sop.version import in_force

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from registry.households.answers import Intake
    from registry.households.drafts import Draft
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
    viewer, draft = current_viewer(), unsent(draft_id)
    try:
        intake = whole.read(draft, viewer)
    except whole.UnfitPageError as unfit:
        return redirect(url_for(f"households.{unfit.page}", draft_id=draft.id))
    if request.method == "POST":
        draft.decline(declined(intake))
    if request.method == "GET" or buttons.language_chosen(request.form):
        shown = summarise(intake, clock.today(), draft.declined, known_files(draft))
        return render_template("households/summary.html", draft=draft, summary=shown)
    chosen = frozenset(request.form.getlist("referral"))
    ended = service.send(viewer, draft, intake, chosen, clock.today())
    return redirect(url_for("households.registered" if ended else "households.summary", draft_id=draft.id))


@blueprint.post("/households/read-number")
@allows(Permission.HOUSEHOLD_REGISTER)
def read_id() -> Response:
    """Say for the script what an ID number says: {"read": sentence} or {"fault": sentence}."""
    return jsonify(warnings.of_number(request.form.get("number", ""), clock.today()))


@blueprint.post("/households/intake/<uuid:draft_id>/discard")
@allows(Permission.HOUSEHOLD_REGISTER)
def discard(draft_id: UUID) -> BaseResponse:
    """Forget an intake that was not sent."""
    unsent(draft_id).discard()
    return redirect(url_for("households.home"))


def _page(draft_id: UUID, page: str) -> Answer:
    viewer, draft = current_viewer(), unsent(draft_id)
    if request.method == "POST":
        return _turned(draft, page)
    typed = draft.typed(page) or whole.first_typed(draft, viewer, page)
    return _shown(draft, page, whole.form_of(draft, viewer, page, typed))


def _turned(draft: Draft, page: str) -> Answer:
    """Keep a page that was sent, and go on; or stay on it for a button that only changes the page."""
    group, typed = whole.GROUPS[page], typed_in(request.form)
    stay = buttons.pressed(request.form, typed, group)
    if stay is not None:
        draft.keep(page, stay.typed)
        return redirect(url_for(f"households.{page}", draft_id=draft.id, _anchor=stay.anchor))
    typed = without_empty(typed, group, whole.PREFILLED[page])
    form = whole.form_of(draft, current_viewer(), page, typed)
    if not form.validate():
        return _shown(draft, page, form), HTTPStatus.UNPROCESSABLE_ENTITY
    draft.keep(page, typed)
    return redirect(url_for(f"households.{NEXT[page]}", draft_id=draft.id))


def _shown(draft: Draft, page: str, form: RegistryForm) -> str:
    template = page if page == "children" else draft.side
    return render_template(f"households/{template}.html", draft=draft, form=form, said=warnings.said)


def declined(intake: Intake) -> frozenset[str]:
    """Return the proposals that were shown and not ticked, each by the child's place and, should it move, its name."""
    unticked = set(request.form.getlist("offered")) - set(request.form.getlist("referral"))
    return frozenset(
        name
        for number, child in enumerate(intake.children, 1)
        for code in in_force(clock.today()).services
        if chosen_as(number, code) in unticked
        for name in (chosen_as(number, code), chosen_as(child.name, code))
    )
