"""Who is to be registered, as what, from when and why; who is outside, and where they turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from sop.content import Reason, written_month
from sop.identity import add_months, month_end

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sop.content import Sop, Text
    from sop.identity import BirthDate

REASONS: Final[Mapping[str, frozenset[str]]] = {
    "migrant_monitoring": frozenset({"since", "months"}),
    "migrant_statistical": frozenset({"since", "months"}),
    "unaccompanied": frozenset(),
    "left_behind_both": frozenset({"since", "months"}),
    "left_behind_one": frozenset({"since", "months"}),
    "short_stay_staying": frozenset({"since", "turns"}),
    "short_stay_leaving": frozenset({"since", "turns"}),
    "short_stay_unsure": frozenset({"since", "turns"}),
    "short_absence": frozenset({"since", "turns"}),
    "ages_out_before": frozenset({"since", "turns", "age"}),
    "arrival_unknown": frozenset(),
    "hukou_unknown": frozenset(),
    "hukou_county_unknown": frozenset(),
    "hukou_town_unknown": frozenset(),
    "who_away_unknown": frozenset(),
    "away_since_unknown": frozenset(),
    "away_area_unknown": frozenset(),
    "care_unknown": frozenset(),
    "hukou_here": frozenset(),
    "returned": frozenset({"since"}),
    "other_parent_cares": frozenset(),
    "away_same_county": frozenset(),
    "aged_out": frozenset({"age"}),
}
OUTSIDE: Final = frozenset({"hukou_here", "returned", "other_parent_cares", "away_same_county", "aged_out"})
FLAGS: Final = ("migrant_monitoring", "migrant_statistical", "left_behind", "unaccompanied", "provisional")
FLAGS_SHOWN: Final = (*FLAGS, "unsettled")
FATHERS: Final = frozenset({"51", "57"})  # GB/T 4761: by blood; by marriage or adoption
MOTHERS: Final = frozenset({"52", "58"})
AWAY: Final[Mapping[str, tuple[bool, bool]]] = {
    "father": (True, False),
    "mother": (False, True),
    "both": (True, True),
    "neither": (False, False),
}
INTENTIONS: Final = {"yes": "short_stay_staying", "no": "short_stay_leaving"}


@dataclass(frozen=True)
class Facts:
    """What was answered about one child.

    `residence` is a 12-digit area code; `hukou` and `away_area` are 6 to 12 digits (2 and 4 are read
    too), None when unknown or refused; abolished codes are resolved by the caller. `stays` is yes, no,
    unknown or refused; `guardian_here` both, one, other, alone, unknown or refused;
    `other_parent_can_care` yes, no, unknown or refused. `arrived_precision` and `away_since_precision`
    are "day", or "month" where only the month is known, whose end then counts.
    """

    birth: BirthDate
    residence: str
    hukou: str | None = None
    arrived: date | None = None
    arrived_precision: str = "day"
    stays: str = "unknown"
    guardian_here: str = "unknown"
    father_away: bool | None = None
    mother_away: bool | None = None
    away_since: date | None = None
    away_since_precision: str = "day"
    away_area: str | None = None
    other_parent_can_care: str | None = None


@dataclass(frozen=True)
class Flag:
    """What a child is in an episode (a code of the list `flag`), and why."""

    code: str
    reason: Reason

    @property
    def shown(self) -> str:
        """The code whose words say it: a provisional child that no day settles is unsettled."""
        return self.code if "turns" in self.reason.params or self.code != "provisional" else "unsettled"


@dataclass(frozen=True)
class Classification:
    """The flags that hold; or none, and why the child is outside; and when this turns by itself."""

    flags: tuple[Flag, ...]
    outside: Reason | None
    changes_on: date | None


@dataclass(frozen=True)
class _Finding:
    """What one of the two definitions says: flags, else what is unsettled, else why it does not hold."""

    flags: tuple[Flag, ...] = ()
    outside: Reason | None = None
    turns: date | None = None

    @property
    def settled(self) -> bool:
        return any(flag.code != "provisional" for flag in self.flags)


def guardian_here(relations: Collection[str]) -> str:
    """Say who of a child's guardians is here: both, one or other, by the relations of those who live with it."""
    parents = [not kind.isdisjoint(relations) for kind in (FATHERS, MOTHERS)]
    return "both" if all(parents) else "one" if any(parents) else "other"


