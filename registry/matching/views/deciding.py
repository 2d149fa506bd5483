"""One pair: both files side by side, and what a supervisor does about them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 -- the router reads it

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, Viewer, allows, current_viewer
from registry.audit import service as audit
from registry.clock import today
from registry.matching import deciding, queries
from registry.matching.comparing import compared
from registry.matching.forms import DecisionForm, VersionForm
from registry.matching.views.blueprint import blueprint

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    Answer = str | BaseResponse | tuple[str, int]


@blueprint.get("/matches/<uuid:match_id>")
@allows(Permission.MATCH_DECIDE)
def show(match_id: UUID) -> Answer:
    """Show both files of a pair side by side; of a file elsewhere no more than a masked summary."""
    viewer = current_viewer()
    if queries.is_decided(viewer, match_id):
        return redirect(url_for("matching.queue", tab="decided"))
    return _page(viewer, match_id, DecisionForm())


@blueprint.post("/matches/<uuid:match_id>/decision")
@allows(Permission.MATCH_DECIDE)
def decide(match_id: UUID) -> Answer:
    """Decide a pair: the button says whether it is the same child."""
    viewer, form = current_viewer(), DecisionForm()
    decision = request.form.get("decision")
    if not form.validate() or decision not in (deciding.SAME, deciding.NOT_SAME):
        return _page(viewer, match_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    kept = form.kept_id() if decision == deciding.SAME else None
    if decision == deciding.SAME and kept is None:
        form.kept.errors = [_("Choose which file is kept")]
        return _page(viewer, match_id, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        deciding.decide(viewer, match_id, form.seen(), kept, form.reason.data or None, today())
    except deciding.UnfitDecisionError:
        abort(HTTPStatus.BAD_REQUEST)
    except deciding.StaleDecisionError:
        return _changed(viewer, match_id, form)
    if kept is not None:
        flash(_("The two files are now one. The other file's address leads to it."))
    else:
        flash(_("Noted as two children. This pair will not come again."))
    return redirect(url_for("matching.queue"))


@blueprint.post("/matches/<uuid:match_id>/send-up")
@allows(Permission.MATCH_DECIDE)
def send_up(match_id: UUID) -> Answer:
    """Put a pair before the supervisor who covers both areas."""
    viewer, form = current_viewer(), VersionForm()
    try:
        deciding.send_up(viewer, match_id, form.seen())
    except deciding.StaleDecisionError:
        return _changed(viewer, match_id, DecisionForm())
    flash(_("Sent up. The supervisor of both areas decides."))
    return redirect(url_for("matching.queue"))


@blueprint.post("/matches/<uuid:match_id>/undo")
@allows(Permission.MATCH_DECIDE)
def undo(match_id: UUID) -> BaseResponse:
    """Take a decision back; the pair waits again."""
    try:
        deciding.undo(current_viewer(), match_id, VersionForm().seen())
    except deciding.StaleDecisionError:
        flash(_("Somebody else changed this pair in the meantime. This is how it stands now."))
        return redirect(url_for("matching.queue", tab="decided"))
    flash(_("The decision is taken back. Both files stand for themselves again."))
    return redirect(url_for("matching.queue"))


def _changed(viewer: Viewer, match_id: UUID, form: DecisionForm) -> Answer:
    """Tell the second of two that somebody was quicker."""
    if not queries.is_decided(viewer, match_id):
        form.version.raw_data = None  # the page shows the present version
        return _page(viewer, match_id, form, changed=True), HTTPStatus.CONFLICT
    flash(_("Somebody else decided this pair in the meantime. This is how it stands now."))
    return redirect(url_for("matching.queue", tab="decided"))


def _page(viewer: Viewer, match_id: UUID, form: DecisionForm, *, changed: bool = False) -> str:
    pair = queries.one(viewer, match_id)
    form.version.data = pair.match.version
    if not pair.decidable:
        own = [side.own.child.id for side in pair.sides if side.own]
        audit.note("children_listed", viewer=viewer, children=own, list="matches", shown=len(own))
        return render_template("matching/elsewhere.html", pair=pair, form=form, changed=changed)
    for child_id in pair.match.pair:
        audit.note("child_opened", viewer=viewer, children=[child_id], part="match")
    both = compared(viewer, pair.match.pair)
    form.kept.choices = [
        (str(both.files[0].id), _("The older file")),
        (str(both.files[1].id), _("The newer file")),
    ]
    form.kept.data = form.kept.data or str(both.files[0].id)
    return render_template("matching/show.html", pair=pair, form=form, both=both, changed=changed)
