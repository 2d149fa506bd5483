"""What is measured works: a measurement that nobody runs for a while would else break unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.database import db
from tests.bench.measure import cost
from tests.bench.operations import OPERATIONS
from tests.bench.prepare import known_children, sqlite

if TYPE_CHECKING:
    from pathlib import Path

CHILDREN = 300  # enough that some live in the registrar's community


@pytest.mark.timeout(300)
def test_every_measured_operation_runs_to_its_end_and_its_statements_are_counted(tmp_path: Path) -> None:
    with sqlite(tmp_path, CHILDREN, None) as bench:
        app = bench.app()
        known = known_children(app)
        costs = {each.name: cost(app, each, known, bench.demonstration.password) for each in OPERATIONS}
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    assert all(one.requests and one.statements for one in costs.values()), costs
    assert costs["register a household"].requests == 9, "four pages sent, each but the first reached by a redirect"
