"""Storing a batch of a ledger's rows: whom it knows, whom it counts, whom it passes on, and the files it opens."""

from __future__ import annotations

import functools
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from flask import current_app
from sqlalchemy.exc import InterfaceError, OperationalError

from registry.children import in_bulk, same
from registry.children.service import SameChildError
from registry.database import db
from registry.ledgers import known, outside, unnamed
from registry.ledgers.families import Families
from registry.ledgers.places import NO_OFFICE, NOT_YET, PASSED_ON, UNKNOWN, Places
from registry.ledgers.records import Result
from registry.ledgers.told import Told, told
from registry.matching.service import raise_for_new
from sop.ledger.messages import DUPLICATE, REFUSE, WARN, Message
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.service import Registered
    from registry.households import from_ledger
    from registry.ledgers.records import Item

PLACE: Final = "address"
NOWHERE: Final = (UNKNOWN, NO_OFFICE, NOT_YET)
AWAY: Final = (OperationalError, InterfaceError)  # the database is gone, or wants the batch again: no fault of a row


@dataclass
class Storing:
    """Who stores the rows of which ledger. `area_code`: 12 digits, for which it was uploaded; `on`: judged from.

    `elsewhere`: the files of other areas beside which a row was held, as far as the work has come; `taken`: those
    that rows have opened or found to be theirs; `ledger_id`: of which ledger, where it is kept.
    """

    viewer: Viewer
    area_code: str
    on: date
    ledger_id: UUID | None = None
    elsewhere: set[UUID] = field(default_factory=set)
    taken: set[UUID] = field(default_factory=set)
    places: Places = field(init=False)
    families: Families = field(init=False)

    def __post_init__(self) -> None:
        self.places = Places(self.viewer, self.area_code)
        self.families = Families(self.viewer, self.on)


@dataclass(frozen=True)
class _Waiting:
    """A row of the batch that may open a file."""

    number: int
    item: Item
    told: Told


def store(batch: Storing, items: Sequence[Item]) -> list[Result]:
    """Store rows that the procedure let pass, and say in their order what became of each.

    Rows stand alone: one that cannot be stored is refused and stops no other. All belongs to the caller's
    transaction, in which the children are held, so that nobody else registers one of them meanwhile.
    """
    results: dict[int, Result] = {}
    waiting: list[_Waiting] = []
    for number, item in enumerate(items):
        try:
            waiting.append(_Waiting(number, item, _read(batch, item)))
        except AWAY:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it is, the row is refused and the rest goes on
            results[number] = _failed(error)
    results |= {each.number: _unplaced(each) for each in waiting if each.told.belongs.why in NOWHERE}
    same.hold(each.told.particulars for each in waiting)  # first, as everybody does: before any row is held
    outsiders = [each for each in waiting if each.number not in results and each.told.classification.outside]
    for each in sorted(outsiders, key=_cell):
        results[each.number] = _apart(functools.partial(_count, batch, each))
    results |= _open(batch, [each for each in waiting if each.number not in results])
    batch.families.record()
    return [results[number] for number in range(len(items))]


def register_another(batch: Storing, item: Item) -> Result:
    """Open a file for a row of which somebody said that it is another child than the one it is alike."""
    one = _Waiting(0, item, _read(batch, item))
    if one.told.belongs.why in NOWHERE or one.told.classification.outside is not None:
        return Result(REFUSE)
    same.hold([one.told.particulars])
    batch.families.find([one.told])
    result = _register(batch, one)
    batch.families.record()
    return result


def _read(batch: Storing, item: Item) -> Told:
    return told(item.values, item.side, batch.places, in_force(batch.on), batch.on, item.above)


def _unplaced(one: _Waiting) -> Result:
    code, why = one.told.belongs.area_code, one.told.belongs.why or UNKNOWN
    said = *one.item.messages, Message(PLACE, why, {})
    if why == NOT_YET:
        return Result(WARN, said, area_code=code, held=NO_OFFICE)
    return Result(REFUSE, said, area_code=code)


def _cell(one: _Waiting) -> tuple[str, ...]:
    """In which order counts are added to: two imports at once queue up, and do not lock each other out."""
    reason = one.told.classification.outside
    return one.told.area_code, one.told.new.sex, reason.key if reason else "", one.told.birth.iso


def _count(batch: Storing, one: _Waiting) -> Result:
    mark = outside.tally(batch.viewer, one.told, batch.on)
    return Result(WARN, (*one.item.messages, Message("", "outside", {})), area_code=one.told.area_code, tallied=mark)


