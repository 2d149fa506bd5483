"""Pages of admission: the papers that a family has and lacks, and the list to take home."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 -- the router reads it

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer, outside_scope
from registry.admission import service, shown, wording
from registry.admission.forms import BETWEEN, PapersForm
from registry.admission.paper import bring_paper
from registry.admission.queries import standing_of
from registry.audit import service as audit
from registry.children import answers
from registry.children.queries import file_of, in_scope, is_worked_on
from registry.clock import today
from registry.paper.answer import pdf_answer

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from registry.admission.queries import Standing
    from registry.children.models import Child

blueprint = Blueprint("admission", __name__, url_prefix="/admission", template_folder="templates")


@blueprint.route("/<uuid:child_id>", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def papers(child_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Show which papers an admission asks for and which the family lacks; note those that it has.

    In the address: `stage`, a code of `admission_stage`, where the family asks about another one.
    """
    viewer, form = current_viewer(), PapersForm()
    if request.method == "POST":
        if not in_scope(viewer, child_id):
            outside_scope()  # before anything is held: nobody keeps others waiting at a file that is not theirs
        answers.hold(child_id)
    child = file_of(viewer, child_id)
    if request.method == "GET" or not is_worked_on(child):
        return _page(child, PapersForm(formdata=None))
    standing = standing_of(viewer, child, today(), papers=True)
    if not form.validate():
        return _page(child, form), HTTPStatus.UNPROCESSABLE_ENTITY
    asked = standing.asked(_stage(standing))
    others = service.note_papers(viewer, child, asked, form.ticked(asked), form.were_ticked(asked), today())
    flash(_("Saved."), "done")
    if others:
        names = shown.listed(paper.name for paper in asked.papers if paper.code in others)
        flash(_("Somebody else changed this list meanwhile: %(papers)s. Look at it once more.", papers=names), "warn")
    return redirect(url_for("admission.papers", child_id=child.id, stage=_chosen()))


@blueprint.get("/<uuid:child_id>/paper")
@allows(Permission.PAPER_PRINT)
def paper(child_id: UUID) -> BaseResponse:
    """Answer with the list of papers for the family, in both languages."""
    viewer = current_viewer()
    child = file_of(viewer, child_id)
    if child.protected or not is_worked_on(child):
        outside_scope()  # no paper may carry the whereabouts of a protected child out of the house
    standing = standing_of(viewer, child, today(), papers=True)
    audit.note("paper_printed", viewer=viewer, children=[child.id], paper="admission")
    sample = bool(current_app.extensions["settings"].sample_data)
    return pdf_answer(bring_paper(viewer, child, standing, _stage(standing), sample=sample), "papers-to-bring")


def _page(child: Child, form: PapersForm) -> str:
    viewer = current_viewer()
    audit.note("child_opened", viewer=viewer, children=[child.id], part="admission")
    if not is_worked_on(child):
        return render_template("admission/papers.html", child=child, form=form, standing=None)
    standing = standing_of(viewer, child, today(), papers=True)
    stage = _stage(standing)
    asked = standing.asked(stage)
    return render_template(
        "admission/papers.html",
        child=child,
        form=form,
        standing=standing,
        stage=stage,
        stages=[entry.code for entry in standing.sop.codes["admission_stage"]],
        asked=asked,
        groups=shown.groups(standing, asked),
        to_come=shown.still_to_come(standing, asked),
        seen=BETWEEN.join(each.code for each in asked.papers if each.code in standing.held),
        calendar=shown.calendar(standing),
        need=wording.need(standing),
        why=wording.why(standing),
    )


def _stage(standing: Standing) -> str:
    """Return the admission that is asked about: the one in the address where there is such a one."""
    chosen = _chosen()
    return chosen if chosen and standing.sop.codes["admission_stage"].has(chosen) else standing.stage


def _chosen() -> str | None:
    return request.args.get("stage")
