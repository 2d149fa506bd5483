"""The clinic of these tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.doses.clinic import Clinic

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Factory


@pytest.fixture
def clinic(app: Flask, make: Factory) -> Clinic:
    """A clinic, which works on children that are referred to it."""
    return Clinic(app, make)
