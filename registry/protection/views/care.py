"""The page after a visit, where a child's care is judged, and the key-care list."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import redirect, render_template, request, url_for

from registry.access import Permission, Viewer, allows, current_viewer
from registry.children import county
from registry.clock import today
from registry.database import uuid7
from registry.protection import queries, service
from registry.protection.forms import AssessForm
from registry.protection.queries import Answers
from registry.protection.views.blueprint import blueprint, note_opened
from registry.web.buttons import language_chosen
from sop.version import in_force

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from registry.children.county import Reached


@blueprint.route("/after-visit/<uuid:child_id>", methods=["GET", "POST"])
@allows(Permission.RISK_ASSESS)
def assess(child_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Judge a child's care, after the visit and not in front of the family."""
    viewer = current_viewer()
    child, form = county.reached_one(viewer, child_id), AssessForm()
    form.offer(in_force(today()).protection)
    if request.method == "GET" or language_chosen(request.form):
        return _page(viewer, child, form)
    if not form.validate():
        return _page(viewer, child, form), HTTPStatus.UNPROCESSABLE_ENTITY
    answers = Answers(form.guardianship.data, form.assessment.data, tuple(sorted(form.categories.data)), form.note.data)
    try:
        service.assess(viewer, child_id, answers, form.seen())
    except service.StaleError:
        return _page(viewer, child, form, changed=True), HTTPStatus.CONFLICT
    return redirect(url_for("protection.assess", child_id=child_id, saved=1))


@blueprint.get("/protection/key-care")
@allows(Permission.PROTECTED_READ)
def key_care() -> str:
    """List the key-care children of the own county."""
    viewer, asked = current_viewer(), request.args.get("category", "")
    offered = in_force(today()).protection.category
    category = asked if asked in {one.code for one in offered} else None
    after = request.args.get("after", type=UUID)
    page = queries.key_care(viewer, category, after)
    note_opened(viewer, (one.assessed.row.id for one in page.rows))
    return render_template(
        "protection/key_care.html", page=page, category=category, offered=offered, first=after is None
    )


def _page(viewer: Viewer, child: Reached, form: AssessForm, *, changed: bool = False) -> str:
    history = queries.history(viewer, child.child.id)
    # As a report of harm is noted, and no child: the audit must not tell the one from the other.
    note_opened(viewer, [history[0].row.id if history else uuid7()])
    if request.method == "GET" or changed:
        form.latest.data = str(history[0].row.id) if history else ""
    return render_template(
        "protection/assess.html",
        child=child,
        form=form,
        history=history,
        changed=changed,
        saved="saved" in request.args and request.method == "GET",
    )
