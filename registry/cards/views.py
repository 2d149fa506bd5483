"""Pages of cards: choosing whose are printed, and the cards themselves."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, current_app, render_template, request

from registry.access import Permission, Viewer, allows, current_viewer, outside_scope
from registry.audit import service as audit
from registry.cards import service
from registry.cards.forms import PrintForm
from registry.cards.paper import cards_paper
from registry.children import card_numbers
from registry.children.queries import seen_among
from registry.clock import today
from registry.paper.answer import pdf_answer
from sop.version import in_force

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

MOST = 80  # ten pages at a time

blueprint = Blueprint("cards", __name__, url_prefix="/cards", template_folder="templates")


@blueprint.route("/print", methods=["GET", "POST"], endpoint="print_")
@allows(Permission.CARD_PRINT)
def print_cards() -> BaseResponse | tuple[str, int] | str:
    """Ask whose cards are printed, with or without the name; then answer with the cards.

    In the address: `child` once or several times, or `household`.
    """
    viewer, form = current_viewer(), PrintForm()
    asked_for = _asked_for(viewer)
    if request.method == "GET":
        return _shown(viewer, asked_for, PrintForm(formdata=None, once=str(uuid.uuid4())))
    form.offer(asked_for)
    if not form.validate():
        return _shown(viewer, asked_for, form), HTTPStatus.UNPROCESSABLE_ENTITY
    cards = service.print_cards(viewer, UUID(form.once.data), form.wanted(), today())
    if not cards:
        outside_scope()
    settings = current_app.extensions["settings"]
    return pdf_answer(cards_paper(cards, in_force(today()).version, sample=settings.sample_data), "cards")


def _asked_for(viewer: Viewer) -> list[UUID]:
    """Return the children named in the address; one that the viewer may not see answers as absent (404)."""
    household = request.args.get("household", type=UUID)
    ids = card_numbers.of_household(viewer, household) if household else request.args.getlist("child", type=UUID)
    wanted = list(dict.fromkeys(ids))[:MOST]
    if not wanted or seen_among(viewer, wanted) != set(wanted):
        outside_scope()
    return wanted


def _shown(viewer: Viewer, asked_for: list[UUID], form: PrintForm) -> str:
    children = card_numbers.holders(viewer, asked_for)
    ids = [child.id for child in children]
    audit.note("children_listed", viewer=viewer, children=ids, list="cards", shown=len(ids))
    first = form.child.data is None
    return render_template(
        "cards/print.html", form=form, children=children, chosen=map(str, ids) if first else form.child.data
    )
