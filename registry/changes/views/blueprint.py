"""The blueprint of changes, and how each of its pages begins: with a file that the viewer may change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for

from registry.access import current_viewer
from registry.audit import service as audit
from registry.children.queries import file_of
from registry.web.buttons import comes_back

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response as BaseResponse

    from registry.children.models import Child
    from registry.web.forms import RegistryForm

    Answer = str | tuple[str, int] | BaseResponse

blueprint = Blueprint("changes", __name__, url_prefix="/changes", template_folder="../templates")


def opened(child_id: UUID, part: str) -> Child:
    """Return the file that a page is about, its opening noted; 404 for any that is not the viewer's to see."""
    viewer = current_viewer()
    child = file_of(viewer, child_id)
    audit.note("child_opened", viewer=viewer, children=[child.id], part=part)
    return child


def is_sent(form: RegistryForm) -> bool:
    """Say whether a form was sent on and is valid; a button that only asks for the page again sends nothing on."""
    return request.method == "POST" and not comes_back(request.form) and form.validate()


def is_faulty(form: RegistryForm) -> bool:
    """Say whether what was sent comes back to be corrected."""
    return request.method == "POST" and bool(form.errors or getattr(form, "doubts", ()))


def to_file(child_id: UUID, said: str | None = None) -> BaseResponse:
    """Go to the child's file, and say there what was done."""
    if said:
        flash(said)
    return redirect(url_for("children.file", child_id=child_id))
