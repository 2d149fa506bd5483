"""Fields that the forms of changes share: why, a note, and the two answers that stand beside a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from registry.clock import today
from registry.i18n import language
from registry.web.fields import Text, Tiles
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_NOTE = 200
WITHHELD = ("unknown", "refused")


def codes(name: str) -> list[tuple[str, str]]:
    """Return the choices of a code list in the language of the page."""
    return in_force(today()).codes[name].choices(language())


def chosen_from(name: str) -> Callable[[], list[tuple[str, str]]]:
    """Return what a select offers: the codes of a list, none of them chosen beforehand."""
    return lambda: [("", _("Choose…")), *codes(name)]


def reason(list_name: str = "correction_reason", label: object = _l("Reason")) -> Any:  # noqa: ANN401
    """Return the field for why something is changed."""
    return SelectField(label, [InputRequired(_l("Choose a reason"))], choices=chosen_from(list_name), default="")


def note(label: object = _l("Note (may be left empty)")) -> Any:  # noqa: ANN401
    """Return the field for a remark, which is kept sealed."""
    return Text(label, max_length=LONGEST_NOTE)


def withheld(label: object) -> Any:  # noqa: ANN401
    """Return the two answers that may stand in the place of a value: not known, and declined."""
    return Tiles(label, choices=lambda: [pair for pair in codes("stays") if pair[0] in WITHHELD])
