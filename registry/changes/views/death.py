"""Pages of a death: recorded in two steps, put right by a supervisor."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import render_template, request
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer
from registry.changes import leaving
from registry.changes.forms.leaving import DiedForm
from registry.changes.views.blueprint import blueprint, is_faulty, is_sent, opened, to_file
from registry.children.correcting import held
from registry.children.episodes import actor_of
from registry.children.facts import birth_of
from registry.clock import today
from registry.web.forms import RegistryForm
from sop.status import Actor, ChildStatus

if TYPE_CHECKING:
    from uuid import UUID

    from registry.changes.views.blueprint import Answer


@blueprint.route("/<uuid:child_id>/died", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def died(child_id: UUID) -> Answer:
    """Record a death: first the day, where it is known, then once more what will happen."""
    viewer, child, form = current_viewer(), opened(child_id, "leaving"), DiedForm()
    form.born = birth_of(child, viewer)
    if child.status == ChildStatus.DECEASED:
        return to_file(child.id)
    if not is_sent(form):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_faulty(form) else HTTPStatus.OK
        return render_template("changes/died.html", child=child, form=form, confirms=False), status
    if request.form.get("confirm") != "yes":
        return render_template("changes/died.html", child=child, form=form, confirms=True)
    leaving.record_death(viewer, held(child), form.on(), today())
    return to_file(child.id)


@blueprint.route("/<uuid:child_id>/lives", methods=["GET", "POST"])
@allows(Permission.CORRECTION_DECIDE)
def lives(child_id: UUID) -> Answer:
    """Put right that a child was recorded as dead by mistake: a supervisor, with a page to confirm it."""
    viewer, child, form = current_viewer(), opened(child_id, "leaving"), RegistryForm()
    if child.status != ChildStatus.DECEASED or actor_of(viewer) is not Actor.SUPERVISOR:
        return to_file(child.id)
    if not is_sent(form):
        return render_template("changes/lives.html", child=child, form=form)
    leaving.take_back_death(viewer, held(child), today())
    return to_file(child.id, _("Put right. What was ended is not begun again by itself: look at the file."))
