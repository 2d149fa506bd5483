"""The course that a referral of the demonstration takes: on its way, at the office, handed on, answered, reopened."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from seed.demo.answered import appointment_of, outcome_of, said_with
from seed.demo.histories import History, Said
from sop.referral import Move, State

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from seed.demo.people import Family, Kid
    from seed.demo.world import World
    from sop.version import Outcome, Service

# How referrals that a need of today explains stand, of a hundred; those that are closed found no solution.
STANDING = (
    (State.SENT, 38),
    (State.ACCEPTED, 38),
    (State.APPOINTED, 8),
    (State.RETURNED, 5),
    (State.WITHDRAWN, 3),
    (State.CLOSED, 8),
)
LATE_SHARE, LATEST_DAYS = 0.22, 26
INTERIM_SHARE = 0.25  # of accepted ones
HANDED_ON_SHARE, SENT_AGAIN_SHARE = 0.04, 0.03
REOPENED_SHARE = 0.2  # of those closed without a solution


class Course:
    """Draws courses of the referrals of one child for one service."""

    def __init__(self, world: World, random: Random, service: Service, kid: Kid, family: Family) -> None:
        self.world, self.random, self.service, self.kid, self.family = world, random, service, kid, family

    def still_open(self) -> History:
        """Return what happened to a referral whose reason still holds today."""
        random = self.random
        ends = random.choices([state for state, _ in STANDING], [share for _, share in STANDING])[0]
        limit = self.service.accept_days if ends is State.SENT else self.service.answer_days
        days = limit * 7 // 5  # working days as calendar days, roughly: the deadlines themselves are exact
        late = random.random() < LATE_SHARE
        history = self._sent(days + random.randint(2, LATEST_DAYS) if late else random.randint(0, days - 2))
        self._detour(history)
        if ends is State.RETURNED:
            history.move(Move.RETURN_, Said(self._one_of("return_reason")))
        elif ends is State.WITHDRAWN:
            history.move(Move.WITHDRAW, Said(self._one_of("withdraw_reason")))
        elif ends is not State.SENT:
            history.move(Move.ACCEPT)
            self._go_on(history, ends)
        return history

    def solved(self) -> History:
        """Return a referral that was answered earlier, which is why the child needs nothing today."""
        history = self._sent(self.random.randint(40, 300))
        history.move(Move.ACCEPT, most=self.service.accept_days)
        outcome = outcome_of(self.random, self.service, "solved", self.kid.school)
        self._answer(history, outcome, most=self.service.answer_days)
        return history

    def _sent(self, ago: int) -> History:
        day: date = max(self.world.on - timedelta(days=ago), self.family.registered_on)
        office = self.world.places.serving(self.service.code, self.family.community.code)
        return History(self.random, self.service, self.world.calendar, office, day, self.world.on)

    def _detour(self, history: History) -> None:
        """Some are handed on to the right office, and some come back and are sent again."""
        roll = self.random.random()
        others = self.world.places.others(self.service.code, self.family.community.code)
        if roll < HANDED_ON_SHARE and others:
            history.hand_on(self.random.choice(others), "not_our_area")
        elif roll > 1 - SENT_AGAIN_SHARE:
            history.move(Move.RETURN_, Said("wrong_information"), most=2)
            history.move(Move.SEND, most=2)

    def _go_on(self, history: History, ends: State) -> None:
        """Tell what came after the office accepted."""
        appointment = appointment_of(self.service)
        if ends is State.CLOSED:
            self._answer(history, outcome_of(self.random, self.service, "unsolved"))
            if self.random.random() < REOPENED_SHARE:
                history.reopen(self._one_of("reopen_reason"))
        elif ends is State.APPOINTED and appointment:
            self._answer(history, appointment)
        elif self.random.random() < INTERIM_SHARE:
            self._answer(history, outcome_of(self.random, self.service, "interim"))

    def _answer(self, history: History, outcome: Outcome, *, most: int = 6) -> None:
        said = said_with(self.random, self.world, self.service, outcome, self.kid, history.steps[-1].on)
        history.answer(outcome, said, most=most)

    def _one_of(self, code_list: str) -> str:
        return self.random.choice([code.code for code in self.world.sop.codes[code_list]])
