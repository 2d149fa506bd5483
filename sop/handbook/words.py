"""What a version's handbook says besides the rules: titles, steps, the sentences around tables."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sop.content import Text, placeholders
from sop.outcomes import TAKES
from sop.protection import LEVELS
from sop.referral.triggers import REASONS as TRIGGERS
from sop.visits import MUST_BE_SEEN, UNASSESSED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sop.content import CodeList
    from sop.reading import Table

CHAPTERS: Final = (
    *("steps", "definitions", "file", "services", "immunisation", "schooling", "documents", "visits", "transfers"),
    *("danger", "notice", "limits", "reasons", "open", "local"),
)
# Limits of a version that any sentence may name, in the units of the rules themselves.
LIMITS: Final = frozenset(
    (
        *("age_below", "stay_months", "draft_days", "first_days", "ahead_days", "look_ups_a_day"),
        *("transfer_accept_days", "transfer_arrive_days", "overdue_dose_days", "newly_arrived_days"),
        *("entrants_from", "young_below", "leaving_age"),
        *(f"visit_{level}" for level in (UNASSESSED, *LEVELS, MUST_BE_SEEN)),
    )
)
ACCEPT, ANSWER = "accept", "answer"
UNITS: Final = ("day", "working_day", "month", "time")
REASONS: Final = (
    *("return_reason", "withdraw_reason", "hand_on_reason", "reopen_reason", "decline_reason", "leaving_reason"),
    *("correction_reason", "refusal_reason", "withdrawal_reason", "dose_withdrawal_reason"),
)
PLAIN: Final = (
    *("who", "what", "limit", "unsure", "nothing", "promises", "age", "age_rule", "categories", "category", "meaning"),
    *("several_flags", "centres", "centres_rule", "city", "districts", "outside", "outside_rule", "question", "about"),
    *("of_child", "of_household", "asked_rule", "not_asked", "service_offices", "service_triggers", "service_accept"),
    *("service_answer", "service_before", "service_after", "service_visible", "code", "outcome", "kind", "to_enter"),
    *("by_hand", "service_climb", "service_papers", "service_agreement", "agreement_rule", "service_first"),
    *("service_sealed", "sealed_rule", "service_items", "limit_soon", "limit_overdue_dose", "limit_newly_arrived"),
    *("limit_resend", "limit_reopen"),
    *("asks_recall", "asks_appointment", "asks_next_dose", "entry", "school_year", "grades", "born", "grade"),
    *("frequency", "judged", "unassessed", "must_be_seen", "first_visit", "first_visit_rule", "visit_ends"),
    *("visit_counts", "yes", "no", "care", "care_guardianship", "care_assessment", "care_category", "leads_to"),
    *("care_rule", "transfer_states", "transfer_rule", "look_ups", "look_ups_rule", "transfer_returns"),
    *("transfer_bases", "look_up_purposes", "hotlines", "number", "told", "body", "law", "matter"),
    *(
        "special",
        "special_note",
        "special_rule",
        "live_vaccines",
        "within_a_day",
        "readings",
        "limit_entry",
        "limit_sent",
    ),
    *("limit_first_visit", "limit_transfer", "limit_arrival", "limit_draft", "limit_stay", "limit_age"),
    *("limit_look_ups", "open_rule", "open_points", "file_and_key", "general_rule", "local_value"),
    *("limit_ahead", "limit_attempt"),
    *("by_age", "months_old", "course", "dose", "vaccine", "doses", "doses_rule", "dose_from", "dose_before"),
    *("dose_interval", "latest", "latest_rule", "for_whom", "everyone", "not_counting", "statuses", "editions"),
    *("editions_rule", "edition", "valid_from", "schooling_flags", "step", "when", "stages", "placement", "source"),
    *("certainty", "requirement", "papers", "need", "or_else", "issuers", "issuer", "documents_rule", "which_list"),
    *("cells", "cells_rule", "cell_place", "cell_value", "cell_why", "all_editions", "lists_open"),
)
# Every sentence that the chapters use, with what they give it besides the limits.
SENTENCES: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(PLAIN, frozenset[str]()),
    **dict.fromkeys((*UNITS, *(f"{unit}s" for unit in UNITS), "until_age"), frozenset({"number"})),
    **{f"trigger_{name}": frozenset() for name in TRIGGERS},
    **{f"reasons_{name}": frozenset() for name in REASONS},
    **{f"takes_{name}": frozenset() for name in TAKES},
    "numbered_step": frozenset({"number", "name"}),
    "accept_within": frozenset({"service", "days"}),
    "answer_within": frozenset({"service", "days"}),
    "entry_age": frozenset({"number"}),
    "outcomes_of": frozenset({"service"}),
    "one_of": frozenset({"reasons"}),
    "may_take": frozenset({"fields"}),
    "alternative_of": frozenset({"alternatives"}),
    "climb_rule": frozenset({"first", "second"}),
    "items_rule": frozenset({"items", "results"}),
    "limit_climb": frozenset({"service"}),
    "limit_climb_above": frozenset({"service"}),
    "entry_rule": frozenset({"age", "day"}),
    "entry_area": frozenset({"age", "day", "area"}),
    "school_year_rule": frozenset({"day", "primary", "compulsory"}),
    "grades_rule": frozenset({"start"}),
    "from_to": frozenset({"first", "last"}),
    "notice_version": frozenset({"version"}),
    "limit_latest": frozenset({"day"}),
    "limit_accept": frozenset({"service"}),
    "limit_answer": frozenset({"service"}),
    "limit_visits": frozenset({"level"}),
    "local_rule": frozenset({"version"}),
    "calendar_of": frozenset({"name"}),
    "by_age_rule": frozenset({"edition", "day"}),
    "dose_number": frozenset({"number"}),
    "before_age": frozenset({"age"}),
    "given_below": frozenset({"age"}),
    "within_interval": frozenset({"span"}),
    "at_least": frozenset({"span"}),
    "since_first": frozenset({"span"}),
    "born_from": frozenset({"day"}),
    "paper": frozenset({"paper", "form"}),
}


@dataclass(frozen=True)
class Step:
    """A step of the work: by whom (codes of `role`), what, and by when.

    `each_service`: "accept" or "answer", where the limit of each service follows; None where none does.
    """

    key: str
    name: Text
    who: tuple[str, ...]
    what: Text
    limit: Text
    each_service: str | None


@dataclass(frozen=True)
class HandbookWords:
    """The words of the handbook: its title, the chapters' titles, the steps, the sentences.

    `cells`: what the cells of the vaccination schedule are called; `files`: every file of the version; `keys`: what
    stands in them, where it has no name of its own.
    """

    title: Text
    chapters: Mapping[str, Text]
    steps: tuple[Step, ...]
    words: Mapping[str, Text]
    cells: Mapping[str, Text]
    files: Mapping[str, Text]
    keys: Mapping[str, Text]


def read_handbook(file: Table, codes: Mapping[str, CodeList]) -> HandbookWords:
    """Build the words out of handbook.toml, noting every fault."""
    chapters = file.table("chapters")
    titles = {key: chapters.text(key) for key in CHAPTERS}
    chapters.finish()
    read = HandbookWords(
        title=file.text("title"),
        chapters=MappingProxyType(titles),
        steps=tuple(_step(key, table, codes["role"]) for key, table in file.table("steps").tables()),
        words=MappingProxyType(_sentences(file.table("words"), codes["flag"])),
        cells=_named(file.table("cells")),
        files=_named(file.table("files")),
        keys=_named(file.table("keys")),
    )
    file.finish()
    return read


def _named(file: Table) -> Mapping[str, Text]:
    return MappingProxyType({key: table.as_text() for key, table in file.tables()})


def _step(key: str, table: Table, roles: CodeList) -> Step:
    each = table.optional("each_service")
    step = Step(
        key=key,
        name=table.text("name"),
        who=table.strings("who", frozenset(role.code for role in roles)),
        what=table.text("what"),
        limit=table.text("limit"),
        each_service=each,
    )
    table.finish()
    if each not in (None, ACCEPT, ANSWER):
        table.fault("each_service", f"must be {ACCEPT} or {ANSWER}")
    for name, text in (("what", step.what), ("limit", step.limit)):
        _check(table, name, text, LIMITS)
    return step


def _sentences(table: Table, flags: CodeList) -> dict[str, Text]:
    given = {**SENTENCES, **{f"flag_{flag.code}": frozenset[str]() for flag in flags}}
    words = {key: table.text(key) for key in given}
    table.finish()
    for key, text in words.items():
        _check(table, key, text, given[key] | LIMITS)
    return words


def _check(table: Table, key: str, text: Text, known: frozenset[str]) -> None:
    try:
        unknown = placeholders(text.zh) - known
    except ValueError:
        return  # noted already where the words were read
    for name in sorted(unknown):
        table.fault(key, f"the handbook gives no {{{name}}}")
