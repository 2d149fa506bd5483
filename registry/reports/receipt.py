"""The receipt of a registration: what was recorded, who may see it, who answers by when, what is promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _

from registry.children.queries import present_episode
from registry.clock import today
from registry.paper.letter import Letter
from registry.paper.said import both
from registry.paper.sheet import MM
from registry.reports import of_child
from registry.web.filters import long_date
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child
    from registry.paper.sheet import Imprint
    from sop.content import Text


AFTER_BAR: Final = 1.4 * MM


def receipt_paper(
    viewer: Viewer, children: list[Child], imprint: Imprint, *, at_home: bool, recipient: UUID | None = None
) -> bytes:
    """Return the receipt for a household's children, who are on file, as PDF: what was recorded, and how it stands.

    `at_home`: whether it may tell where they live and how to reach them; not where one of them is protected.
    `recipient`: the guardian who gets it, where it was asked; None on the day of registration.
    """
    letter = Letter(imprint)
    letter.title(imprint.title, both(lambda: _as_of(present_episode(children[0]).household.registered_on)))
    places = of_child.places_of(children, viewer)
    for child in children:
        _child(letter, child, viewer, places, at_home=at_home)
    letter.heading(both(lambda: _("Guardians and address") if at_home else _("Guardians")))
    home = children[0]
    where = [of_child.address(home, viewer)] if at_home else []
    letter.facts([*of_child.adults(home, viewer, recipient=recipient, at_home=at_home), *where])
    for given in present_episode(home).household.notices[-1:]:
        letter.paragraph(_agreed(given.notice_version))
    who_sees_it(letter)
    promises(letter)
    return letter.pdf()


def _child(letter: Letter, child: Child, viewer: Viewer, places: of_child.Places, *, at_home: bool) -> None:
    letter.heading(of_child.name_of(child, viewer), follows=60)
    letter.facts(
        [
            *of_child.identity(child, viewer, places, whole=False, at_home=at_home),
            of_child.present_school(child, viewer, at_home=at_home),
            of_child.certificate(child),
            of_child.category(child),
        ]
    )
    if child.referrals:
        letter.subtitle(both(lambda: _("Who answers, by when, and how it stands")))
        letter.facts(of_child.progress(child, at_home=at_home))


def _as_of(registered_on: date) -> str:
    on = today()
    if registered_on == on:
        return str(_("Registered on %(day)s", day=long_date(on)))
    return str(_("Registered on %(day)s; as it stands on %(today)s", day=long_date(registered_on), today=long_date(on)))


def who_sees_it(letter: Letter) -> None:
    """Write who may look at a file."""
    letter.heading(both(lambda: _("Who can see it")), follows=80)
    letter.space(AFTER_BAR)
    for said in _seeing():
        letter.paragraph(said, bullet=True)


def _seeing() -> list[Text]:
    return [
        both(lambda: _("The registrars of this community and the supervisors above them")),
        both(lambda: _("An office that a child was referred to: that child only, and only what the office needs")),
        both(lambda: _("Nobody else. Every look at a file is recorded; the family may ask who looked.")),
    ]


def promises(letter: Letter) -> None:
    """Write what is promised to every family, and its rights."""
    notice = in_force(today()).notice
    letter.heading(both(lambda: _("What is promised")), follows=80)
    letter.space(AFTER_BAR)
    for promise in notice.promises:
        letter.paragraph(promise, bullet=True)
    letter.paragraph(both(_rights))


def _agreed(version: str) -> Text:
    return both(
        lambda: _("Notice to guardians, version %(version)s: explained, and the guardian agreed.", version=version)
    )


def _rights() -> str:
    return str(
        _("The family may see, correct or withdraw what was registered at any time; ask the registrar or call 12345.")
    )
