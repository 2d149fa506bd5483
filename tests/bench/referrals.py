"""What referrals cost: many open ones at one office, closing them at once, and the nightly proposals and clocks."""

from __future__ import annotations

import time
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select, text

from registry.areas.models import Office
from registry.children.models import Child, Episode
from registry.clock import today
from registry.database import db, uuid7
from registry.jobs.service import kinds_of
from registry.referrals.answers.at_once import AT_ONCE, Act, carry_out
from registry.referrals.calendar import working_calendar
from registry.referrals.models import OPEN, Referral, ReferralStep
from registry.referrals.seen import Seen
from seed.demo import bulk
from seed.demo.histories import History, instant_of
from seed.demo.load import settle
from sop.identity import BirthDate
from sop.referral import Answer, Move, State
from sop.schooling import entry_year
from sop.status import ChildStatus
from sop.version import in_force
from tests.bench.measure import percentile
from tests.bench.prepare import viewer_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from uuid import UUID

    from flask import Flask

OFFICER, SERVICE = "changzhou-education", "education"
BATCH = 5000
LONGEST_AGO, ACCEPTED_SHARE = 50, 0.5
OUTCOME, ROUNDS = "11", 10
NIGHTS = ("referral-clocks", "referral-proposals")


def fill_desk(app: Flask, number: int) -> int:
    """Let one office have so many open referrals, one a child; returns how many were added.

    Raises RuntimeError where there are too few children.
    """
    with app.app_context():
        officer = viewer_of(OFFICER)
        open_ones = select(func.count()).where(Referral.office_id == officer.office_id, text(OPEN))
        wanted = max(number - (db.session.scalar(open_ones) or 0), 0)
        children = _without(wanted)
        if len(children) < wanted:
            raise RuntimeError(f"Only {len(children)} children have no such referral yet; take more children.")
        senders, random, staff = _senders(), Random("a full desk"), officer.user_id  # noqa: S311
        for first in range(0, wanted, BATCH):
            made = [_open(random, officer.office_id, staff, senders, *each) for each in children[first : first + BATCH]]
            rows = {Referral: [row for row, _ in made], ReferralStep: [step for _, steps in made for step in steps]}
            bulk.write(db.session.connection(), rows, (Referral, ReferralStep))
            db.session.commit()
        settle(db.session())
    return wanted


def _without(number: int) -> list[tuple[UUID, int, int, str]]:
    """Return id, year and month of birth, and area of so many children who are not asked for at such an office."""
    asked = exists().where(Referral.child_id == Child.id, Referral.service == SERVICE, text(OPEN))
    columns = Child.id, Child.birth_year, Child.birth_month, Episode.area_code
    there = Episode.latest, Child.status == ChildStatus.REGISTERED, Child.protected.is_(False), ~asked
    rows = select(*columns).join(Child.episodes).where(*there).order_by(Child.id).limit(number)
    return [tuple(row) for row in db.session.execute(rows)]


def _senders() -> dict[str, UUID]:
    """Return the office of each community."""
    rows = select(Office.area_code, Office.id).where(Office.kind.in_(("community", "village")))
    return {row.area_code: row.id for row in db.session.execute(rows)}


def _open(  # noqa: PLR0917 -- what the rows are made of
    random: Random, office: UUID, staff: UUID, senders: dict[str, UUID], child: UUID, year: int, month: int, area: str
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    on, referral = today(), uuid7()
    sop = in_force(on)
    sent = on - timedelta(days=random.randrange(LONGEST_AGO))
    history = History(random, sop.services[SERVICE], working_calendar(), office, sent, on)
    if random.random() < ACCEPTED_SHARE:
        history.move(Move.ACCEPT)
    row = {
        "id": referral,
        "version": len(history.steps),
        "child_id": child,
        "service": SERVICE,
        "reasons": [],
        "area_code": area,
        "sop_version": sop.version,
        "office_id": office,
        "from_office_id": senders[area],
        "state": history.state.value,
        "sent_on": sent,
        "accept_by": history.due.accept_by,
        "answer_by": history.due.answer_by,
        "due_on": history.due_on,
        "accepted_on": history.accepted_on,
        "entry_year": entry_year(sop, BirthDate(year, month), area),
    }
    told = {"referral_id": referral, "child_id": child, "user_id": staff}
    steps = [{"id": uuid7(), "move": s.move, "state": s.state, "at": instant_of(s.on), **told} for s in history.steps]
    return row, steps


def closing(app: Flask) -> Iterator[tuple[str, float]]:
    """Close as many as may be closed at once, again and again while the desk has more; one round at least."""
    took, closed = list[float](), 0
    while not took or (len(took) < ROUNDS and closed == len(took) * AT_ONCE):
        seconds, number = _closed(app)
        took.append(seconds)
        closed += number
    yield "referrals closed at once, in all rounds", closed
    yield "milliseconds of one round of closing, p50", percentile(took, 50)
    yield "milliseconds of one round of closing, p95", percentile(took, 95)


def _closed(app: Flask) -> tuple[float, int]:
    with app.app_context(), app.test_request_context():
        officer = viewer_of(OFFICER)
        wanted = Referral.office_id == officer.office_id, Referral.state == State.ACCEPTED
        rows = select(Referral.id, Referral.version).where(*wanted).order_by(Referral.due_on).limit(AT_ONCE)
        picks = [Seen(*row) for row in db.session.execute(rows)]
        began = time.perf_counter()
        done = carry_out(officer, picks, Act(given=Answer(OUTCOME, begins=today()), service=SERVICE), today())
        db.session.commit()
        return time.perf_counter() - began, len(done.fit)


def nights(app: Flask) -> Iterator[tuple[str, float]]:
    """Do the nightly work on referrals twice, as the worker does; what each took, in microseconds a child.

    The first time it has everything to write, the second time nothing: most nights are nearer to that.
    """
    for name in NIGHTS:
        for times in ("at first", "the night after"):
            seconds, children = _worked(app, name, today())
            yield f"microseconds a child for {name}, {times}", round(seconds / children * 1_000_000, 1)


def _worked(app: Flask, name: str, on: date) -> tuple[float, int]:
    after, began = None, time.perf_counter()
    while True:
        with app.app_context():
            after = kinds_of(app)[name].function(on.isoformat(), after).after
            db.session.commit()
        if after is None:
            break
    seconds = time.perf_counter() - began
    with app.app_context():
        children = db.session.scalar(select(func.count()).where(Child.status == ChildStatus.REGISTERED)) or 1
        db.session.rollback()
    return seconds, children
