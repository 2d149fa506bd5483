"""Pages of the supervisor: what has climbed because offices do not answer or do not send, and the letter to each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer, outside_scope
from registry.areas.queries import names_of, office_names
from registry.audit import service as audit
from registry.clock import today
from registry.i18n import language
from registry.paper.answer import pdf_answer
from registry.referrals.calendar import unknown_year, working_calendar
from registry.referrals.overdue import chasing, unsent
from registry.referrals.overdue.chasing import Narrowed
from registry.referrals.overdue.letter import reminder
from registry.referrals.queries import last_steps
from registry.referrals.service_words import service_words
from registry.referrals.views.blueprint import blueprint
from sop.referral import days_late
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from werkzeug.wrappers import Response as BaseResponse

    from registry.referrals.overdue.chasing import Chased
    from registry.referrals.overdue.unsent import Unsent


@blueprint.get("/chase")
@allows(Permission.REFERRAL_CHASE)
def chase() -> str:
    """Show what has climbed to the own area: by office, and each of them; what waits to be sent, in numbers alone."""
    viewer, on, after = current_viewer(), today(), request.args.get("after")
    offices, waiting = chasing.by_office(viewer), unsent.climbed_to(viewer, on)
    narrowed = _narrowed(offices)
    page = chasing.climbed(viewer, narrowed, after)
    children = [each.child_id for each in page.referrals]
    audit.note("children_listed", viewer=viewer, children=children, list="climbed_referrals", shown=len(children))
    return render_template(
        "referrals/chase.html",
        offices=offices,
        names=office_names([each.office_id for each in offices], language()),
        services=sorted({code for each in offices for code in each.services}),
        service_words=service_words,
        days=partial(days_late, working_calendar(), on=on),
        page=page,
        steps=last_steps(each.id for each in page.referrals),
        narrowed={name: value for name, value in vars(narrowed).items() if value is not None},
        first=after is None,
        unsent=waiting,
        places=names_of([each.area_code for each in waiting], language()),
        send_days=in_force(on).referrals.send_days,
        missing=_calendar_missing([*offices, *waiting], on),
        day=on,
    )


@blueprint.get("/chase/<uuid:office_id>/letter")
@allows(Permission.REFERRAL_CHASE)
def letter(office_id: UUID) -> BaseResponse:
    """Answer with the letter of reminder to an office that has referrals of the own area."""
    viewer, on = current_viewer(), today()
    lines = chasing.standing_of(viewer, office_id, on)
    if not lines:
        outside_scope()
    overdue = sum(sum(each.late) for each in lines)
    if not overdue:
        flash(_("This office has answered: nothing is overdue there any more."))
        return redirect(url_for("referrals.chase"))
    names = office_names([office_id, viewer.office_id], language())
    audit.note("office_reminded", viewer=viewer, office=office_id, overdue=overdue)
    sample = bool(current_app.extensions["settings"].sample_data)
    document = reminder(viewer, (office_id, names[office_id]), names[viewer.office_id], lines, on, sample=sample)
    return pdf_answer(document, "letter-of-reminder")


def _narrowed(offices: Sequence[Chased]) -> Narrowed:
    """Read what the list is narrowed to; what it does not hold narrows nothing."""
    office, service = request.args.get("office", type=UUID), request.args.get("service")
    return Narrowed(
        office if office in {each.office_id for each in offices} else None,
        service if any(service in each.services for each in offices) else None,
    )


def _calendar_missing(lines: Sequence[Chased | Unsent], on: date) -> str | None:
    """Say so where a year is not entered whose working days are counted here."""
    return unknown_year(in_force(on), min(each.oldest for each in lines), on) if lines else None
