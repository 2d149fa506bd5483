"""Pages of papers: blank forms for everybody, a household's receipt, and a guardian's copy of a file."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 -- the router reads it

from flask import Blueprint, abort, current_app, render_template, request

from registry.access import Permission, allows, current_viewer, outside_scope
from registry.audit import service as audit
from registry.children.queries import file_of
from registry.clock import today
from registry.paper.answer import pdf_answer
from registry.reports import blank, queries
from registry.reports.copy import copy_paper
from registry.reports.forms import CopyForm, ReceiptForm
from registry.reports.receipt import receipt_paper

if TYPE_CHECKING:
    from flask import Response

    Answered = Response | str | tuple[str, int]

blueprint = Blueprint("reports", __name__, url_prefix="/papers", template_folder="templates")


@blueprint.get("/")
@allows(Permission.PUBLIC)
def papers() -> str:
    """List the blank papers. They hold nothing of anybody: whoever wants one may print it."""
    return render_template("reports/papers.html", papers=blank.PAPERS)


@blueprint.get("/<string:name>.pdf", endpoint="blank")
@allows(Permission.PUBLIC)
def blank_paper(name: str) -> Response:
    """Answer with a blank paper."""
    if name not in blank.PAPERS:
        abort(HTTPStatus.NOT_FOUND)
    return pdf_answer(blank.paper(name, sample=_sample()), name)


@blueprint.route("/receipt/<uuid:household_id>", methods=["GET", "POST"])
@allows(Permission.PAPER_PRINT)
def receipt(household_id: UUID) -> Answered:
    """Answer with the receipt of a household: at once on the day of its registration, later ask first who gets it."""
    viewer, form = current_viewer(), ReceiptForm()
    children = queries.on_receipt(viewer, household_id)
    if not children:
        outside_scope()
    ids, whole = [child.id for child in children], queries.tells_where(children[0])
    imprint = blank.imprint("receipt", sample=_sample())
    if request.method == "GET" and queries.is_new(children[0], today()):
        audit.note("paper_printed", viewer=viewer, children=ids, paper="receipt")
        return pdf_answer(receipt_paper(viewer, children, imprint, at_home=whole), "receipt")
    form.offer(children, viewer)
    if not form.validate_on_submit():
        audit.note("children_listed", viewer=viewer, children=ids, list="receipt", shown=len(ids))
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
        return render_template("reports/receipt.html", form=form, children=children), status
    recipient = form.chosen()
    children = queries.cared_for_by(children, recipient)
    audit.record("paper_printed", viewer=viewer, children=[child.id for child in children], paper="receipt")
    at_home = whole and queries.lives_with(children[0], recipient)
    known = recipient if whole else None
    return pdf_answer(receipt_paper(viewer, children, imprint, at_home=at_home, recipient=known), "receipt")


@blueprint.route("/file/<uuid:child_id>", methods=["GET", "POST"])
@allows(Permission.PAPER_PRINT)
def file(child_id: UUID) -> Answered:
    """Ask who gets a copy of a file, and answer with it."""
    viewer, form = current_viewer(), CopyForm()
    child = file_of(viewer, child_id)
    if child.protected:
        outside_scope()  # no paper may carry its whereabouts out of the house
    form.offer([child], viewer)
    if not form.validate_on_submit():
        audit.note("child_opened", viewer=viewer, children=[child.id], part="file")
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
        return render_template("reports/copy.html", form=form, child=child), status
    audit.record("paper_printed", viewer=viewer, children=[child.id], paper="file")
    recipient = form.chosen() if queries.tells_where(child) else None
    return pdf_answer(copy_paper(viewer, child, recipient, blank.imprint("file", sample=_sample())), "file")


def _sample() -> bool:
    return bool(current_app.extensions["settings"].sample_data)
