"""Pages of visits: the round as a list and on paper, recording one at the door, and that news was told."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer
from registry.areas.queries import blocks_of, names_of
from registry.audit import service as audit
from registry.children.display import age, person
from registry.clock import today
from registry.i18n import language
from registry.referrals.answers import telling
from registry.referrals.discreet import discreet_name, is_discreet
from registry.referrals.shown import outcome_words, service_name
from registry.visits import queries, service
from registry.visits.forms import VisitForm, answers_of, visit_form
from registry.web.buttons import language_chosen
from registry.web.filters import joined

if TYPE_CHECKING:
    from markupsafe import Markup
    from werkzeug.wrappers import Response as BaseResponse

    from registry.access import Viewer
    from registry.referrals.models import Referral
    from registry.visits.families import Family
    from registry.visits.models import Visit

HOME = "households.home"

blueprint = Blueprint("visits", __name__, url_prefix="/visits", template_folder="templates")


@blueprint.get("/round", endpoint="round")
@allows(Permission.VISIT_RECORD)
def show_round() -> str:
    """Show the round of today, one sheet of it, in the order of walking; it prints on A4."""
    viewer, on = current_viewer(), today()
    blocks = blocks_of(viewer.area_code)
    chosen = request.args.get("block", type=UUID)
    block = chosen if chosen in {each.id for each in blocks} else None
    shown = queries.round_for(viewer, on, block=block)
    children = [child.id for family in shown.families for child in family.children]
    audit.note("children_listed", viewer=viewer, children=children, list="round", shown=len(children))
    return render_template(
        "visits/round.html",
        round=shown,
        day=on,
        place=names_of([viewer.area_code], language()).get(viewer.area_code, ""),
        block=str(block) if block else "",
        blocks=[("", _("All blocks"))] + [(str(each.id), each.name(language())) for each in blocks],
    )


@blueprint.route("/<uuid:household_id>", methods=["GET", "POST"])
@allows(Permission.VISIT_RECORD)
def record(household_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Record a visit to a family: who was seen, or how it ended instead, and whether anything has changed."""
    viewer = current_viewer()
    family = queries.family_of(viewer, household_id, today())
    known = _known(viewer, household_id)
    form = visit_form(
        _children(family, viewer),
        _news(family, viewer),
        family.household.registered_on,
        answers_of(known, viewer) if known else None,
    )
    if request.method == "GET" or language_chosen(request.form):
        return _page(viewer, family, form)
    if not form.validate_on_submit():
        return _page(viewer, family, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        visit = service.record(viewer, family, form.made(), today())
    except service.EarlierDayError:
        form.changed.errors = [_("This visit was recorded on an earlier day and stays as it is. Record another one.")]
        return _page(viewer, family, form), HTTPStatus.CONFLICT
    flash(_("The visit is recorded."))
    if family.must_be_seen & {each.child_id for each in visit.children if not each.seen}:
        flash(_("A child has still to be seen: the visit stays due."))
    if form.changed.data == "yes":
        return redirect(url_for("visits.changed", household_id=household_id))
    return redirect(url_for(HOME))


@blueprint.get("/<uuid:household_id>/changed")
@allows(Permission.VISIT_RECORD)
def changed(household_id: UUID) -> str | BaseResponse:
    """Lead to the file in which something has changed; only where there are several it has to be chosen."""
    viewer = current_viewer()
    family = queries.family_of(viewer, household_id, today())
    if len(family.children) == 1:
        return redirect(url_for("children.file", child_id=family.children[0].id))
    _note_shown(viewer, family)
    return render_template("visits/changed.html", family=family)


@blueprint.post("/told/<uuid:referral_id>")
@allows(Permission.VISIT_RECORD)
def told(referral_id: UUID) -> BaseResponse:
    """Note that the family was told of an answer; it leaves the list of news."""
    version = request.form.get("version", 0, type=int)
    if not telling.tell(current_viewer(), [(referral_id, version)]):
        flash(_("The office has answered again in the meantime. Read the new answer first."))
    return redirect(url_for(HOME))


def _page(viewer: Viewer, family: Family, form: VisitForm) -> str:
    _note_shown(viewer, family)
    return render_template("visits/record.html", family=family, form=form, day=today())


def _known(viewer: Viewer, household_id: UUID) -> Visit | None:
    """Return the visit of today that its maker wants to put right, as the address says."""
    wanted = request.args.get("visit", type=UUID) if request.method == "GET" else None
    return queries.own_of_today(viewer, household_id, wanted, today()) if wanted else None


def _note_shown(viewer: Viewer, family: Family) -> None:
    children = [child.id for child in family.children]
    audit.note("children_listed", viewer=viewer, children=children, list="visit", shown=len(children))


def _children(family: Family, viewer: Viewer) -> list[tuple[str, Markup]]:
    """Name the children alike: who of them must be seen is nothing to show at the door."""

    def words(child: Any) -> Markup:  # noqa: ANN401 -- a row of another room
        return joined([person(child, viewer), age((child.birth_year, child.birth_month))])

    return [(str(child.id), words(child)) for child in family.children]


def _said_at_the_door(referral: Referral) -> list[str | None]:
    if is_discreet(referral):
        return [discreet_name(referral)]
    return [service_name(referral), outcome_words(referral)]


def _news(family: Family, viewer: Viewer) -> list[tuple[str, Markup]]:
    return [
        (
            each.seen.written(),
            joined([person(each.child, viewer), *_said_at_the_door(each)]),
        )
        for each in family.news
    ]
