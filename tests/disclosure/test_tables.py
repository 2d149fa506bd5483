"""A protected table gives nobody away, not even to somebody who can subtract and knows the rule."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.disclosure.tables import Dimension, ProtectedTable, Table, protect
from tests.disclosure.attack import given_away, shown_by, sums_of, told_by_the_rule

SEXES = Dimension("sex", ("1", "2"))


@st.composite
def tables(draw):
    sizes = draw(st.sampled_from([(1,), (3,), (6,), (2, 2), (2, 4), (3, 3), (2, 2, 3), (1, 3, 2)]))
    dimensions = shape(*sizes)
    counts = st.one_of(st.just(0), st.integers(1, 9), st.integers(0, 60))
    cells = itertools.product(*(dimension.members for dimension in dimensions))
    return Table(dimensions, {cell: draw(counts) for cell in cells})


def shape(*sizes):
    return tuple(Dimension(f"d{place}", tuple(f"m{n}" for n in range(size))) for place, size in enumerate(sizes))


def two_by_two(a, b, c, d):
    return Table(
        (Dimension("district", ("A", "B")), SEXES),
        {("A", "1"): a, ("A", "2"): b, ("B", "1"): c, ("B", "2"): d},
    )


@settings(max_examples=150, deadline=None, derandomize=True)
@given(tables())
def test_no_small_cell_or_total_is_known_to_be_small_from_what_is_shown(table):
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


def test_one_small_cell_leaves_only_the_totals():
    shown = protect(two_by_two(9, 30, 25, 11))
    assert shown.cells is None
    assert shown.totals == {"district": {"A": 39, "B": 36}, "sex": {"1": 34, "2": 41}}
    assert shown.grand_total == 75


def districts(*counts):
    members = tuple("ABCDE"[: len(counts)])
    return Table((Dimension("district", members),), {(member,): n for member, n in zip(members, counts, strict=True)})


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((1, 500, 400, 0, 300), (None, 500, 400, 0, None)),  # the least large one keeps the small one company
        ((6, 500, 7, 0, 300), (None, 500, None, 0, None)),  # so it does where the small ones are 10 together
        ((1, 300, 300, 0, 301), (None, None, None, 0, 301)),  # all that are as large as that one are hidden
        ((4, 3, 5, 0, 0), (None, None, None, None, None)),  # nothing large to keep them company
        ((10, 0, 12, 11, 0), (10, 0, 12, 11, 0)),
    ],
)
def test_a_small_total_is_hidden_with_the_least_large_one_and_the_rest_is_shown(counts, shown):
    assert tuple(protect(districts(*counts)).totals["district"].values()) == shown


def test_a_small_total_hides_nothing_of_the_other_dimensions():
    shown = protect(two_by_two(4, 3, 30, 30))
    assert shown.totals == {"district": {"A": None, "B": None}, "sex": {"1": 34, "2": 33}}
    assert shown.grand_total == 67


@settings(max_examples=150, deadline=None, derandomize=True)
@given(tables())
def test_what_is_hidden_of_a_dimension_is_two_members_or_more_and_ten_children_or_more(table):
    shown = protect(table)
    for name, family in shown.totals.items():
        hidden = [member for member, number in family.items() if number is None]
        if hidden and shown.grand_total is not None:
            assert len(hidden) > 1
            assert sum(table.total({name: member}) for member in hidden) >= 10


def test_a_small_grand_total_leaves_nothing():
    shown = protect(two_by_two(1, 0, 0, 8))
    assert (shown.cells, shown.grand_total) == (None, None)
    assert shown.totals == {"district": {"A": None, "B": None}, "sex": {"1": None, "2": None}}


def test_an_empty_table_is_shown_as_zeros():
    shown = protect(two_by_two(0, 0, 0, 0))
    assert set(shown.cells.values()) == {0}
    assert shown.totals == {"district": {"A": 0, "B": 0}, "sex": {"1": 0, "2": 0}}


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


@pytest.mark.parametrize(
    ("sizes", "most", "threshold"), [((2,), 20, 4), ((4,), 13, 4), ((2, 2), 11, 4), ((2, 3), 8, 3), ((2, 2, 2), 6, 3)]
)
def test_knowing_the_rule_and_seeing_what_is_hidden_still_determines_nothing(sizes, most, threshold):
    assert told_by_the_rule(shape(*sizes), most, threshold, protect) == set()


# That comparison must be able to tell, too: each of these hides enough for who only subtracts.


def only_until_ten_are_hidden(table, threshold):
    """Stops at two hidden members that are not small together, be all of them small: then they may be told."""
    return _refamilied(table, threshold, lambda hidden: len(hidden) > 1 and sum(hidden) >= threshold)


def all_that_is_small_and_no_zero(table, threshold):
    """Takes one more for company, but shows the zeros beside small ones that have none: ten ones are told."""
    return _refamilied(table, threshold, lambda hidden: bool(hidden) and hidden[-1] >= threshold)


def _refamilied(table, threshold, enough):
    shown = protect(table, threshold)
    if shown.grand_total is None:
        return shown
    families = {}
    for dimension in table.dimensions:
        totals = {member: table.total({dimension.name: member}) for member in dimension.members}
        ranked = sorted((n, member) for member, n in totals.items() if n)
        small = [pair for pair in ranked if pair[0] < threshold]
        hidden = len(small)
        while small and hidden < len(ranked) and not enough([n for n, _ in ranked[:hidden]]):
            hidden += 1
        gone = {member for _, member in ranked[:hidden]} if small else set()
        families[dimension.name] = {member: None if member in gone else n for member, n in totals.items()}
    return replace(shown, totals=families)


@pytest.mark.parametrize("careless", [only_until_ten_are_hidden, all_that_is_small_and_no_zero])
def test_the_comparison_finds_what_a_careless_rule_tells(careless):
    assert told_by_the_rule(shape(4), 13, 4, careless)
