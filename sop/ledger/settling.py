"""What the columns say against what the ID number says, on a day: what is kept, and what there is to say of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from sop.eligibility import too_old
from sop.identity import BirthDate
from sop.ledger.messages import LEVELS, REFUSE, Message
from sop.schooling import grade, stage

if TYPE_CHECKING:
    from datetime import date

    from sop.content import Sop
    from sop.ledger.reading import LedgerRow
    from sop.ledger.values import Values

SAME_PARTS: Final = 2  # of year, month and day: where only one differs, one of the two is mistyped


@dataclass
class Settling:
    """A row being judged: values that change, messages that come and go."""

    values: Values
    on: date
    sop: Sop
    messages: list[Message] = field(default_factory=list)

    def say(self, name: str, code: str, proposal: str | None = None, **params: int | str) -> None:
        """Add a message."""
        self.messages.append(Message(name, code, params, proposal))

    def unsay(self, *codes: str) -> None:
        """Take messages back."""
        self.messages = [message for message in self.messages if message.code not in codes]

    def keep(self, **values: Any) -> None:  # noqa: ANN401 - as many kinds as Values has
        """Keep other values than those read."""
        self.values = replace(self.values, **values)


def settle(row: LedgerRow, on: date, sop: Sop) -> Settling:
    """Return a row with the values to be kept and all that there is to say of it by itself."""
    settling = Settling(row.values, on, sop, [Message(each.field, each.code, each.params) for each in row.faults])
    _check_number(settling)
    _settle_birth(settling)
    _settle_sex(settling)
    _check_age(settling)
    _check_days(settling)
    if settling.values.attends:
        _settle_school(settling)
    return settling


def _drop_number(settling: Settling, code: str) -> None:
    settling.unsay("check_digit")
    settling.say("id_number", code)
    settling.keep(id_number=None, id_division=None, id_birth=None, id_sex=None, id_sound=False)


def _check_number(settling: Settling) -> None:
    """Drop a number that cannot be the child's: of an adult, of the future, of somebody else altogether."""
    values = settling.values
    if values.id_birth is None:
        return
    born = BirthDate.of(values.id_birth)
    if values.id_birth > settling.on:
        _drop_number(settling, "id_birth")
    elif values.birth is None:
        return
    elif too_old(settling.sop, born, settling.on) and not too_old(settling.sop, values.birth, settling.on):
        _drop_number(settling, "id_of_adult")
    elif not _alike(values.birth, born):
        _drop_number(settling, "id_of_another")


def _alike(typed: BirthDate, number: BirthDate) -> bool:
    """Tell whether two birth dates may be one: one part mistyped, or month and day changed for each other."""
    if typed.day is None:
        return typed.year == number.year or typed.month == number.month
    parts = ((typed.year, number.year), (typed.month, number.month), (typed.day, number.day))
    crossed = (typed.year, typed.month, typed.day) == (number.year, number.day, number.month)
    return crossed or sum(1 for one, other in parts if one == other) >= SAME_PARTS


def _settle_birth(settling: Settling) -> None:
    """Take the birth date of a sound number where the column has none or another one; the check digit vouches for it.

    A number with a wrong check digit gives no birth date: the wrong digit may be one of it.
    """
    values = settling.values
    if values.birth is not None and values.birth.day is None and not _fits(values):
        settling.say("birth", "birth_month", day=values.birth.iso)
    if values.id_birth is None or not values.id_sound:
        return
    born = BirthDate.of(values.id_birth)
    if values.birth is None:
        settling.messages = [each for each in settling.messages if not _is_of_birth(each)]
        settling.say("birth", "birth_from_number", day=born.iso)
    elif values.birth != born and not _fits(values):
        settling.unsay("birth_month")
        if _is_out(settling, values.birth):
            return  # the row is refused by what was typed, and says so
        settling.say("birth", "birth_differs", born.iso, typed=values.birth.iso, number=born.iso)
    if values.birth != born:
        settling.keep(birth=born)


def _fits(values: Values) -> bool:
    """Tell whether a month alone is that of a sound number, which then gives the day."""
    birth, number = values.birth, values.id_birth if values.id_sound else None
    return bool(birth and number and birth.day is None and (birth.year, birth.month) == (number.year, number.month))


def _is_of_birth(message: Message) -> bool:
    return message.field == "birth" and LEVELS[message.code] == REFUSE


def _is_out(settling: Settling, birth: BirthDate) -> bool:
    return birth.earliest > settling.on or too_old(settling.sop, birth, settling.on)


def _settle_sex(settling: Settling) -> None:
    values = settling.values
    if values.id_sex is None or not values.id_sound or values.sex == values.id_sex:
        return
    if values.sex is not None:
        settling.say("sex", "sex_differs")
    elif any(message.code == "sex_missing" for message in settling.messages):
        settling.unsay("sex_missing")
        settling.say("sex", "sex_from_number")
    settling.keep(sex=values.id_sex)


def _check_age(settling: Settling) -> None:
    birth = settling.values.birth
    if birth is None:
        return
    if birth.earliest > settling.on:
        settling.say("birth", "birth_future", day=birth.iso)
    elif too_old(settling.sop, birth, settling.on):
        settling.say("birth", "too_old", day=birth.iso, age=birth.age_on(settling.on))


def _check_days(settling: Settling) -> None:
    """Leave out an arrival before birth or in the future, and a leaving in the future.

    Parents may have been away before a child was born; the stay of a child begins with its birth.
    """
    birth, arrived, since = settling.values.birth, settling.values.arrived, settling.values.away_since
    if arrived and arrived.earliest > settling.on:
        settling.say("arrived", "arrived_future", day=arrived.iso)
        settling.keep(arrived=None)
    elif arrived and birth and arrived.latest < birth.earliest <= settling.on:
        settling.say("arrived", "arrived_before_birth", birth.iso, day=arrived.iso)
        settling.keep(arrived=None)
    if since and since.earliest > settling.on:
        settling.say("away_since", "away_future", day=since.iso)
        settling.keep(away_since=None)


def _settle_school(settling: Settling) -> None:
    """Say by age in which school a child is of whom the ledger only says that it is in one."""
    if settling.values.birth is None:
        return
    due = grade(settling.sop, settling.values.birth, settling.on)
    school = stage(settling.sop, due) or ("kindergarten" if due < 1 else "senior")
    settling.keep(school=school)