def parents_away(answer: str | None) -> tuple[bool | None, bool | None]:
    """Return whether father and mother are away by an answer of the list `who_away`; None is not known."""
    return AWAY.get(answer or "", (None, None))


def too_old(sop: Sop, birth: BirthDate, on: date) -> bool:
    """Tell whether the child has had the birthday on which registration ends (16; domain 1.2)."""
    return birth.age_on(on) >= sop.eligibility.age_below


def classify(sop: Sop, facts: Facts, on: date) -> Classification:
    """Say what the child is on a day, by the definitions of domain 1.1 and 1.2.

    A child is never refused for what is not known: what cannot be said yet is `provisional`, with
    the reason and, where time alone settles it, the day. Only a child outside every definition has
    `outside`, whose wording names where to turn.
    """
    if too_old(sop, facts.birth, on):
        return Classification((), Reason("aged_out", {"age": sop.eligibility.age_below}), None)
    moved, behind = _moved(sop, facts, on), _left_behind(sop, facts, on)
    flags = _joined(moved, behind)
    if not flags:
        return Classification((), behind.outside or moved.outside, None)
    days = [finding.turns for finding in (moved, behind) if finding.turns is not None]
    return Classification(flags, None, min(days, default=None))


def _joined(moved: _Finding, behind: _Finding) -> tuple[Flag, ...]:
    """Join both findings; a question left open by one is not asked where the other has settled it."""
    if behind.settled and not moved.settled and moved.turns is None:
        return behind.flags
    if moved.settled and not behind.settled and behind.turns is None:
        return moved.flags
    flags: dict[str, Flag] = {}
    for finding in sorted((moved, behind), key=lambda finding: finding.turns or date.max):
        for flag in finding.flags:
            flags.setdefault(flag.code, flag)
    return tuple(sorted(flags.values(), key=lambda flag: flag.code == "provisional"))


def _unsettled(key: str) -> _Finding:
    """Make a child provisional until an answer comes."""
    return _Finding((Flag("provisional", Reason(key, {})),))


def _too_soon(sop: Sop, facts: Facts, key: str, since: date | Text, turns: date) -> _Finding:
    """Make a child provisional until a day comes: the end of the months, or of childhood if sooner."""
    ends = add_months(facts.birth.latest, 12 * sop.eligibility.age_below)
    params: dict[str, int | date | str | Text] = {"since": since, "turns": min(turns, ends)}
    if ends <= turns:
        key, params["age"] = "ages_out_before", sop.eligibility.age_below
    return _Finding((Flag("provisional", Reason(key, params)),), None, min(turns, ends))


def _moved(sop: Sop, facts: Facts, on: date) -> _Finding:
    """Apply the definition of the migrant child in both scopes."""
    if facts.hukou is None:
        return _unsettled("hukou_unknown")
    line = line_crossed(sop, facts.hukou, facts.residence)
    if line == "none":
        return _at_home(sop, facts, on)
    if line.endswith("unknown"):
        return _unsettled(f"hukou_{line}")
    if facts.guardian_here == "alone":
        return _Finding((Flag("unaccompanied", Reason("unaccompanied", {})),))
    return _stay(sop, facts, on, line)


def _stay(sop: Sop, facts: Facts, on: date, line: str) -> _Finding:
    """Ask whether a child who came across a line has been here long enough; a day to come is no arrival."""
    if facts.arrived is None or facts.arrived > on:
        return _unsettled("arrival_unknown")
    since, shown = _since(facts.arrived, facts.arrived_precision)
    turns = add_months(since, sop.eligibility.stay_months)
    if on < turns:
        key = INTENTIONS.get(facts.stays, "short_stay_unsure")
        return _too_soon(sop, facts, key, shown, turns)
    params = _duration(shown, months_between(since, on))
    codes = ["migrant_monitoring", "migrant_statistical"] if line == "county" else ["migrant_statistical"]
    return _Finding(tuple(Flag(code, Reason(code, params)) for code in codes))


