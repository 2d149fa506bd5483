"""The list of an area's files, a search, and what it finds."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, Viewer, allows, current_viewer
from registry.audit import service as audit
from registry.children import filters, finding, listing
from registry.children.forms import SearchForm
from registry.children.views.blueprint import blueprint
from registry.clock import today

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse


@blueprint.get("/", endpoint="listing")
@allows(Permission.CHILD_FIND)
def show_list() -> str:
    """List the files of the own area, a page at a time."""
    return _list_page(SearchForm())


@blueprint.route("/search", methods=["GET", "POST"])
@allows(Permission.CHILD_FIND)
def search() -> BaseResponse | tuple[str, int]:
    """Keep what is looked for, and go to what it finds. Its bare address leads to the list."""
    if request.method == "GET":
        return redirect(url_for("children.listing"))
    form = SearchForm()
    if not form.validate_on_submit():
        return _list_page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    kept = finding.keep(current_viewer(), form.term.data or "")
    return redirect(url_for("children.found", search_id=kept.id))


@blueprint.get("/search/<uuid:search_id>")
@allows(Permission.CHILD_FIND)
def found(search_id: UUID) -> str | BaseResponse:
    """Show what a search finds in the own area, narrowed like the list."""
    viewer, on = current_viewer(), today()
    term = finding.kept_term(viewer, search_id)
    if term is None:
        flash(_("What was looked for is no longer kept. Search again."))
        return redirect(url_for("children.listing"))
    narrowed, after = filters.read(request.args, viewer, on), request.args.get("after", type=UUID)
    try:
        hits = finding.find(viewer, finding.read_term(term, on), narrowed, on)
    except finding.AreaTooWideError:
        page, wide = None, filters.areas_offered(narrowed.area, viewer)
    else:
        page, wide = listing.page_among(viewer, hits, after), []
        _note_listed(viewer, page.rows, "search")
    return render_template(
        "children/found.html",
        search_id=search_id,
        search_form=SearchForm(data={"term": term}),
        page=page,
        areas=wide,
        filters=narrowed,
        first=after is None,
        offered=filters.offered(narrowed, viewer, on),
    )


def _list_page(form: SearchForm) -> str:
    viewer, on = current_viewer(), today()
    narrowed, after = filters.read(request.args, viewer, on), request.args.get("after", type=UUID)
    page = listing.page_of(viewer, narrowed, on, after)
    _note_listed(viewer, page.rows, "files")
    return render_template(
        "children/list.html",
        form=form,
        search_form=form,
        page=page,
        filters=narrowed,
        first=after is None,
        offered=filters.offered(narrowed, viewer, on),
    )


def _note_listed(viewer: Viewer, rows: list[listing.Listed], name: str) -> None:
    children = [row.child.id for row in rows]
    audit.note("children_listed", viewer=viewer, children=children, list=name, shown=len(children))
