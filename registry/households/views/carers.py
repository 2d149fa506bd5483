"""The pages about the adults of a child: add one, change one, say that one no longer cares for the child."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, Viewer, allows, current_viewer, outside_scope
from registry.areas.queries import full_name
from registry.audit import service as audit
from registry.children import answers, guardianships, siblings
from registry.children.display import answer, unanswered, written_name
from registry.children.fields import spaced
from registry.children.queries import file_of, present_episode
from registry.clock import today
from registry.households import carers
from registry.households.forms.carers import CarerForm, filled
from registry.households.views.blueprint import blueprint
from registry.i18n import language
from registry.web import buttons
from registry.web.conflicts import Change, Settled, fingerprint, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup
    from werkzeug.wrappers import Response as BaseResponse

    from registry.children.models import Child, Guardianship

    Answer = str | BaseResponse | tuple[str, int]

FIELDS = (*carers.OF_CARE, *carers.OF_ADULT)
CODED = {"care": "care", "relation": "relation", "lives_here": "yes_no"}


@blueprint.route("/children/<uuid:child_id>/carers/new", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def add_carer(child_id: UUID) -> Answer:
    """Add a guardian or carer, new or already of this household."""
    viewer, child = _opened(child_id)
    others = siblings.files(viewer, child)
    form = CarerForm()
    offered = _offered(viewer, child)
    form.offer(offered)
    if request.method == "GET" or buttons.comes_back(request.form):
        return _page(viewer, child, form, others=bool(others))
    if not form.validate():
        return _page(viewer, child, form, others=bool(others)), HTTPStatus.UNPROCESSABLE_ENTITY
    together = [child, *(others if form.siblings.data else ())]
    if form.existing.data:
        carers.link(viewer, together, UUID(form.existing.data), form.answers(), today())
    else:
        carers.add(viewer, together, form.answers(), today())
    return _done(child)


@blueprint.route("/children/<uuid:child_id>/carers/<uuid:guardian_id>", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def change_carer(child_id: UUID, guardian_id: UUID) -> Answer:
    """Change what is known of a guardian or carer."""
    viewer, child = _opened(child_id)
    one = _adult(child, guardian_id)
    known = carers.told_of(one, viewer)
    if request.method == "GET":
        return _page(viewer, child, CarerForm(data=filled(known)), one)
    form = CarerForm()
    form.offer([])
    if buttons.comes_back(request.form):
        return _page(viewer, child, form, one)
    if not form.validate():
        return _page(viewer, child, form, one), HTTPStatus.UNPROCESSABLE_ENTITY
    typed = form.answers()
    settled = settle(request.form, [_change(name, known, typed, form) for name in FIELDS])
    if settled.met:
        return _page(viewer, child, form, one, settled), HTTPStatus.CONFLICT
    if settled.write:
        carers.change(viewer, child, one, {change.key: change.after for change in settled.write}, today())
    return _done(child)


@blueprint.post("/children/<uuid:child_id>/carers/<uuid:guardian_id>/end")
@allows(Permission.FILE_CHANGE)
def end_carer(child_id: UUID, guardian_id: UUID) -> BaseResponse:
    """Say that an adult no longer answers or cares for this child."""
    viewer, child = _opened(child_id)
    guardianships.end(viewer, child.id, _adult(child, guardian_id).guardian_id, today())
    guardianships.settle(viewer, child, today())
    return _done(child)


def _opened(child_id: UUID) -> tuple[Viewer, Child]:
    viewer = current_viewer()
    if request.method == "POST":
        answers.hold(child_id)
    child = file_of(viewer, child_id)
    audit.note("child_opened", viewer=viewer, children=[child_id], part="carers")
    return viewer, child


def _adult(child: Child, guardian_id: UUID) -> Guardianship:
    """Return what this adult is to the child; one of another child, or of before, is not there."""
    one = next((each for each in guardianships.present(child) if each.guardian_id == guardian_id), None)
    if one is None:
        outside_scope()
    return one


def _offered(viewer: Viewer, child: Child) -> list[tuple[str, str]]:
    """Offer the adults of the household who are nothing to this child now."""
    present = {one.guardian_id for one in guardianships.present(child)}
    adults = present_episode(child).household.guardians
    named = [(adult, written_name(adult, viewer)) for adult in adults if adult.id not in present]
    return [(str(adult.id), name) for adult, name in named if name]


def _change(name: str, known: carers.CarerAnswers, typed: carers.CarerAnswers, form: CarerForm) -> Change:
    before = getattr(known, name)
    label = str(form[name].label.text)
    return Change(name, label, fingerprint(before), before, getattr(typed, name), _shown(name))


def _shown(name: str) -> Callable[[str | None], str | Markup]:
    """How a field's value is written where two versions stand side by side."""
    if name in CODED:
        return lambda code: answer(CODED[name], code)
    if name.endswith("_answer"):
        return unanswered
    if name == "workplace":
        return lambda code: full_name(code, language()) if code else ""
    return lambda value: spaced(value or "") if name == "phone" else value or ""


def _page(
    viewer: Viewer,
    child: Child,
    form: CarerForm,
    one: Guardianship | None = None,
    settled: Settled | None = None,
    *,
    others: bool = False,
) -> str:
    known = carers.told_of(one, viewer) if one else None
    opened = {name: str(fingerprint(getattr(known, name))) for name in FIELDS} if known else {}
    seen = {name: request.form.get(f"seen-{name}", version) for name, version in opened.items()}
    met = settled.met if settled else ()
    return render_template("households/carer.html", child=child, form=form, one=one, seen=seen, met=met, others=others)


def _done(child: Child) -> BaseResponse:
    flash(_("Saved. The file shows who changed it and when."))
    return redirect(url_for("children.file", child_id=child.id, _anchor="carers"))
