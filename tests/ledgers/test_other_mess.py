"""What holds for the ledgers with a known truth holds for other ledgers of these kinds with other mess."""

from random import Random

import pytest

from sop.ledger.columns import find_header
from sop.ledger.judging import judge
from sop.ledger.reading import read_rows
from sop.version import load
from tests.ledgers.messy import messy
from tests.ledgers.truths import FILES, ON, Tally, truth_of

ROWS = 300


def again(seed: int) -> Tally:
    """Write a part of a ledger down again, read and judge it; returns the tally of its rows."""
    chance, sop = Random(seed), load("2026-11")  # noqa: S311 - the same mess again from the same seed
    truths = list(truth_of(FILES[seed % len(FILES)]).values())
    start = chance.randrange(max(1, len(truths) - ROWS))
    part = truths[start : start + ROWS]
    rows, truth = messy([told for told in part if told["outcome"] != "duplicate" or _is_repeated(told, part)], chance)
    header = find_header(rows, sop.ledgers)
    assert header is not None, rows[:8]
    read = {each.row.row: each for each in judge(read_rows(rows, header, sop.ledgers), ON, sop)}
    assert read.keys() == truth.keys()
    tally = Tally()
    tally.count((told, read[row]) for row, told in truth.items())
    return tally


def _is_repeated(told: dict[str, object], part: list[dict[str, object]]) -> bool:
    """Tell whether the child of whom a row is the repetition stands in this part as well."""
    same = [each for each in part if (each["name"], each["birth"]) == (told["name"], told["birth"])]
    return same[0] is not told


@pytest.mark.parametrize("seed", range(15))
def test_every_row_written_otherwise_has_its_outcome_and_no_row_is_lost(seed: int) -> None:
    tally = again(seed)
    missed = {pair: number for pair, number in tally.outcomes.items() if pair[0] != pair[1]}
    assert not missed
    wrong = [name for _, name in tally.wrong if name not in ("registered", "arrived", "away_since")]
    assert len(wrong) <= 0.01 * tally.right, tally.wrong[:20]
