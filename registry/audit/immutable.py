"""Audit events are never changed: every way of the ORM to update or delete one raises.

The database's own triggers (first migration) refuse it to whoever comes by another way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from sqlalchemy import event
from sqlalchemy.orm import Session

from registry.audit.models import AuditEvent, AuditEventChild

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import ORMExecuteState

GUARDED = (AuditEvent, AuditEventChild)
TABLES = frozenset(model.__tablename__ for model in GUARDED)


class AuditImmutableError(RuntimeError):
    """Something tried to change or remove an audit event."""


def _refuse(*_: object) -> NoReturn:
    raise AuditImmutableError("audit events are never changed and never removed")


def _refuse_in_bulk(state: ORMExecuteState) -> None:
    """Updates and deletes by statement pass no object, so they are known by their table."""
    if state.is_update or state.is_delete:
        table = getattr(state.statement, "table", None)
        if getattr(table, "name", None) in TABLES:
            _refuse()


def init_app(app: Flask) -> None:  # noqa: ARG001 -- mappers and sessions are the same for every application
    """Listen on both tables and on every session; listening twice is listening once."""
    for model in GUARDED:
        for kind in ("before_update", "before_delete"):
            if not event.contains(model, kind, _refuse):
                event.listen(model, kind, _refuse)
    if not event.contains(Session, "do_orm_execute", _refuse_in_bulk):
        event.listen(Session, "do_orm_execute", _refuse_in_bulk)
