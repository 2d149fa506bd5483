"""The pages of the full file: what is still to be asked, section by section, and what was answered, to be changed."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, Viewer, allows, current_viewer, outside_scope
from registry.audit import service as audit
from registry.children import answers, asking, kept, siblings
from registry.children.answers_shown import MASKED, label_of, worded
from registry.children.facts import birth_of
from registry.children.queries import file_of
from registry.children.views.blueprint import blueprint
from registry.clock import today
from registry.web import buttons
from registry.web.conflicts import Change, Settled, fingerprint, settle
from sop.questions import withheld
from sop.version import in_force

if TYPE_CHECKING:
    from markupsafe import Markup
    from werkzeug.datastructures import MultiDict
    from werkzeug.wrappers import Response as BaseResponse

    from registry.children.answers import Answers
    from registry.children.asking import AskedForm
    from sop.questions import Question, QuestionSection, Value

    Answer = str | BaseResponse | tuple[str, int]
    Questions = tuple[Question, ...]


@blueprint.get("/<uuid:child_id>/questions")
@allows(Permission.FILE_CHANGE)
def questions(child_id: UUID) -> BaseResponse:
    """Lead to the first section that still has an open question; without one, back to the file."""
    viewer = current_viewer()
    known = answers.answers_of(viewer, file_of(viewer, child_id), today())
    return _next(known, None)


@blueprint.route("/<uuid:child_id>/questions/<string:section>", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def ask(child_id: UUID, section: str) -> Answer:
    """Ask what is not known yet of one section."""
    return _page(child_id, section, whole=False)


@blueprint.route("/<uuid:child_id>/answers/<string:section>", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def change_answers(child_id: UUID, section: str) -> Answer:
    """Show all that concerns the child in one section, to be changed."""
    return _page(child_id, section, whole=True)


def _page(child_id: UUID, code: str, *, whole: bool) -> Answer:
    viewer = current_viewer()
    if request.method == "POST":
        answers.hold(child_id)
    child = file_of(viewer, child_id)
    known = answers.answers_of(viewer, child, today())
    section = next((each for each in in_force(today()).questions.sections if each.code == code), None)
    if section is None:
        outside_scope()
    page = _Section(viewer, known, section, whole=whole)
    return page.sent(request.form) if request.method == "POST" else page.shown()


class _Section:
    """One section of one child's full file, as somebody fills it in."""

    def __init__(self, viewer: Viewer, known: Answers, section: QuestionSection, *, whole: bool) -> None:
        self.viewer, self.known, self.section, self.whole = viewer, known, section, whole
        self.begins = kept.begins(known.child, viewer)
        self.brothers = siblings.of(viewer, known)

    @property
    def offered(self) -> Questions:
        """What the page asks when it is opened: all that concerns the child, or only what is open."""
        asked = self.known.asked() if self.whole else self.known.open()
        return tuple(question for question in asked if question.section == self.section.code)

    def shown(self) -> Answer:
        """Open the page. One without a question leads on."""
        if not self.offered:
            return _next(self.known, self.section.code)
        values = {**self.begins, **self.known.values}
        return self._drawn(self.offered, self._form(self.offered, asking.posted(self.offered, values)))

    def _form(self, asked: Questions, typed: MultiDict[str, str]) -> AskedForm:
        return asking.form_for(asked, typed, self.begins, birth_of(self.known.child, self.viewer))

    def sent(self, typed: MultiDict[str, str]) -> Answer:
        """Take what was sent: questions that were on the page, whoever answered them meanwhile."""
        asked = tuple(each for each in self.section.questions if f"seen-{each.key}" in typed)
        if buttons.comes_back(typed):
            return self._drawn(asked, self._form(asked, typed))
        if "same" in typed:
            return self._drawn(asked, self._form(asked, self._filled(asked, typed)))
        form = self._form(asked, typed)
        if not form.validate() or self._taken_back(asked, form, typed):
            return self._drawn(asked, form), HTTPStatus.UNPROCESSABLE_ENTITY
        settled = settle(typed, self._changes(asked, self._values(asked, form)))
        if settled.met:
            return self._drawn(asked, form, settled), HTTPStatus.CONFLICT
        return self._kept(settled)

    def _taken_back(self, asked: Questions, form: AskedForm, typed: MultiDict[str, str]) -> bool:
        """Refuse an answer that was shown and is now empty: what is known is replaced by an answer, not by nothing."""
        for question in asked:
            emptied = question.key not in form.values and typed[f"seen-{question.key}"] != "0"
            if emptied and question.key in self.known.values and not self._kept_masked(question):
                words = _("Write the answer, or choose not known or declined")
                form[question.key].errors = [*form[question.key].errors, words]
        return any(form[question.key].errors for question in asked)

    def _values(self, asked: Questions, form: AskedForm) -> dict[str, Value]:
        """Return what was typed; a document whose kind alone was put right keeps its number."""
        values = form.values
        for question in asked:
            there = self.known.values.get(question.key)
            if (
                question.kind == "document"
                and question.key not in values
                and isinstance(there, dict)
                and "kind" in there
            ):
                values[question.key] = {**there, "kind": form[f"{question.key}_kind"].data or there["kind"]}
        return values

    def _kept_masked(self, question: Question) -> bool:
        """Say whether an answer is shown masked beside its field: left empty there, it stays."""
        return question.kind in MASKED and withheld(self.known.values.get(question.key)) is None

    def _on_file(self, asked: Questions) -> dict[str, str | Markup]:
        """Word the numbers that stand masked beside their fields, by question."""
        there = (each for each in asked if each.key in self.known.values and self._kept_masked(each))
        return {each.key: worded(each, self.known.values[each.key], whole=False) for each in there}

    def _filled(self, asked: Questions, typed: MultiDict[str, str]) -> MultiDict[str, str]:
        """Put what is the same for a brother or sister where nothing was typed; nothing is saved by that."""
        values = siblings.chosen(self.brothers, typed["same"])
        left_blank = tuple(each for each in asked if asking.blank(each, typed))
        filled = typed.copy()
        filled.update(asking.posted(left_blank, values))
        return filled

    def _changes(self, asked: Questions, typed: dict[str, Value]) -> list[Change]:
        return [self._change(question, typed[question.key]) for question in asked if question.key in typed]

    def _change(self, question: Question, after: Value) -> Change:
        before = self.known.values.get(question.key)
        version = fingerprint(before)
        return Change(
            question.key, label_of(question), version, before, after, lambda value: worded(question, value, whole=False)
        )

    def _kept(self, settled: Settled) -> BaseResponse:
        """Record what may be written, and go on: first to what these answers made a question of."""
        child = self.known.child
        was_open = {question.key for question in self.known.open()}
        for change in settled.write:
            question = in_force(today()).questions.question(change.key)
            answers.record_answer(self.viewer, child, question, change.after, today())
        if settled.write:
            answers.note_answered(self.viewer, child)
            flash(_("Saved. The file shows who changed it and when."))
        now = answers.answers_again(self.viewer, child, today())
        for question in now.open():
            if question.key not in was_open:
                return redirect(url_for("children.ask", child_id=child.id, section=question.section))
        if self.whole:
            return redirect(url_for("children.file", child_id=child.id))
        return _next(now, self.section.code)

    def _drawn(self, asked: Questions, form: AskedForm, settled: Settled | None = None) -> str:
        child = self.known.child
        same = [] if self.whole else siblings.offers(self.brothers, asked, self.viewer)
        met = [UUID(value) for value, _words in same if value != siblings.HOUSEHOLD]
        audit.note("child_opened", viewer=self.viewer, children=[child.id, *met], part="answers")
        told: dict[str, Any] = {
            "child": child,
            "form": form,
            "asked": asked,
            "section": self.section,
            "place": self._place(),
            "whole": self.whole,
            "met": settled.met if settled else (),
            "seen": self._seen(asked),
            "on_file": self._on_file(asked),
            "same": same,
        }
        return render_template("children/questions.html", **told)

    def _seen(self, asked: Questions) -> dict[str, int]:
        """The versions that the page was opened with stay the same while it comes back."""
        if request.method == "POST":
            sent = {each.key: request.form.get(f"seen-{each.key}", "0") for each in asked}
            return {key: int(value) if value.isdigit() else 0 for key, value in sent.items()}
        return {each.key: fingerprint(self.known.values.get(each.key)) for each in asked}

    def _place(self) -> tuple[int, int]:
        """Which of the sections that concern the child this is, and of how many."""
        codes = [each.code for each in self.known.sections(self.known.asked())]
        return codes.index(self.section.code) + 1 if self.section.code in codes else 1, len(codes)


def _next(known: Answers, code: str | None) -> BaseResponse:
    """Lead to the next section with an open question after this one; after the last to the file."""
    codes = [each.code for each in in_force(known.on).questions.sections]
    left = codes[codes.index(code) + 1 :] if code else codes
    wanted = {question.section for question in known.open()}
    following = next((each for each in left if each in wanted), None)
    if following is None:
        return redirect(url_for("children.file", child_id=known.child.id))
    return redirect(url_for("children.ask", child_id=known.child.id, section=following))
