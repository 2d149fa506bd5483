"""The version under test."""

import pytest

from sop.version import Sop, load


@pytest.fixture(scope="session")
def sop() -> Sop:
    return load("2026-11")
