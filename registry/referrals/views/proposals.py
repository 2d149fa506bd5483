"""Pages of what is proposed: the list of the own area, family by family, and all that may be asked for one child."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer
from registry.audit import service as audit
from registry.clock import today
from registry.referrals.errors import NotAgreedError, StaleVersionError, UnfitAnswerError
from registry.referrals.lists import sent_list
from registry.referrals.proposals import confirming, proposal_form, proposal_list
from registry.referrals.proposals.proposal_form import OF, Typed
from registry.referrals.proposals.proposals_shown import items_of, services_offered
from registry.referrals.service import AGREED, OFFERED
from registry.referrals.views.blueprint import blueprint
from registry.referrals.views.confirmed import say, unsaid
from registry.web.buttons import language_chosen

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    Answer = str | tuple[str, int] | BaseResponse

ACT, SEND, WITHDRAW, DECLINE = "act", "send", "withdraw", "decline"  # the button, and what it may say


@blueprint.route("/proposals", methods=["GET", "POST"])
@allows(Permission.REFERRAL_SEND)
def proposals() -> Answer:
    """Show what is proposed for the children of the own area, and do what the registrar confirms."""
    if request.method == "GET":
        return _page(Typed())
    act, _colon, what = request.form.get(ACT, "").partition(":")
    typed = proposal_form.read(request.form, WITHDRAW if act == WITHDRAW else SEND)
    if language_chosen(request.form) or act not in ACTS:
        return _page(typed)
    try:
        return ACTS[act](typed, what)
    except NotAgreedError as error:
        typed.errors = unsaid(error.args)
        return _page(typed), HTTPStatus.UNPROCESSABLE_ENTITY


def _send(typed: Typed, household: str) -> Answer:
    """Send all that is ticked, or that of one household: the other boxes then stay as they are."""
    keys = request.form.getlist(f"{OF}{household}") if household else None
    said = typed.said(AGREED), typed.said(OFFERED)
    say(confirming.send_proposed(current_viewer(), typed.chosen(keys), *said, today()))
    return _page(typed) if household else _again()


def _withdraw(typed: Typed, _what: str) -> Answer:
    say(confirming.withdraw_proposed(current_viewer(), typed.chosen(), today()), withdrawn=True)
    return _again()


def _decline(typed: Typed, key: str) -> Answer:
    """Keep why one is not followed; the boxes of all others stay as they are."""
    if key not in typed.seen:
        return _page(typed)
    try:
        confirming.decline(current_viewer(), UUID(key), typed.seen[key], typed.why.get(key, ""), today())
    except UnfitAnswerError:
        typed.errors = {f"why-{key}": _("Choose why it is not needed")}
        return _page(typed), HTTPStatus.UNPROCESSABLE_ENTITY
    except StaleVersionError:
        flash(_("This proposal has changed meanwhile, or was decided already. Nothing was saved; please look again."))
        return _page(typed), HTTPStatus.CONFLICT
    flash(_("Kept. It is proposed again only when a new reason comes up."))
    return _page(typed)


ACTS = {SEND: _send, WITHDRAW: _withdraw, DECLINE: _decline}


def _again() -> BaseResponse:
    """Show the same page anew, with what is left."""
    service, after = _service(), request.args.get("after", type=UUID)
    return redirect(url_for("referrals.proposals", service=service, after=after))


def _page(typed: Typed) -> str:
    viewer, service, after = current_viewer(), _service(), request.args.get("after", type=UUID)
    page = proposal_list.page_of(viewer, today(), service, after)
    to_withdraw = proposal_list.to_withdraw(viewer) if after is None and service is None else []
    children = {one.child.id for family in page.families for one in family.children}
    children |= {row.child_id for row, _referral in to_withdraw}
    audit.note("children_listed", viewer=viewer, children=sorted(children), list="proposals", shown=len(children))
    return render_template(
        "referrals/proposals.html",
        page=page,
        to_withdraw=to_withdraw,
        items={one.child.id: items_of(one.lines, typed) for family in page.families for one in family.children},
        typed=typed,
        form=typed,
        service=service,
        services=services_offered(),
        count=proposal_list.count(viewer),
        counts=sent_list.counts(viewer, today()),
        address=partial(url_for, "referrals.sent"),
    )


def _service() -> str | None:
    asked = request.args.get("service", "")
    return asked if asked and asked in dict(services_offered()) else None
