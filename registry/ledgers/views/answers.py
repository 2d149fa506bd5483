"""Pages of a service office's list: out as a spreadsheet, back filled in, looked through, applied, mended."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import HiddenField

from registry.access import Permission, Viewer, allows, current_viewer, outside_scope
from registry.audit import service as audit
from registry.children.display import person
from registry.children.fields import sealed_fields
from registry.clock import today
from registry.i18n import language
from registry.ledgers.out import answering, downloads
from registry.ledgers.out.answer_judging import outcome_words
from registry.ledgers.out.answer_words import said, state_tag
from registry.ledgers.out.forms import AnswersForm
from registry.ledgers.out.reading import NoHeadingsError, TooManyAnswersError
from registry.ledgers.sheets import BookError
from registry.ledgers.views.blueprint import blueprint
from registry.ledgers.views.out import made_later, refused_today
from registry.ledgers.words import fault_words
from registry.ledgers.xlsx import xlsx_answer
from registry.referrals.lists import office_list
from registry.referrals.shown import reference, visible_fields
from registry.web.forms import RegistryForm
from registry.web.uploads import takes_file
from sop.downloads import ITEM
from sop.referral import WITH_OFFICE
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from markupsafe import Markup
    from werkzeug.wrappers import Response as BaseResponse

    from registry.ledgers.out.answering import Shown

    Answer = BaseResponse | tuple[str, int] | str

IN_ORDER = (answering.FAULTY, answering.READY, answering.APPLIED, answering.TOLD)


class OnceForm(RegistryForm):
    """An act that is done once, however often its button is pressed."""

    once = HiddenField()

    def act(self) -> uuid.UUID:
        """Return the id of the act; a new one where it was tampered with."""
        try:
            return uuid.UUID(self.once.data or "")
        except ValueError:
            return uuid.uuid4()


@blueprint.route("/answers", methods=["GET", "POST"])
@allows(Permission.REFERRAL_WORK)
@takes_file
def answers() -> Answer:
    """Offer the list of the own office, and take it back filled in."""
    viewer, form = current_viewer(), AnswersForm()
    if request.method == "GET":
        return _page(viewer, AnswersForm(formdata=None))
    if form.validate():
        try:
            ledger = answering.bring(viewer, form.file.data or b"", form.file.filename, today())
        except (BookError, NoHeadingsError, TooManyAnswersError) as error:
            form.file.errors = [_why(error)]
        else:
            return redirect(url_for("ledgers.answered", ledger_id=ledger.id))
    return _page(viewer, form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.post("/answers/list")
@allows(Permission.LIST_DOWNLOAD)
def answers_list() -> Answer:
    """Answer with the own office's list as a spreadsheet."""
    viewer = current_viewer()
    if not viewer.may(Permission.REFERRAL_WORK):
        outside_scope()  # who keeps files has another list
    try:
        taken = answering.take_out(viewer, OnceForm().act())
    except answering.TooManyReferralsError as error:
        most = error.most
        words = ngettext("One list holds at most %(num)s referral.", "One list holds at most %(num)s referrals.", most)
        return _page(viewer, AnswersForm(formdata=None), too_many=words), HTTPStatus.UNPROCESSABLE_ENTITY
    except downloads.TooManyTodayError as error:
        return _page(viewer, AnswersForm(formdata=None), too_many=refused_today(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    return made_later(lambda: answering.document(viewer, taken), f"referrals-{today().isoformat()}")


@blueprint.get("/answers/<uuid:ledger_id>")
@allows(Permission.REFERRAL_WORK)
def answered(ledger_id: UUID) -> str:
    """Show what a file that came back would do, or has done, row by row."""
    viewer = current_viewer()
    ledger = answering.brought(viewer, ledger_id)
    rows = sorted(answering.shown_rows(viewer, ledger), key=lambda each: IN_ORDER.index(each.row.outcome))
    names = {each.row.id: _name(viewer, each) for each in rows}
    children = {each.row.child_id for each in rows if each.row.child_id and names[each.row.id]}
    audit.note("children_listed", viewer=viewer, children=children, list="answers", shown=len(children))
    alone = len({each.row.sheet for each in rows}) == 1
    return render_template(
        "ledgers/out/answered.html",
        ledger=ledger,
        rows=[_row(viewer, each, names[each.row.id], alone=alone) for each in rows],
        counts=_counts(rows),
        untouched=answering.untouched(ledger, viewer),
        mendable=any(_mendable(each) for each in rows),
        waits=ledger.state == answering.READ,
    )


@blueprint.post("/answers/<uuid:ledger_id>/apply")
@allows(Permission.REFERRAL_WORK)
def apply_answers(ledger_id: UUID) -> Answer:
    """Apply the rows that are ready."""
    ledger = answering.apply(current_viewer(), ledger_id, today())
    flash(ngettext("%(num)s answer is applied.", "%(num)s answers are applied.", ledger.rows_done))
    return redirect(url_for("ledgers.answered", ledger_id=ledger_id))


@blueprint.post("/answers/<uuid:ledger_id>/mend")
@allows(Permission.LIST_DOWNLOAD)
def answers_to_mend(ledger_id: UUID) -> Answer:
    """Answer with the rows that could not be applied as a spreadsheet."""
    try:
        content = answering.to_mend(current_viewer(), ledger_id)
    except downloads.TooManyTodayError as error:
        flash(refused_today(error))
        return redirect(url_for("ledgers.answered", ledger_id=ledger_id))
    return xlsx_answer(content, f"referrals-to-mend-{today().isoformat()}")


def _page(viewer: Viewer, form: AnswersForm, *, too_many: str | None = None) -> str:
    return render_template(
        "ledgers/out/answers.html",
        form=form,
        once=OnceForm(formdata=None, once=str(uuid.uuid4())),
        waiting=office_list.counts(viewer, today())["open"],
        rules=in_force(today()).downloads,
        too_many=too_many,
    )


def _why(error: BookError | NoHeadingsError | TooManyAnswersError) -> str:
    """Say why a file could not be taken."""
    if isinstance(error, BookError):
        return fault_words(error.code)
    if isinstance(error, TooManyAnswersError):
        most = error.most
        words = ngettext(
            "The file answers more than %(num)s referral. Divide it and bring the parts one after the other.",
            "The file answers more than %(num)s referrals. Divide it and bring the parts one after the other.",
            most,
        )
        return str(words)
    return str(_("No column of keys was found. Bring the list that was taken out here, with its headings."))


def _name(viewer: Viewer, each: Shown) -> Markup | None:
    """Open the name where the office may see it in the referral's present state."""
    referral = each.judged.referral
    if referral is None or "child.name" not in visible_fields(referral):
        return None
    return person(referral.child, viewer.opening(sealed_fields(["child.name"])))


def _row(viewer: Viewer, each: Shown, name: Markup | None, *, alone: bool) -> dict[str, object]:
    referral, typed = each.judged.referral, each.judged.filled.typed
    return {
        "place": _place(each.row.sheet, each.row.row, alone=alone),
        "name": name or (reference(referral) if referral else None),
        "url": url_for("referrals.show", referral_id=referral.id) if referral else None,
        "outcome": outcome_words(referral, typed["outcome"]),
        "beside": _beside(typed),
        "tag": state_tag(each.row.outcome),
        "faults": said(answering.faults_of(each.row, viewer)),
    }


def _beside(typed: Mapping[str, str]) -> str:
    """Return what was typed beside the outcome; of an item that was compared, with its heading."""
    rules, said = in_force(today()).downloads, list[str]()
    for column in (each for each in rules.filled_in if typed.get(each) and each != "outcome"):
        heading = rules.answers[column].in_language(language())
        named = _("%(column)s: %(message)s", column=heading, message=typed[column])
        said.append(named if column.startswith(ITEM) else typed[column])
    return "; ".join(said)


def _place(sheet: int, row: int, *, alone: bool) -> str:
    """Say where a row stands in the file; the sheet, too, unless it is the only one that was filled in."""
    if alone:
        return str(_("Row %(number)s", number=row))
    return str(_("Sheet %(sheet)s, row %(number)s", sheet=sheet + 1, number=row))


def _counts(rows: list[Shown]) -> dict[str, int]:
    return {state: sum(each.row.outcome == state for each in rows) for state in IN_ORDER}


def _mendable(each: Shown) -> bool:
    referral = each.judged.referral
    return each.row.outcome == answering.FAULTY and referral is not None and referral.state in WITH_OFFICE
