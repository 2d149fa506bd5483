"""The history of a file: every change, and its ID numbers in full for a reason."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import redirect, render_template, request, url_for

from registry.access import Permission, allows, current_viewer
from registry.audit import service as audit
from registry.changes.views.blueprint import blueprint, opened
from registry.changes.wording import Words, field_in_words, reason_in_words
from registry.children.forms import RevealForm, purposes
from registry.children.history import history_of

if TYPE_CHECKING:
    from registry.changes.views.blueprint import Answer


@blueprint.get("/<uuid:child_id>/history")
@allows(Permission.CHILD_READ)
def history(child_id: UUID) -> str:
    """Show every change of a file, the newest first."""
    return _page(child_id)


@blueprint.route("/<uuid:child_id>/history/numbers", methods=["GET", "POST"])
@allows(Permission.CHILD_READ)
def numbers(child_id: UUID) -> Answer:
    """Show the history with whole ID numbers, for a reason that is recorded. Its bare address leads to the history."""
    if request.method == "GET":
        return redirect(url_for("changes.history", child_id=child_id))
    form = RevealForm()
    if not form.validate_on_submit():
        return _page(child_id, form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    page = _page(child_id, whole=True)
    details = {"field": "child.id_number", "purpose": form.purpose.data}
    audit.note("field_revealed", viewer=current_viewer(), children=[child_id], **details)
    return page


def _page(child_id: UUID, *, whole: bool = False, form: RevealForm | None = None) -> str:
    viewer, child = current_viewer(), opened(child_id, "history")
    page = history_of(viewer, child.id, request.args.get("after", type=UUID))
    words = Words(whole=whole)
    words.look_up(value for each in page.changes for value in (each.before, each.after))
    shown = [
        (
            each,
            field_in_words(each.field, each.before, each.after),
            words.value(each.field, each.before),
            words.value(each.field, each.after),
            reason_in_words(each.reason),
        )
        for each in page.changes
    ]
    masks = not whole and any(each.field == "id_number" for each in page.changes)
    values = {"masks": masks, "purposes": purposes(), "first": "after" not in request.args}
    return render_template("changes/history.html", child=child, page=page, shown=shown, form=form, **values)
