"""Pages of the side that refers: what the own office sent, taking it back, and referring a child later on."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from registry.access import Permission, allows, current_viewer
from registry.audit import service as audit
from registry.children.fields import facts_for_service
from registry.children.queries import children_for_service, file_of, is_worked_on
from registry.clock import today
from registry.referrals import queries, service
from registry.referrals.errors import NoOfficeError, StaleVersionError
from registry.referrals.forms import VersionForm, WithdrawForm, withdraw_form
from registry.referrals.shown import sop_of
from registry.referrals.views.blueprint import blueprint
from registry.web.forms import RegistryForm
from sop.referral import ForbiddenMove, Move, Side, State, allowed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from markupsafe import Markup
    from werkzeug.wrappers import Response as BaseResponse

    from registry.access import Viewer
    from registry.referrals.models import Referral

    Fact = tuple[str, str | Markup | None]

TO_TELL = 20
WHOM_TO_TELL = ("child.guardian", "child.phone")


@blueprint.get("/sent")
@allows(Permission.REFERRAL_SEND)
def sent() -> str:
    """Show what the own office sent; first what came back, and what the families wait to hear."""
    viewer = current_viewer()
    after = request.args.get("after")
    page = queries.sent(viewer, after)
    returned = [] if after else queries.returned(viewer, TO_TELL)
    answered = [] if after else queries.recent_answers(viewer, today(), TO_TELL)
    to_tell = [each for each in answered if each.state != State.RETURNED]
    children = {each.child_id: each.child for each in (*page.referrals, *returned, *to_tell)}
    audit.note("children_listed", viewer=viewer, children=children, list="sent_referrals", shown=len(children))
    return render_template(
        "referrals/sent.html",
        page=page,
        returned=returned,
        to_tell=to_tell,
        families=_families(viewer, to_tell),
        counts=queries.sent_counts(viewer, today()),
    )


@blueprint.get("/sent/<uuid:referral_id>")
@allows(Permission.REFERRAL_SEND)
def follow(referral_id: UUID) -> str:
    """Show one referral of the own office, with every step."""
    return _page(queries.one(current_viewer(), referral_id))


@blueprint.post("/sent/<uuid:referral_id>/withdraw")
@allows(Permission.REFERRAL_SEND)
def withdraw(referral_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Take back what was sent."""
    viewer = current_viewer()
    referral = queries.one(viewer, referral_id)
    form = withdraw_form(referral, sop_of(referral))
    if not form.validate():
        return _page(referral, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        service.withdraw(viewer, referral_id, form.seen(), form.reason.data, today())
    except (StaleVersionError, ForbiddenMove):
        return _page(queries.one(viewer, referral_id), changed=True), HTTPStatus.CONFLICT
    flash(_("The referral is withdrawn. The office no longer sees the child."))
    return redirect(url_for("referrals.follow", referral_id=referral_id))


@blueprint.post("/sent/<uuid:referral_id>/send-again")
@allows(Permission.REFERRAL_SEND)
def send_again(referral_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Send a returned referral once more."""
    viewer = current_viewer()
    try:
        service.send_again(viewer, referral_id, VersionForm(prefix="again").seen(), today())
    except NoOfficeError:
        flash(_no_office())
    except (StaleVersionError, ForbiddenMove):
        return _page(queries.one(viewer, referral_id), changed=True), HTTPStatus.CONFLICT
    else:
        flash(_("Sent again. The time limits start anew."))
    return redirect(url_for("referrals.follow", referral_id=referral_id))


@blueprint.route("/propose/<uuid:child_id>", methods=["GET", "POST"])
@allows(Permission.REFERRAL_SEND)
def propose(child_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Show what the file calls for now; send what the registrar ticks."""
    viewer = current_viewer()
    child = file_of(viewer, child_id)
    if not is_worked_on(child):
        return redirect(url_for("children.file", child_id=child_id))
    form, proposals = RegistryForm(), service.proposals_for(viewer, child, today())
    if form.validate_on_submit():
        ticked = request.form.getlist("services")
        chosen = [each for each in proposals if each.service.code in ticked]
        _say(len(chosen), service.send_chosen(viewer, child, chosen, today()))
        return redirect(url_for("children.file", child_id=child_id))
    audit.note("child_opened", viewer=viewer, children=[child_id], part="proposals")
    return render_template("referrals/propose.html", child=child, proposals=proposals)


def _say(chosen: int, unsent: Sequence[Exception]) -> None:
    for error in unsent:
        if isinstance(error, NoOfficeError):
            flash(_no_office())
        else:
            flash(_("This service has already been asked for this child; nothing was sent twice."))
    if number := chosen - len(unsent):
        flash(ngettext("%(num)s referral sent.", "%(num)s referrals sent.", number))
    elif not chosen:
        flash(_("Nothing was ticked, so nothing was sent."))


def _no_office() -> str:
    return str(_("No office answers this service for the area yet. Please tell the administrator."))


def _page(referral: Referral, withdrawing: WithdrawForm | None = None, *, changed: bool = False) -> str:
    viewer = current_viewer()
    audit.note("child_opened", viewer=viewer, children=[referral.child_id], part="referral")
    return render_template(
        "referrals/follow.html",
        referral=referral,
        notes={each.id: each.note.open(viewer) for each in referral.steps},
        moves=allowed(State(referral.state), Side.SENDER),
        Move=Move,
        withdrawing=withdrawing or withdraw_form(referral, sop_of(referral)),
        again=VersionForm(prefix="again", version=referral.version),
        changed=changed,
        form=withdrawing,
    )


def _families(viewer: Viewer, referrals: Sequence[Referral]) -> dict[UUID, list[Fact]]:
    """Return whom to tell: guardians and phones of each child."""
    found = children_for_service(each.child_id for each in referrals)
    return {key: facts_for_service(viewer, child, WHOM_TO_TELL) for key, child in found.items()}
