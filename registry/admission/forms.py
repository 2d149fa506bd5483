"""The form of the papers that a family has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField

from registry.web.forms import RegistryForm

if TYPE_CHECKING:
    from sop.documents import Checklist

BETWEEN = " "


class PapersForm(RegistryForm):
    """Which papers are there, by their codes. `seen`: those that were ticked when the page was opened.

    What the list of today does not ask for is passed over: it may have been another one when the page was opened.
    """

    paper = SelectMultipleField(_l("Papers that the family has"), choices=[], validate_choice=False)
    seen = HiddenField()

    def ticked(self, asked: Checklist) -> frozenset[str]:
        """Return the papers of a list that are ticked."""
        return _of(asked, self.paper.data or ())

    def were_ticked(self, asked: Checklist) -> frozenset[str]:
        """Return the papers of a list that were ticked when the page was opened."""
        return _of(asked, (self.seen.data or "").split(BETWEEN))


def _of(asked: Checklist, codes: list[str] | tuple[str, ...]) -> frozenset[str]:
    return frozenset(paper.code for paper in asked.papers) & frozenset(codes)
