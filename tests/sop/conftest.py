"""The version under test, and a copy of it that a test may change."""

import shutil
from pathlib import Path

import pytest

from sop import version
from sop.version import Sop, load


@pytest.fixture(scope="session")
def sop() -> Sop:
    return load("2026-11")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11"))
