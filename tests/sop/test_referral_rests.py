"""What was just solved, refused or not wanted rests; and which questions the rules of proposals look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from sop.content import Reason
from sop.identity import BirthDate
from sop.referral import QUESTIONS, TRIGGERS, Before, Ended, Facts, Proposal, rests, to_propose, to_withdraw
from sop.referral.facts import Case
from sop.version import in_force

ON = date(2026, 11, 22)
SOP = in_force(ON)
RULES = SOP.referrals
ONE_DAY = timedelta(days=1)
ASKED, NEWS = Reason("certificate_missing", {}), Reason("doses_overdue", {"days": 30})
CHILD = Facts(BirthDate(2024, 3), "320402001001", "none", "none")
DAYS = {
    "solved": RULES.solved_rest_days,
    "unsolved": RULES.refused_rest_days,
    "not_needed": RULES.withdrawn_rest_days,
    "guardian": RULES.withdrawn_rest_days,
}


def before(*reasons: Reason, area: str = "320402001001", ended: Ended | None = None) -> Before:
    return Before("vaccination", reasons, area, ended)


def resting(ended: Ended, proposed: tuple[Reason, ...] = (ASKED,), sent_for: tuple[Reason, ...] = (ASKED,)) -> bool:
    return rests(SOP, Proposal("vaccination", proposed), before(*sent_for, ended=ended), ON)


@pytest.mark.parametrize(("how", "days"), DAYS.items())
def test_what_was_solved_refused_or_not_wanted_rests_for_a_time(how: str, days: int) -> None:
    last = ON - timedelta(days=days)
    assert resting(Ended(how, ON))
    assert resting(Ended(how, last + ONE_DAY))
    assert not resting(Ended(how, last))


@pytest.mark.parametrize("how", ["left", "mistake", "other", ""])
def test_what_was_taken_back_for_another_reason_waits_for_nothing(how: str) -> None:
    assert not resting(Ended(how, ON))


def test_the_day_on_which_an_office_wants_to_be_asked_again_goes_before() -> None:
    long_ago = ON - timedelta(days=RULES.solved_rest_days)
    assert resting(Ended("solved", long_ago, ON + ONE_DAY))
    assert not resting(Ended("solved", ON - ONE_DAY, ON))


@pytest.mark.parametrize("how", DAYS)
@pytest.mark.parametrize(
    ("proposed", "sent_for", "rest"),
    [((ASKED, NEWS), (ASKED,), False), ((ASKED,), (ASKED, NEWS), True), ((ASKED,), (), False)],
)
def test_a_new_reason_is_news_and_rests_not_at_all(
    how: str, proposed: tuple[Reason, ...], sent_for: tuple[Reason, ...], *, rest: bool
) -> None:
    assert resting(Ended(how, ON), proposed, sent_for) is rest


def services(*known: Before) -> list[str]:
    return [each.service for each in to_propose(SOP, CHILD, known, ON)]


def test_what_is_open_is_proposed_nowhere_and_what_ended_rests_where_it_was_asked() -> None:
    assert services() == ["vaccination"]
    assert services(before(area="442000001001")) == []
    assert services(before(ASKED, ended=Ended("unsolved", ON))) == []
    assert services(before(ASKED, area="442000001001", ended=Ended("unsolved", ON))) == ["vaccination"]
    assert services(before(ASKED, ended=Ended("unsolved", ON))._replace(service="education")) == ["vaccination"]


def test_only_what_is_open_and_known_is_to_be_withdrawn() -> None:
    seen = replace(CHILD, certificate="seen", immunisation="complete")
    asked = before(ASKED)
    assert to_withdraw(SOP, seen, asked, ON)
    assert not to_withdraw(SOP, CHILD, asked, ON)
    assert not to_withdraw(SOP, seen, before(ASKED, ended=Ended("solved", ON)), ON)
    assert not to_withdraw(SOP, seen, asked._replace(service="of another version"), ON)


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
