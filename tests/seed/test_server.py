"""`registry demo --database`: an empty database server is filled whole, found again, and nothing else is touched."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from seed.demo.errors import DemoError
from seed.demo.server import BEGUN, FILLED
from seed.demo.start import Plan, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.databases import Templates

DAY = date(2026, 11, 20)
COUNT = "SELECT count(*) FROM child"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration hands its settings over through the environment; they end with the test."""
    for name in ("DATABASE_URL", "KEY_FILE", "SECRET_FILE", "HTTPS", "SAMPLE_DATA"):
        monkeypatch.setenv(f"REGISTRY_{name}", "")


@pytest.fixture
def address(templates: Templates) -> Iterator[str]:
    """The address of an installed database of this test's own."""
    with templates.copy("postgresql") as settings:
        yield settings.database_url


@pytest.fixture
def empty(address: str) -> str:
    """The address of an empty one."""
    execute(address, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return address


def execute(address: str, *statements: str) -> int:
    """Execute statements, and return what the last one counts."""
    engine = create_engine(address)
    with engine.begin() as connection:
        done = [connection.execute(text(statement)) for statement in statements][-1]
        found = int(done.scalar_one()) if done.returns_rows else 0
    engine.dispose()
    return found


def test_an_empty_database_is_filled_once_and_found_the_second_time(tmp_path: Path, empty: str) -> None:
    plan = Plan(tmp_path, 60, 1, DAY, None, empty)
    assert prepare(plan).made_now
    before = execute(empty, COUNT)
    assert before > 60
    again = prepare(plan)
    assert not again.made_now
    assert execute(empty, COUNT) == before
    assert not (tmp_path / "database").exists()
    with pytest.raises(DemoError, match="another database"):
        prepare(Plan(tmp_path, 60, 1, DAY, None, f"{empty}_elsewhere"))


def test_killed_half_way_it_is_filled_anew(tmp_path: Path, empty: str) -> None:
    plan = Plan(tmp_path, 60, 1, DAY, None, empty)
    prepare(plan)
    (tmp_path / FILLED).rename(tmp_path / BEGUN)
    execute(empty, "DELETE FROM visited_child", "DROP TABLE child_change")
    assert prepare(plan).made_now
    assert execute(empty, "SELECT count(*) FROM visited_child")
    assert execute(empty, "SELECT count(*) FROM child_change")


def test_a_database_that_holds_anything_else_is_left_as_it_is(tmp_path: Path, address: str) -> None:
    areas = execute(address, "SELECT count(*) FROM area")
    with pytest.raises(DemoError, match="not empty"):
        prepare(Plan(tmp_path, 60, 1, DAY, None, address))
    assert execute(address, "SELECT count(*) FROM area") == areas


@pytest.mark.parametrize("url", ["mysql://somebody@host/name", "sqlite:////nowhere/else.db", "nonsense"])
def test_an_address_that_names_no_such_database_is_told_in_one_sentence(tmp_path: Path, url: str) -> None:
    with pytest.raises(DemoError, match="postgresql://"):
        prepare(Plan(tmp_path, 60, 1, DAY, None, url))
