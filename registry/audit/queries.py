"""Reads of the audit: one page of events inside the auditor's area, newest first, with who and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from registry.areas.queries import inside, names_of, office_names
from registry.audit.models import AuditEvent, AuditEventChild
from registry.audit.names import usernames
from registry.clock import midnight
from registry.database import cut, db
from registry.i18n import language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import ColumnElement, Select

    from registry.access import Viewer

ON_A_PAGE = 50
ACCOUNTS = ("account", "acting_for", "deputy")  # keys under which an account's id stands


@dataclass(frozen=True)
class EventFilter:
    """What an auditor asks for. `start` and `end`: days of the offices, both included; None asks for all."""

    start: date | None = None
    end: date | None = None
    kind: str | None = None
    account: UUID | None = None
    child: UUID | None = None


@dataclass(frozen=True)
class Events:
    """One page: the events, the id to go on before (None at the end), names of accounts, offices and areas."""

    rows: list[AuditEvent]
    before: UUID | None
    usernames: dict[UUID, str]
    offices: dict[UUID, str]
    places: dict[str, str]


def events(viewer: Viewer, wanted: EventFilter, before: UUID | None = None) -> Events:
    """Return the page of events older than `before`, of offices in the viewer's area.

    What nobody signed in did (a failed sign-in, say) belongs to no area: every auditor sees it.
    """
    query = select(AuditEvent).options(selectinload(AuditEvent.children)).where(*_conditions(viewer, wanted))
    if before is not None:
        query = query.where(AuditEvent.id < before)  # ids are in order of time
    found = db.session.scalars(query.order_by(AuditEvent.id.desc()).limit(ON_A_PAGE + 1)).all()
    rows, last = cut(found, ON_A_PAGE)
    return Events(
        rows,
        last.id if last else None,
        usernames(_accounts(rows)),
        office_names({row.office_id for row in rows if row.office_id}, language()),
        names_of({row.details["area"] for row in rows if row.details.get("area")}, language()),
    )


def _conditions(viewer: Viewer, wanted: EventFilter) -> Iterator[ColumnElement[bool]]:
    yield or_(AuditEvent.area_code.is_(None), inside(AuditEvent.area_code, viewer.prefixes))
    if wanted.start is not None:
        yield AuditEvent.at >= midnight(wanted.start)
    if wanted.end is not None:
        yield AuditEvent.at < midnight(wanted.end + timedelta(days=1))
    if wanted.kind is not None:
        yield AuditEvent.kind == wanted.kind
    if wanted.account is not None:
        yield AuditEvent.user_id == wanted.account
    if wanted.child is not None:
        yield AuditEvent.id.in_(select(AuditEventChild.event_id).where(AuditEventChild.child_id == wanted.child))


def _accounts(rows: list[AuditEvent]) -> set[UUID]:
    """Who acted, and on whose account."""
    acted = {row.user_id for row in rows if row.user_id}
    named = (row.details.get(key) for row in rows for key in ACCOUNTS)
    return acted | {UUID(account) for account in named if account}


def children_met(viewer: Viewer, kind: str, by: str, since: datetime) -> set[UUID]:
    """Return the children whom events of a kind name that the viewer's office caused since an instant, and how (`by`).

    For rules that count or repeat what was met; the auditor's scope plays no part.
    """
    query = select(AuditEventChild.child_id).join(AuditEventChild.event)
    caused = AuditEvent.office_id == viewer.office_id, AuditEvent.details["by"].as_string() == by
    return set(db.session.scalars(query.where(AuditEvent.kind == kind, AuditEvent.at >= since, *caused)))


def events_about(kind: str, children: Select[UUID]) -> list[AuditEvent]:
    """Return the latest 50 events of a kind that concern these children, newest first, with their children.

    `children`: the statement for their ids. For a page that shows these children to somebody who may see them; the
    auditor's scope plays no part.
    """
    concerned = select(AuditEventChild.event_id).where(AuditEventChild.child_id.in_(children))
    query = select(AuditEvent).options(selectinload(AuditEvent.children))
    found = query.where(AuditEvent.kind == kind, AuditEvent.id.in_(concerned))
    return list(db.session.scalars(found.order_by(AuditEvent.id.desc()).limit(ON_A_PAGE)))
