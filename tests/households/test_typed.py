"""Rows of persons in what was typed: added, removed, emptied, without losing anything else."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from registry.households import typed as rows

TYPED = [
    ("address", "3幢"),
    ("g-0-name", "甲"),
    ("g-0-note", ""),
    ("g-1-name", ""),
    ("g-1-here", "yes"),
    ("g-4-name", "乙"),
]


def test_a_removed_row_leaves_no_gap() -> None:
    kept = rows.remove(TYPED, "g", 0)
    assert kept == [("address", "3幢"), ("g-0-name", ""), ("g-0-here", "yes"), ("g-1-name", "乙")]


def test_a_new_row_comes_behind_the_last() -> None:
    assert rows.add(TYPED, "g")[-1] == ("g-5-name", "")
    assert rows.add([], "g") == [("g-0-name", "")]


def test_rows_in_which_only_prefilled_answers_stand_are_dropped() -> None:
    kept = rows.without_empty(TYPED, "g", frozenset({"here"}))
    assert kept == [("address", "3幢"), ("g-0-name", "甲"), ("g-0-note", ""), ("g-1-name", "乙")]


def test_the_first_row_stays_when_all_are_empty() -> None:
    assert rows.without_empty([("g-0-name", ""), ("g-1-name", " ")], "g", frozenset()) == [("g-0-name", "")]


def test_buttons_and_tokens_are_no_answers_and_no_answer_is_endless() -> None:
    posted = MultiDict([("csrf_token", "x"), ("add", "g"), ("hukou-find", "1"), ("name", "甲" * 900)])
    assert rows.typed_in(posted) == [("name", "甲" * rows.LONGEST)]
