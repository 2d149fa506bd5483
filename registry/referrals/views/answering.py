"""The answer of an office: what it found, offered or refused, by the outcomes of its service."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from registry.access import Permission, allows, current_viewer
from registry.clock import today
from registry.referrals import queries
from registry.referrals.answers import answering
from registry.referrals.answers.answer_form import answer_form
from registry.referrals.errors import StaleVersionError, UnfitAnswerError
from registry.referrals.views.blueprint import blueprint
from registry.referrals.views.page import changed_page, one_page, onward
from sop.referral import ForbiddenMove

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response as BaseResponse


@blueprint.post("/<uuid:referral_id>/answer")
@allows(Permission.REFERRAL_WORK)
def answer(referral_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Answer with an outcome."""
    viewer = current_viewer()
    referral = queries.one(viewer, referral_id)
    form = answer_form(referral)
    try:
        if not form.validate():
            return one_page(referral, answer=form), HTTPStatus.UNPROCESSABLE_ENTITY
        moved = answering.answer(viewer, referral_id, form.seen(), form.given(), today())
    except UnfitAnswerError as error:
        form.hang(error)
        return one_page(referral, answer=form), HTTPStatus.UNPROCESSABLE_ENTITY
    except (StaleVersionError, ForbiddenMove):
        return changed_page(viewer, referral_id, answer=form)
    return onward(moved)
