"""What the rules are told about a child: the same facts from an intake's answers and from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.areas.queries import current_code
from sop.eligibility import Classification, Facts, classify, guardian_here
from sop.identity import BirthDate, parse_birth_date
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from registry.children.models import Child, Episode
    from registry.vault.codecs import JsonValue
    from registry.vault.sealed import Opener

Circumstances = dict[str, "JsonValue"]
GUARDIAN = "guardian"
BY_ADULTS = "guardian_here_by_adults"  # what the adults said when the family itself told who is here


def facts(
    birth: BirthDate,
    area_code: str,
    hukou_code: str | None,
    arrived: BirthDate | None,
    circumstances: Mapping[str, JsonValue],
    current: Callable[[str], str | None] | None = None,
) -> Facts:
    """Return the facts that decide what a child is registered as.

    `area_code`: 12 digits, of the residence. `hukou_code`: 6 to 12 digits, None when unknown or refused; one
    that was abolished is told as its successor. `circumstances`: the answers of the form, by the keys below.
    Where only a month is known, it counts from its end: nobody is called away or here longer than is certain.
    `current`: of whoever tells many children at once, what a code is today, looked up once; None asks the tables.
    """
    now_called = current or _current
    away_since, away_area = away_since_of(circumstances), _text(circumstances, "away_area")
    return Facts(
        birth=birth,
        residence=area_code,
        hukou=hukou_code and (now_called(hukou_code) or hukou_code),
        arrived=arrived.earliest if arrived else None,
        arrived_precision="day" if arrived is None or arrived.day else "month",
        stays=_text(circumstances, "stays") or "unknown",
        guardian_here=_text(circumstances, "guardian_here") or "unknown",
        father_away=_answer(circumstances, "father_away"),
        mother_away=_answer(circumstances, "mother_away"),
        away_since=away_since.earliest if away_since else None,
        away_since_precision="day" if away_since is None or away_since.day else "month",
        away_area=away_area and (now_called(away_area) or away_area),
        other_parent_can_care=_text(circumstances, "other_parent_can_care"),
    )


def birth_of(child: Child, viewer: Opener) -> BirthDate:
    """Open a child's date of birth; its month, which every file has, where there is no day."""
    return child.birth_date.open(viewer) or child.birth_in_plain


def classify_today(child: Child, episode: Episode, viewer: Opener, on: date) -> Classification:
    """Say by the rules in force on a day what the stored facts make of a child."""
    told = facts(
        birth_of(child, viewer),
        episode.area_code,
        child.hukou.open(viewer),
        episode.arrived.open(viewer),
        circumstances_of(episode, viewer),
    )
    return classify(in_force(on), told, on)


def circumstances_of(episode: Episode, viewer: Opener) -> Circumstances:
    """Open the answers that an episode was registered with."""
    opened = episode.circumstances.open(viewer)
    return opened if isinstance(opened, dict) else {}


def by_adults(child: Child) -> str:
    """Return who of a child's guardians lives with it, by what is said of each of them; "" when none does."""
    here = {one.relation for one in child.guardianships if one.care == GUARDIAN and one.guardian.lives_here}
    return guardian_here(here) if here else ""


def away_since_of(circumstances: Mapping[str, JsonValue]) -> BirthDate | None:
    """Return since when the parents are away, perhaps without its day; None when nobody said."""
    text = _text(circumstances, "away_since")
    return parse_birth_date(text) if text else None


def _current(code: str) -> str | None:
    """Tell the rules today's code; of a town whose county was abolished, at least the county's."""
    return current_code(code) or current_code(code[:6])


def _text(circumstances: Mapping[str, JsonValue], key: str) -> str | None:
    value = circumstances.get(key)
    return value if isinstance(value, str) and value else None


def _answer(circumstances: Mapping[str, JsonValue], key: str) -> bool | None:
    value = circumstances.get(key)
    return value if isinstance(value, bool) else None
