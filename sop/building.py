"""Builds a version from its files, and checks each part by itself and against the others."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sop import eligibility, referral, schooling, status, transfer
from sop.admission import read_admission
from sop.asking import read_questions
from sop.content import (
    REGISTER_FIELDS,
    Centre,
    Code,
    CodeList,
    EligibilityRules,
    OpenPoint,
    Sop,
    SopError,
    Text,
    placeholders,
)
from sop.documents import LISTS as DOCUMENT_LISTS
from sop.documents import read_documents
from sop.downloads import read_downloads
from sop.empty_ledger import read_empty_ledger
from sop.handbook.words import read_handbook
from sop.immunisation.reading import read_immunisation
from sop.intake import read_intake
from sop.ledger.words import read_ledgers
from sop.notice import Notice, Section
from sop.outcomes import OUTCOME_KINDS
from sop.protection import read_protection
from sop.reading import Faults, Files, Table, read_file
from sop.rosters import read_rosters
from sop.schooling.needs import LISTS as SCHOOLING_LISTS
from sop.schooling.reading import read_schooling
from sop.services import read_services
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
    "alternative": None,
    "item": None,
    "item_result": frozenset({"agrees", "differs", "not_found"}),
    "answer_source": frozenset({"office", "slip"}),
    "reopen_reason": referral.TAKES_BACK,
    "hand_on_reason": frozenset({"office_closed"}),
    "decline_reason": None,
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
    "dose_withdrawal_reason": None,
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
    **SCHOOLING_LISTS,
    **DOCUMENT_LISTS,
}
WORDING: Final[Mapping[str, frozenset[str]]] = {
    **eligibility.REASONS,
    **schooling.WORDING,
    **{f"short_{name}": frozenset[str]() for name in referral.TRIGGERS["vaccination"]},  # in a cell of a list
    **referral.REASONS,
    referral.ASKED: frozenset(),
}


def build(folder: Path, overlay: Path | None = None) -> Sop:
    """Build the version whose files lie in `folder`; raises SopError listing every fault in them.

    `overlay`: a folder of files of the same shape, which hold what differs here (`sop.overlay` names its faults).
    """
    files, faults = Files(folder, overlay), Faults()
    head = read_file(files, "version.toml", faults)
    sop = _sop(files, head, faults)
    head.finish()
    if sop.version != folder.name:
        head.fault("version", f"must be {folder.name}, as its folder")
    if faults.found:
        raise SopError(*faults.found)
    return sop


def _sop(files: Files, head: Table, faults: Faults) -> Sop:
    codes = _codes(read_file(files, "codes.toml", faults))
    referrals = referral.read_referrals(read_file(files, "referrals.toml", faults))
    return Sop(
        version=head.string("version"),
        valid_from=head.day("valid_from"),
        open_points=tuple(OpenPoint(key, point.as_text()) for key, point in head.table("open_points").tables()),
        codes=codes,
        services=read_services(read_file(files, "services.toml", faults), codes, referrals),
        referrals=referrals,
        calendar=referral.read_calendar(read_file(files, "calendar.toml", faults)),
        questions=read_questions(read_file(files, "questions.toml", faults), codes),
        eligibility=_eligibility(read_file(files, "eligibility.toml", faults)),
        schooling=read_schooling(read_file(files, "schooling.toml", faults), codes),
        documents=read_documents(read_file(files, "documents.toml", faults), codes),
        admission=read_admission(read_file(files, "admission.toml", faults), codes),
        immunisation=read_immunisation(read_file(files, "immunisation.toml", faults)),
        notice=_notice(read_file(files, "notice.toml", faults)),
        protection=read_protection(read_file(files, "protection.toml", faults)),
        intake=read_intake(read_file(files, "intake.toml", faults)),
        transfers=transfer.read_transfers(read_file(files, "transfers.toml", faults)),
        visits=read_visits(read_file(files, "visits.toml", faults)),
        ledgers=read_ledgers(read_file(files, "ledgers.toml", faults), codes),
        empty_ledger=read_empty_ledger(read_file(files, "empty_ledger.toml", faults), codes),
        downloads=read_downloads(read_file(files, "downloads.toml", faults), codes["item"]),
        rosters=read_rosters(read_file(files, "rosters.toml", faults)),
        wording=_wording(read_file(files, "wording.toml", faults)),
        handbook=read_handbook(read_file(files, "handbook.toml", faults), codes),
    )


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
