"""Pages of the paper slip at the office that refers: printing it, finding its referral, entering what came back."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer, outside_scope
from registry.audit import service as audit
from registry.clock import today
from registry.paper.answer import pdf_answer
from registry.referrals import queries
from registry.referrals.answers import answering, finding
from registry.referrals.answers.answer_form import AnswerForm, answer_form, outcomes_for
from registry.referrals.errors import StaleVersionError, UnfitAnswerError
from registry.referrals.forms import ReturnForm, return_form
from registry.referrals.shown import sop_of
from registry.referrals.slips.slip import slips_paper
from registry.referrals.slips.slip_form import ReferenceForm, slip_form
from registry.referrals.views.blueprint import blueprint
from sop.referral import WITH_OFFICE, ForbiddenMove
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from werkzeug.wrappers import Response as BaseResponse

    from registry.access import Viewer
    from registry.referrals.models import Referral
    from registry.referrals.slips.slip_form import SlipForm

    Answered = str | tuple[str, int] | BaseResponse

OF_ANSWER, OF_RETURN = "slip", "back"  # what the names of the two boxes for the date on the slip begin with


@blueprint.get("/sent/<uuid:referral_id>/slip")
@allows(Permission.REFERRAL_SEND)
def slip(referral_id: UUID) -> BaseResponse:
    """Answer with the slip of a referral that an office has, to be taken there on paper."""
    viewer = current_viewer()
    referral = _at_office(viewer, referral_id)
    if referral is None:
        return _over(referral_id)
    audit.note("paper_printed", viewer=viewer, children=[referral.child_id], paper="slip")
    sample = current_app.extensions["settings"].sample_data
    return pdf_answer(slips_paper(viewer, [referral], in_force(today()).version, sample=sample), "slip")


@blueprint.route("/sent/<uuid:referral_id>/slip-answer", methods=["GET", "POST"])
@allows(Permission.REFERRAL_SEND)
def slip_answer(referral_id: UUID) -> Answered:
    """Enter what the office wrote on the slip."""
    viewer = current_viewer()
    referral = _at_office(viewer, referral_id)
    if referral is None:
        return _over(referral_id)
    form, paper = answer_form(referral), slip_form(referral, OF_ANSWER)
    if not form.is_submitted():
        return _page(referral)
    try:
        if not all([paper.validate(), form.validate()]):
            return _page(referral, answer=form, paper=paper), HTTPStatus.UNPROCESSABLE_ENTITY
        answering.answer_by_slip(viewer, referral_id, form.seen(), form.given(), paper.slip(), today())
    except UnfitAnswerError as error:
        form.hang(error)
        return _page(referral, answer=form, paper=paper), HTTPStatus.UNPROCESSABLE_ENTITY
    except (StaleVersionError, ForbiddenMove):
        return _changed(viewer, referral_id, answer=form, paper=paper)
    return _entered(referral_id)


@blueprint.post("/sent/<uuid:referral_id>/slip-return")
@allows(Permission.REFERRAL_SEND)
def slip_return(referral_id: UUID) -> Answered:
    """Enter that the office gave the referral back on the slip."""
    viewer = current_viewer()
    referral = _at_office(viewer, referral_id)
    if referral is None:
        return _over(referral_id)
    form, paper = return_form(referral, sop_of(referral)), slip_form(referral, OF_RETURN)
    if not all([paper.validate(), form.validate()]):
        return _page(referral, returning=form, paper=paper), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        typed = form.reason.data, form.note.data
        answering.return_by_slip(viewer, referral_id, form.seen(), *typed, paper.slip(), today())
    except (StaleVersionError, ForbiddenMove):
        return _changed(viewer, referral_id, returning=form, paper=paper)
    return _entered(referral_id)


@blueprint.route("/reference", methods=["GET", "POST"])
@allows(Permission.REFERRAL_SEND)
def reference() -> Answered:
    """Find a referral of the own office by the reference on its slip, typed or scanned; no address holds it."""
    viewer, form = current_viewer(), ReferenceForm()
    if not form.is_submitted():
        return render_template("referrals/reference.html", form=form, found=())
    if not form.validate():
        return render_template("referrals/reference.html", form=form, found=()), HTTPStatus.UNPROCESSABLE_ENTITY
    found = finding.by_reference(viewer, form.wanted())
    if not found:
        form.say_nothing_found()
        return render_template("referrals/reference.html", form=form, found=()), HTTPStatus.UNPROCESSABLE_ENTITY
    if len(found) == 1:
        answerable = found[0].state in WITH_OFFICE
        return redirect(url_for(f"referrals.{'slip_answer' if answerable else 'follow'}", referral_id=found[0].id))
    return _list(viewer, form, found)


def _list(viewer: Viewer, form: ReferenceForm, found: Sequence[Referral]) -> str:
    children = [each.child_id for each in found]
    audit.note("children_listed", viewer=viewer, children=children, list="sent_referrals", shown=len(found))
    return render_template("referrals/reference.html", form=form, found=found)


def _at_office(viewer: Viewer, referral_id: UUID) -> Referral | None:
    """Return a referral that an office has, None of one that has come to its end or back.

    Of a protected child no paper leaves the house, and no office has a referral (404).
    """
    referral = queries.one(viewer, referral_id)
    if referral.child.protected:
        outside_scope()
    return referral if referral.state in WITH_OFFICE else None


def _over(referral_id: UUID) -> BaseResponse:
    flash(_("No office has this referral any more, so it has no slip."))
    return redirect(url_for("referrals.follow", referral_id=referral_id))


def _entered(referral_id: UUID) -> BaseResponse:
    flash(_("The answer of the slip is entered. The office sees it in its list. Please keep the paper."))
    return redirect(url_for("referrals.follow", referral_id=referral_id))


def _changed(
    viewer: Viewer,
    referral_id: UUID,
    *,
    answer: AnswerForm | None = None,
    returning: ReturnForm | None = None,
    paper: SlipForm,
) -> Answered:
    """Show the present state, say that somebody else was quicker, and keep what was typed."""
    referral = _at_office(viewer, referral_id)
    if referral is None:
        flash(_("Somebody else has just changed this referral. Nothing of yours was saved."))
        return redirect(url_for("referrals.follow", referral_id=referral_id))
    for form in (answer, returning):
        if form is not None:
            form.version.data = referral.version
    return _page(referral, answer=answer, returning=returning, paper=paper, changed=True), HTTPStatus.CONFLICT


def _page(
    referral: Referral,
    *,
    answer: AnswerForm | None = None,
    returning: ReturnForm | None = None,
    paper: SlipForm | None = None,
    changed: bool = False,
) -> str:
    audit.note("child_opened", viewer=current_viewer(), children=[referral.child_id], part="referral")
    return render_template(
        "referrals/slip_answer.html",
        referral=referral,
        answer=answer or answer_form(referral),
        returning=returning or return_form(referral, sop_of(referral)),
        outcomes=outcomes_for(referral),
        slip=paper if paper and answer else slip_form(referral, OF_ANSWER),
        back=paper if paper and returning else slip_form(referral, OF_RETURN),
        changed=changed,
        form=[item for each in (paper, answer, returning) if each for item in each.error_items()],
    )
