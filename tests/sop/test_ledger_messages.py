"""What is said of a row: why, and what to do, in both languages."""

import pytest

from sop.ledger.messages import GIVEN, LEVELS, OUTCOMES, Message
from sop.version import Sop, SopError
from tests.sop.ledgers import judged, sheet

NOTHING_TO_DO = ("in_register", "supervisor", "passed_on", "no_office_yet")


def test_every_message_has_words_in_both_languages(sop: Sop) -> None:
    words = sop.ledgers
    assert words.messages.keys() == LEVELS.keys()
    assert set(LEVELS.values()) == set(OUTCOMES)
    for code, said in words.messages.items():
        assert any("\u4e00" <= character <= "\u9fff" for character in said.reason.zh)
        assert said.reason.en.isascii() or code == "name_missing"
        assert LEVELS[code] == "register" or said.advice or code in NOTHING_TO_DO
    assert GIVEN.keys() <= LEVELS.keys()


def test_a_message_says_why_and_what_to_do(sop: Sop) -> None:
    (told,) = judged(sop, sheet(["姓名", "性别", "出生日期"], ["陈可", "男", "2010-11-20"]))
    (message,) = told.messages
    assert (
        message.text("zh", sop.ledgers)
        == "出生日期2010-11-20，已满16周岁，不在登记范围。请核对出生日期；确已超龄的，不再登记。"
    )
    assert message.reason("en", sop.ledgers).startswith("Born on 2010-11-20: 16 years of age")
    assert message.text("en", sop.ledgers).endswith(
        " Check the birth date; a child of that age is no longer registered."
    )


def test_a_message_of_which_something_is_missing_is_not_said(sop: Sop) -> None:
    with pytest.raises(SopError, match="'too_old' needs age, day"):
        Message("birth", "too_old", {}).text("zh", sop.ledgers)
    with pytest.raises(SopError, match="no message 'moved'"):
        Message("birth", "moved", {}).text("zh", sop.ledgers)
