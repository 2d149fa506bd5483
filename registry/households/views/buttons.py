"""Buttons that change a page instead of sending it on: add, remove, read the number, switch the language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from registry.households.typed import add, count, remove
from registry.web.buttons import PLACE_BUTTONS, language_chosen

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from registry.households.typed import Typed


class Stay(NamedTuple):
    """What the page holds now, and where on it to look."""

    typed: Typed
    anchor: str


def pressed(form: MultiDict[str, str], typed: Typed, group: str) -> Stay | None:
    """Return what a button made of the page; None when the page was sent to go on."""
    if language_chosen(form):
        return Stay(typed, "form")
    if place := next((name for name in form if name.endswith(PLACE_BUTTONS)), None):
        return Stay(typed, place.rsplit("-", 1)[0])
    if form.get("add") == group:
        return Stay(add(typed, group), f"{group}-{count(typed, group)}")
    number = form.get("remove") or form.get("read") or ""
    if not re.fullmatch("[0-9]{1,3}", number):
        return None
    if "remove" in form:
        return Stay(remove(typed, group, int(number)), "form")
    return Stay(typed, f"{group}-{number}")
