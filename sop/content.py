"""What a version of the procedure consists of: frozen values, and how they are said in zh or en."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sop.admission import Admission
    from sop.documents import Documents
    from sop.downloads import DownloadRules
    from sop.empty_ledger import EmptyLedger
    from sop.handbook.words import HandbookWords
    from sop.immunisation.schedule import Schedule
    from sop.intake import IntakeRules
    from sop.ledger.words import LedgerWords
    from sop.notice import Notice
    from sop.protection import ProtectionRules
    from sop.questions import Questionnaire
    from sop.referral.rules import ReferralRules
    from sop.referral.working_days import YearOfCalendar
    from sop.rosters import RosterRules
    from sop.schooling.rules import SchoolingRules
    from sop.transfer import TransferRules
    from sop.visits import VisitRules

LANGUAGES: Final = ("zh", "en")
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
REGISTER_FIELDS: Final = frozenset(
    f"child.{name}"
    for name in (
        *("name", "birth_date", "sex", "id_number", "hukou", "address"),
        *("guardian", "phone", "school", "certificate", "area", "doses"),
    )
)


class SopError(Exception):
    """A version is missing or faulty, or was asked for something that it does not hold."""

    def __init__(self, *faults: str) -> None:
        """Keep each fault (`file: key: what is wrong`) for whoever has to mend them."""
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True)
class Text:
    """The same words in both languages, with the same named {placeholders}."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the words in `language` ("zh" or "en"); any other raises SopError."""
        if language not in LANGUAGES:
            raise SopError(f"no language {language!r}")
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Reason:
    """Why a rule decided so: a key of the wording and what its placeholders stand for."""

    key: str
    params: Mapping[str, int | date | str | Text]


@dataclass(frozen=True)
class Code:
    """One answer of a code list."""

    code: str
    text: Text


@dataclass(frozen=True)
class CodeList:
    """The answers that one question may have, in the order in which they are offered."""

    name: str
    codes: tuple[Code, ...]

    def text(self, code: str) -> Text:
        """Return the words for `code`; raises SopError naming the list when it is not in it."""
        for entry in self.codes:
            if entry.code == code:
                return entry.text
        raise SopError(f"code list {self.name} has no code {code!r}")

    def has(self, code: str) -> bool:
        """Tell whether `code` is in the list."""
        return any(entry.code == code for entry in self.codes)

    def choices(self, language: str) -> list[tuple[str, str]]:
        """Return (code, words) pairs in order, as a form offers them."""
        return [(entry.code, entry.text.in_language(language)) for entry in self.codes]

    @property
    def known(self) -> frozenset[str]:
        """All codes of the list."""
        return frozenset(entry.code for entry in self.codes)

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True)
class Outcome:
    """How an office may answer a referral.

    `kind` is solved, interim or unsolved; an interim one with `state` moves the open referral to that
    state. `reasons` are codes of `outcome_reason`, one of which must go with it. `asks` names the day
    that must go with it ("recall", "appointment", "next_dose"). `writes` is what the answer writes back:
    "school" ("stage" = primary or junior by the grade due), "schooling_kind", "certificate". `takes` names what else
    may be told with it: "school" (its name), "school_kind" (code of `schooling_kind`), "grade" (1 to 12, 0
    kindergarten), "begins" (first day at school). `alternative`: codes of the list `alternative`, one of which must go
    with it for a child of compulsory age. `below_school_age`: it is no answer for one that is due in school by age.
    """

    code: str
    text: Text
    kind: str
    state: str | None
    asks: str | None
    reasons: tuple[str, ...]
    writes: Mapping[str, str]
    takes: tuple[str, ...]
    alternative: tuple[str, ...]
    below_school_age: bool


