"""Counting for officials: exact tables of their own area, which only `disclosure` may turn into a page."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from registry.areas import queries as areas
from registry.areas.codes import LENGTH, full, prefix_of
from registry.children.populations import count_by_population
from registry.children.queries import count_registered
from registry.disclosure.tables import Dimension, Table
from registry.referrals.performance import totals
from registry.referrals.queries import count_answered
from sop.identity import BirthDate, band_of
from sop.performance import KEPT
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from registry.access import Viewer
    from registry.areas.queries import Place

UNTOLD: Final = "untold"  # sex unknown or refused, counted together: apart they would be too few to show
SEXES: Final = ("1", "2", UNTOLD)
COUNTY_DIGITS: Final = 6
TOWN_DIGITS: Final = 9
TOGETHER: Final = "+"
USUAL: Final = ("migrant_monitoring+migrant_statistical", "migrant_statistical", "left_behind", "")


def registered(viewer: Viewer, on: date) -> Table:
    """Count the children on the register of the viewer's area by district, sex and age band."""
    bands = in_force(on).codes["age_band"]
    found = count_registered(viewer.prefixes, _digits(viewer))
    places = _Districts(viewer, (each.district for each in found))
    months = {(each.birth_year, each.birth_month) for each in found}  # a few hundred, however many are counted
    band = {(year, month): band_of(bands, BirthDate(year, month).age_on(on)) for year, month in months}
    counts: Counter[tuple[str, ...]] = Counter()
    for each in found:
        sex = each.sex if each.sex in SEXES else UNTOLD
        counts[places.member(each.district), sex, band[each.birth_year, each.birth_month]] += each.n
    dimensions = (
        places.dimension(),
        Dimension("sex", SEXES),
        Dimension("age", tuple(one.code for one in bands)),
    )
    return Table(dimensions, dict(counts))


def referrals(viewer: Viewer, on: date) -> Table:
    """Count the referrals of the viewer's area by district, service and result: open, solved, unsolved."""
    found = count_answered(viewer.prefixes, _digits(viewer))
    places = _Districts(viewer, (each.district for each in found))
    counts: Counter[tuple[str, ...]] = Counter()
    for each in found:
        counts[places.member(each.district), each.service, each.result] += each.number
    services = Dimension("service", totals.services(on))
    return Table((places.dimension(), services, Dimension("result", KEPT)), dict(counts))


def populations(viewer: Viewer) -> Table:
    """Count the children on the register of the viewer's area by district and the populations they belong to.

    Each child counts once, under all its populations together ("migrant_monitoring+migrant_statistical"), so
    that what is shown of one population cannot be subtracted from another.
    """
    found = count_by_population(viewer.prefixes, _digits(viewer))
    places = _Districts(viewer, (each.district for each in found))
    counts: Counter[tuple[str, ...]] = Counter()
    for each in found:
        counts[places.member(each.district), TOGETHER.join(each.populations)] += each.number
    members = dict.fromkeys([*USUAL, *(member for _district, member in counts)])
    return Table((places.dimension(), Dimension("population", tuple(members))), dict(counts))


def districts(viewer: Viewer) -> list[Place]:
    """Return what the viewer's area is divided into: counties, towns of a county or city without, communities."""
    below = areas.children_of if _digits(viewer) else areas.districts_of
    return list(below(viewer.area_code))


def _digits(viewer: Viewer) -> int | None:
    """A county is counted by its towns, a town by its communities; what is wider by its counties."""
    known = len(prefix_of(viewer.area_code))
    if known < COUNTY_DIGITS:
        return None
    return TOWN_DIGITS if known == COUNTY_DIGITS else LENGTH


class _Districts:
    """The districts of the viewer's area, and under which of them a counted code falls.

    What was registered under a former code counts with what it has become; a code that leads nowhere stands
    for itself, so that every child is counted somewhere.
    """

    def __init__(self, viewer: Viewer, counted: Iterable[str]) -> None:
        members = [one.code for one in districts(viewer)]
        self._becomes: dict[str, str] = {}
        for district in dict.fromkeys(counted):
            code = full(district)
            present = code if code in members else areas.current_code(code) or code
            if present not in members:
                members.append(present)
            self._becomes[district] = present
        self._members = tuple(members)

    def member(self, district: str) -> str:
        """Return the 12-digit code that a counted district stands under."""
        return self._becomes[district]

    def dimension(self) -> Dimension:
        """Return the districts as a dimension of a table."""
        return Dimension("district", self._members)
