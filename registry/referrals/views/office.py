"""Pages of the office that answers: its list, one referral, and what may be done with it."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from registry.access import Permission, allows, current_viewer
from registry.areas.queries import services_of
from registry.clock import today
from registry.i18n import language
from registry.referrals import moving, queries, reopening
from registry.referrals.answers.at_once import AT_ONCE
from registry.referrals.errors import (
    AlreadyOpenError,
    NoOfficeError,
    NotReopenedError,
    StaleVersionError,
    UnfitAnswerError,
)
from registry.referrals.forms import VersionForm, hand_on_form, reopen_form, return_form
from registry.referrals.lists import office_filters, office_list
from registry.referrals.shown import service_of, sop_of
from registry.referrals.views.blueprint import blueprint
from registry.referrals.views.page import changed_page, one_page, onward
from registry.referrals.views.rows import rows_of
from sop.referral import ForbiddenMove
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response as BaseResponse


@blueprint.get("/")
@allows(Permission.REFERRAL_WORK)
def inbox() -> str:
    """Show what the own office has to answer, narrowed and in the order asked for."""
    viewer, on, after = current_viewer(), today(), request.args.get("after")
    served = services_of(viewer.office_id)
    wanted = office_list.read(request.args, served, on)
    page = office_list.inbox(viewer, wanted, on, after)
    return render_template(
        "referrals/inbox.html",
        title=_title(served),
        wanted=wanted,
        tabs={tab: replace(wanted, tab=tab).named for tab in office_list.TABS},
        cleared=replace(wanted, filters=office_list.NOTHING).named,
        page=page,
        first=after is None,
        words=_tabs(),
        counts=office_list.counts(viewer, on, wanted.filters),
        most=office_list.COUNTED_AT_MOST,
        at_once=AT_ONCE,
        offered=office_filters.offered(wanted.filters, viewer, served, on),
        left_out=office_filters.left_out(wanted.filters),
        sorts=_sorts(served),
        day=on,
        **rows_of(viewer, page.referrals),
    )


@blueprint.get("/print")
@allows(Permission.REFERRAL_WORK)
def printed() -> str:
    """Show the same list for paper, as many rows as may be worked on at once; what narrows it stands on top."""
    viewer, on = current_viewer(), today()
    served = services_of(viewer.office_id)
    wanted = office_list.read(request.args, served, on)
    referrals = office_list.listed_first(viewer, wanted, on, AT_ONCE)
    offered = office_filters.offered(wanted.filters, viewer, served, on)
    said = [(_("List"), _tabs()[wanted.tab])]
    said += [(label, dict(choices).get(chosen, "").strip()) for label, _name, choices, chosen in offered if chosen]
    if wanted.tab != office_list.ENDED:
        said.append((pgettext("filter of referrals", "Order"), dict(_sorts(served))[wanted.sort]))
    return render_template(
        "referrals/printed.html",
        title=_title(served),
        wanted=wanted,
        said=said,
        left_out=office_filters.left_out(wanted.filters),
        referrals=referrals,
        number=office_list.counts(viewer, on, wanted.filters)[wanted.tab],
        day=on,
        **rows_of(viewer, referrals),
    )


@blueprint.get("/<uuid:referral_id>")
@allows(Permission.REFERRAL_WORK)
def show(referral_id: UUID) -> str:
    """Show one referral, with no more of the child than its service needs."""
    return one_page(queries.one(current_viewer(), referral_id))


@blueprint.post("/<uuid:referral_id>/accept")
@allows(Permission.REFERRAL_WORK)
def accept(referral_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Take the referral on."""
    form = VersionForm(prefix="accept")
    viewer = current_viewer()
    try:
        moving.accept(viewer, referral_id, form.seen(), today())
    except (StaleVersionError, ForbiddenMove):
        return changed_page(viewer, referral_id)
    flash(_("Accepted. You now see what you need to work on it."))
    return redirect(url_for("referrals.show", referral_id=referral_id))


