"""A page of an intake that was sent after its session had ended by idleness: kept, though nobody is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request

from registry.access import Permission
from registry.households import drafts, meanwhile
from registry.households.forms import whole
from registry.households.typed import typed_in
from registry.households.views.intake import declined

if TYPE_CHECKING:
    from registry.access import Viewer

PAGES = frozenset({"households.family", "households.children", "households.summary"})


def keep_late_page() -> None:
    """Keep what was typed in the own unsent draft, and do nothing else: the guard then leads to sign in.

    The form's token was checked before; what was kept is shown to nobody but the same user, signed in again.
    """
    viewer: Viewer | None = g.get("idle_viewer")
    if viewer is None or request.method != "POST" or request.endpoint not in PAGES:
        return
    draft = drafts.find(viewer, (request.view_args or {})["draft_id"], lock=True)
    if draft is None or draft.sent or not viewer.may(Permission.HOUSEHOLD_REGISTER):
        return
    page = request.endpoint.removeprefix("households.")
    stamp, typed = request.form.get(meanwhile.STAMP), typed_in(request.form)
    if page not in drafts.PAGES:
        if stamp == draft.stamp(page):
            _keep_declined(draft, viewer)
    elif meanwhile.changed(draft, page, typed, stamp):
        draft.keep_beside(page, typed)
    else:
        draft.keep(page, typed)


def _keep_declined(draft: drafts.Draft, viewer: Viewer) -> None:
    try:
        draft.decline(declined(whole.read(draft, viewer)))
    except whole.UnfitPageError:
        return  # the summary was never shown: a page before it is still wanting
