"""The notice to guardians on paper: to keep, with a slip to tear off for the guardian's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _

from registry.clock import today
from registry.paper.form import BlankForm
from registry.paper.said import both
from registry.paper.sheet import BOTTOM, LEFT, MM, QUIET, RIGHT, Letters
from registry.reports.asking import asked
from registry.reports.quick import NOTICE, shapes
from sop.version import in_force

if TYPE_CHECKING:
    from registry.paper.sheet import Imprint
    from sop.notice import Notice

SIZES: Final = {"zh": 9.2, "en": 8.8}
SLIP: Final = 62 * MM  # as high as what is torn off


def notice_paper(imprint: Imprint) -> bytes:
    """Return the notice in force as PDF: in Chinese with the slip below it, and in English on the back."""
    form, notice = BlankForm(imprint), in_force(today()).notice
    form.title(notice.title)
    form.fields([both(lambda: _("Office")), both(lambda: _("Phone"))])
    _text(form, notice, "zh")
    if form.y - BOTTOM < SLIP:
        form.turn()
    _slip(form, notice)
    form.turn()
    form.title(notice.title)
    _text(form, notice, "en")
    return form.pdf()


def _text(form: BlankForm, notice: Notice, language: str) -> None:
    size = SIZES[language]
    for promise in notice.promises:
        form.lines(promise.in_language(language), size, language=language, bullet=True, inset=9)
    for section in notice.sections:
        form.space(1.6 * MM)
        form.need(4 * size)
        form.subheading(section.heading.in_language(language), size, language)
        for paragraph in section.paragraphs:
            form.lines(paragraph.in_language(language), size, language=language)


def _slip(form: BlankForm, notice: Notice) -> None:
    """Draw the slip at the foot of the page, whatever room is left above it."""
    sheet, form.y = form.sheet, BOTTOM + SLIP
    sheet.line(LEFT - 10 * MM, form.y, RIGHT + 10 * MM, form.y, ink=QUIET, dashed=True)
    sheet.both((LEFT, form.y - 4 * MM), both(lambda: _("Cut here; the office keeps this part")), Letters(7.5, QUIET))
    form.space(6 * MM)
    form.heading(both(lambda: _("Slip: the guardian's answer to notice %(version)s", version=notice.version)))
    for question in asked(NOTICE.names, shapes("receiving"), {}):
        form.question(question)
    form.space(2 * MM)
    form.fields([both(lambda: _("Guardian's name")), both(lambda: _("Guardian's signature"))])
    form.fields([both(lambda: _("Date")), both(lambda: _("Registrar's signature"))])
