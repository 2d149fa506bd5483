"""Verbs of the audit: record what is done, note what is shown, write the notes before the page leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, has_request_context

from registry.audit.catalogue import ACTING_FOR, check
from registry.audit.models import AuditEvent, AuditEventChild
from registry.clock import now
from registry.database import db, short_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from registry.access import Viewer


def record(kind: str, *, viewer: Viewer | None, children: Iterable[UUID] = (), **details: Any) -> None:  # noqa: ANN401
    """Record something done, in the same transaction as the doing. Raises AuditKeysError."""
    db.session.add(_event(kind, viewer, children, details))


def note(
    kind: str,
    *,
    viewer: Viewer | None,
    children: Iterable[UUID] = (),
    area_code: str | None = None,
    **details: Any,  # noqa: ANN401
) -> None:
    """Note something shown or refused: written in its own short transaction, whatever becomes of the rest.

    In a request it is written before the page leaves (see `write_noted`); elsewhere at once.
    `area_code`: 12 digits, whose auditors see what nobody signed in did; without it all of them do.
    """
    event = _event(kind, viewer, children, details)
    event.area_code = event.area_code or area_code
    if has_request_context():
        g.setdefault("noted_events", []).append(event)
    else:
        with short_transaction() as session:
            session.add(event)


def write_noted() -> None:
    """Write what this request noted. If it cannot be written this raises, and the page is not shown."""
    events: list[AuditEvent] = g.pop("noted_events", [])
    if events:
        with short_transaction() as session:
            session.add_all(events)


def _event(kind: str, viewer: Viewer | None, children: Iterable[UUID], details: dict[str, Any]) -> AuditEvent:
    check(kind, details)
    return AuditEvent(
        at=now(),
        kind=kind,
        user_id=viewer.user_id if viewer else None,
        role=viewer.role.value if viewer else None,
        office_id=viewer.office_id if viewer else None,
        area_code=viewer.area_code if viewer else None,
        details={key: _plain(value) for key, value in (details | _acting(viewer)).items()},
        children=[AuditEventChild(child_id=child) for child in children],
    )


def _acting(viewer: Viewer | None) -> dict[str, object]:
    """Of what a deputy does, for whom: with both at one office nothing else would tell."""
    return {ACTING_FOR: viewer.acting_for} if viewer and viewer.acting_for else {}


def _plain(value: object) -> object:
    """Ids and codes are kept as text; counts, yes or no, and lists as they are."""
    return value if isinstance(value, int | list | None) else str(value)