def _at_home(sop: Sop, facts: Facts, on: date) -> _Finding:
    """Say why a child who lives in the town of its hukou is no migrant."""
    if facts.arrived and facts.arrived <= on:
        since, shown = _since(facts.arrived, facts.arrived_precision)
        if on < add_months(since, sop.eligibility.stay_months):
            return _Finding(outside=Reason("returned", {"since": shown}))
    return _Finding(outside=Reason("hukou_here", {}))


def _left_behind(sop: Sop, facts: Facts, on: date) -> _Finding:
    """Apply the definition of the left-behind child."""
    away = (facts.father_away, facts.mother_away)
    if True not in away:
        at_home = facts.hukou is None or line_crossed(sop, facts.hukou, facts.residence) == "none"
        asked = away == (False, False) or facts.guardian_here == "both"
        return _Finding() if asked or not at_home else _unsettled("who_away_unknown")
    if away != (True, True):
        if facts.other_parent_can_care == "yes":
            return _Finding(outside=Reason("other_parent_cares", {}))
        if facts.other_parent_can_care != "no":
            return _unsettled("care_unknown")
    return _away(sop, facts, on)


def _away(sop: Sop, facts: Facts, on: date) -> _Finding:
    """Ask whether the parents have gone across a county line, and long enough ago."""
    line = "county_unknown" if facts.away_area is None else _county_line(facts.away_area, facts.residence)
    if line == "none":
        return _Finding(outside=Reason("away_same_county", {}))
    if line == "county_unknown":
        return _unsettled("away_area_unknown")
    if facts.away_since is None:
        return _unsettled("away_since_unknown")
    since, shown = _since(facts.away_since, facts.away_since_precision)
    turns = add_months(since, sop.eligibility.stay_months)
    if on < turns:
        return _too_soon(sop, facts, "short_absence", shown, turns)
    key = "left_behind_both" if facts.father_away and facts.mother_away else "left_behind_one"
    params = _duration(shown, months_between(since, on))
    return _Finding((Flag("left_behind", Reason(key, params)),))


def _since(day: date, precision: str) -> tuple[date, date | Text]:
    """Return the day that counts, and what is said of it: of a month alone its end, and the month."""
    return (month_end(day), written_month(day)) if precision == "month" else (day, day)


def _duration(since: date | Text, months: int) -> dict[str, int | date | str | Text]:
    return {"since": since, "months": months}


def line_crossed(sop: Sop, hukou: str, residence: str) -> str:
    """Say which line lies between two areas: county, town, none, county_unknown or town_unknown.

    A move between central districts of one city crosses a town line only (domain 1.1).
    """
    county = _county_line(hukou, residence)
    if county == "county" and _same_centre(sop, hukou[:6], residence[:6]):
        return "town"
    if county != "none":
        return county
    if hukou[6:9] in {"", "000"}:
        return "town_unknown"
    return "none" if hukou[:9] == residence[:9] else "town"


def _county_line(elsewhere: str, residence: str) -> str:
    """Compare down to the county; `elsewhere` may be known only to the province or city.

    A city without counties (442000) is its own county.
    """
    elsewhere = elsewhere.ljust(6, "0")
    if elsewhere[:6] == residence[:6]:
        return "none"
    within = elsewhere[:2] == residence[:2] and elsewhere[2:6] == "0000"
    within = within or (elsewhere[:4] == residence[:4] and elsewhere[4:6] == "00")
    return "county_unknown" if within else "county"


def _same_centre(sop: Sop, one: str, other: str) -> bool:
    return any({one, other} <= centre.districts for centre in sop.eligibility.centres.values())


def months_between(start: date, on: date) -> int:
    """Return the full calendar months from `start` to `on`."""
    months = (on.year - start.year) * 12 + on.month - start.month
    return months if add_months(start, months) <= on else months - 1
