"""The people of the demonstration: invented families, deterministic from a seed and a day."""

from __future__ import annotations

import itertools
from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from registry.households.answers import FamilyAnswers, GuardianAnswers
from seed.demo import names
from sop import schooling
from sop.identity import BirthDate, add_months, check_character

if TYPE_CHECKING:
    from random import Random

    from seed.demo.places import City, Community, Residence
    from sop.version import Sop

# Sending areas, by county or town, where migrant families of the receiving cities come from.
ORIGINS = (
    "321322",
    "341225",
    "411424",
    "422802",
    "500236",
    "511621",
    "520521",
    "360781",
    "452226",
    "441424",
    "653121",
)
DESTINATIONS = (
    "320400000000",
    "442000000000",
    "320500000000",
    "310000000000",
    "440300000000",
    "120000000000",
)
ETHNIC = {"653121": "05", "522635": "06", "511621": "01", "452226": "08", "422802": "15"}
# Share of left-behind children by age (ministry briefing of 2018-10-30): 0-5, 6-13, 14-15.
LEFT_BEHIND_AGES = (((0, 5), 217), ((6, 13), 674), ((14, 15), 109))
LEFT_BEHIND_BOYS, WITH_GRANDPARENTS = 0.545, 0.96
YEARS_DAYS = 1095  # of three years, in which the register grew
GROWING_SHARE = 0.7  # of families came the more, the later it was; the others evenly
MIGRANT_BOYS = 0.54


@dataclass(frozen=True)
class Kid:
    """A child as the family tells it: answers of the quick form."""

    name: str
    birth: BirthDate
    sex: str
    id_number: str | None
    id_number_answer: str
    school: str
    certificate: str
    ethnic: str
    hukou: str | None
    hukou_answer: str


@dataclass(frozen=True)
class Family:
    """A household with what the quick form of its side asks."""

    community: Community
    block: int | None
    address: str
    arrived: BirthDate | None
    registered_on: date
    circumstances: dict[str, Any]
    adults: tuple[GuardianAnswers, ...]
    kids: tuple[Kid, ...] = field(default=())


Sequences = dict[tuple[str, date], int]
# Guardians, the answers of the family's form, and the county of its hukou.
Told = tuple[tuple[GuardianAnswers, ...], dict[str, Any], str]


def _adult(name: str | None, relation: str, phone: str | None) -> GuardianAnswers:
    return GuardianAnswers(name, "given", relation, phone, "given" if phone else "unknown", "yes")


