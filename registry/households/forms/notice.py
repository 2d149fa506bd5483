"""The shape of the first page: which quick form, and what the guardian answers to the notice."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import UUID, InputRequired

from registry.web.fields import Tiles
from registry.web.forms import RegistryForm

AGREES = "agrees"
SIDES = ("receiving", "sending")


def _sides() -> list[tuple[str, Any]]:
    return [("receiving", _l("A family that moved here")), ("sending", _l("Parents away, child here"))]


def _answers() -> list[tuple[str, Any]]:
    return [(AGREES, _l("Explained, and agrees")), ("declines", _l("Does not agree"))]


class NoticeForm(RegistryForm):
    """Form and answer; the browser carries the id of the draft, so that a double click makes one."""

    draft = HiddenField(validators=[UUID(_l("Begin again from the first page"))])
    side = Tiles(
        _l("Which form?"), validators=[InputRequired(_l("Choose which form fits this family"))], choices=_sides
    )
    answer = Tiles(
        _l("The guardian's answer"),
        validators=[InputRequired(_l("Choose what the guardian answered"))],
        choices=_answers,
    )
