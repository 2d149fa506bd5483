"""The handbook on paper: one document in one language, with its contents in front and marks to leap to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _

from registry.handbook.book import Book
from registry.i18n import spoken
from registry.paper.sheet import LEFT, MM, QUIET, Imprint, Letters
from registry.web.filters import long_date
from sop.version import local_changes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from registry.handbook.book import Place
    from sop.content import Sop
    from sop.handbook.parts import Chapter

TITLE: Final = 26.0


def handbook_paper(sop: Sop, chapters: Sequence[Chapter], language: str, on: date, *, sample: bool) -> bytes:
    """Return the handbook as PDF. `chapters`: in "zh" or "en", as `language` says; `on`: the day it stands for."""
    imprint = Imprint(sop.handbook.title, sop.version, sample)
    body = Book(imprint, language)
    for chapter in chapters:
        body.chapter(chapter)
    before = len(_front(imprint, sop, body.places, on, language, before=0).sheet.pages)
    whole = _front(imprint, sop, body.places, on, language, before=before)
    whole.sheet.pages += body.sheet.pages
    return whole.pdf()


def _front(imprint: Imprint, sop: Sop, places: Sequence[Place], on: date, language: str, *, before: int) -> Book:
    """Return title and contents. `before`: how many pages they take, once that is known."""
    front = Book(imprint, language)
    with spoken(language):
        lines = [
            _("Procedure version %(version)s", version=sop.version),
            _("In force since %(day)s", day=long_date(sop.valid_from)),
            _("As it stands on %(day)s", day=long_date(on)),
        ]
        if local_changes(sop.version):
            lines.append(_("With the local rules of this deployment"))
        heading = _("Contents")
    front.space(24 * MM)
    title = sop.handbook.title.in_language(language)
    front.sheet.text((LEFT, front.y), title, Letters(TITLE, bold=True), language=language, kind="H1")
    front.space(4 * MM)
    for line in lines:
        front.lines(line, 10, language=language, ink=QUIET)
    front.space(8 * MM)
    front.subheading(heading, 13, language)
    front.contents(places, before)
    return front
