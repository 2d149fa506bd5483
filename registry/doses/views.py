"""Pages of doses: the clinic enters what the certificate shows, and withdraws what was entered in error."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
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
from registry.doses import closing, queries, service, withdrawing
from registry.doses.errors import DoseError
from registry.doses.forms import Cell, EntryForm, NextForm, WithdrawForm, entry_form
from registry.doses.shown import label, product
from registry.referrals.errors import StaleVersionError, UnfitAnswerError
from registry.web.buttons import language_chosen
from registry.web.filters import long_date
from sop.immunisation.standing import NOTHING_DUE
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response as BaseResponse

    from registry.children.models import Child
    from registry.doses.queries import Line, Record
    from registry.referrals.models import Referral
    from sop.immunisation import Schedule

FIRST_VERSION = 1  # of a record that is made by the first who saves


class Opened(NamedTuple):
    """A kept file, the viewer who may open what vaccination needs of it and no more, and the referrals in hand."""

    child: Child
    opening: Viewer
    referrals: Sequence[Referral]


blueprint = Blueprint("doses", __name__, url_prefix="/doses", template_folder="templates")


@blueprint.route("/<uuid:child_id>", methods=["GET", "POST"])
@allows(Permission.DOSE_ENTER)
def entry(child_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Enter doses of a child whose referral the own office has accepted, in the table of the certificate."""
    viewer = current_viewer()
    there = _opened(viewer, child_id)
    record = queries.record_of(there.opening, there.child)
    form = _form(record, there)
    if request.method == "GET" or language_chosen(request.form):
        return _page(there, record, form)
    if not form.validate_on_submit():
        return _page(there, record, form), HTTPStatus.UNPROCESSABLE_ENTITY
    entries = [one for one, _box in form.entered()]
    try:
        entered = service.enter(viewer, there.child.id, entries, form.tick, today())
    except DoseError as error:
        form.hang(error)
        return _page(there, record, form), HTTPStatus.UNPROCESSABLE_ENTITY
    _tell(entered, form)
    closed = _close(viewer, there, form)
    return redirect(url_for("referrals.inbox") if closed else _back_here(child_id))


@blueprint.post("/<uuid:child_id>/next")
@allows(Permission.DOSE_ENTER)
def next_dose(child_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Answer the referral that more doses are to come, and when."""
    viewer, form = current_viewer(), NextForm(prefix="next")
    there = _opened(viewer, child_id)
    if not closing.takes_next_day(viewer, there.referrals):
        outside_scope()
    try:
        if form.validate():
            closing.note_next(viewer, there.child.id, form.seen_referrals, form.wanted(), today())
            flash(_("The interim answer is recorded. The time limit goes on."))
            return redirect(_back_here(child_id))
    except UnfitAnswerError as error:
        form.refuse_day(error.until)
    except StaleVersionError:
        flash(_changed(), "warn")
        return redirect(_back_here(child_id))
    record = queries.record_of(there.opening, there.child)
    return _page(there, record, _form(record, there), form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.route("/<uuid:child_id>/<uuid:dose_id>/withdraw", methods=["GET", "POST"])
@allows(Permission.DOSE_ENTER)
def withdraw(child_id: UUID, dose_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Withdraw a dose that the own office entered in error, once it was said why."""
    there = _opened(current_viewer(), child_id)
    return _withdrawing(there.child, there.opening, dose_id, _back_here(child_id))


@blueprint.route("/<uuid:child_id>/<uuid:dose_id>/correct", methods=["GET", "POST"])
@allows(Permission.CORRECTION_DECIDE)
def correct(child_id: UUID, dose_id: UUID) -> str | tuple[str, int] | BaseResponse:
    """Withdraw a dose that any office entered in error, from the file of a child of the own area."""
    viewer = current_viewer()
    if not queries.may_correct(viewer, child_id):
        outside_scope()
    kept = kept_by_id([child_id])[child_id].id
    back = url_for("children.file", child_id=child_id, _anchor="vaccination")
    return _withdrawing(children_for_service([kept])[kept], viewer, dose_id, back)


def _withdrawing(child: Child, opening: Viewer, dose_id: UUID, back: str) -> str | tuple[str, int] | BaseResponse:
    """Ask why; then withdraw, and go back."""
    viewer, form = current_viewer(), WithdrawForm()
    dose = withdrawing.withdrawable(viewer, child.id, dose_id)
    if request.method == "POST" and not language_chosen(request.form) and form.validate():
        stays = withdrawing.withdraw(viewer, child.id, dose_id, form.reason.data, today())
        flash(_("The dose is withdrawn."))
        if stays:
            flash(_("Another office has entered the same dose too. Its entry stays."), "warn")
        return redirect(back)
    audit.note("child_opened", viewer=opening, children=[child.id], part="doses")
    page = render_template("doses/withdraw.html", child=child, opening=opening, dose=dose, form=form, back=back)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _opened(viewer: Viewer, child_id: UUID) -> Opened:
    """Return the kept file; 404 where the own office works on no referral of the child."""
    if not queries.may_enter(viewer, child_id):
        outside_scope()
    kept = kept_by_id([child_id])[child_id].id
    needed = in_force(today()).services[queries.VACCINATION]
    fields = sealed_fields([*needed.visible_before, *needed.visible_after])
    return Opened(children_for_service([kept])[kept], viewer.opening(fields), closing.in_hand(viewer, kept))


def _close(viewer: Viewer, there: Opened, form: EntryForm) -> int:
    """Close the referral where that is wanted and nothing that is due is missing; what was entered is kept anyway."""
    until = closing.answered_by(there.referrals)
    if not form.close.data:
        flash(_("The referral stays open. It is to be answered by %(day)s.", day=long_date(until)))
        return 0
    try:
        closed = closing.close(viewer, there.child.id, form.seen_referrals, today())
    except StaleVersionError:
        flash(_changed(), "warn")
        return 0
    if closed:
        flash(_("All doses due by age are given. The referral is closed; the office that asked can see it."))
    else:
        flash(_("The referral stays open: not everything that is due by age is given and entered."), "warn")
        flash(_("It is to be answered by %(day)s.", day=long_date(until)), "warn")
    return closed


def _changed() -> str:
    return str(_("Somebody else has just changed the referral, so it was not answered. Please look at it again."))


def _form(record: Record, there: Opened) -> EntryForm:
    """Make a box for every line of the table: also one that somebody else fills meanwhile was typed in."""
    schedule = in_force(today()).immunisation
    cells = tuple(_cell(line, schedule) for line in record.rows)
    born, seen = birth_of(there.child, there.opening).earliest, record.version or FIRST_VERSION
    return entry_form(cells, born, whole=record.whole, seen=seen, referrals=there.referrals)


def _cell(line: Line, schedule: Schedule) -> Cell:
    row = line.row
    others = [code for code, each in schedule.vaccines.items() if row.course in each.courses and code != row.vaccine]
    products = tuple((code, product(code)) for code in (row.vaccine, *others))
    return Cell(row.course, row.number, label(row.course, row.number), products)


def _page(there: Opened, record: Record, form: EntryForm, coming: NextForm | None = None) -> str:
    data = {"day": closing.next_day(record, today()), "referrals": form.referrals.data}
    audit.note("child_opened", viewer=there.opening, children=[there.child.id], part="doses")
    return render_template(
        "doses/entry.html",
        child=there.child,
        opening=there.opening,
        birth=birth_of(there.child, there.opening),
        record=record,
        form=form,
        asks_next=record.state not in NOTHING_DUE and closing.takes_next_day(there.opening, there.referrals),
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
