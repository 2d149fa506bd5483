"""Migrations: numbered, one head, up and down and up again, and equal to the models, on both engines."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from registry.audit import service as audit
from registry.database import db

if TYPE_CHECKING:
    from flask import Flask

FOLDER = Path(__file__).parents[2] / "migrations"


def test_migrations_are_numbered_in_one_line_and_the_head_file_names_the_last() -> None:
    script = ScriptDirectory(str(FOLDER))
    assert len(script.get_heads()) == 1
    assert script.get_current_head() == (FOLDER / "HEAD").read_text(encoding="utf-8").strip()
    numbers = [path.name[:5] for path in sorted((FOLDER / "versions").glob("*.py"))]
    assert numbers == [f"{n:04d}_" for n in range(1, len(numbers) + 1)]


@pytest.mark.database
def test_the_migrated_schema_is_what_the_models_say(context: Flask) -> None:
    with db.engine.connect() as connection:
        migration = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(migration, db.metadata) == []


@pytest.mark.database
def test_down_takes_everything_away_and_up_brings_it_back(context: Flask) -> None:
    before = set(inspect(db.engine).get_table_names())
    db.session.remove()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
    upgrade()
    assert set(inspect(db.engine).get_table_names()) == before


@pytest.mark.database
@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_event SET kind = 'x'", "DELETE FROM audit_event", "DELETE FROM audit_event_child"],
)
def test_the_database_itself_refuses_to_change_or_remove_an_audit_event(context: Flask, statement: str) -> None:
    audit.record("child_opened", viewer=None, children=[uuid.uuid4()], part="file")
    db.session.commit()
    with pytest.raises(DBAPIError, match="never changed"), db.engine.begin() as connection:
        connection.execute(text(statement))


def test_sqlite_does_not_replace_an_audit_event_either(context: Flask) -> None:
    audit.record("child_opened", viewer=None, children=[uuid.uuid4()], part="file")
    db.session.commit()
    with pytest.raises(DBAPIError, match="never changed"), db.engine.begin() as connection:
        connection.execute(text("INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event"))
