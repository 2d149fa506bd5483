"""Fixtures of all tests: a fresh database per test on either engine, the application on it, people to sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jinja2 import FileSystemBytecodeCache

from registry import create_app
from registry.coverage.recounting import recount
from registry.database import db
from tests import databases
from tests.client import Client
from tests.factories import Factory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from registry.settings import Settings

SECRET = "0123456789abcdef0123456789abcdef"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test marked `database` runs on both engines or the one it names, every other one on the embedded default."""
    if "engine" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("database")
        metafunc.parametrize("engine", (marked.args or ["sqlite", "postgresql"]) if marked else ["sqlite"])


@pytest.fixture(scope="session")
def templates() -> Iterator[databases.Templates]:
    with databases.Templates(SECRET) as made:
        yield made


@pytest.fixture
def settings(engine: str, templates: databases.Templates) -> Iterator[Settings]:
    with templates.copy(engine) as fresh:
        yield fresh


@pytest.fixture(scope="session")
def applications() -> dict[Settings, Flask]:
    """One application per engine: its routes and statements are compiled once, not once for each test."""
    return {}


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once, not once for the application of each test."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    settings: Settings,
    applications: dict[Settings, Flask],
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Flask]:
    """The application on a fresh, migrated database with divisions and keys, and nobody in it.

    What a test does to its settings and extensions is undone. A test that adds pages to it is marked `own_app`.
    """
    application = applications.get(settings)
    if application is None or request.node.get_closest_marker("own_app"):
        application = create_app(settings)
        application.jinja_env.bytecode_cache = compiled_templates
        application.config.update(TESTING=True, PASSWORD_HASHER=databases.CHEAP_HASHER)
    if not request.node.get_closest_marker("own_app"):
        applications[settings] = application
    config, extensions = dict(application.config), dict(application.extensions)
    jobs = dict(extensions["jobs"])
    application.extensions.pop("areas", None)  # what is kept in memory of another test's places
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()
    application.config.clear()
    application.config.update(config)
    application.extensions.clear()
    application.extensions.update(extensions | {"jobs": jobs})


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The same application with its context pushed, for tests of services and queries."""
    with app.app_context():
        yield app
        db.session.rollback()


@pytest.fixture
def make(request: pytest.FixtureRequest, app: Flask) -> Iterator[Factory]:
    """Makes offices, users, households and children: complete, invented and valid unless told otherwise.

    Whatever a test did with them, the counts that are kept with the writes equal a count in full afterwards. A test
    that leaves them wrong on purpose is marked `miscounts`.
    """
    yield Factory(app)
    if not request.node.get_closest_marker("miscounts"):
        with app.app_context():
            assert recount() == []


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """Both languages: a test that asks for it runs twice."""
    return str(request.param)


@pytest.fixture
def client(app: Flask) -> Client:
    """A browser with nobody signed in, which inspects every page it fetches."""
    return Client(app)


@pytest.fixture
def client_as(app: Flask, make: Factory) -> Callable[..., Client]:
    """Return a function: `client_as("registrar")` or `client_as(user, language="en")` signs in a browser."""

    def sign_in(who: object = "registrar", *, language: str = "zh", **office: object) -> Client:
        user = make.user(role=who, **office) if isinstance(who, str) else who
        browser = Client(app, language=language)
        browser.let_in(user)
        return browser

    return sign_in
