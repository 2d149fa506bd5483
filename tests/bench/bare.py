"""The bare cost: the same rows by the driver alone, and a page of the same size by the server alone."""

from __future__ import annotations

import os
import time
import uuid
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg

from registry.database import db
from tests.bench.clients import NetworkClient
from tests.bench.layers import COMMIT, ROLLBACK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from flask import Flask

    from tests.bench.layers import Statement

APPLICATION = "tests.bench.bare:application"
PAGES, REPLAYS = 100, 5
TOKEN_BYTES = 16
BY_PAGES, OF_ROWS = 4, 7  # versions of ids
LETTERS = b"abcdefghijklmnopqrstuvwxyz" * 40


def application(told: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer /<number> with so many bytes: a page without an application behind it."""
    size = int(told["PATH_INFO"].strip("/") or 0)
    body = (LETTERS * (size // len(LETTERS) + 1))[:size]
    start("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(size))])
    return [body]


def page_seconds(port: int, sizes: Sequence[int]) -> float:
    """Return what pages of these sizes take over the server, together; the median of a hundred rounds."""
    client = NetworkClient(port)
    rounds = []
    try:
        for _ in range(PAGES):
            began = time.perf_counter()
            for size in sizes:
                client.exchange("GET", f"/{size}", None)
            rounds.append(time.perf_counter() - began)
    finally:
        client.close()
    return median(rounds)


def rows_seconds(app: Flask, sent: Sequence[Statement], began: float) -> float:
    """Return what the same statements take by the driver alone, each row fetched; the median of five rounds.

    Rows that a statement has added since `began` (seconds since 1970) are added again under other ids and tokens.
    What was sealed does not open in them: nothing is to be measured on this database afterwards.
    """
    rounds = []
    with app.app_context():
        connection = db.engine.raw_connection()
        try:
            driver: Any = connection.driver_connection
            for _ in range(REPLAYS):
                fresh = _Fresh(began)
                prepared = [(each, fresh.of(each.parameters)) for each in sent]
                start = time.perf_counter()
                for each, parameters in prepared:
                    _replay(driver, each, parameters)
                rounds.append(time.perf_counter() - start)
                driver.rollback()
        finally:
            connection.close()
    return median(rounds)


def _replay(driver: Any, statement: Statement, parameters: Any) -> None:
    if statement.text == COMMIT:
        driver.commit()
    elif statement.text == ROLLBACK:
        driver.rollback()
    else:
        cursor = driver.cursor()
        if statement.many:
            cursor.executemany(statement.text, parameters)
        elif parameters:
            cursor.execute(statement.text, parameters)
        else:
            cursor.execute(statement.text)
        if cursor.description and not statement.many:
            cursor.fetchall()
        cursor.close()


class _Fresh:
    """Gives new ids for those made since a moment, and new tokens; the same one for the same one."""

    def __init__(self, began: float) -> None:
        self.began = int(began * 1000)
        self.known: dict[Any, Any] = {}

    def of(self, value: Any) -> Any:
        """Return parameters, or one of them, with what is new in its place."""
        if isinstance(value, dict):
            return {name: self.of(each) for name, each in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.of(each) for each in value)
        if isinstance(value, psycopg.Binary):
            value = value.obj
        if value.__hash__ is not None and value in self.known:
            return self.known[value]
        made = self._made(value)
        if made is not value:
            self.known[value] = made
        return made

    def _made(self, value: Any) -> Any:
        if isinstance(value, bytes | memoryview) and len(value) == TOKEN_BYTES:
            return os.urandom(TOKEN_BYTES)
        if isinstance(value, uuid.UUID):
            return self._id(value)
        if isinstance(value, str) and len(value) == len(uuid.UUID(int=0).hex):
            try:
                told = uuid.UUID(value)
            except ValueError:
                return value
            return self._id(told).hex if self._id(told) != told else value
        return value

    def _id(self, told: uuid.UUID) -> uuid.UUID:
        """Return another one for what pages have drawn (version 4) and for rows, whose ids begin with milliseconds."""
        new = told.version == BY_PAGES or (told.version == OF_ROWS and told.int >> 80 >= self.began)
        return self.known.setdefault(told, uuid.UUID(int=told.int >> 80 << 80 | _tail())) if new else told


def _tail() -> int:
    return int.from_bytes(os.urandom(10)) & ~(0xF << 76) | OF_ROWS << 76
