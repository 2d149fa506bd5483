"""The clocks of the benchmark: each layer is charged what is its own, and what is sent can be sent again."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

import pytest

from registry.audit.models import AuditEvent
from registry.clock import now
from registry.database import db, uuid7
from tests.bench.bare import _Fresh, rows_seconds
from tests.bench.layers import OTHER, SQL, TEMPLATE, VAULT, Layers, measured
from tests.bench.results import table

if TYPE_CHECKING:
    from flask import Flask


def test_a_layer_is_not_charged_for_what_it_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    hours = iter(range(100))
    monkeypatch.setattr("tests.bench.layers.time.perf_counter", lambda: float(next(hours)))
    layers = Layers()
    layers.begin()
    with layers.inside(TEMPLATE), layers.inside(SQL), layers.inside(VAULT):
        pass
    layers.end()
    assert layers.seconds == {OTHER: 2.0, TEMPLATE: 2.0, SQL: 2.0, VAULT: 1.0}


@pytest.mark.database
def test_what_was_written_can_be_written_again_by_the_driver_alone(context: Flask) -> None:
    began = time.time()
    with measured() as layers:
        db.session.add(AuditEvent(at=now(), kind="signed_in", details={}))
        db.session.flush()
        db.session.commit()
        layers.end()
    before = db.session.query(AuditEvent).count()
    db.session.rollback()
    assert layers.statements == 1
    assert layers.seconds[SQL] > 0
    assert rows_seconds(context, layers.sent, began) > 0
    assert db.session.query(AuditEvent).count() > before, "the bare cost writes as many rows, and commits"


def test_only_new_ids_and_tokens_are_replaced_each_by_the_same() -> None:
    old, began = uuid7(), time.time() + 10
    fresh = _Fresh(began)
    new = uuid.UUID(int=(int((began + 1) * 1000) << 80) | (old.int & ((1 << 80) - 1)))
    one = fresh.of({"id": new, "office": old, "token": b"0" * 16, "sealed": b"0" * 40, "hex": new.hex, "n": 1})
    two = fresh.of([(new.hex, b"0" * 16, None, old.hex)])
    assert one["office"] == old
    assert one["sealed"] == b"0" * 40
    assert one["id"] != new
    assert one["token"] != b"0" * 16
    assert two == [(one["hex"], one["token"], None, old.hex)]


def test_columns_are_aligned_and_nothing_is_left_empty_but_what_is_unknown() -> None:
    assert table(("operation", "p50 ms"), [("a", 1.5), ("long", None)]) == [
        "operation  p50 ms",
        "a             1.5",
        "long",
    ]
