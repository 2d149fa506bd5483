"""The ledgers of street offices and villages, read and judged, against the truth about every row."""

import pytest

from sop.ledger.messages import OUTCOMES
from tests.ledgers.truths import FILES, Tally, read_file, truth_of


@pytest.mark.parametrize("file", FILES)
def test_no_row_is_lost_and_none_invented(file: str) -> None:
    assert list(read_file(file)) == sorted(truth_of(file))


@pytest.fixture(scope="module")
def pooled() -> Tally:
    tally = Tally()
    for file in FILES:
        rows = read_file(file)
        tally.count((truth, rows[row]) for row, truth in truth_of(file).items())
    return tally


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_is_found(pooled: Tally, outcome: str) -> None:
    assert pooled.recall(outcome) >= 0.97, pooled.outcomes


@pytest.mark.parametrize("outcome", ["warn", "duplicate"])
def test_nobody_is_warned_or_called_a_duplicate_without_cause(pooled: Tally, outcome: str) -> None:
    assert pooled.precision(outcome) >= 0.95, pooled.outcomes


def test_no_row_that_should_be_refused_is_registered(pooled: Tally) -> None:
    assert pooled.stored_in_error() == 0


def test_values_are_read_as_they_were_meant(pooled: Tally) -> None:
    assert pooled.right / (pooled.right + len(pooled.wrong)) >= 0.99, pooled.wrong[:20]


def test_what_was_reached_does_not_get_worse(pooled: Tally) -> None:
    """Every row of these files has its right outcome; the phones not read stand in the row above, too short."""
    assert {outcome for outcome, said in pooled.outcomes if outcome != said} == set()
    assert {name for _, name in pooled.wrong} == {"phone"}
    assert len(pooled.wrong) <= 10
