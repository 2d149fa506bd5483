"""Verbs of the audit: record what is done, note what is shown, write the notes before the page leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask import g, has_request_context
from sqlalchemy import insert

from registry.audit.catalogue import ACTING_FOR, check
from registry.audit.models import AuditEvent, AuditEventChild
from registry.clock import now
from registry.database import db, short_transaction, uuid7

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from registry.access import Viewer


class Noted(NamedTuple):
    """An event that was noted: the values of its row, and the children whom it concerns."""

    event: dict[str, Any]
    children: tuple[UUID, ...]


def record(kind: str, *, viewer: Viewer | None, children: Iterable[UUID] = (), **details: Any) -> None:  # noqa: ANN401
    """Record something done, in the same transaction as the doing. Raises AuditKeysError."""
    event = _event(kind, viewer, details)
    db.session.add(AuditEvent(**event, children=[AuditEventChild(child_id=child) for child in children]))


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
    event = _event(kind, viewer, details)
    noted = Noted(event | {"area_code": event["area_code"] or area_code}, tuple(children))
    if has_request_context():
        g.setdefault("noted_events", []).append(noted)
    else:
        _write([noted])


def write_noted() -> None:
    """Write what this request noted. If it cannot be written this raises, and the page is not shown."""
    if noted := g.pop("noted_events", []):
        _write(noted)


def _write(noted: Sequence[Noted]) -> None:
    """Insert events as plain values: of a list of fifty children objects would cost more than all else on the page."""
    children = [
        {"id": uuid7(), "event_id": each.event["id"], "child_id": child} for each in noted for child in each.children
    ]
    with short_transaction() as session:
        connection = session.connection()
        connection.execute(insert(AuditEvent), [each.event for each in noted])
        if children:
            connection.execute(insert(AuditEventChild), children)


def _event(kind: str, viewer: Viewer | None, details: dict[str, Any]) -> dict[str, Any]:
    check(kind, details)
    return {
        "id": uuid7(),
        "at": now(),
        "kind": kind,
        "user_id": viewer.user_id if viewer else None,
        "role": viewer.role.value if viewer else None,
        "office_id": viewer.office_id if viewer else None,
        "area_code": viewer.area_code if viewer else None,
        "details": {key: _plain(value) for key, value in (details | _acting(viewer)).items()},
    }


def _acting(viewer: Viewer | None) -> dict[str, object]:
    """Of what a deputy does, for whom: with both at one office nothing else would tell."""
    return {ACTING_FOR: viewer.acting_for} if viewer and viewer.acting_for else {}


def _plain(value: object) -> object:
    """Ids and codes are kept as text; counts, yes or no, and lists as they are."""
    return value if isinstance(value, int | list | None) else str(value)