def _open(batch: Storing, waiting: Sequence[_Waiting]) -> dict[int, Result]:
    """Open files: of those whom nobody has met before all at once, of the others one by one, in their order."""
    batch.families.find(each.told for each in waiting)
    new = in_bulk.strangers([each.told.particulars for each in waiting])
    # Who has no name yet may be on file though no index tells it.
    named = [
        is_new and each.told.particulars.name_and_birth is not None for each, is_new in zip(waiting, new, strict=True)
    ]
    strangers = [each for each, is_new in zip(waiting, named, strict=True) if is_new]
    others = [each for each, is_new in zip(waiting, named, strict=True) if not is_new]
    try:
        with batch.families.tried(), db.session.begin_nested():
            results = _strangers(batch, strangers)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is one row's: each is tried alone
        _say(error)
        results, others = {}, sorted([*strangers, *others], key=lambda each: each.number)
    certain = known.certainly(batch.viewer, [each.told for each in others])
    for each, met in zip(others, certain, strict=True):
        # Nothing is written of who has a file; the others are asked for again, as one before may be the same child.
        alone = functools.partial(_alone, batch, each)
        results[each.number] = _known(batch, each, met) if met else _apart(alone)
    return results


def _strangers(batch: Storing, those: Sequence[_Waiting]) -> dict[int, Result]:
    homes = [batch.families.home(each.told) for each in those]
    db.session.flush()
    openings = [_opening(each.told, home) for each, home in zip(those, homes, strict=True)]
    made = in_bulk.register_strangers(batch.viewer, openings, batch.on) if openings else []
    for home, one in zip(homes, made, strict=True):
        batch.families.joined(home, one.child_id)
        batch.taken.add(one.child_id)
    return {each.number: _done(each, one) for each, one in zip(those, made, strict=True)}


def _alone(batch: Storing, one: _Waiting) -> Result:
    """Store a row of a child whom somebody may have met: shown as known, held for a supervisor, or registered."""
    met = known.met(batch.viewer, one.told)
    met = met or unnamed.met(batch.viewer, one.told, batch.taken, batch.ledger_id)
    if met is None:
        try:
            return _register(batch, one)
        except SameChildError as error:  # a file that answers as absent to look-ups was opened to this viewer since
            met = known.by_number(batch.viewer, error.child_id)
    return _known(batch, one, met)


def _register(batch: Storing, one: _Waiting) -> Result:
    with batch.families.tried(), db.session.begin_nested():
        home = batch.families.home(one.told)
        db.session.flush()
        made = in_bulk.register_one(batch.viewer, _opening(one.told, home), batch.on)
        raise_for_new(batch.viewer, made, one.told.particulars, one.told.area_code)
    batch.families.joined(home, made.child_id)
    batch.taken.add(made.child_id)
    return _done(one, made)


def _known(batch: Storing, one: _Waiting, met: known.Met) -> Result:
    area, passed = one.told.area_code, one.told.belongs.why == PASSED_ON
    if met.certain:
        batch.taken.add(met.child_id)
    if met.own and met.certain:
        return Result(DUPLICATE, (*one.item.messages, Message("", "in_register", {})), met.child_id, area)
    if passed and met.is_there(area):
        return _passed(one)
    if not met.own:
        batch.elsewhere.add(met.child_id)
    waits = _passed(one) if passed else Result(WARN, (*one.item.messages, Message("", "supervisor", {})))
    return waits._replace(area_code=area, held=met.held, held_child_id=met.child_id)


def _done(one: _Waiting, made: Registered) -> Result:
    """Tell the uploader of a file of the own area; of one that was passed on only that it was."""
    if one.told.belongs.why == PASSED_ON:
        return _passed(one)
    return Result(one.item.outcome, one.item.messages, made.child_id, one.told.area_code)


def _passed(one: _Waiting) -> Result:
    """Say of every row that is passed on the same, whoever has a file of its child, here or in a third area."""
    return Result(WARN, (*one.item.messages, Message(PLACE, PASSED_ON, {})), area_code=one.told.area_code)


def _opening(child: Told, home: from_ledger.Home) -> in_bulk.Opening:
    """A child of another community waits there, whatever its papers, until somebody has been to see it."""
    status = "pending" if child.belongs.why == PASSED_ON else None
    return in_bulk.Opening(child.new, child.place(home), child.classification, status)


def _apart(act: Callable[[], Result]) -> Result:
    """Store one row, so that what goes wrong with it spoils no other."""
    try:
        with db.session.begin_nested():
            return act()
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001 -- whatever it is, the row is refused and the rest goes on
        return _failed(error)


def _failed(error: Exception) -> Result:
    _say(error)
    return Result(REFUSE, (Message("", "failed", {}),))


def _say(error: Exception) -> None:
    """Log where it went wrong and the kind of fault; its message may quote a child."""
    where = "".join(traceback.format_tb(error.__traceback__))
    current_app.logger.error("ledger row: %s\n%s", type(error).__name__, where)
