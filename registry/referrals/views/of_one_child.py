"""The page from which one child is referred: what the rules propose now, and what its family asks for."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from flask import redirect, render_template, request, url_for

from registry.access import Permission, allows, current_viewer
from registry.audit import service as audit
from registry.children.queries import file_of, is_worked_on, present_episode
from registry.clock import today
from registry.referrals import queries
from registry.referrals.errors import NotAgreedError
from registry.referrals.proposals import confirming, proposing
from registry.referrals.proposals.confirming import BECAUSE_ASKED
from registry.referrals.proposals.proposal_form import Typed, declared
from registry.referrals.proposals.proposals_shown import wishes_of
from registry.referrals.proposals.proposing import DECLINED, REFER
from registry.referrals.service import AGREED, OFFERED, Asked, Wish, with_offices
from registry.referrals.views.blueprint import blueprint
from registry.referrals.views.confirmed import say, unsaid
from registry.web.buttons import language_chosen
from sop.version import in_force

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response as BaseResponse

    from registry.access import Viewer
    from registry.children.models import Child
    from sop.version import Reason


class Offer(NamedTuple):
    """What may be asked for a child now: by service the reasons of the rules; and services that no rule proposes.

    `declined`: of the former, what was declined before.
    """

    proposed: dict[str, tuple[Reason, ...]]
    others: list[str]
    declined: frozenset[str]


@blueprint.route("/propose/<uuid:child_id>", methods=["GET", "POST"])
@allows(Permission.REFERRAL_SEND)
def propose(child_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Show what the file calls for now and what else there is; send what the registrar ticks."""
    viewer = current_viewer()
    child = file_of(viewer, child_id)
    if not is_worked_on(child):
        return redirect(url_for("children.file", child_id=child_id))
    offer, typed = _offer(viewer, child), _typed()
    if request.method == "GET" or language_chosen(request.form):
        return _page(child, offer, typed)
    try:
        done = confirming.send_wished(viewer, child_id, _wishes(child, offer, typed), today())
    except NotAgreedError as error:
        typed.errors = unsaid(error.args)
        return _page(child, offer, typed), HTTPStatus.UNPROCESSABLE_ENTITY
    done.already += len(typed.ticked - offer.proposed.keys() - {*offer.others})
    done.changed += len(_lapsed(offer, typed))
    say(done)
    return redirect(url_for("children.file", child_id=child_id))


def _offer(viewer: Viewer, child: Child) -> Offer:
    """Reckon anew what is proposed: a night that was missed shows on no page."""
    on = today()
    found = proposing.reckoned([child.id], on)
    proposed = {key.service: told.reasons for key, told in found.wanted.items() if key.kind == REFER}
    declined = {row.service for row in found.there if row.kind == REFER and row.state == DECLINED}
    asked = queries.open_services(viewer, child.id)
    others = [code for code in in_force(on).services if code not in asked and code not in proposed]
    return Offer(proposed, others, frozenset(declined & proposed.keys()))


def _typed() -> Typed:
    """Read the boxes of the page, which stand for services: proposed ones are `services`, all others `asked`."""
    form = request.form
    shown = dict.fromkeys(form.getlist("shown"), 0)
    return Typed(
        shown,
        frozenset(form.getlist("services") + form.getlist("asked")),
        agreed=declared(form, AGREED),
        offered=declared(form, OFFERED),
    )


def _wishes(child: Child, offer: Offer, typed: Typed) -> list[Wish]:
    """Return what was ticked, and is not asked already or proposed no longer."""
    area_code = present_episode(child).area_code
    ticked = typed.ticked - _lapsed(offer, typed)
    reasons = {**offer.proposed, **dict.fromkeys(offer.others, BECAUSE_ASKED)}
    said = {code: (code in typed.agreed, code in typed.offered) for code in ticked}
    return [Wish(child.id, code, why, area_code, *said[code]) for code, why in reasons.items() if code in ticked]


def _lapsed(offer: Offer, typed: Typed) -> frozenset[str]:
    """Return what was ticked as proposed by the rules, and is not by now."""
    return typed.ticked & set(request.form.getlist("services")) & set(offer.others)


def _page(child: Child, offer: Offer, typed: Typed) -> str:
    viewer, area_code = current_viewer(), present_episode(child).area_code
    audit.note("child_opened", viewer=viewer, children=[child.id], part="proposals")
    birth = child.birth_in_plain
    asked = [Asked(code, why, area_code, birth) for code, why in offer.proposed.items()]
    asked += [Asked(code, (), area_code, birth) for code in offer.others]
    items = wishes_of(with_offices(asked, today()), typed, offer.declined | {*offer.others})
    told = len(offer.proposed)
    return render_template(
        "referrals/propose.html", child=child, proposed=items[:told], others=items[told:], form=typed
    )
