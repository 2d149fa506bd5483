"""Buttons that change a page with a form instead of sending it on: the other language, a place to be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import refresh

from registry.i18n import choose

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

PLACE_BUTTONS = ("-find", "-open")  # of a field that chooses a division


def language_chosen(form: MultiDict[str, str]) -> bool:
    """Switch the language when its button was pressed, and say whether it was."""
    chosen = form.get("_language")
    if chosen is None:
        return False
    choose(chosen)
    refresh()
    return True


def comes_back(form: MultiDict[str, str]) -> bool:
    """Say whether a button only asked for the same page again, with everything typed kept and nothing judged."""
    return language_chosen(form) or any(name.endswith(PLACE_BUTTONS) for name in form)