@dataclass(frozen=True)
class Service:
    """A service that children are referred to, by which kinds of office, its limits in working days from sending.

    `climb_days`: working days after the limit until it stands with the supervisor, and from there until it stands with
    the level above. `confidential`: which service and office it is stays sealed. `needs_agreement`: it is sent only
    when the guardian agreed. `offer_first`: services to be offered before this one. `documents`: what the family
    brings. `items`: codes of the list `item`, each to be answered with a code of `item_result`. `about`: what lists say
    of a child and are narrowed by, "school" (where it goes, grade due) or "doses" (certificate, vaccines); None of a
    service that is about neither. `before_term`: of a child that is of school age next September it is answered before.
    `when_complete`, `when_more`: codes of the outcomes that say that all doses due by age are given, and that more are
    to come; entering doses answers with them. None where a service or a place has none such.
    """

    code: str
    name: Text
    office_kinds: tuple[str, ...]
    triggers: tuple[str, ...]
    accept_days: int
    answer_days: int
    climb_days: tuple[int, ...]
    visible_before: tuple[str, ...]
    visible_after: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    confidential: bool
    needs_agreement: bool
    offer_first: tuple[str, ...]
    documents: tuple[Text, ...]
    items: tuple[str, ...]
    about: str | None
    before_term: bool
    when_complete: str | None
    when_more: str | None

    def outcome(self, code: str) -> Outcome:
        """Return the outcome with this code; raises SopError when the service has none such."""
        found = self.find_outcome(code)
        if found is None:
            raise SopError(f"service {self.code} has no outcome {code!r}")
        return found

    def find_outcome(self, code: str) -> Outcome | None:
        """Return the outcome with this code, as it was sent by a page or a list; None when there is none such."""
        return next((each for each in self.outcomes if each.code == code), None)


@dataclass(frozen=True)
class Centre:
    """The central districts of one city, between which a move crosses no county line."""

    name: Text
    districts: frozenset[str]


@dataclass(frozen=True)
class EligibilityRules:
    """Limits of registration: age in years, stay in calendar months, central districts."""

    age_below: int
    stay_months: int
    centres: Mapping[str, Centre]


@dataclass(frozen=True)
class OpenPoint:
    """Something in this version that a person has still to check against the official text."""

    key: str
    text: Text


@dataclass(frozen=True, eq=False)
class Sop:
    """One checked version of the procedure, from the day it is valid."""

    version: str
    valid_from: date
    open_points: tuple[OpenPoint, ...]
    codes: Mapping[str, CodeList]
    services: Mapping[str, Service]
    referrals: ReferralRules
    calendar: Mapping[int, YearOfCalendar]
    questions: Questionnaire
    eligibility: EligibilityRules
    schooling: SchoolingRules
    documents: Documents
    admission: Admission
    immunisation: Schedule
    notice: Notice
    protection: ProtectionRules
    intake: IntakeRules
    transfers: TransferRules
    visits: VisitRules
    ledgers: LedgerWords
    downloads: DownloadRules
    empty_ledger: EmptyLedger
    rosters: RosterRules
    wording: Mapping[str, Text]
    handbook: HandbookWords

    def say(self, key: str, language: str, **params: str | int) -> str:
        """Return the wording of `key` with its placeholders filled; raises SopError naming a missing one."""
        if key not in self.wording:
            raise SopError(f"version {self.version} has no wording {key!r}")
        template = self.wording[key].in_language(language)
        missing = placeholders(template) - params.keys()
        if missing:
            raise SopError(f"wording {key!r} needs {', '.join(sorted(missing))}")
        return template.format(**params)

    def explain(self, reason: Reason, language: str) -> str:
        """Return a reason as a sentence, days and names written as the language writes them."""
        params = {name: _written(value, language) for name, value in reason.params.items()}
        return self.say(reason.key, language, **params)


def placeholders(template: str) -> frozenset[str]:
    """Return the names between braces; raises ValueError where one is not a plain name."""
    names = set()
    for _, name, form, conversion in Formatter().parse(template):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(f"placeholder {{{name}}} must be a plain name")
        names.add(name)
    return frozenset(names)


def written_day(day: date, language: str) -> str:
    """Return a day as running text writes it: 2026年11月22日, 22 November 2026."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def written_month(day: date) -> Text:
    """Return the month of a day as running text writes it: 2026年11月, November 2026."""
    return Text(f"{day.year}年{day.month}月", f"{MONTHS[day.month - 1]} {day.year}")


def _written(value: int | date | str | Text, language: str) -> str | int:
    if isinstance(value, date):
        return written_day(value, language)
    return value.in_language(language) if isinstance(value, Text) else value
