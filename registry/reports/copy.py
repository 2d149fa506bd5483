"""A guardian's copy of a child's file: the family's own data, and nothing of where somebody else lives or works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from registry.clock import today
from registry.paper.letter import Letter
from registry.paper.said import both
from registry.reports import of_child
from registry.reports.queries import lives_with
from registry.reports.receipt import promises, who_sees_it
from registry.web.filters import long_date

if TYPE_CHECKING:
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child
    from registry.paper.letter import Fact
    from registry.paper.sheet import Imprint
    from sop.content import Text


def copy_paper(viewer: Viewer, child: Child, recipient: UUID | None, imprint: Imprint) -> bytes:
    """Return the copy of a file as PDF. `child` comes from `children.queries.file_of`.

    `recipient`: the guardian who gets it, None for somebody else who is entitled to it, and for whoever it is where
    no paper may tell where the family lives. Only a guardian who
    lives with the child reads where that is. Assessments and reports belong to another room and never stand here.
    """
    at_home = lives_with(child, recipient)
    on, letter = today(), Letter(imprint)
    letter.title(imprint.title, both(lambda: _("As it stands on %(day)s", day=long_date(on))))
    letter.heading(of_child.name_of(child, viewer))
    places = of_child.places_of([child], viewer)
    where = [of_child.address(child, viewer)] if at_home else []
    who = of_child.identity(child, viewer, places, whole=True, at_home=at_home)
    letter.facts([*who, *where, of_child.category(child)])
    for heading, facts in (
        (both(lambda: _("Guardians")), of_child.adults(child, viewer, recipient=recipient, at_home=at_home)),
        (both(lambda: _("Schooling")), of_child.schooling(child, viewer, at_home=at_home)),
        (both(lambda: _("Vaccination")), [of_child.certificate(child)]),
        (both(lambda: _("Answers given")), of_child.answered(child, viewer, on, at_home=at_home)),
        (both(lambda: _("Referrals")), of_child.referrals(child, at_home=at_home)),
        (both(lambda: _("On the register")), of_child.episodes(child, places) if at_home else []),
    ):
        _part(letter, heading, facts)
    who_sees_it(letter)
    promises(letter)
    return letter.pdf()


def _part(letter: Letter, heading: Text, facts: list[Fact]) -> None:
    if facts:
        letter.heading(heading)
        letter.facts(facts)
