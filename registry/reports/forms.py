"""The shape of the pages that give a family a paper about it: to whom it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from registry.children.fields import guardian
from registry.children.guardianships import present
from registry.web.fields import Tiles
from registry.web.forms import RegistryForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.access import Viewer
    from registry.children.models import Child

SOMEBODY = "somebody"


class CopyForm(RegistryForm):
    """Which guardian gets the copy."""

    recipient = Tiles(_l("Who gets the copy?"), choices=[], validators=[InputRequired(_l("Choose who gets the copy"))])

    def offer(self, children: Iterable[Child], viewer: Viewer) -> None:
        """Offer the guardians and carers of these children of one family, and somebody else who is entitled to it."""
        adults = {str(one.guardian_id): guardian(one, viewer) for child in children for one in present(child)}
        self.recipient.choices = [*adults.items(), (SOMEBODY, _("Somebody else who is entitled to it"))]

    def chosen(self) -> UUID | None:
        """Return the guardian of a valid form, None for somebody else."""
        return None if self.recipient.data == SOMEBODY else UUID(self.recipient.data)


class ReceiptForm(CopyForm):
    """Which guardian gets the receipt."""

    recipient = Tiles(
        _l("Who gets the receipt?"), choices=[], validators=[InputRequired(_l("Choose who gets the receipt"))]
    )
