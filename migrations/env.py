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
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:  # a table that others refer to can only be made anew while nobody looks, and before BEGIN
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
            connection.detach()  # closed at the end, so that nobody else goes on with it
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
            if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                raise RuntimeError(f"A row of {broken[0]} refers to a row of {broken[2]} that is not there.")
        connection.commit()


run()