class Maker:
    """Makes families one after the other. Two makers with the same seed and day make the same ones.

    `first_phone`: its phones count up from here. `sequences`: the last one given to a county's children of a day, which
    makers share so that no number is given twice.
    """

    def __init__(self, random: Random, sop: Sop, on: date, first_phone: int, sequences: Sequences) -> None:
        self.random = random
        self.sop = sop
        self.oldest_months = 12 * sop.eligibility.age_below - 1
        self.on = on
        self.phones = itertools.count(first_phone + 1)
        self.sequences = sequences
        self.last_phone: str | None = None

    def as_of(self, day: date) -> Maker:
        """Return a maker of families who were on the register on an earlier day, beside whom this one goes on."""
        then = copy(self)
        then.on = day
        return then

    def family(self, city: City, residence: Residence) -> Family:
        """Make one family of the kind that the city registers: moved here, or with parents away."""
        surname = names.surname(self.random)
        place = residence.drawn(self.random)
        block = self.random.randrange(len(place.blocks)) if place.blocks else None
        registered = self._registered()
        make = self._left_behind if city.side == "sending" else self._migrant
        adults, answers, origin = make(surname, city, registered)
        kids = self._kids(surname, city, origin, registered)
        address = f"{self.random.randint(1, 4)}单元{self.random.randint(1, 6)}0{self.random.randint(1, 4)}室"
        if city.side == "sending":
            address = f"{self.random.randint(1, 240)}号"
        told = FamilyAnswers(place.code, None, address, "given", None, "unknown", "unknown", adults, **answers)
        return Family(place, block, address, told.arrived, registered, told.circumstances, adults, kids)

    def _registered(self) -> date:
        """Draw a day of the last three years, the more likely the later."""
        ago = self.random.random()
        if self.random.random() < GROWING_SHARE:
            ago = min(ago, self.random.random())
        return self.on - timedelta(days=3 + int(ago * (YEARS_DAYS - 3)))

    def _migrant(self, surname: str, city: City, registered: date) -> Told:
        roll = self.random
        arrived = registered - timedelta(days=int(roll.expovariate(1 / 260)))
        mother = _adult(names.adult(roll, female=True), "52", self._phone())
        father = _adult(names.adult(roll, surname=surname), "51", self._phone() if roll.random() < 0.6 else None)
        adults: tuple[GuardianAnswers, ...] = (father, mother)
        if roll.random() < 0.25:
            adults = (roll.choice(adults),)
        if adults[0].phone is None:
            adults = (_adult(adults[0].name, adults[0].relation, self._phone()), *adults[1:])
        stays = roll.choices(("yes", "no", "unknown", "refused"), (84, 4, 9, 3))[0]
        known = roll.random() < 0.9
        since = BirthDate.of(arrived) if known else BirthDate(arrived.year, arrived.month)
        origins = [origin for origin in ORIGINS if not origin.startswith(city.stem)]
        return adults, {"arrived": since, "arrived_answer": "given", "stays": stays}, roll.choice(origins)

    def _left_behind(self, surname: str, city: City, registered: date) -> Told:
        roll = self.random
        away = registered - timedelta(days=int(roll.expovariate(1 / 420)) + 10)
        who = roll.choices(("both", "father", "mother"), (82, 12, 6))[0]
        if roll.random() < WITH_GRANDPARENTS:
            carer = roll.choice(("61", "62", "62", "63", "64"))
        else:
            carer = roll.choice(("81", "83", "87", "75"))
        answers: dict[str, Any] = {
            "who_away": who,
            "away_since": BirthDate.of(away),
            "away_since_answer": "given",
            "away_area": roll.choice(DESTINATIONS),
            "away_area_answer": "given",
            "boarding": roll.choices(("yes", "no", "unknown"), (18, 78, 4))[0],
        }
        if who != "both":
            answers["other_parent_can_care"] = roll.choices(("no", "unknown"), (9, 1))[0]
        female = carer in ("62", "64", "75", "87")
        inherits = surname if carer in ("61", "81", "75") else None
        adult = _adult(names.adult(roll, female=female, surname=inherits), carer, self._phone())
        return (adult,), answers, roll.choice(city.counties)

    def _kids(self, surname: str, city: City, origin: str, registered: date) -> tuple[Kid, ...]:
        number = self.random.choices((1, 2, 3), (52, 40, 8))[0]
        twins = number > 1 and self.random.random() < 0.03
        births: list[date] = []
        while len(births) < number:
            birth = births[-1] if twins and births else self._birth(city, registered)
            if twins or all(abs((birth - other).days) > 300 for other in births):
                births.append(birth)
        ethnic = ETHNIC.get(origin, "01") if self.random.random() < 0.8 else "01"
        hukou = self.random.choices(("given", "unknown", "refused"), (94, 4, 2))[0]
        return tuple(self._kid(surname, city, origin, ethnic, hukou, birth) for birth in sorted(births))

    def _kid(self, surname: str, city: City, origin: str, ethnic: str, hukou: str, birth: date) -> Kid:
        roll = self.random
        sex = "1" if roll.random() < (LEFT_BEHIND_BOYS if city.side == "sending" else MIGRANT_BOYS) else "2"
        answer = roll.choices(("given", "later", "none", "refused"), (78, 14, 4, 4))[0]
        age_months = (self.on.year - birth.year) * 12 + self.on.month - birth.month
        unnamed = age_months < 4 and roll.random() < 0.2
        month_only = answer != "given" and roll.random() < 0.25
        return Kid(
            name=names.placeholder(roll) if unnamed else names.child(roll, surname, sex, ethnic),
            birth=BirthDate(birth.year, birth.month) if month_only else BirthDate.of(birth),
            sex=sex,
            id_number=self._id_number(origin, birth, sex) if answer == "given" else None,
            id_number_answer=answer,
            school=self._school(birth),
            certificate=roll.choices(("seen", "unseen", "none", "no_dose", "unknown", "refused"), (62, 22, 7, 1, 6, 2))[
                0
            ],
            ethnic=ethnic if roll.random() > 0.02 else "refused",
            hukou=(origin + "000000") if hukou == "given" else None,
            hukou_answer=hukou,
        )

    def _birth(self, city: City, registered: date) -> date:
        """Draw a birthday: under 16 today, and born when the family registered."""
        months = self.random.randint(0, self.oldest_months - 1)
        if city.side == "sending":
            ages = self.random.choices(LEFT_BEHIND_AGES, [share for _, share in LEFT_BEHIND_AGES])[0][0]
            months = self.random.randint(ages[0] * 12, min(ages[1] * 12 + 11, self.oldest_months - 1))
        birth = add_months(self.on, -months) - timedelta(days=self.random.randrange(1, 28))
        return min(birth, registered - timedelta(days=1))

    def _school(self, birth: date) -> str:
        grade = schooling.grade(self.sop, BirthDate.of(birth), self.on)
        if self.random.random() < 0.05:
            return self.random.choice(("unknown", "refused"))
        if grade > self.sop.schooling.compulsory_grades:
            return self.random.choices(("senior", "none"), (88, 12))[0]
        if stage := schooling.stage(self.sop, grade):
            return self.random.choices((stage, "none"), (93, 7))[0]
        return self.random.choices(("kindergarten", "none"), (75, 25))[0] if grade > -3 else "none"

    def _id_number(self, county: str, birth: date, sex: str) -> str:
        """Make a number with a right check digit; sequences from 901 on mark it as invented."""
        first = self.sequences.get((county, birth), 900) + 1
        sequence = first if first % 2 == int(sex) % 2 else first + 1  # odd for boys, even for girls
        self.sequences[county, birth] = sequence
        body = f"{county}{birth:%Y%m%d}{sequence:03d}"
        return body + check_character(body)

    def _phone(self) -> str:
        """Make a phone with a prefix that no operator has; some families share their neighbour's."""
        if self.last_phone is not None and self.random.random() < 0.03:
            return self.last_phone
        self.last_phone = f"154{next(self.phones):08d}"
        return self.last_phone
