"""Lists of departments that are compared with the register: what a comparison finds, and how long it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.content import Text
    from sop.reading import Table

MOST_DAYS: Final = 365
DEPARTMENTS: Final = ("school", "clinic", "other")
BOTH, PERHAPS, ONLY_THERE, ONLY_HERE, NOT_COMPARED = "both", "perhaps", "only_there", "only_here", "not_compared"
# Why, in the order in which it is told, and the group to which it belongs.
GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("number", "number_other", "name_phone"), BOTH),
        "name_birth": PERHAPS,
        **dict.fromkeys(("absent", "left", "elsewhere", "outside", "aged"), ONLY_THERE),
        **dict.fromkeys(("missing", "no_document", "other_school", "age", "gone"), ONLY_HERE),
        **dict.fromkeys(("unread", "twice"), NOT_COMPARED),
    }
)
# What somebody in the community has to look up, or to ask the department about.
TO_LOOK_UP: Final = ("absent", "left", "name_birth")
TO_ASK_ABOUT: Final = ("missing", "no_document")


@dataclass(frozen=True)
class RosterRules:
    """Words of departments, of groups and of reasons by their codes, and the days for which children are kept."""

    keep_days: int
    departments: Mapping[str, Text]
    groups: Mapping[str, Text]
    reasons: Mapping[str, Text]


def read_rosters(file: Table) -> RosterRules:
    """Build the rules out of rosters.toml, noting every fault."""
    rules = RosterRules(
        keep_days=file.number("keep_days", MOST_DAYS),
        departments=_words(file.table("departments"), DEPARTMENTS),
        groups=_words(file.table("groups"), tuple(dict.fromkeys(GROUPS.values()))),
        reasons=_words(file.table("reasons"), tuple(GROUPS)),
    )
    file.finish()
    return rules


def _words(table: Table, codes: tuple[str, ...]) -> Mapping[str, Text]:
    words = MappingProxyType({code: table.text(code) for code in codes})
    table.finish()
    return words
