"""The places that an intake offers: the own community, its blocks, the townships around it; and their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.accounts.arrival import signed_in
from registry.areas import codes, queries
from registry.i18n import language

if TYPE_CHECKING:
    from registry.access import Viewer

Choices = list[tuple[str, str]]
TOWN_DIGITS = 9


def own_side() -> str:
    """Return the quick form that the viewer's office mostly needs: receiving or sending."""
    who = signed_in()
    return (who.user.office.side if who else None) or "receiving"


def own_community(viewer: Viewer) -> str:
    """Return the community of the viewer's office, "" where the office serves a wider area."""
    return viewer.area_code if codes.prefix_of(viewer.area_code) == viewer.area_code else ""


def own_town(viewer: Viewer) -> str:
    """Return the 12-digit code of the township around the viewer's office, "" for a wider office."""
    town = codes.full(viewer.area_code[:TOWN_DIGITS])
    return town if codes.prefix_of(town) == town[:TOWN_DIGITS] else ""


def own_county(viewer: Viewer) -> str:
    """Return the 12-digit code of the county around the viewer's office; of the city where it has none."""
    return codes.county_of(viewer.area_code)


def communities(viewer: Viewer) -> Choices:
    """Return the communities in which the viewer registers: the own one, or those of the own township."""
    if own := own_community(viewer):
        return [(own, named(own))]
    return [(one.code, one.name(language())) for one in queries.children_of(viewer.area_code)]


def blocks(viewer: Viewer) -> Choices:
    """Return the blocks of the own community; an office of a wider area writes the block into the address."""
    own = own_community(viewer)
    found = queries.blocks_of(own) if own else []
    return [(str(one.id), one.name(language())) for one in found]


def towns(viewer: Viewer) -> Choices:
    """Return the townships of the county (or of the city without counties) around the viewer's office."""
    return [(one.code, one.name(language())) for one in queries.children_of(own_county(viewer))]


def same_county(code: str, other: str) -> bool:
    """Say whether two codes lie in one county, or in one city without counties."""
    return codes.county_of(code) == codes.county_of(other)


def written(code: str | None) -> str | None:
    """Return the full name of a 12-digit code in the language of the page."""
    return queries.full_name(code, language()) if code else None


def named(code: str) -> str:
    """Return the own name of a 12-digit code in the language of the page."""
    return queries.names_of([code], language()).get(code, code)
