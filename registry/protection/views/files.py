"""The protected mark: finding a child by its number, asking, and deciding what another officer asked."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, Viewer, allows, current_viewer
from registry.accounts.navigation import staff_name
from registry.accounts.registrars import registrars_of
from registry.audit import service as audit
from registry.children import county
from registry.clock import today
from registry.database import uuid7
from registry.i18n import language
from registry.protection import guarding
from registry.protection.forms import FindForm, VersionForm, WishForm, read_id, reasons
from registry.protection.guarding import AlreadyAskedError, SameEyesError, UnfitRegistrarError, Wish
from registry.protection.service import StaleError
from registry.protection.views.blueprint import blueprint, note_opened
from registry.referrals.queries import open_services
from registry.web.buttons import language_chosen
from sop.version import in_force

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response as BaseResponse

    from registry.children.county import Reached

ACTS = (guarding.SET, guarding.LIFT)
BAD_REQUEST = HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.get("/protection/files", endpoint="requests")
@allows(Permission.PROTECTION_DECIDE)
def show_requests() -> str:
    """List what was asked and waits for another officer, and what was decided lately."""
    return _requests_page(FindForm(formdata=None))


@blueprint.route("/protection/files/find", methods=["GET", "POST"])
@allows(Permission.PROTECTION_DECIDE)
def find() -> str | tuple[str, int] | BaseResponse:
    """Find a child of the own county by its number. Its bare address leads to the page that asks for one."""
    if request.method == "GET":
        return redirect(url_for("protection.requests"))
    viewer, form = current_viewer(), FindForm()
    if not form.validate():
        return _requests_page(form), BAD_REQUEST
    kind, number = form.read()
    found = county.by_number(viewer, kind, number)
    audit.note("children_searched", viewer=viewer, children=found, by=kind, found=len(found))
    if not found:
        form.number.errors = [_("No child of this county has this number")]
        return _requests_page(form), BAD_REQUEST
    if len(found) > 1:
        return _requests_page(form, county.reached(viewer, found)), HTTPStatus.OK
    return redirect(url_for("protection.ask", child_id=found[0]))


@blueprint.route("/protection/files/<uuid:child_id>", methods=["GET", "POST"])
@allows(Permission.PROTECTION_DECIDE)
def ask(child_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Ask for a file to be protected, for another registrar, or for the mark to be lifted."""
    viewer = current_viewer()
    child = county.reached_one(viewer, child_id)
    act = _act(child)
    form = _wish_form(viewer, child, act)
    if request.method == "GET" or language_chosen(request.form):
        return _ask_page(viewer, child, act, form)
    if not form.validate() or not _names_registrar(form, act):
        return _ask_page(viewer, child, act, form), BAD_REQUEST
    wish = Wish(act, form.registrar_id() if act == guarding.SET else None, form.reason.data, form.note.data)
    own_id = read_id(form.own_id.data)
    try:
        if own_id is not None:
            guarding.ask(viewer, own_id, child_id, wish)
    except UnfitRegistrarError:
        form.registrar.errors = [_("This registrar no longer works in the child's community")]
        return _ask_page(viewer, child, act, form), BAD_REQUEST
    except (AlreadyAskedError, StaleError):
        return _ask_page(viewer, child, act, form, changed=True), HTTPStatus.CONFLICT
    return redirect(url_for("protection.requests"))


@blueprint.post("/protection/requests/<uuid:request_id>")
@allows(Permission.PROTECTION_DECIDE)
def decide(request_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Confirm or refuse what another officer asked, or withdraw one's own."""
    viewer, form, decision = current_viewer(), VersionForm(), request.form.get("decision", "")
    refused = {
        StaleError: _("Somebody else was quicker, or the file has changed since. Below is how it stands now."),
        SameEyesError: _("Another protection officer must decide this."),
        UnfitRegistrarError: _("The named registrar no longer works in the child's community. Refuse, and ask anew."),
    }
    if decision not in guarding.DECISIONS:
        return _requests_page(FindForm(formdata=None)), BAD_REQUEST
    try:
        guarding.decide(viewer, request_id, form.seen(), decision)
    except (StaleError, SameEyesError, UnfitRegistrarError) as error:
        return _requests_page(FindForm(formdata=None), problem=refused[type(error)]), HTTPStatus.CONFLICT
    return redirect(url_for("protection.requests"))


def _act(child: Reached) -> str:
    """A file that is not protected can only be protected; a protected one is lifted unless another act is chosen."""
    asked = request.values.get("act", "")
    if not child.child.protected:
        return guarding.SET
    return asked if asked in ACTS else guarding.LIFT


def _wish_form(viewer: Viewer, child: Reached, act: str) -> WishForm:
    form = WishForm()
    form.reason.choices = reasons(act)
    form.registrar.choices = [(str(user.id), staff_name(user, viewer)) for user in registrars_of(child.area_code)]
    return form


def _names_registrar(form: WishForm, act: str) -> bool:
    if act == guarding.SET and form.registrar_id() is None:
        form.registrar.errors = [_("Choose the registrar who may also see the file")]
        return False
    return True


def _ask_page(viewer: Viewer, child: Reached, act: str, form: WishForm, *, changed: bool = False) -> str:
    waiting = guarding.waiting_for(child)
    note_opened(viewer, [waiting.id if waiting else uuid7()])
    return render_template(
        "protection/ask.html",
        child=child,
        act=act,
        form=form,
        waiting=waiting,
        services=_open_referrals(child),
        changed=changed,
    )


def _open_referrals(child: Reached) -> list[str]:
    """Name the services whose offices will see the child no longer."""
    if child.child.protected:
        return []
    services = in_force(today()).services
    asked = sorted(open_services(current_viewer(), child.child.id))
    return [services[code].name.in_language(language()) for code in asked if code in services]


def _requests_page(form: FindForm, found: dict[UUID, Reached] | None = None, problem: str | None = None) -> str:
    viewer = current_viewer()
    waiting, ended = guarding.waiting(viewer), guarding.ended(viewer)
    note_opened(viewer, (row.id for row in (*waiting, *ended)))
    return render_template(
        "protection/requests.html", form=form, found=found or {}, waiting=waiting, ended=ended, problem=problem
    )
