"""Pages of a child's identity: what was missing is filled in at once, any other change is asked of a supervisor."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import render_template, request
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer
from registry.changes import queries, service
from registry.changes.errors import AlreadyAskedError, NothingToChangeError
from registry.changes.forms.identity import FillInForm, IdentityForm
from registry.changes.overtaken import overtaken
from registry.changes.shown import fields_of
from registry.changes.views.blueprint import blueprint, is_faulty, is_sent, opened, to_file
from registry.changes.wording import Words, field_in_words
from registry.children.correcting import held, identity_of
from registry.children.service import SameChildError
from registry.clock import today

if TYPE_CHECKING:
    from uuid import UUID

    from registry.changes.views.blueprint import Answer
    from registry.children.correcting import Identity
    from registry.children.models import Child


@blueprint.route("/<uuid:child_id>/fill-in", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def fill_in(child_id: UUID) -> Answer:
    """Fill in a name, a day of birth or an ID number that was missing; who comes second is shown both."""
    viewer, child = current_viewer(), opened(child_id, "correction")
    if request.method == "POST":
        held(child)
    old = identity_of(child, viewer)
    missing = service.missing(old)
    met = overtaken(old, missing, request.form)
    if not missing and not met:
        return to_file(child.id)
    form = FillInForm(old, missing, data={"birth_date": _parts(old), "id_answer": old.number_answer})
    if met:
        return _page("fill_in", child, form, old, met=met), HTTPStatus.CONFLICT
    if is_sent(form):
        try:
            service.fill_in(viewer, child, form.told(), today())
        except NothingToChangeError:
            return to_file(child.id)
        except SameChildError as other:
            return _page("fill_in", child, form, old, same=other.child_id), HTTPStatus.UNPROCESSABLE_ENTITY
        return to_file(child.id, _("Filled in. The history keeps what stood there before."))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_faulty(form) else HTTPStatus.OK
    return _page("fill_in", child, form, old), status


@blueprint.route("/<uuid:child_id>/identity", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def identity(child_id: UUID) -> Answer:
    """Ask for another name, date of birth or ID number; a supervisor decides."""
    viewer, child = current_viewer(), opened(child_id, "correction")
    if request.method == "POST":
        held(child)
    old, waiting = identity_of(child, viewer), queries.open_of(child.id)
    data = {"name": old.name, "birth_date": _parts(old), "id_answer": None if old.number else old.number_answer}
    form = IdentityForm(old, data=data)
    if waiting is None and is_sent(form):
        try:
            service.ask(viewer, child, form.told(), form.reason.data, form.note.data)
        except AlreadyAskedError:
            return to_file(child.id)
        except NothingToChangeError:
            form.name.errors = [_("Change what is wrong: all of this is what the file says already")]
            return _page("identity", child, form, old), HTTPStatus.UNPROCESSABLE_ENTITY
        return to_file(child.id, _("Asked. Until a supervisor has decided, the file stays as it is."))
    if waiting is not None:
        shown = {"waiting": waiting, "waiting_fields": fields_of(waiting, viewer)}
        return _page("identity", child, form, old, **shown)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_faulty(form) else HTTPStatus.OK
    return _page("identity", child, form, old), status


def _page(name: str, child: Child, form: IdentityForm, old: Identity, **values: object) -> str:
    words = Words()
    on_file = [(field_in_words(field), words.value(field, told)) for field, told in old.told().items()]
    shown = {"waiting": None, "same": None, "met": (), **values}
    return render_template(f"changes/{name}.html", child=child, form=form, on_file=on_file, **shown)


def _parts(old: Identity) -> tuple[int, int, int | None]:
    return old.birth.year, old.birth.month, old.birth.day
