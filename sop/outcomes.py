"""Builds the outcomes of a service: how its office may answer, what goes with the answer, and what it writes back."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sop import referral
from sop.content import Outcome
from sop.referral.rules import ASKED_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.content import CodeList
    from sop.reading import Table

OUTCOME_KINDS: Final = frozenset({"solved", "interim", "unsolved"})
TAKES: Final = ("school", "school_kind", "grade", "begins")  # what else may be told with an outcome


def read_outcomes(table: Table, codes: Mapping[str, CodeList]) -> tuple[Outcome, ...]:
    """Build the outcomes of one service, whose codes must be in the lists of the same version."""
    outcomes = tuple(_outcome(entry, codes) for entry in table.listed("outcomes"))
    names = [outcome.code for outcome in outcomes]
    for name in sorted({name for name in names if names.count(name) > 1}):
        table.fault("outcomes", f"code {name!r} stands twice")
    for kind in sorted(OUTCOME_KINDS - {outcome.kind for outcome in outcomes}):
        table.fault("outcomes", f"none is {kind}")
    return outcomes


def _outcome(table: Table, codes: Mapping[str, CodeList]) -> Outcome:
    outcome = Outcome(
        code=table.string("code"),
        text=table.text("text"),
        kind=table.string("kind"),
        state=table.optional("state"),
        asks=table.optional("asks"),
        reasons=table.any_strings("reasons", codes["outcome_reason"].known),
        writes=_writes(table, codes),
        takes=table.any_strings("takes", frozenset(TAKES)),
        alternative=table.any_strings("alternative", codes["alternative"].known),
        below_school_age=table.switch("below_school_age"),
    )
    table.finish()
    _check(table, outcome)
    return outcome


def _check(table: Table, outcome: Outcome) -> None:
    if outcome.kind not in OUTCOME_KINDS:
        table.fault("kind", f"must be one of {', '.join(sorted(OUTCOME_KINDS))}")
    if outcome.state is not None and (outcome.kind, outcome.state) != ("interim", referral.State.APPOINTED):
        table.fault("state", "may only be appointed, and only of an interim outcome")
    if outcome.asks is not None and outcome.asks not in ASKED_DAYS:
        table.fault("asks", f"must be one of {', '.join(sorted(ASKED_DAYS))}")
    if outcome.writes and outcome.kind != "solved":
        table.fault("writes", "only a solved outcome writes back")
    if outcome.takes and "school" not in outcome.writes:
        table.fault("takes", "what belongs to a school goes with an outcome that writes one back")
    if "school_kind" in outcome.takes and "schooling_kind" in outcome.writes:
        table.fault("takes", "'school_kind' is written back already")
    if outcome.alternative and outcome.kind != "unsolved":
        table.fault("alternative", "only an unsolved outcome needs one")


def _writes(table: Table, codes: Mapping[str, CodeList]) -> Mapping[str, str]:
    if "writes" not in table.values:
        return MappingProxyType({})
    written = table.table("writes")
    known = {
        "school": codes["school"].known | {"stage"},
        "schooling_kind": codes["schooling_kind"].known,
        "certificate": codes["certificate"].known,
    }
    values = {key: written.string(key) for key in known if key in written.values}
    written.finish()
    for key, value in values.items():
        if value not in known[key]:
            written.fault(key, f"{value!r} is not known")
    return MappingProxyType(values)
