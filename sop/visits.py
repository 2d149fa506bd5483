"""How often a family is visited, what counts as a visit, and when the next one is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sop.content import SopError, Text
from sop.identity import add_months
from sop.protection import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sop.reading import Table

UNASSESSED: Final = "unassessed"
MUST_BE_SEEN: Final = "must_be_seen"
SEEN: Final = "seen"  # the outcome that ticking a child gives
MOST_MONTHS: Final = 12
MOST_DAYS: Final = 60
MOST_FAMILIES: Final = 30  # what fits on one sheet


@dataclass(frozen=True)
class VisitOutcome:
    """How a visit may end. `counts`: the family has been visited. `sees`: children may have been seen."""

    code: str
    text: Text
    counts: bool
    sees: bool


@dataclass(frozen=True)
class VisitRules:
    """First visit and lead time in days, how long an attempt is spoken of, months by level, words, outcomes."""

    first_days: int
    ahead_days: int
    attempt_days: int
    round_families: int
    months: Mapping[str, int]
    frequency: Mapping[int, Text]
    outcomes: tuple[VisitOutcome, ...]

    def outcome(self, code: str) -> VisitOutcome:
        """Return the outcome with this code; raises SopError when there is none such."""
        for outcome in self.outcomes:
            if outcome.code == code:
                return outcome
        raise SopError(f"visits have no outcome {code!r}")

    @property
    def counting(self) -> frozenset[str]:
        """The codes of the outcomes that count."""
        return frozenset(outcome.code for outcome in self.outcomes if outcome.counts)


@dataclass(frozen=True)
class Standing:
    """What decides when a child is to be visited again.

    `since`: day of registration here. `contact`: day of the last visit that counts, `seen`: day on which the child
    was last seen, None for never. `level`: of `protection.LEVELS`, `judged`: on which day; None where nobody judged.
    """

    since: date
    contact: date | None = None
    seen: date | None = None
    level: str | None = None
    judged: date | None = None
    must_be_seen: bool = False


def months_between_visits(rules: VisitRules, level: str | None, *, must_be_seen: bool) -> int:
    """Return how many calendar months may lie between two visits to a child."""
    usual = rules.months[level or UNASSESSED]
    return min(usual, rules.months[MUST_BE_SEEN]) if must_be_seen else usual


def due(rules: VisitRules, child: Standing) -> date:
    """Return the day by which a child is to be visited again.

    Who must be seen is due until seen: a call, or a visit at which only others were there, moves nothing. What was
    judged on a day makes nobody late before that day.
    """
    last = child.seen if child.must_be_seen else child.contact
    months = months_between_visits(rules, child.level, must_be_seen=child.must_be_seen)
    day = add_months(last, months) if last else child.since + timedelta(days=rules.first_days)
    return max(day, child.judged or day)


def family_due(rules: VisitRules, children: Iterable[Standing]) -> date | None:
    """Return the day by which a family is to be visited: that of its most pressing child; None without children."""
    return min((due(rules, child) for child in children), default=None)


def listed_until(rules: VisitRules, on: date) -> date:
    """Return the last due day that a round of this day takes in."""
    return on + timedelta(days=rules.ahead_days)


def read_visits(file: Table) -> VisitRules:
    """Build the rules out of visits.toml, noting every fault."""
    months = file.table("months")
    counted = {level: months.number(level, MOST_MONTHS) for level in (UNASSESSED, *LEVELS, MUST_BE_SEEN)}
    months.finish()
    rules = VisitRules(
        first_days=file.number("first_days", MOST_DAYS),
        ahead_days=file.number("ahead_days", MOST_DAYS),
        attempt_days=file.number("attempt_days", 2 * MOST_DAYS),
        round_families=file.number("round_families", MOST_FAMILIES),
        months=MappingProxyType(counted),
        frequency=MappingProxyType(_frequency(file.table("frequency"))),
        outcomes=tuple(_outcome(code, table) for code, table in file.table("outcomes").tables()),
    )
    file.finish()
    for number in sorted(set(counted.values()) - rules.frequency.keys()):
        file.fault("frequency", f"has no words for {number} months")
    _check_outcomes(file, rules.outcomes)
    return rules


def _frequency(table: Table) -> dict[int, Text]:
    words: dict[int, Text] = {}
    for key, said in table.tables():
        if not key.isdigit():
            table.fault(key, "is no number of months")
            continue
        words[int(key)] = said.as_text()
    return words


def _outcome(code: str, table: Table) -> VisitOutcome:
    outcome = VisitOutcome(code, table.text("text"), table.switch("counts"), table.switch("sees"))
    table.finish()
    return outcome


def _check_outcomes(file: Table, outcomes: tuple[VisitOutcome, ...]) -> None:
    seeing = [outcome.code for outcome in outcomes if outcome.sees]
    if seeing != [SEEN]:
        file.fault("outcomes", f"{SEEN} must be there, and be the only one that sees")
    if not any(outcome.counts and outcome.sees for outcome in outcomes):
        file.fault("outcomes", "to have seen a child must count")
