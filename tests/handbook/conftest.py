"""The handbook as its rules say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.clock import today
from registry.handbook.queries import chapters_of

if TYPE_CHECKING:
    from flask import Flask

    from sop.handbook.parts import Chapter


@pytest.fixture
def chapters(app: Flask, language: str) -> tuple[Chapter, ...]:
    with app.app_context():
        return chapters_of(language, today())
