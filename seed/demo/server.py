"""A demonstration in a database server: filled whole or begun anew, and never over what somebody else keeps there."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError

from seed.demo.errors import DemoError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

BEGUN, FILLED = "filling", "filled"  # marks in the folder, each with the address of the database, without its password


def is_filled(folder: Path, url: str) -> bool:
    """Say whether this database holds the folder's demonstration. Raises DemoError where another one does."""
    mark, address = folder / FILLED, _address(url)
    if not mark.exists():
        return False
    if mark.read_text(encoding="utf-8") != address:
        raise DemoError(f"{folder} keeps the keys of a demonstration in another database. Name another --folder.")
    return True


@contextmanager
def filling(folder: Path, url: str) -> Iterator[None]:
    """Fill an empty database inside the block; one that this folder began to fill, and did not end, is emptied first.

    Raises DemoError for a database that holds anything else, or that cannot be reached.
    """
    begun = folder / BEGUN
    with _reached(url) as engine:
        if begun.exists() and begun.read_text(encoding="utf-8") == _address(url):
            _empty(engine)
        elif inspect(engine).get_table_names():
            raise DemoError("The database is not empty. Name an empty one: the demonstration changes no other.")
    begun.write_text(_address(url), encoding="utf-8")
    yield
    begun.rename(folder / FILLED)


def _empty(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


@contextmanager
def _reached(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    try:
        yield engine
    except OperationalError as error:
        raise DemoError(f"The database {_address(url)} cannot be reached, or its user may not change it.") from error
    finally:
        engine.dispose()


def _address(url: str) -> str:
    try:
        told = make_url(url)
    except ArgumentError as error:
        raise DemoError("--database takes an address such as postgresql://user@host/name") from error
    if told.get_backend_name() != "postgresql":
        raise DemoError("--database takes the address of a PostgreSQL database: postgresql://user@host/name")
    return told.render_as_string(hide_password=True)
