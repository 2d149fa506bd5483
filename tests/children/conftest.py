"""A request, and a registrar who makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.database import db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from registry.access import Viewer
    from tests.factories import Factory


@pytest.fixture
def request_of(app: Flask) -> Iterator[Flask]:
    with app.test_request_context():
        yield app
        db.session.rollback()


@pytest.fixture
def viewer(make: Factory) -> Viewer:
    return make.viewer("registrar")
