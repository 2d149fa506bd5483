"""How offices perform, as a page shows it: exact sums for those whose work it is, protected ones for officials."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import UUID

from registry.disclosure.tables import THRESHOLD, Dimension, Table, protect
from registry.referrals.performance.totals import is_confidential
from sop.performance import (
    BECAME,
    MEDIAN,
    NINETIETH,
    OPEN,
    OVERDUE,
    RESULTS,
    RETURNED,
    SOLVED,
    UNSOLVED,
    WITHDRAWN,
    Totals,
    share,
    total,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from registry.disclosure.tables import Cell, ProtectedTable
    from registry.referrals.performance.totals import Counted
    from sop.indicators import Rate

    Answering = Mapping[str, Sequence[UUID]]

Key = TypeVar("Key")

OTHERS: Final = "others"  # offices that do not answer here any more, services of a former version; confidential: all
GONE: Final = "gone"  # returned or withdrawn: too few to be shown apart
OFFICIAL: Final = (SOLVED, UNSOLVED, OPEN, OVERDUE, GONE)
STANDS_FOR: Final = {result: result for result in RESULTS} | {RETURNED: GONE, WITHDRAWN: GONE}


@dataclass(frozen=True)
class ExactLine:
    """One line of the exact table; `office_id` is None where it is one office's, or all together."""

    service: str
    office_id: UUID | None
    totals: Totals


@dataclass(frozen=True)
class ProtectedLine:
    """What officials are shown of a service, or of an office in it; None stands for what is not shown.

    `results`: of OFFICIAL; `service` may be OTHERS; `office_id` is None of a service as a whole, and of other offices.
    """

    service: str
    office_id: UUID | None
    sent: int | None
    results: Mapping[str, int | None]
    median: int | None = None
    ninetieth: int | None = None

    @property
    def told(self) -> bool:
        """Say whether any result is shown."""
        return any(number is not None for number in self.results.values())

    @property
    def solved(self) -> Rate | None:
        """The share of those closed that were solved, where both counts are shown and there is any."""
        solved, unsolved = self.results[SOLVED], self.results[UNSOLVED]
        return None if solved is None or unsolved is None else share(solved, solved + unsolved)


def by_office(counted: Iterable[Counted], months: Collection[str]) -> list[ExactLine]:
    """Return one line for each service and office that has anything to be told."""
    groups = _grouped(counted, lambda each: (each.service, each.office_id))
    lines = [ExactLine(*key, whole(group, months)) for key, group in groups.items()]
    return [line for line in lines if line.totals.counts]


def by_service(counted: Iterable[Counted], months: Collection[str]) -> list[ExactLine]:
    """Return one line for each service that has anything to be told."""
    groups = _grouped(counted, lambda each: each.service)
    lines = [ExactLine(service, None, whole(group, months)) for service, group in groups.items()]
    return [line for line in lines if line.totals.counts]


def whole(counted: Iterable[Counted], months: Collection[str]) -> Totals:
    """Return all together."""
    return total(((each.month, each.counts) for each in counted), months)


def protected(
    counted: Iterable[Counted], answering: Answering, months: Collection[str], threshold: int = THRESHOLD
) -> tuple[int | None, list[tuple[ProtectedLine, list[ProtectedLine]]]]:
    """Return what an official may be shown: all that were sent, then each service with its offices.

    `answering`: every service that there is with the offices that answer here, whether anything was sent to them or
    not: who stands in the tables may not depend on the counts. First the services are one table. Of one
    whose total is hidden nothing else is shown; each of the others is a table of its own, by office and result, whose
    total is the one that is shown already. No child is in two of these, so that what is changed inside one of them
    changes no number shown of another: each gives nothing away, as `disclosure.tables` proves, and neither do all
    together. There is only one period, because the difference of two would be a third.
    """
    groups: dict[str, list[Counted]] = {service: [] for service in (*answering, OTHERS)}
    groups |= _grouped(counted, lambda each: each.service if each.service in answering else OTHERS)
    sent: dict[Cell, int] = {(service,): whole(group, months).sent for service, group in groups.items()}
    shown = protect(Table((Dimension("service", tuple(groups)),), sent), threshold)
    lines = []
    for service, number in shown.totals["service"].items():
        if number is None:
            lines.append((ProtectedLine(service, None, None, dict.fromkeys(OFFICIAL)), list[ProtectedLine]()))
        elif number:
            table = _table(groups[service], _members(service, answering), months)
            totals = whole(groups[service], months)
            lines.append(_protected(service, protect(table, threshold), totals, threshold))
    return shown.grand_total, lines


def _members(service: str, answering: Answering) -> tuple[str, ...]:
    """Return who stands in the table of a service. The offices of a confidential one would tell which it is."""
    offices = () if is_confidential(service) else answering.get(service, ())
    return (*(office.hex for office in offices), OTHERS)


def _table(counted: Iterable[Counted], members: tuple[str, ...], months: Collection[str]) -> Table:
    cells: Counter[tuple[str, ...]] = Counter()
    for each in counted:
        office = each.office_id.hex if each.office_id.hex in members else OTHERS
        for result, number in total([(each.month, each.counts)], months).of(BECAME).items():
            cells[office, STANDS_FOR[result]] += number
    return Table((Dimension("office", members), Dimension("result", OFFICIAL)), dict(cells))


def _protected(
    service: str, table: ProtectedTable, totals: Totals, threshold: int
) -> tuple[ProtectedLine, list[ProtectedLine]]:
    results, offices = table.totals["result"], table.totals["office"]
    line = ProtectedLine(service, None, table.grand_total, results, *_days(totals, results, threshold))
    several = offices if len(offices) > 1 else {}
    return line, [_office_line(service, office, table) for office, number in several.items() if number != 0]


def _days(totals: Totals, results: Mapping[str, int | None], threshold: int) -> tuple[int | None, int | None]:
    """Return median and 90th percentile where it is shown that enough were solved for the days to be nobody's own."""
    if (results[SOLVED] or 0) < threshold:
        return None, None
    return totals.days(MEDIAN), totals.days(NINETIETH)


def _office_line(service: str, office: str, table: ProtectedTable) -> ProtectedLine:
    cells = table.cells
    results = {result: cells[office, result] if cells else None for result in OFFICIAL}
    office_id = None if office == OTHERS else UUID(office)
    return ProtectedLine(service, office_id, table.totals["office"][office], results)


def _grouped(counted: Iterable[Counted], key: Callable[[Counted], Key]) -> dict[Key, list[Counted]]:
    groups: dict[Key, list[Counted]] = {}
    for each in counted:
        groups.setdefault(key(each), []).append(each)
    return groups
