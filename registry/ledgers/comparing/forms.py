"""The form of a comparison: the department's list, whose it is, and with which part of the register it is compared."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired

from registry.clock import today
from registry.database import uuid7
from registry.i18n import language
from registry.ledgers.comparing.service import Sent
from registry.ledgers.forms import TOO_BIG, UploadForm
from registry.web.uploads import SentFile
from sop.version import in_force

if TYPE_CHECKING:
    from uuid import UUID

    from registry.access import Viewer


class CompareForm(UploadForm):
    """A department's list, whose it is, the area with whose register it is compared, and the day."""

    file = SentFile(_l("File of the list"), missing=_l("Choose the file of the list"), too_big=TOO_BIG)
    department = SelectField(_l("Whose list it is"), [InputRequired(_l("Choose whose list it is"))], choices=[])
    area = SelectField(_l("Compare with the register of"), [InputRequired(_l("Choose the place"))], choices=[])
    once = HiddenField()

    def offer(self, viewer: Viewer) -> None:
        """Offer the departments, and the viewer's own area with the towns and communities in it."""
        super().offer(viewer)
        words = in_force(today()).rosters.departments
        self.department.choices = [(code, each.in_language(language())) for code, each in words.items()]
        self.once.data = self.once.data or str(uuid7())

    def sent(self) -> Sent:
        """Return what was sent, of a valid form."""
        name = self.file.filename or None
        return Sent(self.file.data or b"", name, self.department.data, self.area.data, self.judged_on())

    def act(self) -> UUID:
        """Return the id that names this act; a new one where it was tampered with."""
        try:
            return uuid.UUID(self.once.data or "")
        except ValueError:
            return uuid7()
