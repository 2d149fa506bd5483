"""Pages of what is printed for families after sending: the slips of one family or of a day, and where receipts are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer, outside_scope
from registry.audit import service as audit
from registry.children import card_numbers
from registry.clock import today
from registry.paper.answer import pdf_answer
from registry.referrals.slips import printing
from registry.referrals.slips.slip import slips_paper
from registry.referrals.views.blueprint import blueprint
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from werkzeug.wrappers import Response as BaseResponse

    from registry.referrals.models import Referral


@blueprint.get("/sent/today")
@allows(Permission.REFERRAL_SEND)
def sent_today() -> str:
    """List what was sent today, family by family, with the papers that each may take along."""
    viewer, on = current_viewer(), today()
    referrals = printing.of_day(viewer, on)
    children = {each.child_id for each in referrals}
    audit.note("children_listed", viewer=viewer, children=children, list="sent_referrals", shown=len(children))
    families, number = printing.by_family(viewer, referrals), printing.count_of_day(viewer, on)
    return render_template("referrals/sent_today.html", families=families, number=number, most=printing.MOST)


@blueprint.get("/sent/today/slips")
@allows(Permission.REFERRAL_SEND)
def slips_of_today() -> BaseResponse:
    """Answer with the slips of all that was sent today, in one document."""
    return _printed(printing.of_day(current_viewer(), today()), url_for("referrals.sent_today"))


@blueprint.get("/sent/slips/<uuid:household_id>")
@allows(Permission.REFERRAL_SEND)
def slips_of_family(household_id: UUID) -> BaseResponse:
    """Answer with the slips of whatever offices have of one family, in one document."""
    viewer = current_viewer()
    children = card_numbers.of_household(viewer, household_id)
    if not children:
        outside_scope()
    back = url_for("children.file", child_id=children[0])
    return _printed(printing.of_children(viewer, children), back)


def _printed(referrals: Sequence[Referral], back: str) -> BaseResponse:
    if not referrals:
        flash(_("No office has a referral of these any more, so there is no slip."))
        return redirect(back)
    viewer, sample = current_viewer(), current_app.extensions["settings"].sample_data
    audit.note("paper_printed", viewer=viewer, children={each.child_id for each in referrals}, paper="slip")
    return pdf_answer(slips_paper(viewer, referrals, in_force(today()).version, sample=sample), "slips")
