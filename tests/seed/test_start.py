"""`./run demo`: whole or not at all, found again, and clear about what keeps it from starting."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from registry.vault.errors import KeyFileError
from seed.demo.errors import DemoError
from seed.demo.start import Plan, prepare

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration hands its settings over through the environment; they end with the test."""
    for name in ("DATABASE_URL", "KEY_FILE", "SECRET_FILE", "HTTPS", "SAMPLE_DATA"):
        monkeypatch.setenv(f"REGISTRY_{name}", "")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    kept = {name: value for name, value in os.environ.items() if name.startswith("REGISTRY_")}
    prepare(Plan(folder, 60, 1, DAY, None))
    os.environ.update(kept)
    return folder


@pytest.fixture
def plan(prepared: Path, tmp_path: Path) -> Plan:
    """A prepared demonstration of this test's own."""
    shutil.copytree(prepared, tmp_path / "demo")
    return Plan(tmp_path / "demo", 60, 1, DAY, None)


def children_in(plan: Plan) -> list[tuple[object, ...]]:
    with sqlite3.connect(plan.database / "registry.db") as connection:
        return connection.execute(
            "SELECT birth_year, birth_month, sex, certificate, hukou_county, status FROM child ORDER BY id"
        ).fetchall()


def doses_in(plan: Plan) -> list[list[tuple[object, ...]]]:
    """What was given, and how children stand, child by child."""
    asked = (
        "SELECT vaccine, source, date(entered_at) FROM dose ORDER BY child_id, id",
        "SELECT state, due_month, whole FROM immunisation ORDER BY child_id",
        "SELECT course, status, next_dose, due_month FROM course_state ORDER BY child_id, course",
    )
    with sqlite3.connect(plan.database / "registry.db") as connection:
        return [connection.execute(each).fetchall() for each in asked]


def on_the_register(plan: Plan) -> int:
    with sqlite3.connect(plan.database / "registry.db") as connection:
        found = connection.execute(
            "SELECT count(*) FROM child JOIN episode ON episode.child_id = child.id AND episode.latest"
            " WHERE child.status = 'registered' AND episode.status IN ('pending', 'active')"
        ).fetchone()
    return int(found[0])


def test_the_second_time_it_is_found_as_it_was_left(plan: Plan) -> None:
    before = children_in(plan)
    again = prepare(plan)
    assert not again.made_now
    assert children_in(plan) == before
    assert again.password in again.words()


def test_the_database_is_closed_to_others_and_one_that_was_open_is_closed(plan: Plan) -> None:
    plan.database.chmod(0o755)
    prepare(plan)
    assert stat.S_IMODE(plan.database.stat().st_mode) == 0o700


def test_what_is_made_is_readable_by_nobody_else(prepared: Path) -> None:
    made = [prepared / "database", *(prepared / "database").iterdir(), *(prepared / "keys").iterdir()]
    assert len(made) > 3
    assert [path for path in made if path.stat().st_mode & 0o077] == []


def test_the_same_seed_and_day_make_the_same_people(plan: Plan, tmp_path: Path) -> None:
    other = Plan(tmp_path / "other", 60, 1, DAY, None)
    prepare(other)
    assert children_in(other) == children_in(plan)
    assert doses_in(other) == doses_in(plan)
    assert all(doses_in(plan))
    assert on_the_register(plan) == 60


def test_killed_half_way_it_is_made_anew_and_nothing_half_made_is_used(plan: Plan) -> None:
    plan.database.rename(plan.folder / "building")
    (plan.folder / "building" / "registry.db").write_bytes(b"half a database")
    made = prepare(plan)
    assert made.made_now
    assert on_the_register(plan) == 60
    assert not (plan.folder / "building").exists()


def test_without_its_key_file_an_old_database_stops_the_start_with_words(plan: Plan) -> None:
    (plan.keys / "registry.key").unlink()
    with pytest.raises(KeyFileError, match=r"registry\.key"):
        prepare(plan)
    assert not (plan.keys / "registry.key").exists(), "a new key would not open the old data"


@pytest.mark.enable_socket
def test_a_taken_port_is_named_with_the_way_out(plan: Plan) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(DemoError, match=f"--port {port + 1}"):
            prepare(Plan(plan.folder, 60, 1, DAY, port))


def test_two_at_once_do_not_mix(plan: Plan) -> None:
    import fcntl

    with (plan.folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(DemoError, match="right now"):
            prepare(plan)


def test_the_command_says_one_sentence_and_no_traceback(plan: Plan) -> None:
    (plan.keys / "registry.key").unlink()
    done = subprocess.run(  # noqa: S603 -- our own command
        [sys.executable, "-m", "registry.cli", "demo", "--no-serve", "--folder", str(plan.folder)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 1
    assert "registry.key" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_the_scripts_are_executable_and_hold_no_syntax_error(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    shell = "sh" if script == "run" else "bash"
    subprocess.run([shell, "-n", str(ROOT / script)], check=True)  # noqa: S603 -- our own script


def test_without_python_the_script_names_it_and_the_line_that_cures_it(tmp_path: Path) -> None:
    for tool in ("dirname", "cd", "sh"):
        found = shutil.which(tool)
        if found:
            (tmp_path / tool).symlink_to(found)
    done = subprocess.run(  # noqa: S603 -- our own script
        ["/bin/sh", str(ROOT / "run"), "demo"],
        capture_output=True,
        text=True,
        env={"PATH": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 1
    assert "Python 3.11" in done.stderr
    assert "apt-get install" in done.stderr
