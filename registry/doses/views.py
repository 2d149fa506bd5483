"""Pages of doses: the clinic enters what the certificate shows, and withdraws what was entered in error."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from registry.access import Permission, Viewer, allows, current_viewer, outside_scope
from registry.audit import service as audit
from registry.children.facts import birth_of
from registry.children.fields import sealed_fields
from registry.children.queries import children_for_service, kept_by_id
from registry.clock import today
from registry.doses import closing, queries, service
from registry.doses.errors import DoseError
from registry.doses.forms import Cell, EntryForm, NextForm, entry_form, read_referrals
from registry.doses.shown import label, product
from registry.referrals.errors import StaleVersionError, UnfitAnswerError
from registry.web.buttons import language_chosen
from sop.version import in_force

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from registry.children.models import Child
    from registry.doses.queries import Line, Record
    from sop.immunisation import Schedule

FIRST_VERSION = 1  # of a record that is made by the first who saves

blueprint = Blueprint("doses", __name__, url_prefix="/doses", template_folder="templates")


@blueprint.route("/<uuid:child_id>", methods=["GET", "POST"])
@allows(Permission.DOSE_ENTER)
def entry(child_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Enter doses of a child whose referral the own office has accepted, in the table of the certificate."""
    viewer = current_viewer()
    child, opening = _child(viewer, child_id)
    record = queries.record_of(opening, child)
    form = _form(record, child, opening, viewer)
    if request.method == "GET" or language_chosen(request.form):
        return _page(opening, child, record, form)
    if not form.validate_on_submit():
        return _page(opening, child, record, form), HTTPStatus.UNPROCESSABLE_ENTITY
    entries = [one for one, _box in form.entered()]
    try:
        entered = service.enter(viewer, child.id, entries, form.tick, today())
    except DoseError as error:
        form.hang(error)
        return _page(opening, child, record, form), HTTPStatus.UNPROCESSABLE_ENTITY
    _tell(entered, form)
    closed = _close(viewer, child, form) if form.close.data else 0
    return redirect(url_for("referrals.inbox") if closed else _back_here(child_id))


@blueprint.post("/<uuid:child_id>/next")
@allows(Permission.DOSE_ENTER)
def next_dose(child_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Answer the referral that more doses are to come, and when."""
    viewer, form = current_viewer(), NextForm(prefix="next")
    child, opening = _child(viewer, child_id)
    try:
        if form.validate():
            seen = read_referrals(form.referrals.data)
            closing.note_next(viewer, child.id, seen, form.wanted(), today())
            flash(_("The interim answer is recorded. The time limit goes on."))
            return redirect(_back_here(child_id))
    except UnfitAnswerError:
        form.refuse_day()
    except StaleVersionError:
        flash(_changed(), "warn")
        return redirect(_back_here(child_id))
    record = queries.record_of(opening, child)
    page = _page(opening, child, record, _form(record, child, opening, viewer), form)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.post("/<uuid:child_id>/<uuid:dose_id>/withdraw")
@allows(Permission.DOSE_ENTER)
def withdraw(child_id: UUID, dose_id: UUID) -> BaseResponse:
    """Withdraw a dose that the own office entered in error."""
    stays = service.withdraw(current_viewer(), child_id, dose_id, today())
    flash(_("The dose is withdrawn."))
    if stays:
        flash(_("Another office has entered the same dose too. Its entry stays."), "warn")
    return redirect(_back_here(child_id))


@blueprint.post("/<uuid:child_id>/<uuid:dose_id>/correct")
@allows(Permission.CORRECTION_DECIDE)
def correct(child_id: UUID, dose_id: UUID) -> BaseResponse:
    """Withdraw a dose that any office entered in error, from the file of a child of the own area."""
    service.withdraw(current_viewer(), child_id, dose_id, today())
    flash(_("The dose is withdrawn."))
    return redirect(url_for("children.file", child_id=child_id, _anchor="vaccination"))


def _child(viewer: Viewer, child_id: UUID) -> tuple[Child, Viewer]:
    """Return the kept file, and the viewer who may open what vaccination needs of it and nothing else."""
    if not queries.may_enter(viewer, child_id):
        outside_scope()
    kept = kept_by_id([child_id])[child_id].id
    needed = in_force(today()).services[queries.VACCINATION]
    fields = sealed_fields([*needed.visible_before, *needed.visible_after])
    return children_for_service([kept])[kept], viewer.opening(fields)


def _close(viewer: Viewer, child: Child, form: EntryForm) -> int:
    """Close the referral where nothing that is due is missing; what was entered is kept either way."""
    try:
        closed = closing.close(viewer, child.id, form.seen_referrals, today())
    except StaleVersionError:
        flash(_changed(), "warn")
        return 0
    if closed:
        flash(_("All doses due by age are given. The referral is closed; the office that asked can see it."))
    else:
        flash(_("The referral stays open: not everything that is due by age is given and entered."), "warn")
    return closed


def _changed() -> str:
    return str(_("Somebody else has just changed the referral, so it was not answered. Please look at it again."))


def _form(record: Record, child: Child, opening: Viewer, viewer: Viewer) -> EntryForm:
    """Make a box for every line of the table: also one that somebody else fills meanwhile was typed in."""
    schedule = in_force(today()).immunisation
    cells = tuple(_cell(line, schedule) for line in record.rows)
    born = birth_of(child, opening).earliest
    seen, referrals = record.version or FIRST_VERSION, closing.in_hand(viewer, child.id)
    return entry_form(cells, born, whole=record.whole, seen=seen, referrals=referrals)


def _cell(line: Line, schedule: Schedule) -> Cell:
    row = line.row
    others = [code for code, each in schedule.vaccines.items() if row.course in each.courses and code != row.vaccine]
    products = tuple((code, product(code)) for code in (row.vaccine, *others))
    return Cell(row.course, row.number, label(row.course, row.number), products)


def _page(opening: Viewer, child: Child, record: Record, form: EntryForm, coming: NextForm | None = None) -> str:
    data = {"day": closing.next_day(record, today()), "referrals": form.referrals.data}
    audit.note("child_opened", viewer=opening, children=[child.id], part="doses")
    return render_template(
        "doses/entry.html",
        child=child,
        opening=opening,
        birth=birth_of(child, opening),
        record=record,
        form=form,
        is_settled=record.state in closing.SETTLED,
        coming=coming or NextForm(prefix="next", formdata=None, data=data),
        referral_id=request.args.get("referral", type=UUID),
    )


def _tell(entered: service.Entered, form: EntryForm) -> None:
    new, known = len(entered.new), len(entered.known)
    if new:
        flash(ngettext("%(num)s dose is saved.", "%(num)s doses are saved.", new))
    if known:
        flash(ngettext("%(num)s dose was there already.", "%(num)s doses were there already.", known))
    if not new and not known:
        flash(_("Saved. No new dose was entered."))
    if form.seen.data != str(entered.version):
        flash(_("Somebody else saved doses of this child meanwhile. Theirs and yours are both in the table."), "warn")


def _back_here(child_id: UUID) -> str:
    return url_for("doses.entry", child_id=child_id, referral=request.args.get("referral", type=UUID))
