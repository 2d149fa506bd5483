"""The first page: the notice, which form, and the guardian's answer; and the notice for everybody to read."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import redirect, render_template, request, url_for

from registry import clock
from registry.access import Permission, allows, current_viewer
from registry.audit import service as audit
from registry.households import arriving, drafts, places
from registry.households.forms.notice import AGREES, NoticeForm
from registry.households.views.blueprint import blueprint
from registry.households.views.drafting import unsent
from registry.i18n import language
from registry.web.buttons import language_chosen
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response as BaseResponse

    from registry.access import Viewer
    from registry.households.arriving import Expected
    from registry.households.drafts import Draft

    Answer = str | BaseResponse | tuple[str, int]


@blueprint.get("/notice")
@allows(Permission.PUBLIC)
def notice_text() -> str:
    """Show the notice in force to whoever wants to read it."""
    return render_template("households/notice_text.html", notice=in_force(clock.today()).notice)


@blueprint.route("/households/new", methods=["GET", "POST"])
@allows(Permission.HOUSEHOLD_REGISTER)
def begin() -> Answer:
    """Begin an intake: a draft is made only when the guardian agrees."""
    if request.method == "POST":
        return _answered(None)
    return _shown(_first_form(), None)


@blueprint.route("/households/arrive/<uuid:transfer_id>", methods=["GET", "POST"])
@allows(Permission.HOUSEHOLD_REGISTER)
def arrive(transfer_id: UUID) -> Answer:
    """Begin the intake of a child who arrives by an accepted transfer, and of brothers and sisters with it."""
    viewer = current_viewer()
    if request.method == "POST" and (begun := _begun_before(viewer)):
        return redirect(url_for("households.family", draft_id=begun.id))
    together = arriving.arriving_together(viewer, transfer_id)
    ids = [each.child.id for each in together]
    audit.note("children_listed", viewer=viewer, children=ids, list="arriving", shown=len(ids))
    if request.method == "POST":
        return _answered(None, together)
    return _shown(_first_form(), None, together)


def _begun_before(viewer: Viewer) -> Draft | None:
    """The draft that a first press on this page made: sent since, its children are expected no longer."""
    try:
        return drafts.find(viewer, UUID(request.form.get("draft", "")), lock=False)
    except ValueError:
        return None


def _first_form() -> NoticeForm:
    side = request.args.get("side") or places.own_side()
    return NoticeForm(formdata=None, draft=_draft_named(), side=side, answer=request.args.get("answer"))


@blueprint.route("/households/intake/<uuid:draft_id>/notice", methods=["GET", "POST"])
@allows(Permission.HOUSEHOLD_REGISTER)
def notice(draft_id: UUID) -> Answer:
    """Show the first page of an intake again, and keep another answer."""
    draft = unsent(draft_id)
    if request.method == "POST":
        return _answered(draft)
    form = NoticeForm(formdata=None, draft=draft.id, side=draft.side, answer=draft.kept["notice"]["answer"])
    return _shown(form, draft)


@blueprint.get("/households/not-registered")
@allows(Permission.HOUSEHOLD_REGISTER)
def declined() -> str:
    """Say that nothing was kept, and where services are to be had all the same."""
    return render_template("households/declined.html")


def _answered(draft: Draft | None, together: Sequence[Expected] = ()) -> Answer:
    form = NoticeForm()
    if language_chosen(request.form):
        if draft is not None:
            return _shown(form, draft)
        kept = {"draft": form.draft.data, "side": form.side.data, "answer": form.answer.data}
        return redirect(url_for(request.endpoint or "", **request.view_args or {}, **kept))  # nothing of anybody
    if not form.validate():
        return _shown(form, draft, together), HTTPStatus.UNPROCESSABLE_ENTITY
    if form.answer.data != AGREES:
        if draft is not None:
            draft.discard()
        return redirect(url_for("households.declined"))
    return redirect(url_for("households.family", draft_id=_kept(form, draft, together).id))


def _kept(form: NoticeForm, draft: Draft | None, together: Sequence[Expected]) -> Draft:
    viewer, side = current_viewer(), form.side.data
    given = {"version": in_force(clock.today()).notice.version, "language": language(), "answer": AGREES}
    if draft is None:
        return drafts.begin(viewer, UUID(form.draft.data), side, given, _chosen(together))
    draft.answer_notice(side, given)
    return draft


def _chosen(together: Sequence[Expected]) -> list[UUID]:
    """The child whose page this is always arrives; the others where they were left ticked."""
    ticked = set(request.form.getlist("arriving"))
    return [each.transfer_id for each in together if each is together[0] or str(each.transfer_id) in ticked]


def _draft_named() -> str:
    """The id that this page gives its draft: made here, or carried over when the language was switched."""
    try:
        return str(UUID(request.args.get("draft", "")))
    except ValueError:
        return str(uuid.uuid4())


def _shown(form: NoticeForm, draft: Draft | None, together: Sequence[Expected] = ()) -> str:
    values: dict[str, Any] = {"form": form, "draft": draft, "notice": in_force(clock.today()).notice}
    values["together"] = together
    return render_template("households/notice.html", **values)
