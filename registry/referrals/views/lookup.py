"""How an office finds one of its referrals again, open or ended: by the reference that stands on papers and pages."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for

from registry.access import Permission, allows, current_viewer
from registry.referrals.answers import finding
from registry.referrals.slips.slip_form import ReferenceForm
from registry.referrals.views.blueprint import blueprint

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse


@blueprint.route("/look-up", methods=["GET", "POST"])
@allows(Permission.REFERRAL_WORK)
def look_up() -> str | tuple[str, int] | BaseResponse:
    """Find a referral of the own office by its reference; no address holds it."""
    form = ReferenceForm()
    if not form.is_submitted():
        return render_template("referrals/look_up.html", form=form, found=())
    found = finding.by_reference(current_viewer(), form.wanted()) if form.validate() else ()
    if len(found) == 1:
        return redirect(url_for("referrals.show", referral_id=found[0].id))
    if not found and not form.errors:
        form.say_nothing_found()
    status = HTTPStatus.OK if found else HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("referrals/look_up.html", form=form, found=found), status
