"""Audit events are added, never changed and never removed: not by the ORM, not by SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from registry.access import HOLDERS, Permission, permission_of
from registry.audit import service
from registry.audit.catalogue import ACTING_FOR, CATALOGUE, AuditKeysError, check
from registry.audit.immutable import AuditImmutableError
from registry.audit.models import AuditEvent, AuditEventChild
from registry.audit.words import KEYS, KINDS
from registry.database import db, uuid7

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

pytestmark = pytest.mark.database


@pytest.fixture
def event(context: Flask) -> AuditEvent:
    service.record("child_opened", viewer=None, children=[uuid7()], part="file")
    db.session.commit()
    return db.session.scalars(select(AuditEvent)).one()


def change_one(event: AuditEvent) -> None:
    event.kind = "signed_in"
    db.session.flush()


def change_details(event: AuditEvent) -> None:
    event.details = {"part": "nothing"}
    db.session.flush()


def change_a_child(event: AuditEvent) -> None:
    event.children[0].child_id = uuid7()
    db.session.flush()


def remove_one(event: AuditEvent) -> None:
    db.session.delete(event.children[0])
    db.session.flush()


def remove_its_child_from_the_list(event: AuditEvent) -> None:
    event.children.clear()
    db.session.flush()


def change_in_bulk(event: AuditEvent) -> None:
    db.session.execute(update(AuditEvent).values(kind="signed_in"))


def remove_in_bulk(event: AuditEvent) -> None:
    db.session.execute(delete(AuditEventChild).where(AuditEventChild.event_id == event.id))


def remove_by_table(event: AuditEvent) -> None:
    db.session.execute(delete(AuditEventChild.__table__))


def remove_by_query(event: AuditEvent) -> None:
    db.session.query(AuditEventChild).delete()


WAYS = (
    change_one,
    change_details,
    change_a_child,
    remove_one,
    remove_its_child_from_the_list,
    change_in_bulk,
    remove_in_bulk,
    remove_by_table,
    remove_by_query,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_way_of_the_orm_changes_or_removes_an_event(event: AuditEvent, way: Callable[[AuditEvent], None]) -> None:
    with pytest.raises(AuditImmutableError):
        way(event)
    db.session.rollback()
    kept = db.session.scalars(select(AuditEvent)).one()
    assert (kept.kind, kept.details, len(kept.children)) == ("child_opened", {"part": "file"}, 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET kind = 'signed_in'",
        "DELETE FROM audit_event_child",
        "DELETE FROM audit_event",
        "UPDATE audit_event_child SET child_id = event_id",
    ],
)
def test_the_database_itself_refuses_sql_that_changes_or_removes_events(event: AuditEvent, statement: str) -> None:
    db.session.rollback()
    with pytest.raises(DBAPIError, match="audit events are never changed"), db.engine.begin() as connection:
        connection.execute(text(statement))


def test_the_database_itself_refuses_core_statements_too(event: AuditEvent) -> None:
    db.session.rollback()
    for statement in (delete(AuditEventChild.__table__), update(AuditEvent.__table__).values(kind="x")):
        with pytest.raises(DBAPIError), db.engine.begin() as connection:
            connection.execute(statement)


def test_other_tables_are_changed_as_ever(context: Flask) -> None:
    from registry.accounts.models import SignInFailure

    db.session.execute(update(SignInFailure).values(failures=1))
    db.session.execute(delete(SignInFailure))


def test_events_can_still_be_added_in_bulk(event: AuditEvent) -> None:
    row = {"id": uuid7(), "event_id": event.id, "child_id": uuid7()}
    db.session.execute(insert(AuditEventChild), [row])
    db.session.commit()
    assert db.session.scalar(select(db.func.count()).select_from(AuditEventChild)) == 2


def test_the_only_page_of_the_audit_reads(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("audit.")]
    assert rules
    for rule in rules:
        assert "POST" not in (rule.methods or ()), rule
        needed = permission_of(app, rule.endpoint)
        assert needed is Permission.AUDIT_READ
        assert {role.value for role in HOLDERS[needed]} == {"auditor"}


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("no_such_kind", {}),
        ("child_opened", {}),
        ("child_opened", {"part": "file", "name": "陈雨桐"}),
        ("signed_in", {"why": "own"}),
    ],
)
def test_an_event_has_exactly_the_keys_of_its_kind(kind: str, details: dict[str, object]) -> None:
    with pytest.raises(AuditKeysError):
        check(kind, details)


def test_every_kind_and_every_key_of_the_catalogue_has_its_words_and_no_other() -> None:
    assert set(KINDS) == set(CATALOGUE)
    assert set(KEYS) == set().union(*CATALOGUE.values()) | {ACTING_FOR}
