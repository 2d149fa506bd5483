"""What is still to be done about a file, and when it counts as something to chase."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from sop.questions import Situation, Value, asked, still_open
from sop.todo import Item, Standing, Todo, todo

if TYPE_CHECKING:
    from sop.version import Sop


def standing(sop: Sop, **values: Value) -> Standing:
    """A complete file, of which these answers are known."""
    where = Situation(7, "receiving", frozenset(), values)
    return Standing(
        named=True,
        day_known=True,
        number="given",
        certificate="seen",
        turns=None,
        questions=asked(sop.questions, where),
        values=values,
        open=(),
    )


def test_a_complete_file_has_nothing_to_do(sop: Sop) -> None:
    assert todo(standing(sop)) == ()


@pytest.mark.parametrize(
    ("change", "item"),
    [
        ({"noticed": False}, Item(Todo.NOTICE)),
        ({"named": False}, Item(Todo.NAME)),
        ({"day_known": False}, Item(Todo.BIRTH_DAY)),
        ({"number": "later"}, Item(Todo.ID_NUMBER)),
        ({"certificate": "unseen"}, Item(Todo.CERTIFICATE)),
        ({"certificate": "unknown"}, Item(Todo.CERTIFICATE)),
        ({"turns": date(2027, 2, 1)}, Item(Todo.TURNS, day=date(2027, 2, 1))),
    ],
)
def test_each_thing_that_is_wanting_is_to_be_done(sop: Sop, change: dict[str, Any], item: Item) -> None:
    items = todo(replace(standing(sop), **change))
    assert items == (item,)


@pytest.mark.parametrize("certificate", ["seen", "none", "no_dose", "refused", ""])
def test_a_certificate_that_nobody_can_show_is_not_to_be_seen(sop: Sop, certificate: str) -> None:
    assert todo(replace(standing(sop), certificate=certificate)) == ()


def test_a_promised_paper_is_named_and_not_counted_twice(sop: Sop) -> None:
    file = standing(sop, birth_certificate="later")
    paper = sop.questions.question("birth_certificate")
    items = todo(replace(file, open=(paper, sop.questions.question("insurance"))))
    assert items == (Item(Todo.PAPER, question="birth_certificate"), Item(Todo.QUESTIONS, count=1))


def test_the_certificate_is_not_counted_among_the_questions_while_it_is_to_be_seen(sop: Sop) -> None:
    file = replace(standing(sop, certificate="unseen"), certificate="unseen")
    items = todo(replace(file, open=(sop.questions.question("certificate"),)))
    assert items == (Item(Todo.CERTIFICATE),)


def test_open_questions_are_counted_and_wait_for_a_visit(sop: Sop) -> None:
    where = Situation(7, "receiving", frozenset(), {})
    waiting = still_open(sop.questions, where)
    items = todo(replace(standing(sop), open=waiting))
    assert items == (Item(Todo.QUESTIONS, count=len(waiting)),)


def test_what_keeps_a_file_pending_comes_first_and_a_declined_number_is_asked_for_no_more(sop: Sop) -> None:
    file = replace(standing(sop), day_known=False, number="later", certificate="unseen")
    assert [item.what for item in todo(file)] == [Todo.BIRTH_DAY, Todo.ID_NUMBER, Todo.CERTIFICATE]
    assert [item.what for item in todo(replace(file, number="refused"))] == [Todo.BIRTH_DAY, Todo.CERTIFICATE]
