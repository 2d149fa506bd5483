"""Referrals: their states, who may move which, working days and limits, and what to propose."""

from __future__ import annotations

from sop.referral.answering import LAST_GRADE, Answer, effects, unfit
from sop.referral.facts import Facts
from sop.referral.limits import (
    LEVEL_ABOVE,
    SOON_DAYS,
    SUPERVISOR,
    Deadlines,
    Standing,
    climbed,
    climbs_on,
    deadlines,
    due_on,
    standing,
)
from sop.referral.moves import (
    MOVES,
    OPEN_STATES,
    ForbiddenMove,
    Move,
    Side,
    State,
    allowed,
    move_for,
    next_state,
    visible,
)
from sop.referral.proposing import ASKED, Proposal, Solved, propose, rests, unjustified
from sop.referral.rules import ReferralRules, read_referrals
from sop.referral.triggers import QUESTIONS, REASONS, TRIGGERS
from sop.referral.working_days import (
    Calendar,
    YearOfCalendar,
    add_working_days,
    calendar_known,
    read_calendar,
    with_years,
    working_days_between,
)

__all__ = [
    "ASKED",
    "LAST_GRADE",
    "LEVEL_ABOVE",
    "MOVES",
    "OPEN_STATES",
    "QUESTIONS",
    "REASONS",
    "SOON_DAYS",
    "SUPERVISOR",
    "TRIGGERS",
    "Answer",
    "Calendar",
    "Deadlines",
    "Facts",
    "ForbiddenMove",
    "Move",
    "Proposal",
    "ReferralRules",
    "Side",
    "Solved",
    "Standing",
    "State",
    "YearOfCalendar",
    "add_working_days",
    "allowed",
    "calendar_known",
    "climbed",
    "climbs_on",
    "deadlines",
    "due_on",
    "effects",
    "move_for",
    "next_state",
    "propose",
    "read_calendar",
    "read_referrals",
    "rests",
    "standing",
    "unfit",
    "unjustified",
    "visible",
    "with_years",
    "working_days_between",
]
