"""Pages of the side that refers: what became of what the own office sent, whom to tell, taking it back or up again."""

from __future__ import annotations

import re
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from registry.access import Permission, allows, current_viewer
from registry.areas.queries import names_of
from registry.audit import service as audit
from registry.clock import today
from registry.i18n import language
from registry.referrals import moving, queries, reopening
from registry.referrals.answers import telling
from registry.referrals.answers.rows_to_tell import rows_to_tell
from registry.referrals.errors import (
    AlreadyOpenError,
    NoOfficeError,
    NotAgreedError,
    NotReopenedError,
    StaleVersionError,
)
from registry.referrals.forms import VersionForm, reopen_form, withdraw_form
from registry.referrals.lists import sent_list
from registry.referrals.lists.sent_list import TABS, TO_TELL, Narrowed
from registry.referrals.seen import read_all
from registry.referrals.shown import service_of, sop_of
from registry.referrals.slips.printing import receipt_home
from registry.referrals.views.blueprint import blueprint
from registry.referrals.views.reopenable import reopenable
from sop.referral import ForbiddenMove, Move, Side, State, allowed
from sop.version import in_force

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response as BaseResponse

    from registry.access import Viewer
    from registry.referrals.forms import ReopenForm, WithdrawForm
    from registry.referrals.models import Referral

    Answered = str | tuple[str, int] | BaseResponse


@blueprint.get("/sent")
@allows(Permission.REFERRAL_SEND)
def sent() -> str:
    """Show what the own office sent; first what there is most to do about: what the families wait to hear."""
    return _list(_narrowed())


@blueprint.post("/sent/told")
@allows(Permission.REFERRAL_SEND)
def told() -> Answered:
    """Note that the ticked families were told of their answers."""
    viewer, narrowed = current_viewer(), _narrowed()
    ticked = read_all(request.form.getlist("told")).those[: telling.AT_ONCE]
    if not ticked:
        return _list(narrowed, missing=True), HTTPStatus.UNPROCESSABLE_ENTITY
    number = telling.tell(viewer, ticked)
    if number:
        flash(ngettext("%(num)s answer is noted as told.", "%(num)s answers are noted as told.", number))
    if newer := len(ticked) - number:
        words = ngettext(
            "%(num)s answer has changed since the page was shown, and stays to be told.",
            "%(num)s answers have changed since the page was shown, and stay to be told.",
            newer,
        )
        flash(words)
    return redirect(url_for("referrals.sent", **_named(narrowed)))


def _narrowed() -> Narrowed:
    """Read what of the list is wanted; what is not known narrows nothing. Where no tab is, the first that holds any."""
    tab, service, office = (request.args.get(name, "") for name in ("tab", "service", "office"))
    known = service if service in in_force(today()).services else None
    wanted = uuid.UUID(office) if re.fullmatch("[0-9a-f]{32}", office) else None
    if tab not in TABS:
        counts = sent_list.counts(current_viewer(), today())
        tab = next((each for each in TABS if counts[each]), TO_TELL)
    return Narrowed(tab, known, wanted)


def _named(narrowed: Narrowed, **others: str) -> dict[str, Any]:
    """Return the same for an address; it names offices and services, and nobody."""
    office = narrowed.office.hex if narrowed.office else ""
    named = {"tab": narrowed.tab, "service": narrowed.service or "", "office": office, **others}
    return {name: value for name, value in named.items() if value}


def _list(narrowed: Narrowed, *, missing: bool = False) -> str:
    viewer, on = current_viewer(), today()
    page = sent_list.sent(viewer, narrowed, on, request.args.get("after"))
    children = {each.child_id for each in page.referrals}
    audit.note("children_listed", viewer=viewer, children=children, list="sent_referrals", shown=len(children))
    return render_template(
        "referrals/sent.html",
        page=page,
        narrowed=narrowed,
        address=lambda **others: url_for("referrals.sent", **_named(narrowed, **others)),
        counts=sent_list.counts(viewer, on),
        rows=rows_to_tell(viewer, page.referrals) if narrowed.tab == TO_TELL else {},
        missing=missing,
        **_choices(viewer),
    )


def _choices(viewer: Viewer) -> dict[str, Any]:
    """Return what the list can be narrowed to: every service, and the offices that were asked."""
    services = in_force(today()).services.values()
    offices = [(each.id.hex, each.name(language())) for each in sent_list.offices_asked(viewer)]
    return {
        "services": [("", _("All services")), *((each.code, each.name.in_language(language())) for each in services)],
        "offices": [("", _("All offices")), *offices],
    }


