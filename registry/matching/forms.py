"""What a supervisor sends about a pair: the version that was seen, the decision, the file to keep, and why."""

from __future__ import annotations

import re
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField

from registry.clock import today
from registry.i18n import language
from registry.web.forms import RegistryForm
from sop.version import in_force


class VersionForm(RegistryForm):
    """What every act carries: the version of the pair that the page showed."""

    version = HiddenField()

    def seen(self) -> int:
        """Return the version that the page showed; 0, which no pair has, when it was tampered with."""
        typed = self.version.data or ""
        return int(typed) if re.fullmatch("[0-9]{1,9}", typed) else 0


class DecisionForm(VersionForm):
    """Which file is kept should they be one child's, and on what it was judged."""

    kept = RadioField(_l("If it is the same child: which file is kept?"), validate_choice=False)
    reason = SelectField(_l("How do you know? (may be left empty)"), default="")

    def __init__(self) -> None:
        super().__init__()
        said = in_force(today()).codes["match_reason"].choices(language())
        self.reason.choices = [("", _("Choose…")), *said]

    def kept_id(self) -> UUID | None:
        """Return the file to be kept, None when it was not chosen."""
        try:
            return UUID(self.kept.data or "")
        except ValueError:
            return None
