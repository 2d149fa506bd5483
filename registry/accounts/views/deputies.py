"""Pages of deputies: naming and ending one, and choosing for whom one acts."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer
from registry.accounts import deputies, queries
from registry.accounts.deputies import DeputyRefusedError
from registry.accounts.forms import DeputyForm, not_so
from registry.accounts.navigation import staff_name
from registry.accounts.views.blueprint import blueprint
from registry.accounts.views.entering import signed_in_here
from registry.i18n import language
from registry.web.filters import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Response as BaseResponse

    from registry.access import Viewer
    from registry.accounts.models import User

Page = tuple[str, int]


@blueprint.route("/accounts/<uuid:user_id>/deputy", methods=["GET", "POST"])
@allows(Permission.ACCOUNT_MANAGE)
def deputy(user_id: UUID) -> str | Page | BaseResponse:
    """Name a deputy for somebody, from a day to a day."""
    viewer = current_viewer()
    user = queries.account_of(viewer, user_id)
    if not user.active:
        return redirect(url_for(".account", user_id=user_id))
    form = DeputyForm()
    form.offer(_people(viewer, user))
    if form.validate_on_submit():
        first, last = form.days()
        try:
            deputies.name(viewer, user_id, UUID(form.deputy.data), first, last)
        except DeputyRefusedError as error:
            not_so(form, error.why, error.field)
        else:
            flash(_("The deputy is named."))
            return redirect(url_for(".account", user_id=user_id))
    page = render_template("accounts/deputy.html", form=form, user=user)
    return (page, HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else page


@blueprint.post("/accounts/<uuid:user_id>/deputies/<uuid:row_id>/end")
@allows(Permission.ACCOUNT_MANAGE)
def end_deputy(user_id: UUID, row_id: UUID) -> BaseResponse:
    """End a deputyship before its last day."""
    deputies.end(current_viewer(), user_id, row_id)
    flash(_("The deputyship has ended."))
    return redirect(url_for(".account", user_id=user_id))


@blueprint.route("/acting", methods=["GET", "POST"])
@allows(Permission.SIGNED_IN)
def acting() -> str | BaseResponse:
    """Choose for whom one acts in this session: for oneself, or for somebody who is away."""
    viewer, who = current_viewer(), signed_in_here()
    if request.method == "POST":
        deputies.act(viewer, who, request.form.get("deputyship", type=UUID))
        return redirect(url_for(".home"))
    return render_template("accounts/acting.html", who=who, choices=deputies.open_to(who.user.id))


def _people(viewer: Viewer, user: User) -> Iterator[tuple[UUID, str]]:
    for each in deputies.candidates(viewer, user):
        facts = (staff_name(each, viewer), each.username, each.office.name(language()))
        yield each.id, joined(facts).striptags()
