"""Pages of layouts: the columns that an office configures once, by hand or from the headings of a template."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows
from registry.ledgers.out import layouts
from registry.ledgers.out.forms import HeadingsForm, LayoutForm, opened
from registry.ledgers.out.layouts import Column, Columns, NameTakenError, StaleLayoutError
from registry.ledgers.out.reading import NoHeadingsError, headings_in
from registry.ledgers.sheets import BookError
from registry.ledgers.views.blueprint import blueprint
from registry.ledgers.views.out import file_keeper
from registry.ledgers.words import fault_words
from registry.web.uploads import takes_file

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response as BaseResponse

    from registry.ledgers.models import Layout

    Answer = BaseResponse | tuple[str, int] | str


@blueprint.get("/layouts", endpoint="layouts")
@allows(Permission.LIST_DOWNLOAD)
def listed() -> str:
    """List the layouts of the own office."""
    viewer = file_keeper()
    rows = [(each, layouts.columns_of(each, viewer)) for each in layouts.of_office(viewer)]
    return render_template("ledgers/out/layouts.html", rows=rows, form=HeadingsForm())


@blueprint.route("/layouts/new", methods=["GET", "POST"])
@allows(Permission.LIST_DOWNLOAD)
def new_layout() -> Answer:
    """Make a layout, beginning with every field."""
    viewer = file_keeper()
    if request.method == "GET":
        return _page(opened(None, layouts.usual(), None))
    form = LayoutForm()
    if moved := _moved(form):
        return _page(moved)
    if not form.validate():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        layouts.make(viewer, form.name.data or "", form.told())
    except NameTakenError:
        return _name_taken(form)
    flash(_("The layout is saved."))
    return redirect(url_for("ledgers.layouts"))


@blueprint.route("/layouts/<uuid:layout_id>", methods=["GET", "POST"])
@allows(Permission.LIST_DOWNLOAD)
def layout(layout_id: UUID) -> Answer:
    """Change a layout of the own office."""
    viewer = file_keeper()
    kept = layouts.one(viewer, layout_id)
    if request.method == "GET":
        return _page(opened(kept.name, layouts.columns_of(kept, viewer), kept.version), kept)
    form = LayoutForm()
    if moved := _moved(form):
        return _page(moved, kept)
    if not form.validate():
        return _page(form, kept), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        layouts.change(viewer, layout_id, form.seen(), form.name.data or "", form.told())
    except NameTakenError:
        return _name_taken(form, kept)
    except StaleLayoutError:
        return _changed(form, layout_id)
    flash(_("The layout is saved."))
    return redirect(url_for("ledgers.layouts"))


@blueprint.post("/layouts/<uuid:layout_id>/remove")
@allows(Permission.LIST_DOWNLOAD)
def remove_layout(layout_id: UUID) -> Answer:
    """Remove a layout of the own office."""
    viewer = file_keeper()
    kept = layouts.one(viewer, layout_id)
    try:
        layouts.remove(viewer, layout_id, LayoutForm().seen())
    except StaleLayoutError:
        return _changed(opened(kept.name, layouts.columns_of(kept, viewer), kept.version), layout_id)
    flash(_("The layout is removed."))
    return redirect(url_for("ledgers.layouts"))


@blueprint.post("/layouts/headings")
@takes_file
@allows(Permission.LIST_DOWNLOAD)
def headings() -> Answer:
    """Propose a layout with the headings of a template, to be looked through and saved."""
    viewer, form = file_keeper(), HeadingsForm()
    if form.validate():
        try:
            found = headings_in(form.file.data or b"", form.file.filename)
        except BookError as error:
            form.file.errors = [fault_words(error.code)]
        except NoHeadingsError:
            form.file.errors = [
                _("No headings were found that the register knows. They stand in one row, near the top.")
            ]
        else:
            return _page(opened(None, layouts.proposed(found), None), proposed=True)
    rows = [(each, layouts.columns_of(each, viewer)) for each in layouts.of_office(viewer)]
    page = render_template("ledgers/out/layouts.html", rows=rows, form=form)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


def _moved(form: LayoutForm) -> LayoutForm | None:
    """Return the form with a column added, moved up or taken away, where such a button was pressed."""
    act, _dash, place = request.form.get("act", "").partition("-")
    told, number = form.told(), int(place) if place.isascii() and place.isdigit() else -1
    columns = list(told.columns)
    if act == "add":
        columns.append(Column("", layouts.FIXED))
    elif act == "up" and 0 < number < len(columns):
        columns[number - 1 : number + 1] = columns[number], columns[number - 1]
    elif act == "out" and 0 <= number < len(columns):
        del columns[number]
    else:
        return None
    return opened(form.name.data, Columns(tuple(columns), told.dates, told.answers), form.seen() or None)


def _name_taken(form: LayoutForm, kept: Layout | None = None) -> tuple[str, int]:
    form.name.errors = [_("Your office has a layout of this name already")]
    return _page(form, kept), HTTPStatus.UNPROCESSABLE_ENTITY


def _changed(form: LayoutForm, layout_id: UUID) -> tuple[str, int]:
    """Show what was typed beside what somebody else saved meanwhile; saving once more keeps what was typed."""
    viewer = file_keeper()
    kept = layouts.one(viewer, layout_id)
    form.version.data = kept.version
    theirs = [*layouts.columns_of(kept, viewer).headings]
    return _page(form, kept, theirs=theirs), HTTPStatus.CONFLICT


def _page(
    form: LayoutForm, kept: Layout | None = None, *, proposed: bool = False, theirs: list[str] | None = None
) -> str:
    action = url_for("ledgers.layout", layout_id=kept.id) if kept else url_for("ledgers.new_layout")
    return render_template(
        "ledgers/out/layout.html", form=form, kept=kept, action=action, proposed=proposed, theirs=theirs
    )
