"""What a row tells of a child, as the register keeps it: the child, its family, its circumstances, its class."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from registry.children.facts import facts
from registry.children.same import Particulars
from registry.children.service import NewChild, Place
from registry.households.from_ledger import Family
from sop.eligibility import classify, guardian_here, parents_away

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from registry.households.from_ledger import Home
    from registry.ledgers.places import Belongs, Places
    from registry.vault.codecs import JsonValue
    from sop.content import Sop
    from sop.eligibility import Classification
    from sop.identity import BirthDate
    from sop.ledger.values import Values

NOT_SAID = "unknown"
SENDING = "sending"


@dataclass(frozen=True)
class Told:
    """A child of a ledger with all that follows from its row."""

    values: Values
    birth: BirthDate
    side: str
    belongs: Belongs
    circumstances: Mapping[str, JsonValue]
    hukou_code: str | None
    classification: Classification

    @property
    def area_code(self) -> str:
        """The 12-digit area where the child belongs."""
        if self.belongs.area_code is None:
            raise ValueError("the row names no place")
        return self.belongs.area_code

    @property
    def phones(self) -> tuple[str, ...]:
        """The phone by which the child can be found."""
        return (self.values.phone,) if self.values.phone else ()

    @property
    def particulars(self) -> Particulars:
        """What the child is known by."""
        return Particulars(self.values.name or "", self.birth, self.values.id_number, self.phones)

    @property
    def family(self) -> Family:
        """The family of the row."""
        values = self.values
        return Family(self.area_code, values.guardian, values.phone, _lives(values, self.side))

    @property
    def new(self) -> NewChild:
        """The child as the register takes it. A number that a ledger does not have may follow."""
        values = self.values
        return NewChild(
            name=values.name or "",
            birth=self.birth,
            sex=values.sex or "0",
            id_number=values.id_number,
            id_number_answer="given" if values.id_number else "later",
            ethnic=values.ethnic or NOT_SAID,
            hukou_code=self.hukou_code,
            hukou_answer="given" if self.hukou_code else NOT_SAID,
            certificate=values.certificate or NOT_SAID,
            school=values.school or NOT_SAID,
        )

    def place(self, home: Home) -> Place:
        """Return where and with whom the child lives."""
        adult: tuple[tuple[UUID, str], ...] = ()
        if home.guardian_id is not None:
            adult = ((home.guardian_id, self.values.relation or NOT_SAID),)
        return Place(
            household_id=home.household_id,
            area_code=self.area_code,
            block_id=None,
            side=self.side,
            arrived=self.values.arrived,
            circumstances=dict(self.circumstances),
            source="ledger",
            guardians=adult,
            phones=self.phones,
        )


def told(values: Values, side: str, places: Places, sop: Sop, on: date, above: Sequence[str] = ()) -> Told:
    """Return what a row tells, placed and classified on a day. `above`: what stands over it, as `Item` says.

    Raises ValueError for a row without a date of birth, which is to be refused. A row that names no place is
    classified nowhere: `belongs.why` says so.
    """
    if values.birth is None:
        raise ValueError("a row without a date of birth is refused")
    belongs = places.of(_lives(values, side) or "", values.community or "", above)
    said = _circumstances(values, side, places)
    hukou = _hukou(values, side, places)
    of_child = facts(values.birth, belongs.area_code or places.area_code, hukou, values.arrived, said, places.current)
    if not _tells_of_absence(values, side):
        # A list of those who came here would say so: a child of this very place is then outside, not left behind.
        of_child = replace(of_child, father_away=False, mother_away=False)
    return Told(values, values.birth, side, belongs, said, hukou, classify(sop, of_child, on))


def _lives(values: Values, side: str) -> str | None:
    """Return the address where a child lives: who stays behind lives where the hukou is."""
    return values.address or (values.origin if side == SENDING else None)


def _hukou(values: Values, side: str, places: Places) -> str | None:
    """Return the 12-digit place of hukou that is named, else the county where the ID number was issued."""
    named = places.code_of(values.origin or (values.address if side == SENDING else None))
    if named is None and values.id_division:
        named = places.current(values.id_division)
    return named


def _circumstances(values: Values, side: str, places: Places) -> dict[str, JsonValue]:
    here = guardian_here({values.relation}) if values.relation else NOT_SAID
    said: dict[str, JsonValue] = {
        "stays": "",
        "guardian_here": here,
        "arrived_answer": "given" if values.arrived else "",
    }
    return said | _absence(values, places) if _tells_of_absence(values, side) else said


def _tells_of_absence(values: Values, side: str) -> bool:
    return side == SENDING or any((values.who_away, values.away_place, values.away_since))


def _absence(values: Values, places: Places) -> dict[str, JsonValue]:
    father, mother = parents_away(values.who_away)
    return {
        "who_away": values.who_away or NOT_SAID,
        "father_away": father,
        "mother_away": mother,
        "away_since": values.away_since.iso if values.away_since else None,
        "away_since_answer": "given" if values.away_since else "",
        "away_area": places.code_of(values.away_place),
        "away_area_answer": "",
        "other_parent_can_care": values.other_parent_can_care,
        "carer": values.relation,
        "boarding": values.boarding,
    }