@blueprint.post("/<uuid:referral_id>/return")
@allows(Permission.REFERRAL_WORK)
def return_(referral_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Give the referral back."""
    viewer = current_viewer()
    referral = queries.one(viewer, referral_id)
    form = return_form(referral, sop_of(referral))
    if not form.validate():
        return one_page(referral, returning=form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        moved = moving.return_(viewer, referral_id, form.seen(), form.reason.data, form.note.data, today())
    except (StaleVersionError, ForbiddenMove):
        return changed_page(viewer, referral_id, returning=form)
    return onward(moved)


@blueprint.post("/<uuid:referral_id>/hand-on")
@allows(Permission.REFERRAL_WORK)
def hand_on(referral_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Pass the referral on to another office that may answer it."""
    viewer = current_viewer()
    referral = queries.one(viewer, referral_id)
    form = hand_on_form(referral, sop_of(referral), queries.offices_that_may_take(viewer, referral))
    if not form.validate():
        return one_page(referral, handing=form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        moving.hand_on(viewer, referral_id, form.seen(), UUID(form.office.data), form.reason.data, today())
    except UnfitAnswerError as error:
        form[error.field].errors = [_("This office cannot take it any more: choose again")]
        return one_page(referral, handing=form), HTTPStatus.UNPROCESSABLE_ENTITY
    except (StaleVersionError, ForbiddenMove):
        return changed_page(viewer, referral_id, handing=form)
    flash(_("Handed on. Your office no longer sees the child."))
    return redirect(url_for("referrals.inbox"))


@blueprint.post("/<uuid:referral_id>/reopen")
@allows(Permission.REFERRAL_WORK)
def reopen(referral_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Take up again what the own office has closed."""
    viewer = current_viewer()
    referral = queries.one(viewer, referral_id)
    form = reopen_form(referral, sop_of(referral), service_of(referral))
    if not form.validate():
        return one_page(referral, reopening=form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        reopening.reopen(viewer, referral_id, form.seen(), form.reason.data, today())
    except AlreadyOpenError:
        form.reason.errors = [_("The same was asked anew meanwhile: answer the new referral instead")]
        return one_page(queries.one(viewer, referral_id), reopening=form), HTTPStatus.CONFLICT
    except NoOfficeError:
        form.reason.errors = [_("No office answers this service for the area yet. Please tell the administrator.")]
        return one_page(queries.one(viewer, referral_id), reopening=form), HTTPStatus.CONFLICT
    except NotReopenedError:  # the page says why not
        return one_page(queries.one(viewer, referral_id)), HTTPStatus.CONFLICT
    except (StaleVersionError, ForbiddenMove):
        return changed_page(viewer, referral_id, reopening=form)
    flash(_("Open again, with a new limit to answer. You see the child again."))
    return redirect(url_for("referrals.show", referral_id=referral_id))


def _title(served: Sequence[str]) -> str:
    """Name the service where the office answers just one."""
    if len(served) != 1:
        return str(_("Referrals"))
    name = in_force(today()).services[served[0]].name.in_language(language())
    return str(_("%(service)s referrals", service=name))


def _tabs() -> dict[str, str]:
    return {
        "open": pgettext("referrals", "Open"),
        "overdue": _("Overdue"),
        "waiting": _("To accept"),
        "in_progress": _("In progress"),
        "appointed": in_force(today()).codes["referral_state"].text("appointed").in_language(language()),
        "ended": _("Ended"),
    }


def _sorts(served: Sequence[str]) -> list[tuple[str, str]]:
    """Return the orders that fit an office: grades are due in lists about school only."""
    words = {
        "limit": _("Earliest limit"),
        "sent": _("Longest sent"),
        "community": _("By community"),
        "grade": _("By grade, the youngest first"),
    }
    return [(sort, words[sort]) for sort in office_list.sorts_for(served, today())]
