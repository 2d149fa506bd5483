"""What every page of an intake begins with: the worker's own draft; and what is noted of the files it met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, redirect, request, url_for

from registry.access import current_viewer
from registry.audit import service as audit
from registry.clock import today
from registry.households import already, arriving, drafts

if TYPE_CHECKING:
    from uuid import UUID

    from registry.households.already import KnownFile
    from registry.households.drafts import Draft


def unsent(draft_id: UUID) -> Draft:
    """Return the viewer's own draft, locked when a page is sent; one that was sent leads to its result."""
    draft = drafts.own(current_viewer(), draft_id, lock=request.method == "POST")
    if draft.sent:
        abort(redirect(url_for("households.registered", draft_id=draft_id)))
    arriving.forget_family(current_viewer(), draft)
    return draft


def known_files(draft: Draft) -> dict[int, KnownFile]:
    """Return by number of the child the files that were met, and note who was shown that they are there."""
    viewer = current_viewer()
    found = already.files(viewer, draft.set_aside, today())
    for file in found.values():
        met = [file.child_id]
        audit.note("same_child_shown", viewer=viewer, children=met, in_scope=int(file.in_scope))
    return found
