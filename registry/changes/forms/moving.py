"""The shape of a move within the township, and of joining another household there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired, ValidationError

from registry.areas.codes import TOWNSHIP, full
from registry.areas.queries import blocks_of, children_of
from registry.changes.forms.reasons import codes, withheld
from registry.households.moving import Address
from registry.i18n import language
from registry.web.fields import Text
from registry.web.forms import RegistryForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.children.models import Guardianship


class MoveForm(RegistryForm):
    """The new community of the township, block and address."""

    area = SelectField(_l("Community"), [InputRequired(_l("Choose the community"))])
    block = SelectField(_l("Building or block"), default="", validate_choice=False)
    street = Text(_l("Address below the community"), max_length=200)
    answer = withheld(_l("If no address is given"))

    def offer(self, community: str) -> None:
        """Offer the communities of the township around one (12 digits), and the blocks of that one."""
        around = children_of(full(community[:TOWNSHIP]))
        self.area.choices = [(one.code, one.name(language())) for one in around]
        self.here = community
        rows = [row for row in blocks_of(community) if row.closed_on is None]
        self.block.choices = [("", _("No block")), *((str(row.id), row.name(language())) for row in rows)]

    def validate_street(self, field: Text) -> None:
        """Refuse nothing at all, and both at once."""
        if not field.data and not self.answer.data:
            raise ValidationError(_("Write the address, or choose why it is not known"))
        if field.data and self.answer.data:
            raise ValidationError(_("Something is written, and that it is not known is ticked as well: keep one"))

    def address(self) -> Address:
        """Return the new address; a block counts only in the community whose block it is."""
        offered = {code for code, _name in self.block.choices if code}
        inside = self.area.data == self.here and self.block.data in offered
        answer = "given" if self.street.data else str(self.answer.data)
        return Address(self.area.data, UUID(self.block.data) if inside else None, self.street.data, answer)


class FindHouseholdForm(RegistryForm):
    """Whom the child joins: an adult's whole phone number, or part of the name."""

    term = Text(
        _l("Phone or name of an adult of that household"),
        [InputRequired(_l("Enter a whole phone number, or part of a name"))],
        max_length=30,
    )


def relations(adults: Sequence[Any]) -> list[tuple[str, str]]:
    """Return what an adult may be to a child, nothing chosen beforehand."""
    return [("", _("Not a guardian of this child")), *codes("relation")] if adults else []


def kept_relations(guardianships: Sequence[Guardianship]) -> dict[UUID, str]:
    """Return what adults are to a child now."""
    return {one.guardian_id: one.relation for one in guardianships}
