"""Runs the numbered migrations on the application's own engine."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import text

database = current_app.extensions["migrate"].db
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "15min"


def run() -> None:
    """Run them in one transaction; on a live PostgreSQL give up rather than queue everybody behind a lock."""
    with database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_as_batch=True,
            compare_type=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
