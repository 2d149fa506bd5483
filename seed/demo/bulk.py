"""Writes rows as fast as each engine takes them: prepared rows on SQLite, COPY on PostgreSQL, indexes at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnDefault, Table, inspect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from psycopg import Connection as PostgresConnection
    from sqlalchemy import Column, Connection, Dialect, Index

    Convert = Callable[[Any], Any] | None

Values = dict[str, Any]


def table_of(model: type) -> Table:
    """Return the table of a mapped class."""
    table: object = inspect(model).local_table
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} has no table of its own")
    return table


def write(connection: Connection, rows: Mapping[type, Sequence[Values]], order: Iterable[type]) -> None:
    """Insert what was collected, class by class in this order, inside the transaction of the connection.

    All rows of a class name the same columns. What they leave out gets the default of its column where the model
    holds one, else that of the database. Raises ValueError for a class that the order leaves out.
    """
    wanted = list(order)
    if forgotten := {model.__name__ for model, those in rows.items() if those and model not in wanted}:
        raise ValueError(f"nothing says when {', '.join(sorted(forgotten))} is written")
    for model in wanted:
        if rows.get(model):
            _insert(connection, table_of(model), rows[model])


@dataclass(frozen=True)
class Suspended:
    """What is left out while rows are written: indexes, and what brings the triggers back."""

    indexes: list[Index]
    triggers: list[str]


def suspend(connection: Connection, models: Iterable[type]) -> Suspended:
    """Leave the indexes and triggers of these classes out until `resume`; keys go on to be checked.

    Kept row by row, an index over hashes touches all its pages again with every batch. What triggers keep is for
    whoever calls to make anew.
    """
    tables = [table_of(model) for model in models]
    indexes = [index for table in tables for index in sorted(table.indexes, key=lambda one: str(one.name))]
    for index in indexes:
        index.drop(connection)
    halt = _halt_on_postgresql if connection.dialect.name == "postgresql" else _halt_on_sqlite
    return Suspended(indexes, halt(connection, [table.name for table in tables]))


def resume(connection: Connection, suspended: Suspended) -> None:
    """Build the indexes out of sorted rows, and let the triggers work again. What an index forbids raises here."""
    for index in suspended.indexes:
        index.create(connection)
    for statement in suspended.triggers:
        connection.exec_driver_sql(statement)


def _halt_on_postgresql(connection: Connection, tables: list[str]) -> list[str]:
    for table in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    return [f'ALTER TABLE "{table}" ENABLE TRIGGER USER' for table in tables]


def _halt_on_sqlite(connection: Connection, tables: list[str]) -> list[str]:
    found = connection.exec_driver_sql("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = [(name, statement) for table, name, statement in found.all() if table in tables]
    for name, _statement in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    return [statement for _name, statement in triggers]


def _insert(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    names, given = _columns(table, rows[0])
    convert = [_converter(table.c[name], connection.dialect) for name in names]
    prepared = (_prepared(row, names, given, convert, len(rows[0])) for row in rows)
    driver: Any = connection.connection.driver_connection
    preparer = connection.dialect.identifier_preparer
    columns = ", ".join(preparer.quote(name) for name in names)
    if connection.dialect.name == "postgresql":
        _copy(driver, f"COPY {preparer.format_table(table)} ({columns})", [table.c[name] for name in names], prepared)
    else:
        marks = ", ".join("?" * len(names))
        driver.executemany(f"INSERT INTO {preparer.format_table(table)} ({columns}) VALUES ({marks})", prepared)


def _copy(
    driver: PostgresConnection, statement: str, columns: list[Column[Any]], rows: Iterator[tuple[Any, ...]]
) -> None:
    kinds = [column.type.compile(_postgresql()).split("(")[0].lower() for column in columns]
    with driver.cursor() as cursor, cursor.copy(f"{statement} FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(kinds)
        for row in rows:
            copy.write_row(row)


def _postgresql() -> Dialect:
    from sqlalchemy.dialects import postgresql

    return postgresql.dialect()  # type: ignore[no-untyped-call]


def _columns(table: Table, first: Values) -> tuple[list[str], Values]:
    """Return the names of the columns to be written, and what the model puts into those that the rows leave out."""
    given = {
        column.name: column.default.arg
        for column in table.columns
        if column.name not in first and isinstance(column.default, ColumnDefault) and column.default.is_scalar
    }
    return [*first, *given], given


def _converter(column: Column[Any], dialect: Dialect) -> Convert:
    """Return what turns a value into what the driver takes; psycopg takes everything as it is."""
    if dialect.name == "postgresql":
        return None
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _prepared(row: Values, names: list[str], given: Values, convert: list[Convert], length: int) -> tuple[Any, ...]:
    if len(row) != length:
        raise ValueError("rows of one table name different columns")
    if given:
        row = row | given
    return tuple(
        [row[name] if change is None else change(row[name]) for name, change in zip(names, convert, strict=True)]
    )
