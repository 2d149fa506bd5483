"""Many referrals at once: what is to be done, a look at what that means, the doing, and what became of it."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from registry.access import Permission, Viewer, allows, current_viewer
from registry.areas.queries import services_of
from registry.clock import today
from registry.referrals.answers import at_once, report
from registry.referrals.answers.answer_form import AnswerForm
from registry.referrals.answers.at_once import Act
from registry.referrals.answers.bulk_form import answer_many, said_in
from registry.referrals.errors import UnfitAnswerError
from registry.referrals.forms import ReturnForm, return_form
from registry.referrals.lists import office_list
from registry.referrals.shown import service_of, sop_of
from registry.referrals.views.blueprint import blueprint
from registry.referrals.views.rows import rows_of
from registry.web.buttons import language_chosen
from sop.referral import DOSES, SCHOOL_AGE, by_kind, for_many

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from werkzeug.wrappers import Response as BaseResponse

    from registry.referrals.answers.at_once import Weighed
    from registry.referrals.lists.office_list import Wanted
    from registry.referrals.models import Referral
    from registry.referrals.seen import Seen

    Asked = AnswerForm | ReturnForm | None

ACCEPT, ANSWER, RETURN = "accept", "answer", "return"
ASK, CHECK, DO = "ask", "check", "do"
BEFORE = {CHECK: ASK, DO: CHECK}  # the step whose page asked for this one
OF_FORMS = (f"{ANSWER}-", f"{RETURN}-")  # what names of their fields begin with
TITLES = {ACCEPT: _l("Accept referrals"), ANSWER: _l("Arrange or close referrals"), RETURN: _l("Return referrals")}
WHY = {
    at_once.CHANGED: _l("was changed meanwhile by somebody else"),
    at_once.SERVICE: _l("is of another service"),
    at_once.NOT_ACCEPTED: _l("has to be accepted first"),
    at_once.ACCEPTED: _l("was accepted before"),
    at_once.ENDED: _l("has ended"),
    SCHOOL_AGE: _l("the child is not below school age: this is no answer for it"),
    DOSES: _l("not all doses that are due are recorded: enter them first"),
    "alternative": _l("the child is of compulsory school age: say what is offered instead"),
    "begins": _l("the first day at school does not fit the child"),
    "items": _l("needs a result for every item: answer it by itself"),
    at_once.OUTCOME: _l("was sent under another version of the procedure, which knows no such answer"),
}


@blueprint.route("/at-once", methods=["GET", "POST"])
@allows(Permission.REFERRAL_WORK)
def bulk() -> str | tuple[str, int] | BaseResponse:
    """Do one thing to many referrals: asked, checked, done, told. Which they are travels with the pages."""
    viewer, on = current_viewer(), today()
    wanted = office_list.read(request.args, services_of(viewer.office_id), on)
    back = url_for("referrals.inbox", **wanted.named)
    sent, act = request.form, request.form.get("act", "")
    if act not in TITLES:
        return redirect(back)
    picks, left_out = (at_once.all_of(viewer, wanted, on), 0) if "all" in sent else at_once.picked(sent.getlist("pick"))
    if left_out:
        flash(_left_out(left_out))
    first = at_once.first_of(viewer, picks)
    if first is None:
        flash(_("Choose at least one referral that is with your office."))
        return redirect(back)
    step = sent.get("step", ASK)
    if language_chosen(sent):
        step = BEFORE.get(step, ASK)
    return _step(_Many(viewer, on, act, picks, first, wanted, back), step)


@blueprint.get("/at-once/<uuid:report_id>")
@allows(Permission.REFERRAL_WORK)
def bulk_report(report_id: UUID) -> str | BaseResponse:
    """Show what became of referrals that were worked on at once."""
    viewer, on = current_viewer(), today()
    wanted = office_list.read(request.args, services_of(viewer.office_id), on)
    back = url_for("referrals.inbox", **wanted.named)
    told = report.kept(viewer, report_id)
    if told is None:
        flash(_("This report is no longer kept. What was done stands with each referral."))
        return redirect(back)
    shown = {"back": back, "act": told.act, "title": TITLES[told.act], **_rows(viewer, told.weighed)}
    return render_template("referrals/bulk_done.html", **shown)


class _Many(NamedTuple):
    """What is done to many on a day, as it goes from page to page. `first`: one of those, for its service."""

    viewer: Viewer
    on: date
    act: str
    picks: Sequence[Seen]
    first: Referral
    wanted: Wanted
    back: str


def _step(many: _Many, step: str) -> str | tuple[str, int] | BaseResponse:
    """Return the page of a step: what is wrong with what was typed leads back to the form."""
    form = _form(many)
    if form is not None and step not in {CHECK, DO}:
        return _ask(many, form)
    if form is not None and not form.validate():
        return _ask(many, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        return _done(many, form) if step == DO else _check(many, form)
    except UnfitAnswerError as error:
        if not isinstance(form, AnswerForm):
            raise
        form.hang(error)
        return _ask(many, form), HTTPStatus.UNPROCESSABLE_ENTITY


def _form(many: _Many) -> Asked:
    if many.act == ANSWER:
        return answer_many(many.first)
    return return_form(many.first, sop_of(many.first)) if many.act == RETURN else None


def _act(many: _Many, form: Asked) -> Act:
    if isinstance(form, AnswerForm):
        return Act(given=form.given(), service=service_of(many.first).code)
    return Act(reason=form.reason.data, note=form.note.data or None) if form is not None else Act()


def _ask(many: _Many, form: Asked) -> str:
    outcomes = by_kind(for_many(service_of(many.first)))
    return _page(many, "ask", form=form, first=many.first, outcomes=outcomes, number=len(many.picks))


def _check(many: _Many, form: Asked) -> str:
    weighed = at_once.weigh(many.viewer, many.picks, _act(many, form), many.on)
    typed = [pair for pair in request.form.items(multi=True) if pair[0].startswith(OF_FORMS)]
    said = said_in(form) if form is not None else []
    outcome = service_of(many.first).outcome(form.outcome.data) if isinstance(form, AnswerForm) else None
    return _page(many, "check", typed, said=said, outcome=outcome, **_rows(many.viewer, weighed))


def _done(many: _Many, form: Asked) -> BaseResponse:
    """Do it, and go on to the report: going back from there does nothing twice."""
    weighed = at_once.carry_out(many.viewer, many.picks, _act(many, form), many.on)
    kept = report.keep(many.viewer, many.act, weighed)
    return redirect(url_for("referrals.bulk_report", report_id=kept.id, **many.wanted.named))


def _rows(viewer: Viewer, weighed: Weighed) -> dict[str, Any]:
    """What a page says of those to which it is done, and of the others: how many for which reason, and each by name."""
    reasons = Counter(why for _row, why in weighed.unfit)
    named = rows_of(viewer, [*weighed.fit, *(row for row, _why in weighed.unfit)])["names"]
    return {"weighed": weighed, "why": WHY, "reasons": reasons, "names": named}


def _page(many: _Many, name: str, typed: Sequence[tuple[str, str]] = (), **shown: Any) -> str:  # noqa: ANN401
    """Draw a step. What goes with the next one: which referrals, in which version, what is to be done and was typed."""
    carried = [("act", many.act), *(("pick", pick.written()) for pick in many.picks), *typed]
    around = {"wanted": many.wanted, "back": many.back, "act": many.act, "title": TITLES[many.act]}
    return render_template(f"referrals/bulk_{name}.html", carried=carried, **around, **shown)


def _left_out(number: int) -> str:
    words = ngettext(
        "%(num)s of what was ticked is left out: at most %(most)s are done at once.",
        "%(num)s of what was ticked are left out: at most %(most)s are done at once.",
        number,
        most=at_once.AT_ONCE,
    )
    return str(words)
