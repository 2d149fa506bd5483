"""A world to walk through: made once for all promises that look at every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry import create_app
from registry.database import db
from registry.settings import Settings
from seed.demo.start import Plan, prepare
from tests.promises.crawling import World

if TYPE_CHECKING:
    from collections.abc import Iterator

CHILDREN, SEED = 120, 2009


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    with pytest.MonkeyPatch.context() as environment:
        for name in ("DATABASE_URL", "KEY_FILE", "SECRET_FILE", "HTTPS", "SAMPLE_DATA", "SOP_OVERLAY"):
            environment.setenv(f"REGISTRY_{name}", "")  # the demonstration sets them; they end here
        prepared = prepare(Plan(folder, CHILDREN, SEED, None, None))
        app = create_app(Settings.from_environment())
    app.config.update(TESTING=True)
    yield World(app, prepared.password)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
