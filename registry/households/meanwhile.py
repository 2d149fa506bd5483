"""A page of an intake that was sent from elsewhere meanwhile: what is kept stands beside what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from wtforms import BooleanField, FieldList, FormField

from registry.areas.forms import AreaField
from registry.households import places
from registry.households.forms import whole
from registry.households.typed import without_empty
from registry.web.fields import DateParts
from registry.web.filters import long_date
from sop.identity import BirthDate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.access import Viewer
    from registry.households.drafts import Draft
    from registry.households.typed import Typed
    from registry.web.forms import RegistryForm

STAMP = "stamp"


def changed(draft: Draft, page: str, typed: Typed, stamp: str | None) -> bool:
    """Say whether something else was kept of a page since it was shown with this stamp.

    The same answers sent twice, as when an answer was lost on the way, change nothing.
    """
    kept = draft.typed(page)
    if kept is None or stamp == draft.stamp(page):
        return False
    least = whole.least_rows(draft, page)
    return kept not in (typed, without_empty(typed, whole.GROUPS[page], whole.PREFILLED[page], least=least))


def kept_otherwise(draft: Draft, viewer: Viewer, page: str, form: RegistryForm) -> list[tuple[str, str]]:
    """Return the answers of a page that are kept otherwise than `form` holds them, as (question, kept answer)."""
    kept = dict(_answers(whole.form_of(draft, viewer, page, draft.typed(page) or [])))
    typed = dict(_answers(form))
    asked = [*kept, *(name for name in typed if name not in kept)]
    return [(label, said) for label, said, other in (_sides(name, kept, typed) for name in asked) if said != other]


def _sides(name: str, kept: dict[str, tuple[str, str]], typed: dict[str, tuple[str, str]]) -> tuple[str, str, str]:
    """Return the question, the kept answer and the typed one; a row that only one side has is empty on the other."""
    label = (kept.get(name) or typed[name])[0]
    return label, kept.get(name, ("", ""))[1], typed.get(name, ("", ""))[1]


def _answers(form: Any, person: str | None = None) -> Iterator[tuple[str, tuple[str, str]]]:  # noqa: ANN401
    """Yield by name of the field its question, with whom it is about, and the answer in words."""
    for field in form:
        if isinstance(field, FieldList):
            for number, entry in enumerate(field.entries, 1):
                part = entry.form if isinstance(entry, FormField) else None
                yield from _answers(part, part.person(number)) if part else ()
        elif field.type != "CSRFTokenField":
            label = str(field.label.text)
            yield (
                field.name,
                (_("%(person)s: %(message)s", person=person, message=label) if person else label, _said(field)),
            )


def _said(field: Any) -> str:  # noqa: ANN401
    if not field.data:
        return ""
    if isinstance(field, DateParts):
        return str(long_date(BirthDate(*field.data)))
    if isinstance(field, AreaField):
        return str(places.written(field.data) or "")
    if isinstance(field, BooleanField):
        return str(_("Yes"))
    offered = dict(getattr(field, "choices", None) or ())
    return str(offered.get(field.data, field.data))
