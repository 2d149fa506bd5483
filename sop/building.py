"""Builds a version from its files, and checks each part by itself and against the others."""

from __future__ import annotations

import re
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sop import eligibility, immunisation, referral, schooling, status, transfer
from sop.asking import read_questions
from sop.content import (
    REGISTER_FIELDS,
    Centre,
    Code,
    CodeList,
    EligibilityRules,
    EntryRule,
    Notice,
    OpenPoint,
    SchoolingRules,
    Section,
    Sop,
    SopError,
    Text,
    placeholders,
)
from sop.downloads import read_downloads
from sop.empty_ledger import read_empty_ledger
from sop.intake import read_intake
from sop.ledger.words import read_ledgers
from sop.protection import read_protection
from sop.reading import Faults, Table, read_file
from sop.rosters import read_rosters
from sop.services import OUTCOME_KINDS, read_services
from sop.visits import read_visits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

UNANSWERED: Final = frozenset({"unknown", "refused"})
# What the rules themselves speak of must be in the lists; None: the list is data through and through.
CODE_LISTS: Final[Mapping[str, frozenset[str] | None]] = {
    "sex": frozenset("0129"),
    "relation": UNANSWERED | eligibility.FATHERS | eligibility.MOTHERS,
    "school": UNANSWERED | {"none", "kindergarten", "primary", "junior", "senior"},
    "certificate": UNANSWERED | {"seen", "unseen", "none", "no_dose"},
    "ethnic": UNANSWERED,
    "document": None,
    "episode_status": frozenset({"pending", "active", "left", "not_found", "withdrawn"}),
    "child_status": frozenset({"aged_out", "deceased", "merged"}),
    "flag": frozenset(eligibility.FLAGS_SHOWN),
    "referral_state": frozenset(referral.State),
    "schooling_kind": None,
    "return_reason": None,
    "withdraw_reason": None,
    "outcome_reason": None,
    "outcome_kind": OUTCOME_KINDS,
    "guardian_here": UNANSWERED | {"both", "one", "other", "alone"},
    "withheld": UNANSWERED,
    "yes_no": UNANSWERED | {"yes", "no"},
    "stays": UNANSWERED | {"yes", "no"},
    "who_away": UNANSWERED | frozenset(eligibility.AWAY),
    "other_parent_can_care": UNANSWERED | {"yes", "no"},
    "boarding": UNANSWERED | {"yes", "no"},
    "hukou_type": UNANSWERED,
    "birth_certificate": UNANSWERED | {"seen", "later", "none"},
    "cannot_care": UNANSWERED,
    "not_in_school": UNANSWERED,
    "senior_kind": UNANSWERED,
    "health": UNANSWERED | {"healthy", "disabled", "ill"},
    "disability_kind": UNANSWERED,
    "disability_grade": UNANSWERED,
    "insurance": UNANSWERED,
    "aid": UNANSWERED,
    "income": UNANSWERED,
    "care": frozenset({"guardian", "entrusted", "actual"}),
    "match_reason": None,
    "correction_reason": None,
    "change_reason": status.CHANGE_REASONS,
    "leaving_reason": frozenset({"unknown"}),
    "withdrawal_reason": None,
    "refusal_reason": None,
    "changed_field": status.CHANGED_FIELDS,
    "purpose": None,
    "list_purpose": None,
    "source": None,
    "office_kind": None,
    "role": None,
    "age_band": None,
    "outside_reason": eligibility.OUTSIDE,
    "field": REGISTER_FIELDS,
    "transfer_state": frozenset(transfer.State),
    "transfer_basis": frozenset(transfer.Basis),
    "transfer_return_reason": None,
    "look_up_purpose": None,
}
WORDING: Final[Mapping[str, frozenset[str]]] = {
    **eligibility.REASONS,
    **schooling.REASONS,
    **schooling.WORDING,
    **immunisation.REASONS,
}


