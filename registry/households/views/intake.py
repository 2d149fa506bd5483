"""The second to fourth page of an intake: household and guardians, children, summary; and reading an ID number."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 -- the router reads it

from flask import jsonify, redirect, render_template, request, url_for

from registry import clock
from registry.access import Permission, allows, current_viewer
from registry.audit import service as audit
from registry.households import already, arriving, drafts, meanwhile, service, warnings
from registry.households.forms import whole
from registry.households.forms.children import ChildPart
from registry.households.service import chosen_as
from registry.households.summary import summarise
from registry.households.typed import typed_in, without_empty
from registry.households.views import buttons
from registry.households.views.blueprint import blueprint
from registry.households.views.drafting import known_files, unsent
from registry.web.buttons import language_chosen
from sop.version import in_force

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from registry.households.answers import Intake
    from registry.households.arriving import Expected
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
        if request.form.get(meanwhile.STAMP) != draft.stamp("summary"):
            return _summary(draft, intake, declined(intake), elsewhere=True), HTTPStatus.CONFLICT
        draft.decline(declined(intake))
    if number := request.form.get("apart", type=int):
        draft.tell_apart(number)
        return redirect(url_for("households.summary", draft_id=draft.id, _anchor=f"child-{number}"))
    if request.method == "GET" or language_chosen(request.form):
        return _summary(draft, intake, draft.declined)
    chosen = frozenset(request.form.getlist("referral"))
    ended = service.send(viewer, draft, intake, chosen, clock.today())
    return redirect(url_for("households.registered" if ended else "households.summary", draft_id=draft.id))


def _summary(draft: Draft, intake: Intake, unticked: frozenset[str], *, elsewhere: bool = False) -> str:
    shown = summarise(intake, clock.today(), unticked, known_files(draft))
    ended = len(draft.arriving) - len(_expected(draft))
    return render_template(
        "households/summary.html", draft=draft, page="summary", summary=shown, ended=ended, elsewhere=elsewhere
    )


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
    beside = draft.beside(page) if "kept" not in request.args else None
    typed = beside or draft.typed(page) or whole.first_typed(draft, viewer, page)
    form = whole.form_of(draft, viewer, page, typed)
    return _sent_elsewhere(draft, page, form) if beside else _shown(draft, page, form)


def _turned(draft: Draft, page: str) -> Answer:
    """Keep a page that was sent, and go on; or stay on it for a button that only changes the page."""
    group, typed = whole.GROUPS[page], typed_in(request.form)
    if meanwhile.changed(draft, page, typed, request.form.get(meanwhile.STAMP)):
        form = whole.form_of(draft, current_viewer(), page, typed)
        return _sent_elsewhere(draft, page, form), HTTPStatus.CONFLICT
    stay = buttons.pressed(request.form, typed, group)
    if stay is not None:
        draft.keep(page, stay.typed)
        return redirect(url_for(f"households.{page}", draft_id=draft.id, _anchor=stay.anchor))
    typed = without_empty(typed, group, whole.PREFILLED[page], least=whole.least_rows(draft, page))
    form = whole.form_of(draft, current_viewer(), page, typed)
    if not form.validate():
        drafts.keep_unfit(current_viewer(), draft, page, typed)
        return _shown(draft, page, form), HTTPStatus.UNPROCESSABLE_ENTITY
    draft.keep(page, typed)
    if page == "children":
        _look_for_files(draft)
    return redirect(url_for(f"households.{NEXT[page]}", draft_id=draft.id))


def _look_for_files(draft: Draft) -> None:
    """See before the summary which children have a file, unless a page before it is still wanting."""
    viewer = current_viewer()
    try:
        intake = whole.read(draft, viewer)
    except whole.UnfitPageError:
        return
    service.look_for_files(viewer, draft, intake, clock.today())
    already.tell_of_protected(viewer, intake)


def _sent_elsewhere(draft: Draft, page: str, form: RegistryForm) -> str:
    """Show a page with what was typed, and beside it what is kept since it was sent from elsewhere."""
    return _shown(draft, page, form, kept=meanwhile.kept_otherwise(draft, current_viewer(), page, form))


def _shown(draft: Draft, page: str, form: RegistryForm, **more: Any) -> str:  # noqa: ANN401
    values: dict[str, Any] = {"draft": draft, "page": page, "form": form, "said": warnings.said, **more}
    if page == "family":
        return render_template(f"households/{draft.side}.html", **values)
    expected = _expected(draft)
    values["further"] = ChildPart(formdata=None, prefix="children-__index__-")
    values |= {"expected": expected, "known_facts": arriving.known_facts, "ended": len(draft.arriving) - len(expected)}
    return render_template("households/children.html", **values)


def _expected(draft: Draft) -> list[Expected]:
    """Return the children who arrive with this intake, and note that they were shown."""
    viewer = current_viewer()
    found = arriving.expected(viewer, draft.arriving)
    if found:
        ids = [each.child.id for each in found]
        audit.note("children_listed", viewer=viewer, children=ids, list="arriving", shown=len(ids))
    return found


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
