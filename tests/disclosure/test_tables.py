"""A protected table gives nobody away, not even to somebody who can subtract and knows the rule."""

from __future__ import annotations

import itertools
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.disclosure.tables import Dimension, ProtectedTable, Table, protect
from tests.disclosure.attack import given_away, shown_by, sums_of

SEXES = Dimension("sex", ("1", "2"))


@st.composite
def tables(draw):
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    dimensions = tuple(Dimension(f"d{place}", tuple(f"m{n}" for n in range(size))) for place, size in enumerate(sizes))
    counts = st.one_of(st.just(0), st.integers(1, 9), st.integers(0, 60))
    cells = itertools.product(*(dimension.members for dimension in dimensions))
    return Table(dimensions, {cell: draw(counts) for cell in cells})


def two_by_two(a, b, c, d):
    return Table(
        (Dimension("district", ("A", "B")), SEXES),
        {("A", "1"): a, ("A", "2"): b, ("B", "1"): c, ("B", "2"): d},
    )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(tables())
def test_no_small_cell_or_total_follows_from_what_is_shown(table):
    assert given_away(table, shown_by(protect(table), table)) == set()


@settings(max_examples=150, deadline=None, derandomize=True)
@given(tables())
def test_every_number_shown_is_true_and_none_is_small(table):
    for cells, number in shown_by(protect(table), table):
        assert number == sum(table.counts[cell] for cell in cells)
        assert number == 0 or number >= 10


def test_a_table_without_small_cells_is_shown_whole():
    shown = protect(two_by_two(10, 0, 25, 11))
    assert shown.cells == {("A", "1"): 10, ("A", "2"): 0, ("B", "1"): 25, ("B", "2"): 11}
    assert shown.totals == {"district": {"A": 10, "B": 36}, "sex": {"1": 35, "2": 11}}
    assert shown.grand_total == 46
    assert not shown.hides


def test_one_small_cell_leaves_only_the_totals():
    shown = protect(two_by_two(9, 30, 25, 11))
    assert shown.cells is None
    assert shown.totals == {"district": {"A": 39, "B": 36}, "sex": {"1": 34, "2": 41}}
    assert shown.grand_total == 75


def test_one_small_total_hides_its_whole_family_and_no_other():
    shown = protect(two_by_two(4, 3, 30, 30))
    assert shown.totals == {"district": None, "sex": {"1": 34, "2": 33}}
    assert shown.grand_total == 67


def test_a_small_grand_total_leaves_nothing():
    shown = protect(two_by_two(1, 0, 0, 8))
    assert (shown.cells, shown.grand_total) == (None, None)
    assert shown.totals == {"district": None, "sex": None}


def test_an_empty_table_is_shown_as_zeros():
    assert not protect(two_by_two(0, 0, 0, 0)).hides


def test_a_count_that_is_not_of_the_table_is_refused():
    for counts in ({("3",): 1}, {("1",): -1}):
        with pytest.raises(ValueError, match="does not belong"):
            Table((SEXES,), counts)


# The attack itself must be able to succeed: three careless protectors, each caught.


def only_small_cells_hidden(table):
    sums = sums_of(table)
    return [
        (cells, number)
        for cells in sums.values()
        if (number := sum(table.counts[cell] for cell in cells)) not in range(1, 10)
    ]


def families_with_gaps(table):
    shown = shown_by(protect(table), table)
    for (_, _), cells in ((label[0], cells) for label, cells in sums_of(table).items() if len(label) == 1):
        number = sum(table.counts[cell] for cell in cells)
        if number not in range(1, 10):
            shown.append((cells, number))
    return shown


def small_totals_shown(table):
    naive = ProtectedTable(
        table.dimensions,
        None,
        {d.name: {m: table.total({d.name: m}) for m in d.members} for d in table.dimensions},
        table.total({}),
    )
    return shown_by(naive, table)


@pytest.mark.parametrize("careless", [only_small_cells_hidden, families_with_gaps, small_totals_shown])
def test_the_attack_finds_what_a_careless_protector_gives_away(careless):
    table = two_by_two(4, 3, 30, 30)
    assert given_away(table, careless(table))


def test_knowing_the_rule_and_seeing_what_is_hidden_still_determines_nothing():
    """Exhaustive: of all small tables that look the same, every hidden small cell differs between two."""
    threshold, most = 4, 11
    alike = defaultdict(list)
    for counts in itertools.product(range(most + 1), repeat=4):
        if sum(counts) <= most:
            table = two_by_two(*counts)
            alike[repr(protect(table, threshold))].append(table)
    for group in alike.values():
        for label, cells in sums_of(group[0]).items():
            values = {sum(table.counts[cell] for cell in cells) for table in group}
            assert len(values) > 1 or not 0 < values.pop() < threshold, label
