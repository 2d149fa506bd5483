"""What officials see of how offices perform, attacked: by linear programming, and by whoever knows the rule."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.coverage import answers
from registry.coverage.answers import GONE, OFFICIAL, OTHERS, STANDS_FOR, protected
from registry.disclosure.tables import Dimension, Table, protect
from registry.referrals.performance.totals import Counted
from sop.performance import RESULTS, SOLVED, UNSOLVED
from tests.disclosure.attack import given_away

MONTH = "2026-11"
OFFICES = tuple(UUID(int=number) for number in range(1, 4))
SERVICES = ("education", "vaccination", "birth_certificate", "confidential")
HERE = OFFICES[:2]
ANSWERING = dict.fromkeys(SERVICES, HERE)
RAW = (SOLVED, UNSOLVED, "open", "overdue", "returned", "withdrawn")


def lines(cells):
    """What a night counted: {(service, office, result): number}."""
    return [
        Counted(office, service, "320402008000", MONTH, {"became": {result: number}})
        for (service, office, result), number in cells.items()
    ]


def table_of(cells):
    """The same as a table that the attacker wants to know. The third office does not answer here any more."""
    counts = Counter()
    for (service, office, result), number in cells.items():
        counts[service, name_of(office), STANDS_FOR[result]] += number
    names = tuple(name_of(office) for office in OFFICES)
    dimensions = Dimension("service", SERVICES), Dimension("office", names), Dimension("result", OFFICIAL)
    return Table(dimensions, dict(counts))


def name_of(office):
    return office.hex if office in HERE else OTHERS


def sum_of(table, **fixed):
    names = [each.name for each in table.dimensions]
    return {cell for cell in table.cells() if all(cell[names.index(name)] == member for name, member in fixed.items())}


def shown_by(cells):
    """Everything that the page says, as (cells, number): what does not stand on the page is said to be 0."""
    table = table_of(cells)
    sent, found = protected(lines(cells), ANSWERING, {MONTH})
    shown = [] if sent is None else [(sum_of(table), sent)]
    absent = set(SERVICES) - {line.service for line, _offices in found}
    shown += [(sum_of(table, service=service), 0) for service in absent]
    for line, of_offices in found:
        place = {"service": line.service}
        shown += _told(table, place, line)
        named = {each.office_id.hex if each.office_id else OTHERS: each for each in of_offices}
        for office, each in named.items():
            shown += _told(table, place | {"office": office}, each)
        if named:
            absent = {name_of(office) for office in OFFICES} - set(named)
            shown += [(sum_of(table, **place, office=office), 0) for office in absent]
    return table, shown


def _told(table, where, line):
    numbers = [(where, line.sent), *((where | {"result": result}, number) for result, number in line.results.items())]
    return [(sum_of(table, **place), number) for place, number in numbers if number is not None]


@st.composite
def nights(draw):
    number = st.one_of(st.just(0), st.just(0), st.integers(1, 9), st.integers(0, 60))
    offices = draw(st.sampled_from([OFFICES[:1], OFFICES[:2], OFFICES]))
    return {(service, office, result): draw(number) for service in SERVICES for office in offices for result in RAW}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(nights())
def test_no_small_count_is_known_to_be_small_from_the_whole_page(cells):
    table, shown = shown_by(cells)
    assert given_away(table, shown) == set()


@settings(max_examples=150, deadline=None, derandomize=True)
@given(nights())
def test_every_number_on_the_page_is_true_and_none_is_small(cells):
    table, shown = shown_by(cells)
    for group, number in shown:
        assert number == sum(table.counts.get(cell, 0) for cell in group)
        assert number == 0 or number >= 10


def one(service, **results):
    return {(service, OFFICES[0], result): number for result, number in results.items()}


def test_a_service_that_is_hidden_tells_nothing_of_its_offices_and_results():
    cells = one("education", solved=4) | one("vaccination", solved=12) | one("birth_certificate", open=50)
    _sent, found = protected(lines(cells), ANSWERING, {MONTH})
    by_service = {line.service: (line, offices) for line, offices in found}
    for service in ("education", "vaccination"):
        line, offices = by_service[service]
        assert (line.sent, set(line.results.values()), offices, line.solved) == (None, {None}, [], None)
    assert by_service["birth_certificate"][0].sent == 50


def test_the_share_is_shown_only_where_both_its_counts_are():
    cells = one("education", solved=30, unsolved=3, open=20)
    _sent, [(line, _offices)] = protected(lines(cells), ANSWERING, {MONTH})
    assert line.results == {"solved": 30, "unsolved": None, "open": None, "overdue": 0, GONE: 0}
    assert line.solved is None
    _sent, [(line, _offices)] = protected(lines(one("education", solved=30, unsolved=10)), ANSWERING, {MONTH})
    assert line.solved is not None


@pytest.mark.parametrize(("solved", "median"), [(9, None), (10, 4)])
def test_days_are_shown_only_where_ten_were_solved(solved, median):
    cells = lines(one("education", solved=solved, open=40))
    days = {"became": {}, "closed": {"solved": solved}, "days": {"4": solved}}
    _sent, [(line, _offices)] = protected(
        [*cells, Counted(OFFICES[0], "education", "320402008000", MONTH, days)], ANSWERING, {MONTH}
    )
    assert (line.median, line.ninetieth) == (median, median)


def test_the_offices_of_confidential_services_are_not_told_apart():
    cells = {("confidential", office, "open"): 40 for office in OFFICES}
    _sent, [(line, offices)] = protected(lines(cells), ANSWERING, {MONTH})
    assert (line.sent, offices) == (120, [])


def test_what_was_counted_under_a_service_of_another_version_is_not_lost():
    sent, found = protected(lines(one("former_service", open=20)), ANSWERING, {MONTH})
    assert (sent, [line.service for line, _offices in found]) == (20, [OTHERS])


def test_results_of_officials_are_all_results_each_once():
    assert set(RAW) == set(RESULTS)
    assert set(STANDS_FOR.values()) == set(OFFICIAL)


def told(answering, most, threshold):
    """The sums that follow for whoever knows the rule: every night of up to `most` referrals is compared."""
    offices = (*next(iter(answering.values())), OFFICES[2])  # the last one answers here no more
    keys = [(service, office, result) for service in (*answering, "former") for office in offices for result in FEW]
    alike = defaultdict(list)
    for bars in itertools.combinations(range(most + len(keys)), len(keys)):
        counts = [after - before - 1 for before, after in itertools.pairwise((-1, *bars))]
        page = protected(lines(dict(zip(keys, counts, strict=True))), answering, {MONTH}, threshold)
        alike[repr(page)].append(counts)
    sums = {
        tuple(
            place
            for place, key in enumerate(keys)
            if all(wanted in (None, part) for wanted, part in zip(asked, key, strict=True))
        )
        for asked in itertools.product((None, *answering, "former"), (None, *offices), (None, *FEW))
    }
    return {
        (tuple(keys[place] for place in places), values.pop())
        for group in alike.values()
        for places in sums
        if len(values := {sum(counts[place] for place in places) for counts in group}) == 1
        and 0 < min(values) < threshold
    }


FEW = (SOLVED, "open")


@pytest.mark.parametrize(("services", "offices", "most"), [(1, 0, 10), (1, 1, 8), (2, 0, 8), (2, 1, 5)])
def test_knowing_the_rule_tells_nothing_either(services, offices, most, monkeypatch):
    monkeypatch.setattr(answers, "OFFICIAL", FEW)
    assert told(dict.fromkeys(SERVICES[:services], OFFICES[:offices]), most, 3) == set()


def without_company(table, threshold):
    """Hide what is small, and nothing with it."""
    shown = protect(table, threshold)
    totals = {
        each.name: {member: None if 0 < number < threshold else number for member, number in family}
        for each in table.dimensions
        for family in [[(member, table.total({each.name: member})) for member in each.members]]
    }
    return replace(shown, totals=totals)


def test_that_comparison_finds_what_a_careless_rule_tells(monkeypatch):
    monkeypatch.setattr(answers, "OFFICIAL", FEW)
    monkeypatch.setattr(answers, "protect", without_company)
    assert told({SERVICES[0]: OFFICES[:1]}, 6, 3)


def test_the_attack_finds_what_a_careless_page_gives_away():
    cells = one("education", solved=20, unsolved=3) | one("vaccination", solved=30, open=4)
    table, shown = shown_by(cells)
    careless = [*shown, (sum_of(table, service="education", result="solved"), 20)]
    assert given_away(table, careless)
