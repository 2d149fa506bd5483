"""The pages of a draft as forms, and the draft as a whole: everything it answers, once each page is fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from registry.households import arriving, places
from registry.households.answers import Intake
from registry.households.drafts import PAGES
from registry.households.forms import children, family
from registry.households.typed import as_posted

if TYPE_CHECKING:
    from registry.access import Viewer
    from registry.households.answers import ChildAnswers
    from registry.households.arriving import Expected
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
    """Return what a page holds before anybody typed: two rows, because two adults and two children are usual.

    Of children who arrive it holds what is known: the family's guardians, hukou and ethnic group, and the
    children's own answers, with one empty row for a child who is new.
    """
    known = arriving.expected(viewer, draft.arriving)
    if page == "children" and draft.arriving:
        return [*_known_typed(draft, known), ("children-0-name", "")]
    empty = [(f"{GROUPS[page]}-{number}-name", "") for number in range(2)]
    if page == "children":
        return empty
    if known:
        empty = [*arriving.family_typed(viewer, known[0].child), ("guardians-0-lives_here", "yes")]
    here = [("area_code", places.own_community(viewer))]
    if draft.side == "receiving":
        return [*here, *empty]
    return [*here, ("hukou_town", places.own_town(viewer)), *empty, ("guardians-1-lives_here", "no")]


def form_of(draft: Draft, viewer: Viewer, page: str, typed: Typed) -> RegistryForm:
    """Return the form of a page with what was typed on it. The token was checked before the view was called."""
    if page == "children" and draft.arriving:
        posted = as_posted(_of_those(draft, arriving.expected(viewer, draft.arriving), typed))
        return children.ArrivalForm(formdata=posted, meta={"csrf": False})
    posted = as_posted(typed)
    if page == "children":
        return children.ChildrenForm(formdata=posted, meta={"csrf": False})
    form = family.FORMS[draft.side](formdata=posted, meta={"csrf": False})
    form.offer(viewer)
    return form


def least_rows(draft: Draft, page: str) -> int:
    """Return how many rows of a page stay even when nothing was typed in them: none where children arrive."""
    return 0 if page == "children" and draft.arriving else 1


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
    told = forms["children"].answers()
    return Intake(
        side=draft.side,
        given=draft.kept["notice"],
        family=forms["family"].answers(),
        children=(*_arriving(draft, viewer, forms["children"]), *told),
    )


def _arriving(draft: Draft, viewer: Viewer, form: RegistryForm) -> list[ChildAnswers]:
    if not draft.arriving:
        return []
    parts = [entry.form for entry in cast("children.ArrivalForm", form).arriving]
    known = arriving.expected(viewer, draft.arriving)
    return [
        arriving.answers_of(viewer, one, part.school.data or "", part.certificate.data or "")
        for one, part in zip(known, parts, strict=True)
    ]


def _known_typed(draft: Draft, known: list[Expected]) -> Typed:
    typed: Typed = []
    for one in known:
        row = f"arriving-{draft.arriving.index(one.transfer_id)}"
        told = {"school": arriving.school_of(one.child), "certificate": one.child.certificate}
        typed += [(f"{row}-{name}", code) for name, code in told.items()]
    return typed


def _of_those(draft: Draft, known: list[Expected], typed: Typed) -> Typed:
    """Keep a row for each child who is still expected, and none for the others, whatever was sent."""
    rows = {str(draft.arriving.index(one.transfer_id)) for one in known}
    found = ((re.match(r"arriving-(\d{1,3})-", name), name, value) for name, value in typed)
    kept = [(name, value) for match, name, value in found if match is None or match[1] in rows]
    return [*kept, *((f"arriving-{row}-present", "1") for row in sorted(rows, key=int))]
