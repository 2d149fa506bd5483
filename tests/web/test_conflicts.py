"""Two savers: what may be written, what has to be chosen, and for which version a choice holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from registry.web.conflicts import Change, fingerprint, settle

if TYPE_CHECKING:
    from flask import Flask


def change(before: Any, after: Any, version: int = 2) -> Change:
    return Change("school", "School", version, before, after, str)


@pytest.mark.parametrize(
    ("sent", "written", "met"),
    [
        ({"seen-school": "2"}, 1, 0),
        ({"seen-school": "1"}, 0, 1),
        ({}, 0, 1),
        ({"seen-school": "x"}, 0, 1),
        ({"seen-school": "1", "choose-school": "mine-2"}, 1, 0),
        ({"seen-school": "1", "choose-school": "theirs-2"}, 0, 0),
        ({"seen-school": "1", "choose-school": "mine-1"}, 0, 1),
        ({"seen-school": "1", "choose-school": "theirs-1"}, 0, 1),
    ],
)
def test_only_what_nobody_else_changed_or_what_was_chosen_is_written(
    context: Flask, sent: dict[str, str], written: int, met: int
) -> None:
    with context.test_request_context():
        settled = settle(sent, [change("primary", "junior")])
    assert (len(settled.write), len(settled.met)) == (written, met)


def test_what_is_the_same_is_neither_written_nor_asked(context: Flask) -> None:
    with context.test_request_context():
        settled = settle({"seen-school": "1"}, [change("primary", "primary")])
    assert (settled.write, settled.met) == ([], [])


def test_fields_of_one_row_share_the_version_of_the_row() -> None:
    row = Change("phone", "Phone", 3, "1", "2", str, row="adult")
    assert settle({"seen-adult": "3"}, [row]).write == [row]


def test_a_value_stands_for_its_own_version() -> None:
    values: list[Any] = ["primary", {"a": 1, "b": 2}, ["x"], None]
    assert fingerprint({"b": 2, "a": 1}) == fingerprint({"a": 1, "b": 2})
    assert len({fingerprint(value) for value in values}) == len(values)
    assert fingerprint(None) == 0
