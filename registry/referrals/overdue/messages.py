"""Outgoing messages to offices: once a working day, where something is overdue or has climbed; numbers only."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import literal_column, select

from registry.access import Role
from registry.accounts.queries import offices_with, roles_in_use_at
from registry.areas.codes import ancestors
from registry.areas.offices import office_by_id
from registry.areas.queries import offices_after, scope_prefixes
from registry.clock import today
from registry.database import db
from registry.jobs.service import Batch, enqueue, handler, nightly
from registry.paper.said import both
from registry.referrals import confidential
from registry.referrals.calendar import working_calendar
from registry.referrals.models import Referral
from registry.referrals.overdue.channels import Channel, Message, channel_of
from registry.referrals.overdue.chasing import count_climbed
from registry.referrals.overdue.climbing import CLOCKS, climb
from registry.referrals.overdue.reminders import at_office
from registry.referrals.queries import is_overdue, shown_to_offices
from registry.vault.service import tokens_of
from sop.content import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask

    from registry.areas.models import Office

MESSAGES: Final = "referral-messages"
ONE: Final = "referral-message"
KIND: Final = "referrals"
BATCH: Final = 200
DAY: Final = "%y%m%d"  # with the id of an office it just fits into the key of a job


def climb_and_tell(on: date, after: UUID | None) -> Batch:
    """Let the clocks of a night run (see `climbing.climb`), and after their last batch put the day's messages in."""
    batch = climb(on, after)
    if batch.after is None:
        enqueue(MESSAGES, on.isoformat())
    return batch


def put_in(key: str, after: UUID | None) -> Batch:
    """Put in one message for each office that needs one: a job for a day (`key`), a batch of offices by their ids."""
    on = date.fromisoformat(key)
    if _channel() is None or not working_calendar().is_working(on):
        return Batch(0)
    offices = offices_after(after, BATCH)
    done = sum(enqueue(ONE, f"{on.strftime(DAY)}-{each.hex}") for each in sorted(_concerned(offices, on)))
    return Batch(done, offices[-1] if len(offices) == BATCH else None)


def send_one(key: str, after: UUID | None) -> Batch:  # noqa: ARG001 -- one message is one batch
    """Send an office its message of the day; what is late itself is left to the next day's."""
    day, _hyphen, office_hex = key.partition("-")
    channel, on = _channel(), datetime.strptime(day, DAY).date()  # noqa: DTZ007 -- a day, without any clock
    message = message_for(office_by_id(UUID(office_hex)), on) if channel and on == today() else None
    if channel is None or message is None:
        return Batch(0)
    channel.send(message)
    return Batch(1)


def message_for(office: Office, on: date) -> Message | None:
    """Return what an office is told on a day; None where nothing is overdue there and nothing has climbed to it."""
    waits, climbed = at_office(office.id, on), 0
    if Role.SUPERVISOR in roles_in_use_at(office.id):
        climbed = count_climbed(office.area_code, scope_prefixes(office.area_code))
    if not waits.overdue and not climbed:
        return None
    counts = {"overdue": waits.overdue, "soon": waits.soon, "new": waits.new, "climbed": climbed}
    said = both(
        lambda: _(
            "Referrals at your office: %(overdue)s overdue, %(soon)s due within %(days)s working days, %(new)s not yet "
            "accepted. Overdue at other offices and climbed to you: %(climbed)s. Please sign in to the registry.",
            days=waits.soon_days,
            **counts,
        )
    )
    return Message(office.id, Text(office.name_zh, office.name_en), on, KIND, counts, said)


def _concerned(offices: list[UUID], on: date) -> set[UUID]:
    return {*_with_overdue(offices, on), *_supervising(offices)}


def _with_overdue(offices: list[UUID], on: date) -> Iterator[UUID]:
    """Yield those at which something is overdue; two statements."""
    late = is_overdue(on), shown_to_offices()
    tokens = {token: each for each in offices for token in tokens_of(confidential.OF_OFFICE, each.hex)}
    for column, asked in ((Referral.office_id, offices), (Referral.office_token, list(tokens))):
        found: Iterable[UUID] = db.session.scalars(select(column).where(column.in_(asked), *late).distinct())
        yield from (tokens.get(each, each) for each in found)


def _supervising(offices: list[UUID]) -> Iterator[UUID]:
    """Yield those whose supervisors something may have climbed to; what exactly, is counted for the message."""
    among, high = set(offices), Referral.climbed > literal_column("0")  # written out, for its index
    steps = set(db.session.scalars(select(Referral.climbed_to).where(high).distinct()))
    for office in offices_with(Role.SUPERVISOR):
        if office.id in among and not steps.isdisjoint(ancestors(office.area_code)):
            yield office.id


def _channel() -> Channel | None:
    channel: Channel | None = current_app.extensions["referral_channel"]
    return channel


def init_app(app: Flask) -> None:
    """Open the channel that the settings name, and register the clocks and who sends. Raises SettingsError."""
    app.extensions["referral_channel"] = channel_of(app.extensions["settings"].messages)
    nightly(app, CLOCKS, climb_and_tell)
    handler(app, MESSAGES, put_in)
    handler(app, ONE, send_one)
