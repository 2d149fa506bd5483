"""The attackers: one solves for what the shown numbers allow, one compares every table that is shown alike."""

from __future__ import annotations

import itertools
from collections import defaultdict

from scipy.optimize import linprog

from registry.disclosure.tables import Table

SMALL = range(1, 10)


def sums_of(table):
    """Every cell and every sum over dimensions: {label: set of cells}, label () being the grand total."""
    sums = {}
    cells = list(table.cells())
    places = range(len(table.dimensions))
    for size in range(len(table.dimensions) + 1):
        for kept in itertools.combinations(places, size):
            for cell in cells:
                label = tuple((table.dimensions[place].name, cell[place]) for place in kept)
                sums.setdefault(label, set()).add(cell)
    return sums


def shown_by(protected, table):
    """What a protected table shows, as (cells, number) pairs: this is all that the attacker is given."""
    sums = sums_of(table)
    shown = []
    if protected.cells is not None:
        shown += [({cell}, number) for cell, number in protected.cells.items()]
    for name, family in protected.totals.items():
        shown += [(sums[((name, member),)], number) for member, number in family.items() if number is not None]
    if protected.grand_total is not None:
        shown.append((sums[()], protected.grand_total))
    return shown


def given_away(table, shown):
    """The labels of all small cells and sums that the shown numbers alone tell to be small."""
    return {
        label
        for label, cells in sums_of(table).items()
        if sum(table.counts.get(cell, 0) for cell in cells) in SMALL and _most(table, cells, shown) in SMALL
    }


def _most(table, cells, shown):
    """The largest sum over these cells that whole numbers can have, all shown numbers being true."""
    variables = list(table.cells())
    found = linprog(
        [-float(v in cells) for v in variables],
        A_eq=[[float(v in group) for v in variables] for group, _ in shown] or None,
        b_eq=[number for _, number in shown] or None,
        bounds=(0, None),
        integrality=1,
    )
    return round(-found.fun) if found.status == 0 else None  # unbounded: nothing is known of it


def told_by_the_rule(dimensions, most, threshold, protect):
    """The labels whose small count follows for whoever knows the rule: all tables of up to `most` are compared."""
    alike = defaultdict(list)
    for table in _every_table(dimensions, most):
        alike[repr(protect(table, threshold))].append(table)
    told = set()
    for group in alike.values():
        for label, cells in sums_of(group[0]).items():
            values = {sum(table.counts[cell] for cell in cells) for table in group}
            if len(values) == 1 and 0 < values.pop() < threshold:
                told.add(label)
    return told


def _every_table(dimensions, most):
    cells = list(Table(dimensions, {}).cells())
    for bars in itertools.combinations(range(most + len(cells)), len(cells)):
        places = (-1, *bars)
        counts = [after - before - 1 for before, after in itertools.pairwise(places)]
        yield Table(dimensions, dict(zip(cells, counts, strict=True)))
