"""What somebody filled in of an identity after somebody else had: both are shown, and nothing is lost unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from registry.changes.forms.identity import FillInForm
from registry.changes.wording import Words, field_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from markupsafe import Markup

    from registry.children.correcting import Identity

PARTS = ("year", "month", "day")
SAYS = frozenset({"none", "refused"})  # that a number will follow is ticked before anybody said so


class Overtaken(NamedTuple):
    """A field that has been filled in since the page was opened: what is on file now, and what was written."""

    label: str
    on_file: str | Markup
    written: str | Markup


def overtaken(old: Identity, missing: tuple[str, ...], sent: Mapping[str, str]) -> list[Overtaken]:
    """Return what a sent page says otherwise of fields that are no longer missing. `sent`: the posted form."""
    late = tuple(field for field in _written(sent) if field not in missing)
    if not late:
        return []
    form = FillInForm(old, late)
    form.validate()
    on_file, told = old.told(), {} if form.errors else form.told()
    words, whole = Words(), Words(whole=True)
    return [
        Overtaken(
            field_in_words(field),
            words.value(field, on_file[field]),
            whole.value(field, told[field]) if field in told else _raw(field, sent),
        )
        for field in late
        if told.get(field, _raw(field, sent)) != on_file[field]
    ]


def _written(sent: Mapping[str, str]) -> Iterator[str]:
    """Yield the fields of an identity of which a page says anything."""
    if sent.get("name", "").strip():
        yield "name"
    if sent.get("birth_date-day", "").strip():
        yield "birth_date"
    if sent.get("id_number", "").strip() or sent.get("id_answer") in SAYS:
        yield "id_number"


def _raw(field: str, sent: Mapping[str, str]) -> str:
    """Return what was typed, where it cannot be read."""
    if field == "birth_date":
        return "-".join(sent.get(f"birth_date-{part}", "") for part in PARTS)
    return sent.get(field, "").strip()
