"""Two files side by side, field by field, with what differs; numbers are compared without being shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from registry.areas.queries import office_names
from registry.children import fields
from registry.children.display import answer, status_tag
from registry.children.queries import children_for_service, present_episode
from registry.i18n import language
from registry.web.filters import joined, long_date
from sop.identity import mask_id_number

if TYPE_CHECKING:
    from uuid import UUID

    from markupsafe import Markup

    from registry.access import Viewer
    from registry.children.models import Child

    Said = str | Markup


@dataclass(frozen=True)
class Line:
    """One field: what either file says, and whether they say something different. `note`: how numbers differ."""

    label: str
    one: Said
    other: Said
    note: str = ""

    @property
    def differs(self) -> bool:
        """Say whether both files answer, and not the same."""
        return bool(self.note) or bool(self.one and self.other and str(self.one) != str(self.other))


@dataclass(frozen=True)
class Comparison:
    """Two files, the older first, and their fields in the order of a file."""

    files: tuple[Child, Child]
    lines: list[Line]


def compared(viewer: Viewer, pair: tuple[UUID, UUID]) -> Comparison:
    """Return a pair of files side by side. Whoever calls has checked that the viewer covers both."""
    found = children_for_service(pair)
    one, other = (found[each] for each in sorted(pair))  # ids are in the order of making
    offices = office_names({one.registered_by_office, other.registered_by_office}, language())
    sides = [_said(child, viewer, offices.get(child.registered_by_office, "")) for child in (one, other)]
    lines = [Line(label, sides[0][label], sides[1][label]) for label in sides[0]]
    number = _("ID number")
    note = fields.difference(one.id_number.open(viewer), other.id_number.open(viewer))
    lines = [Line(line.label, line.one, line.other, note) if line.label == number else line for line in lines]
    return Comparison((one, other), lines)


def _said(child: Child, viewer: Viewer, office: str) -> dict[str, Said]:
    """Word what a file says of a child, by label."""
    episode, number = present_episode(child), child.id_number.open(viewer)
    return {
        _("Name"): child.name.open(viewer) or "",
        _("Date of birth"): fields.born(child, viewer),
        _("Sex"): answer("sex", child.sex),
        _("ID number"): mask_id_number(number) if number else fields.without_number(child),
        _("Ethnic group"): answer("ethnic", child.ethnic.open(viewer)),
        _("Hukou"): fields.hukou(child, viewer),
        _("Guardians"): fields.guardians(child, viewer),
        _("Phone"): fields.phones(child, viewer),
        _("Address"): fields.address(child, viewer),
        _("Schooling"): fields.schooling(child, viewer),
        _("Vaccination certificate"): fields.certificate(child),
        _("Status"): status_tag(episode.status)[0],
        _("Registered"): joined([long_date(episode.registered_on), office]),
    }
