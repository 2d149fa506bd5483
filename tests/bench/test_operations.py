"""What is measured works: a measurement that nobody runs for a while would else break unseen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.bench.__main__ import main
from tests.bench.operations import OPERATIONS

if TYPE_CHECKING:
    from pathlib import Path

JUDGED = "microseconds to judge the doses of a child, median"
CHILDREN = 300  # enough that some live in the registrar's community


@pytest.mark.timeout(300)
@pytest.mark.enable_socket
@pytest.mark.database
def test_everything_that_is_measured_runs_to_its_end(
    engine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.bench.measure.MOST_TURNS", 2)
    monkeypatch.setattr("tests.bench.measure.WARM_TURNS", 1)
    monkeypatch.setattr("tests.bench.measure.INNER_TURNS", 1)
    monkeypatch.setattr("tests.bench.profiling.TURNS", 1)
    monkeypatch.setattr("tests.bench.doses.HISTORIES", 200)
    monkeypatch.setattr("tests.bench.bare.PAGES", 3)
    monkeypatch.setattr("tests.bench.importing.ROWS", 40)
    kept = tmp_path / "results.json"
    main(["--children", str(CHILDREN), "--engine", engine, "--clients", "1", "--referrals", "150", "--json", str(kept)])
    told = json.loads(kept.read_text(encoding="utf-8"))
    names = [operation.name for operation in OPERATIONS]
    assert [cell["operation"] for cell in told["cells"]] == names
    assert all(0 < cell["p50"] <= cell["p95"] and cell["runs"] == 2 for cell in told["cells"])
    assert all(each["statements"] and each["sql"] > 0 < each["bare_rows"] for each in told["inside"])
    whole = next(cell for cell in told["cells"] if cell["operation"] == "register a household")
    assert whole["requests"] == 9, "four pages sent, each but the first reached by a redirect"
    assert 0 < whole["last_p95"] < whole["p95"]
    numbers = {fact["what"]: fact["number"] for fact in told["facts"]}
    assert numbers["MB of a worker, private"] < numbers["MB of a worker, resident"]
    assert numbers["rows imported a second, of 1000"] > 0
    assert sum(number for what, number in numbers.items() if what.startswith("of these")) == 40
    assert all(numbers[what] > 0 for what in ("children reckoned a second", JUDGED))
    assert numbers["open referrals added at one office"] > 100
    assert 30 < numbers["referrals closed at once, in all rounds"] <= 150
    assert numbers["microseconds a child for referral-proposals, at first"] > 0
    assert numbers["milliseconds of one round of closing, p50"] > 0
    assert len(told["largest"]) == 3 * len(names)
    printed = capsys.readouterr().out
    assert all(name in printed for name in names)
