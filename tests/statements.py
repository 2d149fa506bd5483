"""What a piece of work asks of the database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import event

from registry.database import db

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that are sent to the database inside the block."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def count_statements(app: Flask, act: Callable[[], object]) -> int:
    """Return how many statements it takes to do something inside an application context of its own."""
    with statements(app) as sent, app.app_context():
        act()
    return len(sent)
