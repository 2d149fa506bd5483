"""The first page: the notice, which form, and the guardian's answer; and the notice for everybody to read."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import redirect, render_template, request, url_for

from registry import clock
from registry.access import Permission, allows, current_viewer
from registry.households import drafts, places
from registry.households.forms.notice import AGREES, NoticeForm
from registry.households.views import buttons
from registry.households.views.blueprint import blueprint
from registry.households.views.drafting import unsent
from registry.i18n import language
from sop.version import in_force

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

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
    side = request.args.get("side") or places.own_side()
    form = NoticeForm(formdata=None, draft=_draft_named(), side=side, answer=request.args.get("answer"))
    return _shown(form, None)


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


def _answered(draft: Draft | None) -> Answer:
    form = NoticeForm()
    if buttons.language_chosen(request.form):
        if draft is not None:
            return _shown(form, draft)
        kept = {"draft": form.draft.data, "side": form.side.data, "answer": form.answer.data}
        return redirect(url_for("households.begin", **kept))  # none of them tells anything about anybody
    if not form.validate():
        return _shown(form, draft), HTTPStatus.UNPROCESSABLE_ENTITY
    if form.answer.data != AGREES:
        if draft is not None:
            draft.discard()
        return redirect(url_for("households.declined"))
    return redirect(url_for("households.family", draft_id=_kept(form, draft).id))


def _kept(form: NoticeForm, draft: Draft | None) -> Draft:
    viewer, side = current_viewer(), form.side.data
    given = {"version": in_force(clock.today()).notice.version, "language": language(), "answer": AGREES}
    if draft is None:
        return drafts.begin(viewer, UUID(form.draft.data), side, given)
    draft.answer_notice(side, given)
    return draft


def _draft_named() -> str:
    """The id that this page gives its draft: made here, or carried over when the language was switched."""
    try:
        return str(UUID(request.args.get("draft", "")))
    except ValueError:
        return str(uuid.uuid4())


def _shown(form: NoticeForm, draft: Draft | None) -> str:
    values: dict[str, Any] = {"form": form, "draft": draft, "notice": in_force(clock.today()).notice}
    return render_template("households/notice.html", **values)
