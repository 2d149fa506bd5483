"""What comes of an intake: the result with its receipt, and the slip for a child outside every definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 -- the router reads it

from flask import abort, redirect, render_template, url_for

from registry import clock
from registry.access import Permission, allows, current_viewer
from registry.audit import service as audit
from registry.households import drafts, queries
from registry.households.classifying import classified
from registry.households.forms import whole
from registry.households.views.blueprint import blueprint
from registry.households.views.drafting import known_files
from registry.i18n import language
from sop.version import in_force

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from registry.households.drafts import Draft


@blueprint.get("/households/intake/<uuid:draft_id>/registered")
@allows(Permission.HOUSEHOLD_REGISTER)
def registered(draft_id: UUID) -> str | BaseResponse:
    """Show what was registered, who sees it, and who answers by which day; it prints as the family's receipt."""
    viewer = current_viewer()
    draft = drafts.own(viewer, draft_id)
    if not draft.sent:
        return redirect(url_for("households.summary", draft_id=draft.id))
    made = queries.registered(viewer, draft.household_id) if draft.household_id else None
    if made and made.episodes:
        ids = [episode.child_id for episode in made.episodes]
        audit.note("children_listed", viewer=viewer, children=ids, list="receipt", shown=len(ids))
    values: dict[str, Any] = {
        "draft": draft,
        "made": made,
        "outside": draft.outside,
        # Only on the day itself: a kept address must not go on telling where a child of another area lives.
        "already": known_files(draft) if draft.sent_on(clock.today()) else {},
    }
    return render_template("households/registered.html", **values)


@blueprint.get("/households/intake/<uuid:draft_id>/slip/<int:number>")
@allows(Permission.HOUSEHOLD_REGISTER)
def slip(draft_id: UUID, number: int) -> str:
    """Show the slip that says where a child without a file can turn; it names nobody."""
    draft = drafts.own(current_viewer(), draft_id)
    said = _after_sending(draft, number) if draft.sent else _before_sending(draft, number)
    if said is None:
        abort(404)
    return render_template("households/slip.html", draft=draft, said=said, day=clock.today())


def _after_sending(draft: Draft, number: int) -> str | None:
    slips = draft.outside
    return next((slip[language()] for slip in slips if slip["number"] == number), None)


def _before_sending(draft: Draft, number: int) -> str | None:
    on = clock.today()
    try:
        those = classified(whole.read(draft, current_viewer()), on)
    except whole.UnfitPageError:
        return None
    reason = next((each.classification.outside for each in those if each.number == number), None)
    return in_force(on).explain(reason, language()) if reason else None
