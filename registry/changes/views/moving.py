"""Pages of moves inside the township: the household's new address, and a child who joins another household."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer
from registry.accounts.keepers import office_of
from registry.changes import joining
from registry.changes.forms.moving import FindHouseholdForm, MoveForm, kept_relations, relations
from registry.changes.shown import of_child
from registry.changes.views.blueprint import blueprint, is_faulty, is_sent, opened, to_file
from registry.changes.wording import Words
from registry.children.correcting import Why
from registry.children.queries import in_scope, present_episode
from registry.children.together import seen_of_household
from registry.clock import today
from registry.households import moving
from registry.web.conflicts import Change, settle
from registry.web.forms import RegistryForm
from sop.version import in_force

if TYPE_CHECKING:
    from uuid import UUID

    from registry.changes.joining import Candidate
    from registry.changes.views.blueprint import Answer
    from registry.children.models import Child

MOVED = Why("moved")
KEY = "address"


@blueprint.route("/<uuid:child_id>/move", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def move(child_id: UUID) -> Answer:
    """Record that the household moved inside the township; the same episode goes on."""
    viewer, child = current_viewer(), opened(child_id, "moving")
    if not of_child(child, viewer).on_the_register:
        return to_file(child.id)
    household = present_episode(child).household
    if request.method == "POST":
        household = moving.held(household.id)
    form = MoveForm(data={"area": household.area_code})
    form.offer(household.area_code)
    values = {"household": household, "seen": household.version}
    if not is_sent(form):
        return _page("move", child, form, together=seen_of_household(viewer, household.id), **values)
    before, after = moving.address_of(household, viewer), form.address()
    settled = settle(request.form, [_change(household, before, after)])
    if settled.met:
        values |= {"met": settled.met, "seen": settled.seen[KEY]}
        page, _status = _page("move", child, form, together=seen_of_household(viewer, household.id), **values)
        return page, HTTPStatus.CONFLICT
    if settled.write:
        office = office_of(after.area_code) if after.area_code != before.area_code else None
        moving.move(viewer, household, after, office.id if office else None, MOVED, today())
    if not in_scope(viewer, child.id):
        return redirect(url_for("changes.moved_on"))
    return to_file(child.id, _("Moved. The history keeps the old address."))


@blueprint.get("/moved")
@allows(Permission.FILE_CHANGE)
def moved_on() -> str:
    """Say that the files of a household that moved are another office's from now on."""
    return render_template("changes/moved_on.html")


@blueprint.route("/<uuid:child_id>/join", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def join(child_id: UUID) -> Answer:
    """Look for the household that a child joins. What is looked for is in no address."""
    viewer, child, form = current_viewer(), opened(child_id, "moving"), FindHouseholdForm()
    if not of_child(child, viewer).on_the_register:
        return to_file(child.id)
    if not is_sent(form):
        return _page("join", child, form, found=None)
    found = joining.candidates(viewer, present_episode(child), form.term.data or "")
    return _page("join", child, form, found=found)


@blueprint.route("/<uuid:child_id>/join/<uuid:household_id>", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def joined(child_id: UUID, household_id: UUID) -> Answer:
    """Let the child live with another household: say what its adults are to the child."""
    viewer, child, form = current_viewer(), opened(child_id, "moving"), RegistryForm()
    episode = present_episode(child)
    if not of_child(child, viewer).on_the_register or episode.household_id == household_id:
        return to_file(child.id)
    found = joining.candidate(viewer, episode, household_id)
    told, now = _relations_sent(found), kept_relations(child.guardianships)
    if not is_sent(form):
        return _page("joined", child, form, found=found, told=told or now, offered=relations(found.household.guardians))
    joining.join(viewer, child, found, told, today())
    return to_file(child.id, _("The child lives with this household now. Its former guardians are in the history."))


def _relations_sent(found: Candidate) -> dict[UUID, str]:
    """Read what was said of each adult; what is no relation is left out."""
    known = in_force(today()).codes["relation"]
    sent = {adult.id: request.form.get(f"relation-{adult.id}", "") for adult in found.household.guardians}
    return {who: what for who, what in sent.items() if known.has(what)}


def _change(household: Any, before: moving.Address, after: moving.Address) -> Change:  # noqa: ANN401
    def shown(address: moving.Address) -> Any:  # noqa: ANN401
        words, told = Words(), {"area": address.area_code, "address": address.street, "answer": address.answer}
        words.look_up([{**told}])
        return words.value(KEY, {**told})

    return Change(KEY, str(_("Address")), household.version, before, after, shown)


def _page(name: str, child: Child, form: RegistryForm, **values: Any) -> tuple[str, int]:  # noqa: ANN401
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_faulty(form) else HTTPStatus.OK
    return render_template(f"changes/{name}.html", child=child, form=form, **values), status
