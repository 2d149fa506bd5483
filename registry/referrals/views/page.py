"""The page of one referral at the office that answers it, as every view of this office shows it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from registry.access import Viewer, current_viewer
from registry.audit import service as audit
from registry.children.fields import facts_for_service, sealed_fields
from registry.children.queries import children_for_service
from registry.referrals import queries
from registry.referrals.answers.answer_form import AnswerForm, answer_form, outcomes_for
from registry.referrals.forms import (
    HandOnForm,
    ReopenForm,
    ReturnForm,
    VersionForm,
    hand_on_form,
    return_form,
)
from registry.referrals.history import told_steps
from registry.referrals.shown import service_of, sop_of, visible_fields
from registry.referrals.views.reopenable import reopenable
from sop.referral import Move, Side, State, allowed

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response as BaseResponse

    from registry.areas.models import Office
    from registry.referrals.models import Referral

    Fact = tuple[str, str | Markup | None]

NOTE = "referral_step.note"


def one_page(
    referral: Referral,
    *,
    answer: AnswerForm | None = None,
    returning: ReturnForm | None = None,
    handing: HandOnForm | None = None,
    reopening: ReopenForm | None = None,
    changed: bool = False,
) -> str:
    """Draw the page; a form that was sent comes with what was typed and what is wrong with it."""
    viewer, sop = current_viewer(), sop_of(referral)
    fields = visible_fields(referral)
    opening = viewer.opening(sealed_fields(fields) | {NOTE} if fields else frozenset())
    moves = allowed(State(referral.state), Side.RECEIVER)
    told = told_steps(viewer, referral)
    if fields:
        audit.note("child_opened", viewer=viewer, children=[referral.child_id], part="referral")
    return render_template(
        "referrals/show.html",
        referral=referral,
        facts=_facts(opening, referral, fields),
        told=told,
        notes={each.id: each.note.open(opening) for each in referral.steps if each.id in told} if fields else {},
        service=service_of(referral),
        moves=moves,
        Move=Move,
        accepting=VersionForm(prefix="accept", version=referral.version),
        answer=answer or answer_form(referral),
        returning=returning or return_form(referral, sop),
        handing=handing or hand_on_form(referral, sop, _may_take(viewer, referral, moves)),
        reopening=reopenable(referral, reopening),
        outcomes=outcomes_for(referral),
        changed=changed,
        form=next((form for form in (answer, returning, handing, reopening) if form and form.errors), None),
    )


def changed_page(viewer: Viewer, referral_id: UUID, **typed: Any) -> tuple[str, int]:  # noqa: ANN401
    """Show the present state, say that somebody else was quicker, and keep what was typed."""
    referral = queries.one(viewer, referral_id)
    for form in typed.values():
        form.version.data = referral.version
    return one_page(referral, changed=True, **typed), HTTPStatus.CONFLICT


def onward(referral: Referral) -> BaseResponse:
    """Go on to where an office goes after an answer: the referral, or the list once it is done with it."""
    if visible_fields(referral):
        flash(_("The interim answer is recorded. The time limit goes on."))
        return redirect(url_for("referrals.show", referral_id=referral.id))
    flash(_sent(referral))
    return redirect(url_for("referrals.inbox"))


def _sent(referral: Referral) -> Markup:
    """Say that the answer is sent, with the way back to it where the office may open it again itself."""
    said = escape(_("The answer is sent. The office that asked can see it."))
    if service_of(referral).needs_agreement:
        return said
    back = url_for("referrals.show", referral_id=referral.id, _anchor="reopen")
    return said + Markup(' <a href="{}">{}</a>').format(back, _("Something wrong? Open it again"))


def _may_take(viewer: Viewer, referral: Referral, moves: tuple[Move, ...]) -> list[Office]:
    return queries.offices_that_may_take(viewer, referral) if Move.HAND_ON in moves else []


def _facts(opening: Viewer, referral: Referral, fields: tuple[str, ...]) -> list[Fact]:
    if not fields:
        return []
    child = children_for_service([referral.child_id])[referral.child_id]
    return facts_for_service(opening, child, fields)
