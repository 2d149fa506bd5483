"""Pages of children's files: the list of an area, a search and what it finds, one file, one number shown."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, Role, Viewer, allows, current_viewer, outside_scope
from registry.areas import queries as areas
from registry.audit import service as audit
from registry.children import file, finding, listing, queries
from registry.children.display import answer
from registry.children.forms import RevealForm, SearchForm, filters_of, purposes
from registry.children.queries import ON_THE_REGISTER
from registry.clock import today
from registry.i18n import language
from sop.eligibility import FLAGS_SHOWN
from sop.version import in_force

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from registry.children.listing import Filters
    from registry.children.models import Child

Choices = list[tuple[str, str]]

blueprint = Blueprint("children", __name__, url_prefix="/children", template_folder="templates")


@blueprint.get("/", endpoint="listing")
@allows(Permission.CHILD_READ)
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
def found(search_id: UUID) -> str:
    """Show what a search finds in the own area."""
    viewer = current_viewer()
    term = finding.kept_term(viewer, search_id)
    if term is None:
        outside_scope()
    sought, area = finding.read_term(term, today()), filters_of(request.args, viewer).area
    shown: dict[str, Any] = {
        "search_id": search_id,
        "term": term,
        "area": area,
        "form": SearchForm(data={"term": term}),
    }
    try:
        hits = finding.find(viewer, sought, area)
    except finding.AreaTooWideError:
        return render_template("children/found.html", **shown, rows=[], total=0, narrower=_areas(viewer, area))
    rows = listing.rows_of(viewer, hits.ids)
    _note_listed(viewer, rows, "search")
    return render_template("children/found.html", **shown, rows=rows, total=hits.total, narrower=None)


@blueprint.get("/<uuid:child_id>", endpoint="file")
@allows(Permission.CHILD_READ)
def show_file(child_id: UUID) -> str:
    """Show a child's file."""
    viewer = current_viewer()
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


def _list_page(form: SearchForm) -> str:
    viewer = current_viewer()
    filters, after = filters_of(request.args, viewer), request.args.get("after", type=UUID)
    page = listing.page_of(viewer, filters, after)
    _note_listed(viewer, page.rows, "files")
    return render_template(
        "children/list.html",
        form=form,
        search_form=form,
        page=page,
        filters=filters,
        narrowed={name: value for name, value in vars(filters).items() if value},
        first=after is None,
        choices=_choices(viewer, filters),
    )


def _note_listed(viewer: Viewer, rows: list[listing.Listed], name: str) -> None:
    children = [row.child.id for row in rows]
    audit.note("children_listed", viewer=viewer, children=children, list=name, shown=len(children))


def _choices(viewer: Viewer, filters: Filters) -> dict[str, Choices]:
    """Return what each filter offers, "all" first. A registrar has one community: nothing to choose."""
    schools = in_force(today()).codes["school"].choices(language())
    choices = {
        "status": [("", _("All"))] + [(code, answer("episode_status", code)) for code in ON_THE_REGISTER],
        "flag": [("", _("All"))] + [(code, answer("flag", code)) for code in FLAGS_SHOWN],
        "school": [("", _("All")), *schools],
    }
    return choices | ({"area": _areas(viewer, filters.area)} if viewer.role is Role.SUPERVISOR else {})


def _areas(viewer: Viewer, chosen: str | None) -> Choices:
    """Offer the own area, the way down to the chosen one, and what lies one step below it."""
    around = [one for one in areas.path(chosen or viewer.area_code) if viewer.covers(one.code)]
    below = areas.children_of(chosen or viewer.area_code)
    offered = [(one.code, one.name(language())) for one in (*around, *below) if one.code != viewer.area_code]
    return [("", _("Whole area")), *offered]
