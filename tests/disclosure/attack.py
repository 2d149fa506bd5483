"""The attacker: finds what the shown numbers of a table determine, by integer linear programming."""

from __future__ import annotations

import itertools

from scipy.optimize import linprog

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
        shown += [(sums[((name, member),)], number) for member, number in (family or {}).items()]
    if protected.grand_total is not None:
        shown.append((sums[()], protected.grand_total))
    return shown


def given_away(table, shown):
    """The labels of all small cells and sums whose value follows from the shown numbers alone."""
    return {
        label
        for label, cells in sums_of(table).items()
        if sum(table.counts.get(cell, 0) for cell in cells) in SMALL and _determined(table, cells, shown)
    }


def _determined(table, cells, shown):
    variables = list(table.cells())
    rows = [[float(v in group) for v in variables] for group, _ in shown]
    ends = []
    for sign in (1.0, -1.0):
        found = linprog(
            [sign * (v in cells) for v in variables],
            A_eq=rows or None,
            b_eq=[number for _, number in shown] or None,
            bounds=(0, None),
            integrality=1,
        )
        if found.status != 0:
            return False  # unbounded above: nothing is known of it
        ends.append(sign * found.fun)
    return round(ends[0]) == round(ends[1])
