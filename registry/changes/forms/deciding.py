"""The shape of a decision on a correction: approved, or refused with a reason."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired

from registry.changes.forms.reasons import chosen_from, note
from registry.web.fields import Tiles
from registry.web.forms import RegistryForm

APPROVE, REFUSE = "approve", "refuse"


def _decisions() -> list[tuple[str, Any]]:
    return [(APPROVE, _l("Approve")), (REFUSE, _l("Refuse"))]


class DecideForm(RegistryForm):
    """The decision; `version` is of the child, as the page showed it."""

    version = HiddenField()
    decision = Tiles(_l("Decision"), [InputRequired(_l("Choose a decision"))], choices=_decisions)
    refusal = SelectField(_l("Reason, if it is refused"), choices=chosen_from("refusal_reason"), default="")
    answer = note(_l("Note to who asked (may be left empty)"))

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Ask for the reason of a refusal."""
        fine = bool(super().validate(extra_validators))
        if self.decision.data == REFUSE and not self.refusal.data:
            self.refusal.errors = [_("Choose a reason")]
            return False
        return fine

    @property
    def approves(self) -> bool:
        """Whether what was asked for is to hold."""
        return bool(self.decision.data == APPROVE)

    def seen(self) -> int:
        """Return the version of the child that the page showed, 0 where it was not sent."""
        sent = self.version.data or ""
        return int(sent) if sent.isdecimal() and len(sent) < 10 else 0  # noqa: PLR2004 -- digits of a version
