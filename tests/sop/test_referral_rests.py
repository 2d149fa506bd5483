"""What an office has just solved rests; and which questions the rules of proposals look at."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from sop.content import Reason
from sop.identity import BirthDate
from sop.referral import QUESTIONS, TRIGGERS, Facts, Proposal, Solved, rests
from sop.referral.facts import Case
from sop.version import in_force

ON = date(2026, 11, 22)
SOP = in_force(ON)
DAYS = timedelta(days=SOP.referrals.solved_rest_days)
ASKED, NEWS = Reason("certificate_missing", {}), Reason("doses_overdue", {"days": 30})


@pytest.mark.parametrize(
    ("proposed", "sent_for", "closed", "recall", "resting"),
    [
        ((ASKED,), (ASKED,), ON, None, True),
        ((ASKED,), (ASKED,), ON - DAYS + timedelta(days=1), None, True),
        ((ASKED,), (ASKED,), ON - DAYS, None, False),
        ((ASKED,), (ASKED,), ON - DAYS, ON + timedelta(days=1), True),
        ((ASKED,), (ASKED,), ON - timedelta(days=3), ON, False),
        ((ASKED, NEWS), (ASKED,), ON, None, False),
        ((ASKED,), (ASKED, NEWS), ON, None, True),
        ((ASKED,), (), ON, None, False),
    ],
)
def test_what_was_solved_rests_for_the_same_reasons_and_for_a_time(
    proposed: tuple[Reason, ...], sent_for: tuple[Reason, ...], closed: date, recall: date | None, *, resting: bool
) -> None:
    assert rests(SOP, Proposal("vaccination", proposed), sent_for, Solved(closed, recall), ON) is resting


class _Noting(dict[str, Any]):
    """Answers that note which questions are looked at."""

    def __init__(self, **answers: object) -> None:
        super().__init__(answers)
        self.asked: set[str] = set()

    def get(self, key: str, default: object = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


def test_the_questions_named_are_those_that_rules_look_at() -> None:
    asked: set[str] = set()
    for answers in (_Noting(), _Noting(health="disabled"), _Noting(health="ill", aid=["none"])):
        for birth in (BirthDate(2024, 3), BirthDate(2014, 3), BirthDate(2011, 3)):
            case = Case(SOP, Facts(birth, None, "none", "seen", answers=answers), ON)
            for trigger in (each for rules in TRIGGERS.values() for each in rules.values()):
                trigger.rule(case)
                trigger.settled(case)
        asked |= answers.asked
    assert asked == QUESTIONS
    known = {question.key for question in SOP.questions}
    assert known >= QUESTIONS
