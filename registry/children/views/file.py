"""The page of one child's file, and one number shown for a reason."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import redirect, render_template, request, url_for

from registry.access import Permission, Viewer, allows, current_viewer
from registry.audit import service as audit
from registry.children import file, queries
from registry.children.forms import RevealForm, purposes
from registry.children.views.blueprint import blueprint
from registry.clock import today

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from registry.children.models import Child


@blueprint.get("/<uuid:child_id>", endpoint="file")
@allows(Permission.CHILD_READ)
def show_file(child_id: UUID) -> str | BaseResponse:
    """Show a child's file; the address of one that was merged leads to the one that was kept."""
    viewer = current_viewer()
    kept = queries.kept_file(viewer, child_id)
    if kept != child_id:
        return redirect(url_for("children.file", child_id=kept))
    child = queries.file_of(viewer, child_id)
    return _file_page(viewer, child)


@blueprint.route("/<uuid:child_id>/reveal", methods=["GET", "POST"])
@allows(Permission.CHILD_READ)
def reveal(child_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Show the whole ID number, for a reason that is recorded. Its bare address leads to the file."""
    if request.method == "GET":
        return redirect(url_for("children.file", child_id=child_id))
    viewer, form = current_viewer(), RevealForm()
    child = queries.file_of(viewer, child_id)
    if not form.validate_on_submit():
        return _file_page(viewer, child, form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    details = {"field": "child.id_number", "purpose": form.purpose.data}
    audit.note("field_revealed", viewer=viewer, children=[child_id], **details)
    return _file_page(viewer, child, number=child.id_number.open(viewer))


def _file_page(viewer: Viewer, child: Child, *, number: str | None = None, form: RevealForm | None = None) -> str:
    audit.note("child_opened", viewer=viewer, children=[child.id], part="file")
    return render_template(
        "children/file.html",
        child=child,
        page=file.page_of(child, viewer, today()),
        number=number,
        purposes=purposes(),
        search_id=request.args.get("search", type=UUID),
        form=form,
    )
