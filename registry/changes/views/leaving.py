"""Pages of leaving: to a known place, nobody knows where, never found, taken off; a visit elsewhere; back again."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from registry.access import Permission, allows, current_viewer
from registry.changes import leaving
from registry.changes.forms.leaving import (
    AwayForm,
    ChildrenForm,
    DatedForm,
    GoneForm,
    LeaveForm,
    NotFoundForm,
    TakeOffForm,
)
from registry.changes.leaving import Leaving
from registry.changes.shown import of_child
from registry.changes.views.blueprint import blueprint, is_faulty, is_sent, opened, to_file
from registry.changes.wording import absence_in_words
from registry.children.queries import present_episode
from registry.children.relocating import AWAY, set_absence
from registry.children.together import latest_locked, seen_of_household
from registry.clock import today
from registry.i18n import language
from registry.transfers.errors import AlreadyOpenError, NobodyThereError
from registry.web.conflicts import Change, fingerprint, settle
from registry.web.forms import RegistryForm
from sop.status import ON_THE_REGISTER, EpisodeStatus, ForbiddenStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from registry.changes.leaving import Left
    from registry.changes.views.blueprint import Answer
    from registry.children.models import Child, Episode
    from registry.vault.codecs import JsonValue

UNKNOWN, NOT_FOUND, BACK, VISIT = "unknown", "not_found", "back", "absence"


@blueprint.route("/<uuid:child_id>/left", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def leave(child_id: UUID) -> Answer:
    """Record that children go to a known place, or where they went who left before; tell that area where wished."""
    viewer, child = current_viewer(), opened(child_id, "leaving")
    shown, episode = of_child(child, viewer), present_episode(child)
    if not (shown.on_the_register or shown.may_be_placed):
        return to_file(child.id, _changed() if request.method == "POST" else None)
    on_file = _place_of(episode)
    form = LeaveForm(data=_told_before(episode, on_file) if shown.may_be_placed else None)
    form.offer(_who_leaves(child), _who_left_with(child) if shown.may_be_placed else None)
    about = {"left": shown.may_be_placed, "gone_to": shown.gone_to}
    if not is_sent(form):
        return _page("leave", child, form, **about)
    if form.meets(on_file):
        return _page("leave", child, form, met=shown.gone_to, **about)[0], HTTPStatus.CONFLICT
    told = Leaving(EpisodeStatus.LEFT, form.on(), form.reason.data, form.place.data)
    done = leaving.leave(viewer, form.chosen(), told, today(), announce=form.announce.data)
    for said in _said(done):
        flash(said)
    return to_file(child.id)


@blueprint.route("/<uuid:child_id>/gone", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def gone(child_id: UUID) -> Answer:
    """Record in two taps that children left and nobody knows where: this page is the second."""
    return _ended(child_id, "gone", Leaving(EpisodeStatus.LEFT, None, UNKNOWN), GoneForm())


@blueprint.route("/<uuid:child_id>/not-found", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def not_found(child_id: UUID) -> Answer:
    """Record that there is no such child at this place."""
    how = Leaving(EpisodeStatus.NOT_FOUND, None, NOT_FOUND)
    return _ended(child_id, "not_found", how, NotFoundForm(), alone=True)


def _ended(child_id: UUID, name: str, how: Leaving, form: DatedForm, *, alone: bool = False) -> Answer:
    """End episodes. `alone`: only the child of the file is ticked, for it mostly concerns no other."""
    child = opened(child_id, "leaving")
    if not of_child(child, current_viewer()).on_the_register:
        meanwhile = request.method == "POST" and present_episode(child).status != how.status
        return to_file(child.id, _changed() if meanwhile else None)
    form.offer(_household_of(child), [child.id] if alone else None)
    if not is_sent(form):
        return _page(name, child, form)
    told = Leaving(how.status, form.on(), how.reason)
    done = leaving.leave(current_viewer(), form.chosen(), told, today())
    if done.passed:
        return to_file(child.id, _changed())
    return to_file(child.id, _("Recorded. The file leaves the lists; when the child is back, say so here."))


@blueprint.route("/<uuid:child_id>/take-off", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def take_off(child_id: UUID) -> Answer:
    """Take files off the register: the family asks for it, or it was a mistake."""
    viewer, child, form = current_viewer(), opened(child_id, "leaving"), TakeOffForm()
    shown, episode = of_child(child, viewer), present_episode(child)
    if not shown.may_be_taken_off:
        return to_file(child.id)
    form.offer(_household_of(child) if shown.on_the_register else [episode], [child.id])
    if not is_sent(form):
        return _page("take_off", child, form)
    told = Leaving(EpisodeStatus.WITHDRAWN, None, form.reason.data)
    done = leaving.leave(viewer, form.chosen(), told, today())
    if done.passed:
        return to_file(child.id, _changed())
    return to_file(child.id, _("Taken off the register. Services are not affected by it."))


@blueprint.route("/<uuid:child_id>/away", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def away(child_id: UUID) -> Answer:
    """Record a visit elsewhere, or its end; it closes nothing."""
    viewer, child, form = current_viewer(), opened(child_id, "leaving"), AwayForm()
    shown, episode = of_child(child, viewer), present_episode(child)
    if not shown.on_the_register:
        return to_file(child.id)
    if request.method == "POST":
        episode = latest_locked(child.id)
    told, ended = episode.absence.open(viewer), "ended" in request.form
    if not ended and not is_sent(form):
        return _page("away", child, form, now=shown.away, seen=request.form.get(f"seen-{VISIT}") or fingerprint(told))
    visit = None if ended else form.told()
    settled = settle(request.form, [_visit(told, visit)])
    if settled.met:
        values = {"met": settled.met, "seen": settled.seen[VISIT], "ended": ended}
        return _page("away", child, form, now=shown.away, **values)[0], HTTPStatus.CONFLICT
    if not settled.write:
        return to_file(child.id)
    set_absence(viewer, episode, visit, BACK if ended else AWAY)
    said = _("Recorded: the child is back.") if ended else _("Recorded. The file stays on the register.")
    return to_file(child.id, said)


@blueprint.route("/<uuid:child_id>/back", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def back(child_id: UUID) -> Answer:
    """Put a child who is back, or was found after all, on the register again."""
    viewer, child, form = current_viewer(), opened(child_id, "leaving"), RegistryForm()
    if not of_child(child, viewer).may_come_back:
        return to_file(child.id)
    if not is_sent(form):
        return _page("back", child, form, status=present_episode(child).status)
    try:
        leaving.come_back(viewer, present_episode(child), BACK, today())
    except ForbiddenStatus:
        return to_file(child.id)
    return to_file(child.id, _("On the register again."))


def _visit(before: JsonValue, after: JsonValue) -> Change:
    """A visit as one value that two may change; it has no row of its own, so that its version is what it says."""

    def shown(visit: JsonValue) -> str:
        return absence_in_words(visit) if isinstance(visit, dict) else str(_("The child is here"))

    return Change(VISIT, str(_("Away for a visit")), fingerprint(before), before, after, shown)


def _household_of(child: Child, statuses: Iterable[str] = ON_THE_REGISTER) -> list[Episode]:
    """The children of the household whom the viewer sees there, on the register unless asked, this one first."""
    there = seen_of_household(current_viewer(), present_episode(child).household_id, statuses)
    return sorted(there, key=lambda each: (each.child_id != child.id, each.id))


def _who_leaves(child: Child) -> list[Episode]:
    """Those on the register, or those who left as this one did; and whom the page offered before it was sent."""
    usual = (EpisodeStatus.LEFT,) if present_episode(child).status == EpisodeStatus.LEFT else ON_THE_REGISTER
    found, sent = _household_of(child, (*ON_THE_REGISTER, EpisodeStatus.LEFT)), request.form.getlist("children")
    return [each for each in found if each.status in usual or str(each.child_id) in sent]


def _who_left_with(child: Child) -> list[UUID]:
    """Those of the household who left in the same month."""
    month = present_episode(child).left_month
    return [each.child_id for each in _household_of(child, (EpisodeStatus.LEFT,)) if each.left_month == month]


def _place_of(episode: Episode) -> str:
    """The place where a child who has left went, as 12 digits; "" where none is on file."""
    where = episode.destination.open(current_viewer()) if episode.status == EpisodeStatus.LEFT else None
    return str(where["area"]) if isinstance(where, dict) and where.get("area") else ""


def _told_before(episode: Episode, place: str) -> dict[str, Any]:
    day = episode.left.open(current_viewer())
    return {"day": (day.year, day.month, day.day) if day else None, "known": place, "announce": True}


def _said(done: Left) -> list[str]:
    """Say what became of it, and what is still to be done where an area could not be told."""
    said = []
    if number := len(done.ended):
        said.append(ngettext("%(num)s child left.", "%(num)s children left.", number))
    if number := len(done.on_the_way):
        words = "%(num)s child is announced to the area there, and stays on your register until it has arrived."
        several = "%(num)s children are announced to the area there, and stay on your register until they have arrived."
        said.append(ngettext(words, several, number))
    if done.placed:
        said.append(_("It is recorded where they went."))
    if done.told:
        said.append(_("The area there has been told."))
    said += [_hindered(error) for error in done.hindrances.values()]
    return [*said, _changed()] if done.passed else said


def _hindered(error: Exception) -> str:
    if isinstance(error, AlreadyOpenError):
        to = error.holder.name(language()) if error.holder else ""
        return str(_("A move to %(office)s is under way already. The file shows how it stands.", office=to))
    if isinstance(error, NobodyThereError):
        nobody = _("Nobody works in the registry for that place yet, so nobody was told.")
        return f"{nobody} {_('Ask the family to show the card there.')}"
    return str(_("Another area may not be told of this file. Speak with the protection officer."))


def _changed() -> str:
    return str(_("Somebody else has changed the file meanwhile. Look at what it says now."))


def _page(name: str, child: Child, form: ChildrenForm | RegistryForm, **values: Any) -> tuple[str, int]:  # noqa: ANN401
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_faulty(form) else HTTPStatus.OK
    return render_template(f"changes/{name}.html", child=child, form=form, **values), status
