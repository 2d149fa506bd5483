"""What an intake answered, typed: the household, its guardians, its children, and the facts that rules read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sop.eligibility import guardian_here, parents_away
from sop.identity import PhoneError, normalise_phone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from sop.identity import BirthDate, IdNumber


@dataclass(frozen=True)
class GuardianAnswers:
    """One adult. `relation`: GB/T 4761 code, unknown or refused. `lives_here`: yes, no, unknown or refused.

    `name_answer` and `phone_answer`: given, unknown or refused. Everywhere "" says that nobody answered.
    """

    name: str | None
    name_answer: str
    relation: str
    phone: str | None
    phone_answer: str
    lives_here: str

    @property
    def phone_digits(self) -> str | None:
        """The phone as it is looked up; None where there is none or it cannot be one."""
        try:
            return normalise_phone(self.phone or "")
        except PhoneError:
            return None


@dataclass(frozen=True)
class FamilyAnswers:
    """A household. Codes are 12-digit area codes; `arrived` and `away_since` may lack the day.

    Answers beside a value say given, unknown, refused, or "" when nobody answered. `alone`: no guardian is here.
    `contradicted`: labels of the questions that hold a value and, beside it, an answer that there is none.
    """

    area_code: str
    block_id: str | None
    address: str | None
    address_answer: str
    hukou_code: str | None
    hukou_answer: str
    ethnic: str
    guardians: tuple[GuardianAnswers, ...]
    arrived: BirthDate | None = None
    arrived_answer: str = ""
    stays: str = ""
    alone: bool = False
    who_away: str | None = None
    away_since: BirthDate | None = None
    away_since_answer: str = ""
    away_area: str | None = None
    away_area_answer: str = ""
    other_parent_can_care: str | None = None
    boarding: str | None = None
    contradicted: tuple[str, ...] = ()

    @property
    def guardian_here(self) -> str:
        """Who of the guardians lives here: both, one, other, alone, unknown or refused; "" when none was named."""
        if self.alone:
            return "alone"
        here = {guardian.relation for guardian in self.guardians if guardian.lives_here == "yes"}
        if here:
            return guardian_here(here)
        said = {guardian.lives_here for guardian in self.guardians}
        if not said:
            return ""
        return "refused" if said == {"refused"} else "unknown"

    @property
    def circumstances(self) -> dict[str, Any]:
        """What an episode keeps of these answers, so that its flags can be found again on any day."""
        kept = {"stays": self.stays, "guardian_here": self.guardian_here, "arrived_answer": self.arrived_answer}
        return kept | (self._absence if self.who_away is not None else {})

    @property
    def _absence(self) -> dict[str, Any]:
        father, mother = parents_away(self.who_away)
        one_away = self.who_away in ("father", "mother")
        return {
            "who_away": self.who_away,
            "father_away": father,
            "mother_away": mother,
            "away_since": self.away_since.iso if self.away_since else None,
            "away_since_answer": self.away_since_answer,
            "away_area": self.away_area,
            "away_area_answer": self.away_area_answer,
            "other_parent_can_care": self.other_parent_can_care if one_away else None,
            "carer": self.guardians[0].relation if self.guardians else None,
            "boarding": self.boarding,
        }


@dataclass(frozen=True)
class Arriving:
    """What a child that arrives by a transfer has on file already, so that it is not asked again.

    `school` and `certificate` are the answers on file; `hukou_code` 6 to 12 digits.
    """

    transfer_id: UUID
    child_id: UUID
    hukou_code: str | None
    hukou_answer: str
    ethnic: str
    school: str
    certificate: str


@dataclass(frozen=True)
class ChildAnswers:
    """One child. `id_number` is as read, or as typed where it cannot be read; `read` is what it says.

    `id_fault`: why it could not be read (length, characters, birth, future), None when it could or there is none.
    `birth` and `sex` are what was typed, else what the number says; `sex` is a code of GB/T 2261.1.
    `school` and `certificate` are "" when nobody answered. `contradicted` as in FamilyAnswers. `arriving`: of one
    who arrives by a transfer, whose name, number, birth and sex are those on file.
    """

    name: str
    id_number: str | None
    id_answer: str
    read: IdNumber | None
    id_fault: str | None
    birth: BirthDate
    sex: str
    school: str
    certificate: str
    contradicted: tuple[str, ...] = ()
    arriving: Arriving | None = None


@dataclass(frozen=True)
class Intake:
    """Everything that was answered before sending. `given` is the notice: its version, language and answer.

    Children who arrive by a transfer come first.
    """

    side: str
    given: dict[str, str]
    family: FamilyAnswers
    children: tuple[ChildAnswers, ...]


def answered(value: object, withheld: str | None) -> str:
    """Return how a question was answered: given, else unknown or refused, else ""."""
    return "given" if value is not None else (withheld or "")


def phones(guardians: Iterable[GuardianAnswers]) -> tuple[str, ...]:
    """Return the phones that the children can be found by, each once, in order."""
    return tuple(dict.fromkeys(digits for guardian in guardians if (digits := guardian.phone_digits)))
