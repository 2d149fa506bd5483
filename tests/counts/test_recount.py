"""`registry recount`: proves the counts against a count in full, says where they differ, and mends them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text, update

from registry import cli
from registry.children.models import Episode
from registry.children.queries import count_registered
from registry.counts.models import PopulationTally
from registry.coverage.recounting import Difference, mend, places, rebuild_all, recount, summary
from registry.database import db
from tests.factories import COMMUNITY, ELSEWHERE
from tests.serving import environment_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result
    from flask import Flask

    from registry.settings import Settings
    from tests.factories import Factory

pytestmark = pytest.mark.database
ROOT = Path(__file__).parents[2]
LOST = "tally_episode_changed"


@pytest.fixture
def command(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `registry recount` on the database of the test."""
    monkeypatch.setattr(cli, "create_app", lambda: app)
    return lambda *options: CliRunner().invoke(cli.main, ["recount", *options])


def lose_a_trigger(app: Flask) -> None:
    with app.app_context():
        on = " ON episode" if db.engine.dialect.name == "postgresql" else ""
        db.session.execute(text(f"DROP TRIGGER {LOST}{on}"))
        db.session.execute(update(Episode).where(Episode.area_code == COMMUNITY).values(status="left"))
        db.session.commit()


@pytest.mark.miscounts
def test_without_a_trigger_the_counts_are_wrong_and_it_says_where(
    app: Flask, make: Factory, command: Callable[..., Result]
) -> None:
    make.child()
    make.child(area=make.area(ELSEWHERE))
    assert (command().exit_code, command().output) == (0, "Every count that is kept is right.\n")
    lose_a_trigger(app)
    with app.app_context():
        found = recount()
    assert len(found) == 2 * 3  # two tables at three levels
    assert Difference("child_tally", 12, COMMUNITY, ("2", 2019, 6), 1, 0) in found
    said = command()
    assert said.exit_code == 1
    assert "child_tally (12): 1 of its counts differ, by 1 in all\n" in said.output
    assert said.output.endswith("6 counts differ.\n")


@pytest.mark.miscounts
def test_nothing_that_is_said_of_a_difference_counts_a_few_children(
    app: Flask, make: Factory, command: Callable[..., Result]
) -> None:
    """The one girl born in that month in her community is no line in a terminal."""
    make.child()
    lose_a_trigger(app)
    plain, cells = command().output, command("--cells").output
    assert COMMUNITY not in plain
    assert "2019" not in plain
    assert f"child_tally {COMMUNITY} (12): less than 10\n" in cells
    assert f"child_tally {COMMUNITY[:6]}000000 (6) 2 2019 6: less than 10\n" in cells
    assert cells.startswith(plain.removesuffix("6 counts differ.\n"))


def test_of_a_community_sexes_and_births_are_said_together() -> None:
    found = [Difference("child_tally", 12, COMMUNITY, ("2", 2019, month), month, 0) for month in range(1, 6)]
    assert places(found) == [f"child_tally {COMMUNITY} (12): 15"]
    assert summary(found) == ["child_tally (12): 5 of its counts differ, by 15 in all"]


@pytest.mark.miscounts
def test_mending_makes_them_right_and_changes_no_right_one(
    app: Flask, make: Factory, command: Callable[..., Result]
) -> None:
    make.child()
    make.child(area=make.area(ELSEWHERE))
    lose_a_trigger(app)
    assert command("--mend").exit_code == 0
    assert command().exit_code == 0
    with app.app_context():
        assert [tuple(each) for each in count_registered(("3204",))] == [("320404", "2", 2019, 6, 1)]


def test_the_command_runs_as_a_process(settings: Settings) -> None:
    secret = settings.key_file.parent / "secret"
    secret.touch(mode=0o600)
    secret.write_text(settings.secret_key, encoding="ascii")
    environment = environment_of(settings.database_url, secret.parent) | {"REGISTRY_KEY_FILE": str(settings.key_file)}
    done = subprocess.run(
        [sys.executable, "-m", "registry.cli", "recount"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "Every count that is kept is right.\n")


def test_mending_what_is_right_changes_nothing_that_is_shown(app: Flask, make: Factory) -> None:
    make.referral(make.child(), make.office("education", "320402000000"))
    with app.app_context():
        before = count_registered(("3204",))
        db.session.commit()
        mend()
        assert recount() == []
        assert count_registered(("3204",)) == before


def test_after_a_bulk_load_the_counts_are_made_anew(app: Flask, make: Factory) -> None:
    make.child(area=make.area("442000101901"))
    with app.app_context():
        db.session.execute(text("DELETE FROM child_tally_delta"))
        rebuild_all(db.session())
        db.session.commit()
        assert recount() == []
        month = {row.month for row in db.session.scalars(select(PopulationTally))}
        assert month == {f"{day:%Y-%m}" for day in db.session.scalars(select(Episode.registered_on))}


@pytest.mark.own_app
def test_a_database_of_before_is_counted_when_it_is_migrated(app: Flask, make: Factory) -> None:
    for area in (COMMUNITY, ELSEWHERE, "442000101901"):
        make.referral(make.child(area=make.area(area)), make.office("education", area))
    make.child(status="left")
    with app.app_context():
        before = [count_registered(("32", "44"), digits) for digits in (None, 9, 12)]
        db.session.remove()
        downgrade(revision="0004_import_ledgers")
        db.session.execute(update(Episode).where(Episode.status == "left").values(status="not_found"))
        db.session.commit()
        upgrade()
        assert recount() == []
        assert [count_registered(("32", "44"), digits) for digits in (None, 9, 12)] == before
