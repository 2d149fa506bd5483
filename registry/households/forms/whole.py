"""The pages of a draft as forms, and the draft as a whole: everything it answers, once each page is fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.households import places
from registry.households.answers import Intake
from registry.households.drafts import PAGES
from registry.households.forms import children, family
from registry.households.typed import as_posted

if TYPE_CHECKING:
    from registry.access import Viewer
    from registry.households.drafts import Draft
    from registry.households.typed import Typed
    from registry.web.forms import RegistryForm

GROUPS = {"family": "guardians", "children": "children"}
PREFILLED = {"family": family.PREFILLED, "children": children.PREFILLED}


class UnfitPageError(Exception):
    """A page of the draft (`page`) was not filled in yet, or does not hold."""

    def __init__(self, page: str) -> None:
        self.page = page
        super().__init__(page)


def first_typed(draft: Draft, viewer: Viewer, page: str) -> Typed:
    """Return what a page holds before anybody typed: two rows, because two adults and two children are usual."""
    empty = [(f"{GROUPS[page]}-{number}-name", "") for number in range(2)]
    if page == "children":
        return empty
    if draft.side == "receiving":
        return [("area_code", places.own_community(viewer)), *empty]
    at_home = [("area_code", places.own_community(viewer)), ("hukou_town", places.own_town(viewer))]
    return [*at_home, *empty, ("guardians-1-lives_here", "no")]


def form_of(draft: Draft, viewer: Viewer, page: str, typed: Typed) -> RegistryForm:
    """Return the form of a page with what was typed on it. The token was checked before the view was called."""
    posted = as_posted(typed)
    if page == "children":
        return children.ChildrenForm(formdata=posted, meta={"csrf": False})
    form = family.FORMS[draft.side](formdata=posted, meta={"csrf": False})
    form.offer(viewer)
    return form


def read(draft: Draft, viewer: Viewer) -> Intake:
    """Return everything that a draft answers. Raises UnfitPageError for the first page that does not hold."""
    forms = {}
    for page in PAGES:
        typed = draft.typed(page)
        if typed is None:
            raise UnfitPageError(page)
        forms[page] = form_of(draft, viewer, page, typed)
        if not forms[page].validate():
            raise UnfitPageError(page)
    return Intake(
        side=draft.side,
        given=draft.kept["notice"],
        family=forms["family"].answers(),
        children=forms["children"].answers(),
    )
