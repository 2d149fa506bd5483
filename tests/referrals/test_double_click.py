"""Double clicks on what is done to many: the very same act counts as done, any other one is told of the change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from registry.database import db
from registry.referrals.answers import at_once
from registry.referrals.answers.at_once import Act
from registry.referrals.models import Referral, ReferralStep
from sop.referral import Answer
from tests.referrals.test_at_once import (
    ACCEPT,
    INFANT,
    ON,
    RETURN,
    SCHOOL,
    hindrances,
    office,
    officer,
    picks,
    referred,
)

__all__ = ["office", "officer", "referred"]  # fixtures


@pytest.mark.database
def test_the_second_click_of_a_double_click_does_nothing_and_says_the_same(context, referred, officer):
    rows = [referred() for _ in range(2)]
    reports = []
    for _click in range(2):
        reports.append(at_once.carry_out(officer, picks(*rows), SCHOOL, ON))
        db.session.commit()
    assert [({row.id for row in each.fit}, each.unfit) for each in reports] == [({row.id for row in rows}, [])] * 2
    assert db.session.scalar(select(func.count()).select_from(ReferralStep)) == 2
    assert {row.version for row in db.session.scalars(select(Referral))} == {2}


WAITING = Answer("43", note="秋季再来")
UNFIT = Answer("42", reason="no_permit", alternative="waiting_list")
DELAYED = Answer("31", day=ON + timedelta(200))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (Act(given=Answer("41"), service="education"), Act(given=WAITING, service="education"), False),
        (Act(given=WAITING, service="education"), Act(given=WAITING, service="education"), True),
        (Act(given=WAITING, service="education"), Act(given=replace(WAITING, note=None), service="education"), False),
        (Act(given=WAITING, service="education"), Act(given=WAITING, service="vaccination"), False),
        (Act(given=UNFIT, service="education"), Act(given=UNFIT, service="education"), True),
        (Act(given=UNFIT, service="education"), Act(given=replace(UNFIT, reason="age"), service="education"), False),
        (
            Act(given=UNFIT, service="education"),
            Act(given=replace(UNFIT, alternative="other_school"), service="education"),
            False,
        ),
        (SCHOOL, Act(given=replace(SCHOOL.given, school="北门小学"), service="education"), False),
        (RETURN, RETURN, True),
        (RETURN, Act(reason="other"), False),
        (RETURN, Act(reason="not_our_area", note="另一区"), False),
        (RETURN, ACCEPT, False),
    ],
)
def test_only_the_very_same_act_is_a_double_click(context, referred, officer, first, second, same):
    row = referred()
    assert at_once.carry_out(officer, picks(row), first, ON).fit
    again = at_once.carry_out(officer, picks(row), second, ON)
    assert hindrances(again) == ({} if same else {row.id: "changed"})


def test_another_day_is_no_double_click(context, referred, officer):
    row = referred(birth=INFANT)
    told = [Act(given=replace(DELAYED, day=DELAYED.day + timedelta(more)), service="education") for more in (0, 0, 1)]
    reports = [hindrances(at_once.carry_out(officer, picks(row), act, ON)) for act in told]
    assert reports == [{}, {}, {row.id: "changed"}]
