"""The database: the base of all tables, the two engines, and how a transaction begins."""

from __future__ import annotations

import sqlite3
import uuid  # noqa: TC003 -- SQLAlchemy reads the annotation
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import uuid_utils.compat
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Engine,
    MetaData,
    TypeDecorator,
    cast,
    event,
    func,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask
    from sqlalchemy import Connection, Dialect

Found = TypeVar("Found")

BUSY_SECONDS = 15
LOCK_BYTES = 8  # an advisory lock of PostgreSQL has the name of a signed number of 64 bits
MAPPED_BYTES = 128 << 20  # of the file: read without copying, shared by all processes
# Of a PostgreSQL session. A plan made for any area reads the whole city to show a page of one community; to compile a
# statement, or to share it among processes, takes longer than it lasts; and what pages ask for is in memory.
SETTINGS = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "plan_cache_mode": "force_custom_plan",
        "jit": "off",
        "max_parallel_workers_per_gather": 0,
        "random_page_cost": 1,
    }.items()
)
_writing: ContextVar[bool] = ContextVar("writing", default=True)


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7 (RFC 9562): unique, and in order of making, which keeps indexes compact."""
    return uuid_utils.compat.uuid7()


class Instant(TypeDecorator[datetime]):
    """An instant: aware UTC in Python, on both engines."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


class Base(DeclarativeBase):
    """Names of constraints are fixed, so that a violated one can be told to the right field."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


Base.registry.update_type_annotation_map({datetime: Instant})
db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class Row:
    """A row with a UUIDv7 that it has from the moment it is made, because sealing binds values to it."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    def __init__(self, **values: Any) -> None:  # noqa: ANN401
        self.id = values.pop("id", None) or uuid7()
        super().__init__(**values)


class Versioned:
    """A row that people edit: the second of two savers is told (optimistic lock)."""

    version: Mapped[int] = mapped_column(default=1, server_default="1")


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read; elsewhere they take SQLite's write lock at once.

    Taking the lock at the first statement (BEGIN IMMEDIATE) means that two writers queue up, instead of
    one of them failing half-way when it wants to turn its read into a write.
    """
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


def cut(rows: Sequence[Found], size: int) -> tuple[list[Found], Found | None]:
    """Return a page of `size` rows, and its last one where more follow: `rows` were asked for with one more."""
    page = list(rows[:size])
    return page, page[-1] if len(rows) > size else None


def lock(row: object) -> None:
    """Read the columns of a row anew and hold it until the transaction ends.

    Nothing that was loaded beside it is read again: PostgreSQL holds no row by way of an outer join. Rows that only
    refer to it are still written meanwhile. Whoever holds several begins with the child, then come its households
    by their ids, then its episode, then what hangs on these: in one order nobody waits for each other.
    """
    columns = [column.key for column in inspect(row).mapper.column_attrs]
    db.session.refresh(row, attribute_names=columns, with_for_update={"key_share": True})


def insert_into(table: Any, session: Session | None = None) -> Any:  # noqa: ANN401 -- each engine has a class of its own
    """Return the insert of the session's engine, which alone knows what to do where a row stands already."""
    bound = (session or db.session()).get_bind()
    return {"postgresql": postgresql.insert, "sqlite": sqlite.insert}[bound.dialect.name](table)


def take_turn(*names: bytes, session: Session | None = None) -> None:
    """Let transactions that take one of these names follow each other: whoever comes second waits until the first ends.

    A name is told by its first 8 bytes; who takes several takes them in one order, so that nobody waits for each other.
    SQLite has one writer anyway (see `reading`).
    """
    using = session or db.session()
    marks = [int.from_bytes(name[:LOCK_BYTES], signed=True) for name in names]
    if marks and using.get_bind().dialect.name == "postgresql":
        each = func.unnest(cast(marks, ARRAY(BigInteger))).table_valued("mark").render_derived()
        using.execute(select(func.pg_advisory_xact_lock(each.c.mark)))


def set_writing(*, writing: bool) -> None:
    """Say whether transactions begun from here on in this context mean to write."""
    _writing.set(writing)


@contextmanager
def short_transaction() -> Iterator[Session]:
    """A transaction of its own, committed at the end whatever becomes of the request's."""
    token = _writing.set(True)
    try:
        with Session(db.engine) as session, session.begin():
            yield session
    finally:
        _writing.reset(token)


def init_app(app: Flask) -> None:
    """Bind the database that the settings name."""
    app.config["SQLALCHEMY_DATABASE_URI"] = app.extensions["settings"].database_url
    options: dict[str, object] = {"hide_parameters": True}  # no value that is bound ever stands in an error
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        options |= {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8, "connect_args": {"options": SETTINGS}}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: object, record: object) -> None:  # noqa: ARG001
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in (
            f"busy_timeout = {BUSY_SECONDS * 1000}",
            "journal_mode = WAL",
            "synchronous = FULL",  # a power cut loses nothing that was answered
            "foreign_keys = ON",
            "secure_delete = ON",  # what is removed leaves no trace in free pages
            "temp_store = MEMORY",
            f"mmap_size = {MAPPED_BYTES}",
        ):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
