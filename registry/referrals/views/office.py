"""Pages of the office that answers: its list, one referral, and what may be done with it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, Viewer, allows, current_viewer
from registry.areas.queries import names_of, services_of
from registry.audit import service as audit
from registry.children.display import person
from registry.children.fields import facts_for_service, sealed_fields
from registry.children.listing import COUNTED_AT_MOST
from registry.children.queries import children_for_service
from registry.clock import today
from registry.i18n import language
from registry.referrals import queries, service
from registry.referrals.errors import StaleVersionError, UnfitAnswerError
from registry.referrals.forms import (
    AnswerForm,
    ReturnForm,
    VersionForm,
    answer_form,
    by_kind,
    return_form,
)
from registry.referrals.shown import service_of, sop_of, visible_fields
from registry.referrals.views.blueprint import blueprint
from sop.referral import ForbiddenMove, Move, Side, State, allowed
from sop.version import in_force

if TYPE_CHECKING:
    from uuid import UUID

    from markupsafe import Markup
    from werkzeug.wrappers import Response as BaseResponse

    from registry.referrals.models import Referral

    Fact = tuple[str, str | Markup | None]

NOTE = "referral_step.note"


@blueprint.get("/")
@allows(Permission.REFERRAL_WORK)
def inbox() -> str:
    """Show what the own office has to answer."""
    viewer, tab = current_viewer(), request.args.get("tab", "")
    tab = tab if tab in queries.TABS else queries.TABS[0]
    page = queries.inbox(viewer, tab, today(), request.args.get("after"))
    shown = [each for each in page.referrals if tab != "ended"]
    audit.note(
        "children_listed",
        viewer=viewer,
        children=[each.child_id for each in shown],
        list="referrals",
        shown=len(shown),
    )
    return render_template(
        "referrals/inbox.html",
        title=_title(viewer),
        tab=tab,
        page=page,
        counts=queries.counts(viewer, today()),
        most=COUNTED_AT_MOST,
        names={each.id: _name(viewer, each) for each in shown},
        places=_places(shown),
        day=today(),
    )


@blueprint.get("/<uuid:referral_id>")
@allows(Permission.REFERRAL_WORK)
def show(referral_id: UUID) -> str:
    """Show one referral, with no more of the child than its service needs."""
    return _page(queries.one(current_viewer(), referral_id))


@blueprint.post("/<uuid:referral_id>/accept")
@allows(Permission.REFERRAL_WORK)
def accept(referral_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Take the referral on."""
    form = VersionForm(prefix="accept")
    viewer = current_viewer()
    try:
        service.accept(viewer, referral_id, form.seen(), today())
    except (StaleVersionError, ForbiddenMove):
        return _changed(viewer, referral_id)
    flash(_("Accepted. You now see what you need to work on it."))
    return redirect(url_for("referrals.show", referral_id=referral_id))


