"""Changes a file of a copied version, and reads what is wrong with the version then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sop.building import build
from sop.version import SopError

if TYPE_CHECKING:
    from pathlib import Path


def faults_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(SopError) as caught:
        build(folder)
    return caught.value.faults


def mend(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{file} no longer holds what this test changes"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
