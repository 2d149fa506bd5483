"""Comparisons as pages show them: lines of a list, counts by reason and by place, and tables that officials may see."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from registry.areas.codes import LENGTH, full, prefix_of
from registry.areas.queries import children_of, districts_of, names_of
from registry.disclosure.tables import Dimension, Table, protect
from registry.i18n import language
from registry.ledgers.words import state_tag
from registry.web.filters import joined, long_date, number
from sop.rosters import BOTH, GROUPS, NOT_COMPARED, ONLY_HERE, ONLY_THERE, PERHAPS, TO_ASK_ABOUT, TO_LOOK_UP
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from markupsafe import Markup

    from registry.access import Viewer
    from registry.disclosure.tables import ProtectedTable
    from registry.ledgers.models import Ledger
    from sop.rosters import RosterRules

    Counts = Mapping[str, Mapping[str, int]]

COUNTY_DIGITS: Final = 6
FIGURES: Final = ((BOTH, None), (PERHAPS, None), (ONLY_THERE, "warn"), (ONLY_HERE, None))
# What officials are shown: children whom somebody has to look after, and those on both. All else is about the list.
OFFICIAL: Final = (BOTH, PERHAPS, ONLY_THERE, ONLY_HERE)
ASKED_FOR: Final = (*TO_LOOK_UP, *TO_ASK_ABOUT)


def title_of(ledger: Ledger) -> str:
    """Return what a comparison is called: whose list it was. The name of a file may hold anything."""
    department = words_of(ledger).departments.get(ledger.department or "")
    return department.in_language(language()) if department else _("List")


def words_of(ledger: Ledger) -> RosterRules:
    """Return the words in force on the day of a comparison."""
    return in_force(ledger.judged_on).rosters


def caption_of(ledger: Ledger) -> Markup:
    """Return the line above a title: whose list, the place, the day."""
    place = names_of([ledger.area_code], language()).get(ledger.area_code, "")
    return joined([title_of(ledger), place, long_date(ledger.judged_on)])


def entries(ledgers: Sequence[Ledger], endpoint: str, notes: Mapping[UUID, str] | None = None) -> list[Any]:
    """Return comparisons as lines of a list, each with the way to its page; `notes` by id stand at their end."""
    places = names_of({ledger.area_code for ledger in ledgers}, language())
    return [
        {
            "title": title_of(ledger),
            "url": url_for(endpoint, ledger_id=ledger.id),
            "line": joined(
                [long_date(ledger.judged_on), places.get(ledger.area_code), (notes or {}).get(ledger.id, "")]
            ),
            "tag": _tag(ledger),
        }
        for ledger in ledgers
    ]


def figures(counts: Mapping[str, int], rules: RosterRules) -> list[dict[str, Any]]:
    """Return the counts by group as figures."""
    return [
        {"number": number(_sum(counts, group)), "label": rules.groups[group].in_language(language()), "kind": kind}
        for group, kind in FIGURES
    ]


def by_reason(counts: Mapping[str, int], rules: RosterRules) -> list[dict[str, Any]]:
    """Return the counts by reason, group by group: title, number, and rows of words and number."""
    tongue = language()
    return [
        {
            "title": rules.groups[group].in_language(tongue),
            "number": number(_sum(counts, group)),
            "rows": [
                {"cells": [rules.reasons[code].in_language(tongue), number(counts[code])], "head": True}
                for code, of in GROUPS.items()
                if of == group and counts.get(code)
            ],
        }
        for group in (BOTH, PERHAPS, ONLY_THERE, ONLY_HERE, NOT_COMPARED)
    ]


def by_place(counts: Counts, ledger: Ledger) -> list[dict[str, Any]]:
    """Return the counts of each place by group, as rows of a table; what no address tells stands under the whole."""
    names = names_of(counts, language())
    rows = []
    for area in sorted(counts):
        whole = area == ledger.area_code and len(prefix_of(area)) < LENGTH
        name = _("Place not told") if whole else names.get(area, area)
        cells = [name, *(number(_sum(counts[area], group)) for group, _kind in FIGURES)]
        rows.append({"cells": cells, "head": True})
    return rows


def protected(viewer: Viewer, counts: Counts) -> ProtectedTable:
    """Return what an official may be shown of a comparison: by place and group, small counts protected."""
    below = children_of if len(prefix_of(viewer.area_code)) >= COUNTY_DIGITS else districts_of
    members = [place.code for place in below(viewer.area_code)]
    digits = len(prefix_of(members[0])) if members else LENGTH
    cells: Counter[tuple[str, ...]] = Counter()
    for area, found in counts.items():
        place = full(area[:digits])
        if place not in members:
            members.append(place)
        for code, many in found.items():
            if GROUPS[code] in OFFICIAL and (GROUPS[code] in (BOTH, PERHAPS) or code in ASKED_FOR):
                cells[place, GROUPS[code]] += many
    return protect(Table((Dimension("district", tuple(members)), Dimension("group", OFFICIAL)), dict(cells)))


def words_of_table(table: ProtectedTable, viewer: Viewer, rules: RosterRules) -> dict[str, dict[str, str]]:
    """Return the names of the members of both dimensions: {dimension: {member: words}}."""
    members, tongue = table.dimensions[0].members, language()
    names = {code: code for code in members} | names_of(members, tongue)
    if viewer.area_code in names:
        names[viewer.area_code] = _("Place not told")
    return {"district": names, "group": {code: rules.groups[code].in_language(tongue) for code in OFFICIAL}}


def _tag(ledger: Ledger) -> tuple[str, str]:
    return (pgettext("comparison", "Counts only"), "grey") if ledger.state == "over" else state_tag(ledger.state)


def _sum(counts: Mapping[str, int], group: str) -> int:
    return sum(many for code, many in counts.items() if GROUPS[code] == group)
