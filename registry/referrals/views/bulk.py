"""Many referrals at once: what is to be done, a look at what that means, the doing, and what became of it."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from registry.access import Permission, Viewer, allows, current_viewer
from registry.areas.queries import services_of
from registry.clock import today
from registry.referrals.answers import at_once
from registry.referrals.answers.answer_form import AnswerForm
from registry.referrals.answers.at_once import Act
from registry.referrals.answers.bulk_form import answer_many, outcomes_for_many, said_in
from registry.referrals.errors import UnfitAnswerError
from registry.referrals.forms import ReturnForm, by_kind, return_form
from registry.referrals.lists import office_list
from registry.referrals.shown import service_of, sop_of
from registry.referrals.views.blueprint import blueprint
from registry.referrals.views.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response as BaseResponse

    from registry.referrals.answers.at_once import Pick, Weighed
    from registry.referrals.models import Referral

    Asked = AnswerForm | ReturnForm | None

ACCEPT, ANSWER, RETURN = "accept", "answer", "return"
ASK, CHECK, DO = "ask", "check", "do"
OF_FORMS = (f"{ANSWER}-", f"{RETURN}-")  # what names of their fields begin with
TITLES = {ACCEPT: _l("Accept referrals"), ANSWER: _l("Arrange or close referrals"), RETURN: _l("Return referrals")}
WHY = {
    at_once.CHANGED: _l("was changed meanwhile by somebody else"),
    at_once.SERVICE: _l("is of another service"),
    at_once.NOT_ACCEPTED: _l("has to be accepted first"),
    at_once.ACCEPTED: _l("was accepted before"),
    at_once.ENDED: _l("has ended"),
    "alternative": _l("the child is of compulsory school age: say what is offered instead"),
    "begins": _l("the first day at school does not fit the child"),
    "items": _l("needs a result for every item: answer it by itself"),
    at_once.OUTCOME: _l("was sent under another version of the procedure, which has no such outcome"),
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
    picks = at_once.all_of(viewer, wanted, on) if "all" in sent else at_once.picked(sent.getlist("pick"))
    first = at_once.first_of(viewer, picks)
    if first is None:
        flash(_("Choose at least one referral that is with your office."))
        return redirect(back)
    return _Doing(viewer, act, picks, first, {"wanted": wanted, "back": back}).page(sent.get("step", ASK))


class _Doing:
    """One thing that is done to many, on its way through the pages. `first`: one of those, for its service."""

    def __init__(
        self, viewer: Viewer, act: str, picks: Sequence[Pick], first: Referral, around: dict[str, Any]
    ) -> None:
        self.viewer, self.act, self.picks, self.first = viewer, act, picks, first
        self.around = around | {"title": TITLES[act], "act": act}
        self.form = self._form()

    def page(self, step: str) -> str | tuple[str, int]:
        """Return the page of a step: what is wrong with what was typed leads back to the form."""
        if step not in {CHECK, DO} and self.form is not None:
            return self._ask()
        if self.form is not None and not self.form.validate():
            return self._ask(), HTTPStatus.UNPROCESSABLE_ENTITY
        try:
            return self._done() if step == DO else self._check()
        except UnfitAnswerError as error:
            self._hang(error)
            return self._ask(), HTTPStatus.UNPROCESSABLE_ENTITY

    def _form(self) -> Asked:
        if self.act == ANSWER:
            return answer_many(self.first)
        return return_form(self.first, sop_of(self.first)) if self.act == RETURN else None

    def _act(self) -> Act:
        if isinstance(self.form, AnswerForm):
            return Act(given=self.form.given(), service=service_of(self.first).code)
        if isinstance(self.form, ReturnForm):
            return Act(reason=self.form.reason.data, note=self.form.note.data or None)
        return Act()

    def _hang(self, error: UnfitAnswerError) -> None:
        if isinstance(self.form, AnswerForm):
            self.form.hang(error)

    def _ask(self) -> str:
        outcomes = by_kind(outcomes_for_many(service_of(self.first)))
        shown = {"form": self.form, "first": self.first, "outcomes": outcomes, "number": len(self.picks)}
        return render_template("referrals/bulk_ask.html", carried=self._carried(), **shown, **self.around)

    def _check(self) -> str:
        weighed = at_once.weigh(self.viewer, self.picks, self._act(), today())
        own = [pair for pair in request.form.items(multi=True) if pair[0].startswith(OF_FORMS)]
        shown = {"weighed": weighed, "said": said_in(self.form) if self.form is not None else []}
        return render_template(
            "referrals/bulk_check.html",
            carried=[*self._carried(), *own],
            **shown,
            **self._unfit(weighed),
            **self.around,
        )

    def _done(self) -> str:
        weighed = at_once.carry_out(self.viewer, self.picks, self._act(), today())
        return render_template("referrals/bulk_done.html", weighed=weighed, **self._unfit(weighed), **self.around)

    def _unfit(self, weighed: Weighed) -> dict[str, Any]:
        """What a page says of those to which it cannot be done: how many for which reason, and each by itself."""
        reasons = Counter(why for _row, why in weighed.unfit)
        named = rows_of(self.viewer, [row for row, _why in weighed.unfit])["names"]
        return {"why": WHY, "reasons": reasons, "names": named}

    def _carried(self) -> list[tuple[str, str]]:
        """Return what goes with the next page: which referrals, in which version, and what is to be done."""
        return [("act", self.act), *(("pick", f"{pick.id}.{pick.version}") for pick in self.picks)]