def build(folder: Path) -> Sop:
    """Build the version whose files lie in `folder`; raises SopError listing every fault in them."""
    faults = Faults()
    head = read_file(folder, "version.toml", faults)
    codes = _codes(read_file(folder, "codes.toml", faults))
    sop = Sop(
        version=head.string("version"),
        valid_from=head.day("valid_from"),
        open_points=tuple(OpenPoint(key, point.as_text()) for key, point in head.table("open_points").tables()),
        codes=codes,
        services=read_services(read_file(folder, "services.toml", faults), codes),
        questions=read_questions(read_file(folder, "questions.toml", faults), codes),
        eligibility=_eligibility(read_file(folder, "eligibility.toml", faults)),
        schooling=_schooling(read_file(folder, "schooling.toml", faults)),
        notice=_notice(read_file(folder, "notice.toml", faults)),
        protection=read_protection(read_file(folder, "protection.toml", faults)),
        intake=read_intake(read_file(folder, "intake.toml", faults)),
        transfers=transfer.read_transfers(read_file(folder, "transfers.toml", faults)),
        visits=read_visits(read_file(folder, "visits.toml", faults)),
        ledgers=read_ledgers(read_file(folder, "ledgers.toml", faults), codes),
        empty_ledger=read_empty_ledger(read_file(folder, "empty_ledger.toml", faults), codes),
        downloads=read_downloads(read_file(folder, "downloads.toml", faults)),
        rosters=read_rosters(read_file(folder, "rosters.toml", faults)),
        wording=_wording(read_file(folder, "wording.toml", faults)),
    )
    head.finish()
    if sop.version != folder.name:
        head.fault("version", f"must be {folder.name}, as its folder")
    if faults.found:
        raise SopError(*faults.found)
    return sop


def _codes(file: Table) -> Mapping[str, CodeList]:
    lists = {}
    for name, expected in CODE_LISTS.items():
        table = file.table(name)
        entries = tuple(Code(code, words.as_text()) for code, words in table.tables())
        lists[name] = CodeList(name, entries)
        for code in sorted((expected or frozenset()) - {entry.code for entry in entries}):
            table.fault(code, "is missing: the rules speak of it")
    file.finish()
    return MappingProxyType(lists)


def _eligibility(file: Table) -> EligibilityRules:
    centres = {}
    for key, table in file.table("centres").tables():
        districts = table.strings("districts")
        centres[key] = Centre(table.text("name"), frozenset(districts))
        table.finish()
        for district in districts:
            if not re.fullmatch(r"[0-9]{6}", district) or district[:4] != districts[0][:4]:
                table.fault("districts", f"{district!r} is not a district of the same city in six digits")
    rules = EligibilityRules(
        age_below=file.number("age_below", 18),
        stay_months=file.number("stay_months", 24),
        centres=MappingProxyType(centres),
    )
    file.finish()
    return rules


def _schooling(file: Table) -> SchoolingRules:
    areas = {}
    for prefix, table in file.table("areas").tables() if "areas" in file.values else ():
        areas[prefix] = _entry(table)
        if not re.fullmatch(r"[0-9]{2,12}", prefix):
            file.fault("areas", f"{prefix!r} is no prefix of an area code")
    rules = SchoolingRules(
        entry=_entry(file.table("entry")),
        areas=MappingProxyType(areas),
        year_starts_month=file.number("year_starts_month", 12),
        year_starts_day=file.number("year_starts_day", 31),
        primary_grades=file.number("primary_grades", 9),
        compulsory_grades=file.number("compulsory_grades", 9),
    )
    file.finish()
    _check_day(file, "year_starts_day", rules.year_starts_month, rules.year_starts_day)
    if rules.primary_grades > rules.compulsory_grades:
        file.fault("primary_grades", "is more than compulsory_grades")
    return rules


def _entry(table: Table) -> EntryRule:
    rule = EntryRule(table.number("age", 8), table.number("month", 12), table.number("day", 31))
    table.finish()
    _check_day(table, "day", rule.cut_off_month, rule.cut_off_day)
    return rule


def _check_day(table: Table, key: str, month: int, day: int) -> None:
    try:
        date(2001, month, day)  # a common year: 29 February would be no day in most years
    except ValueError:
        table.fault(key, f"{month}-{day} is not a day of every year")


def _notice(file: Table) -> Notice:
    notice = Notice(
        version=file.string("version"),
        title=file.text("title"),
        promises=tuple(promise.as_text() for promise in file.listed("promises")),
        sections=tuple(_section(table) for table in file.listed("sections")),
    )
    file.finish()
    texts = [notice.title, *notice.promises, *(text for part in notice.sections for text in part.paragraphs)]
    if any(placeholders(text.zh) for text in texts):
        file.fault("-", "the notice is said as it stands: no placeholders")
    return notice


def _section(table: Table) -> Section:
    section = Section(table.text("heading"), tuple(paragraph.as_text() for paragraph in table.listed("paragraphs")))
    table.finish()
    return section


def _wording(file: Table) -> Mapping[str, Text]:
    words = {key: table.as_text() for key, table in file.tables()}
    for key, given in WORDING.items():
        if key not in words:
            file.fault(key, "is missing: the rules speak of it")
            continue
        for name in sorted(_named(words[key].zh) - given):
            file.fault(key, f"the rule gives no {{{name}}}")
    return MappingProxyType(words)


def _named(template: str) -> frozenset[str]:
    try:
        return placeholders(template)
    except ValueError:
        return frozenset()  # noted already where the words were read
