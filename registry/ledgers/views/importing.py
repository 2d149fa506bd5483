"""Pages of ledgers that come in: the list, a file, its columns, how far the work is, and what became of the rows."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer
from registry.audit import service as audit
from registry.clock import today
from registry.ledgers import outcomes, planning, queries, service, shown
from registry.ledgers.errors import NoHeaderError, StaleVersionError
from registry.ledgers.forms import UploadForm, VersionForm, columns_form
from registry.ledgers.sheets import BookError
from registry.ledgers.template import EMPTY_LEDGERS, empty_ledger, ledger_names
from registry.ledgers.views.blueprint import blueprint
from registry.ledgers.words import OUTCOMES, fault_words, field_choices, no_heading
from registry.ledgers.xlsx import xlsx_answer
from registry.web.buttons import language_chosen
from registry.web.uploads import takes_file

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from registry.access import Viewer
    from registry.ledgers.forms import ColumnsForm
    from registry.ledgers.models import Ledger

    Answer = str | tuple[str, int] | BaseResponse

WAITS, WORKS = "read", ("confirmed", "running")


@blueprint.get("/")
@allows(Permission.LEDGER_IMPORT)
def listing() -> str:
    """List the ledgers that the office uploaded, the newest first, and the empty ones to begin with."""
    viewer, after = current_viewer(), request.args.get("after", type=UUID)
    page = queries.ledgers_of(viewer, after)
    return render_template(
        "ledgers/list.html",
        shown=shown.entries(page.rows, viewer),
        following=page.after,
        first=after is None,
        held=queries.number_held(viewer) if viewer.may(Permission.MATCH_DECIDE) else 0,
        limited=queries.limited_lately(viewer),
        empty_ledgers=ledger_names(),
    )


@blueprint.route("/upload", methods=["GET", "POST"])
@allows(Permission.LEDGER_IMPORT)
@takes_file
def upload() -> Answer:
    """Take a file; what is in it is shown before anything is registered."""
    viewer, form = current_viewer(), UploadForm()
    form.offer(viewer)
    found: list[str] = []
    if request.method == "POST" and form.validate():
        try:
            ledger = service.upload(
                viewer, form.area.data, form.file.data or b"", form.file.filename or None, form.judged_on()
            )
        except BookError as error:
            form.file.errors = [fault_words(error.code)]
        except NoHeaderError as error:
            form.file.errors, found = [no_heading()], shown.first_rows(error.sheets)
        else:
            return redirect(url_for("ledgers.columns", ledger_id=ledger.id))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("ledgers/upload.html", form=form, found=found, empty_ledgers=ledger_names()), status


@blueprint.get("/empty/<string:name>.xlsx")
@allows(Permission.LEDGER_IMPORT)
def empty(name: str) -> Response:
    """Answer with an empty ledger to fill in."""
    if name not in EMPTY_LEDGERS:
        abort(HTTPStatus.NOT_FOUND)
    return xlsx_answer(empty_ledger(name, today()), f"ledger-{name}")


@blueprint.route("/<uuid:ledger_id>/columns", methods=["GET", "POST"])
@allows(Permission.LEDGER_IMPORT)
def columns(ledger_id: UUID) -> Answer:
    """Show which column was taken for what; confirmed, the work begins."""
    viewer = current_viewer()
    ledger = queries.ledger_of(viewer, ledger_id)
    if ledger.state != WAITS:
        return redirect(url_for("ledgers.show", ledger_id=ledger.id))
    plan = planning.opened(ledger, viewer)
    sheets = shown.sheets_to_ask(plan)
    form = columns_form(sheets, field_choices(), ledger.version)
    if request.method == "GET" or language_chosen(request.form):
        return _columns_page(ledger, plan, sheets, form), HTTPStatus.OK
    if not form.validate():
        return _columns_page(ledger, plan, sheets, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        service.confirm(viewer, ledger.id, form.mapping(), form.seen(), form.sides())
    except StaleVersionError:
        flash(_("Somebody else has just changed this ledger. This is how it stands now."))
    return redirect(url_for("ledgers.show", ledger_id=ledger_id))


@blueprint.get("/<uuid:ledger_id>")
@allows(Permission.LEDGER_IMPORT)
def show(ledger_id: UUID) -> Answer:
    """Show how far the work on a ledger is, and what became of its rows once it has ended."""
    viewer = current_viewer()
    ledger = queries.ledger_of(viewer, ledger_id)
    if ledger.state == WAITS:
        return redirect(url_for("ledgers.columns", ledger_id=ledger.id))
    if ledger.state in WORKS:
        caption = shown.caption_of(ledger, viewer)
        return render_template("ledgers/progress.html", ledger=ledger, caption=caption)
    return _result_page(viewer, ledger)


@blueprint.post("/<uuid:ledger_id>/stop")
@allows(Permission.LEDGER_IMPORT)
def stop(ledger_id: UUID) -> BaseResponse:
    """Stop the work on a ledger, or throw away one whose columns nobody has confirmed."""
    viewer, form = current_viewer(), VersionForm()
    waited = queries.ledger_of(viewer, ledger_id).state == WAITS
    try:
        service.stop(viewer, ledger_id, form.seen())
    except StaleVersionError:
        flash(_("Somebody else has just changed this ledger. This is how it stands now."))
        return redirect(url_for("ledgers.show", ledger_id=ledger_id))
    if waited:
        flash(_("The file was not imported."))
        return redirect(url_for("ledgers.listing"))
    return redirect(url_for("ledgers.show", ledger_id=ledger_id))


def _columns_page(ledger: Ledger, plan: shown.Plan, sheets: list[dict[str, Any]], form: ColumnsForm) -> str:
    viewer = current_viewer()
    audit.note("ledger_opened", viewer=viewer, ledger=ledger.id, part="columns")
    return render_template(
        "ledgers/columns.html",
        ledger=ledger,
        caption=shown.caption_of(ledger, viewer),
        remembered=plan["remembered"],
        sheets=shown.shown_sheets(sheets, form.mapping()),
        form=form,
    )


def _result_page(viewer: Viewer, ledger: Ledger) -> str:
    counts = queries.counts_of(ledger.id)
    asked, after = request.args.get("tab", ""), request.args.get("after", type=UUID)
    tab = asked if asked in OUTCOMES else next((code for code in OUTCOMES if counts.get(code)), "register")
    page = queries.rows_of(viewer, ledger.id, tab, after)
    audit.note("children_listed", viewer=viewer, children=page.children, list="ledger", shown=len(page.children))
    return render_template(
        "ledgers/result.html",
        ledger=ledger,
        caption=shown.caption_of(ledger, viewer),
        counts=counts,
        figures=outcomes.figures(counts),
        switches=outcomes.tabs(ledger, counts, tab),
        tab=tab,
        rows=outcomes.shown_rows(ledger, page, planning.opened(ledger, viewer), viewer),
        following=page.after,
        first=after is None,
    )