@blueprint.post("/<uuid:referral_id>/answer")
@allows(Permission.REFERRAL_WORK)
def answer(referral_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Answer with an outcome."""
    viewer = current_viewer()
    referral = queries.one(viewer, referral_id)
    form = answer_form(referral, sop_of(referral))
    try:
        if not form.validate():
            return _page(referral, answer=form), HTTPStatus.UNPROCESSABLE_ENTITY
        moved = service.answer(viewer, referral_id, form.seen(), _given(form), today())
    except UnfitAnswerError as error:
        _hang(form, error)
        return _page(referral, answer=form), HTTPStatus.UNPROCESSABLE_ENTITY
    except (StaleVersionError, ForbiddenMove):
        return _changed(viewer, referral_id, answer=form)
    return _after(moved)


@blueprint.post("/<uuid:referral_id>/return")
@allows(Permission.REFERRAL_WORK)
def return_(referral_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Give the referral back."""
    viewer = current_viewer()
    referral = queries.one(viewer, referral_id)
    form = return_form(referral, sop_of(referral))
    if not form.validate():
        return _page(referral, returning=form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        moved = service.return_(viewer, referral_id, form.seen(), form.reason.data, form.note.data, today())
    except (StaleVersionError, ForbiddenMove):
        return _changed(viewer, referral_id, returning=form)
    return _after(moved)


def _page(
    referral: Referral,
    *,
    answer: AnswerForm | None = None,
    returning: ReturnForm | None = None,
    changed: bool = False,
) -> str:
    viewer, sop = current_viewer(), sop_of(referral)
    fields = visible_fields(referral)
    opening = viewer.opening(sealed_fields(fields) | {NOTE} if fields else frozenset())
    if fields:
        audit.note("child_opened", viewer=viewer, children=[referral.child_id], part="referral")
    return render_template(
        "referrals/show.html",
        referral=referral,
        facts=_facts(opening, referral, fields),
        notes={each.id: each.note.open(opening) for each in referral.steps} if fields else {},
        moves=allowed(State(referral.state), Side.RECEIVER),
        Move=Move,
        accepting=VersionForm(prefix="accept", version=referral.version),
        answer=answer or answer_form(referral, sop),
        returning=returning or return_form(referral, sop),
        outcomes=by_kind(service_of(referral).outcomes),
        changed=changed,
        form=answer if answer and answer.errors else returning,
    )


def _title(viewer: Viewer) -> str:
    """Name the service where the office answers just one."""
    served = services_of(viewer.office_id)
    if len(served) != 1:
        return str(_("Referrals"))
    name = in_force(today()).services[served[0]].name.in_language(language())
    return str(_("%(service)s referrals", service=name))


def _facts(opening: Viewer, referral: Referral, fields: tuple[str, ...]) -> list[Fact]:
    if not fields:
        return []
    child = children_for_service([referral.child_id])[referral.child_id]
    return facts_for_service(opening, child, fields)


def _changed(viewer: Viewer, referral_id: UUID, **typed: Any) -> tuple[str, int]:  # noqa: ANN401
    """Show the present state, say that somebody else was quicker, and keep what was typed."""
    referral = queries.one(viewer, referral_id)
    for form in typed.values():
        form.version.data = referral.version
    return _page(referral, changed=True, **typed), HTTPStatus.CONFLICT


def _given(form: AnswerForm) -> service.Answer:
    return service.Answer(
        outcome=form.outcome.data,
        reason=form.reason.data or None,
        day=form.day_given(),
        school=form.school.data,
        note=form.note.data,
    )


def _hang(form: AnswerForm, error: UnfitAnswerError) -> None:
    """Put what the service refused at its field."""
    words = {
        "outcome": _("Choose an outcome"),
        "reason": _("Choose the reason for this outcome"),
        "day": _("Enter the day for this outcome, today or later"),
    }
    field = getattr(form, error.field)
    field.errors = [*field.errors, words[error.field]]
    if error.field == "day":
        form.day.mark("year", "month", "day")


def _after(referral: Referral) -> BaseResponse:
    if visible_fields(referral):
        flash(_("The interim answer is recorded. The time limit goes on."))
        return redirect(url_for("referrals.show", referral_id=referral.id))
    flash(_("The answer is sent. The office that asked can see it."))
    return redirect(url_for("referrals.inbox"))


def _name(viewer: Viewer, referral: Referral) -> Markup | None:
    """Open the name, and nothing else, where the service may see it."""
    if "child.name" not in visible_fields(referral):
        return None
    return person(referral.child, viewer.opening(sealed_fields(["child.name"])))


def _places(referrals: list[Referral]) -> dict[str, list[str]]:
    """Return township and community of each area on the page, in one query."""
    towns = {each.area_code: f"{each.area_code[:9]}000" for each in referrals}
    names = names_of({*towns, *towns.values()}, language())
    return {code: [names[one] for one in (town, code) if one in names] for code, town in towns.items()}