@blueprint.get("/sent/<uuid:referral_id>")
@allows(Permission.REFERRAL_SEND)
def follow(referral_id: UUID) -> str:
    """Show one referral of the own office, with every step."""
    return _page(queries.one(current_viewer(), referral_id))


@blueprint.post("/sent/<uuid:referral_id>/withdraw")
@allows(Permission.REFERRAL_SEND)
def withdraw(referral_id: UUID) -> Answered:
    """Take back what was sent."""
    viewer = current_viewer()
    referral = queries.one(viewer, referral_id)
    form = withdraw_form(referral, sop_of(referral))
    if not form.validate():
        return _page(referral, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        moving.withdraw(viewer, referral_id, form.seen(), form.reason.data, today())
    except (StaleVersionError, ForbiddenMove):
        return _page(queries.one(viewer, referral_id), changed=True), HTTPStatus.CONFLICT
    flash(_("The referral is withdrawn. The office no longer sees the child."))
    return redirect(url_for("referrals.follow", referral_id=referral_id))


@blueprint.post("/sent/<uuid:referral_id>/send-again")
@allows(Permission.REFERRAL_SEND)
def send_again(referral_id: UUID) -> Answered:
    """Send a returned referral once more."""
    viewer = current_viewer()
    try:
        moving.send_again(viewer, referral_id, VersionForm(prefix="again").seen(), today())
    except NoOfficeError:
        flash(_no_office())
    except (StaleVersionError, ForbiddenMove):
        return _page(queries.one(viewer, referral_id), changed=True), HTTPStatus.CONFLICT
    else:
        flash(_("Sent again. The time limits start anew."))
    return redirect(url_for("referrals.follow", referral_id=referral_id))


@blueprint.post("/sent/<uuid:referral_id>/reopen")
@allows(Permission.REFERRAL_SEND)
def take_up_again(referral_id: UUID) -> Answered:
    """Open a closed referral again at the office that closed it."""
    viewer = current_viewer()
    referral = queries.one(viewer, referral_id)
    form = reopen_form(referral, sop_of(referral), service_of(referral))
    if not form.validate():
        return _page(referral, reopened=form), HTTPStatus.UNPROCESSABLE_ENTITY
    agreed = "agreed" in form and bool(form.agreed.data)
    try:
        reopening.reopen(viewer, referral_id, form.seen(), form.reason.data, today(), agreed=agreed)
    except AlreadyOpenError:
        flash(_("This service has been asked for the child again meanwhile. Follow that referral instead."))
    except NoOfficeError:
        flash(_no_office())
    except (NotReopenedError, NotAgreedError):  # the page says why not, and asks for what is missing
        return _page(queries.one(viewer, referral_id)), HTTPStatus.CONFLICT
    except (StaleVersionError, ForbiddenMove):
        return _page(queries.one(viewer, referral_id), changed=True), HTTPStatus.CONFLICT
    else:
        flash(_("The referral is open again at the office, with a new time limit."))
    return redirect(url_for("referrals.follow", referral_id=referral_id))


def _no_office() -> str:
    return str(_("No office answers this service for the area yet. Please tell the administrator."))


def _page(
    referral: Referral,
    withdrawing: WithdrawForm | None = None,
    reopened: ReopenForm | None = None,
    *,
    changed: bool = False,
) -> str:
    viewer, sop = current_viewer(), sop_of(referral)
    audit.note("child_opened", viewer=viewer, children=[referral.child_id], part="referral")
    return render_template(
        "referrals/follow.html",
        referral=referral,
        notes={each.id: each.note.open(viewer) for each in referral.steps},
        moves=allowed(State(referral.state), Side.SENDER),
        Move=Move,
        withdrawing=withdrawing or withdraw_form(referral, sop),
        reopening=reopenable(referral, reopened),
        again=VersionForm(prefix="again", version=referral.version),
        by_slip=bool(allowed(State(referral.state), Side.SLIP)) and not referral.child.protected,
        chased_in=_chased_in(referral),
        household_id=receipt_home(viewer, referral),
        changed=changed,
        form=withdrawing or reopened,
    )


def _chased_in(referral: Referral) -> str | None:
    """Return the name of the area whose supervisors chase the answer, None where nobody has to yet."""
    return names_of({referral.climbed_to}, language()).get(referral.climbed_to) if referral.climbed_to else None
