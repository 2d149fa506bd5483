"""The empty ledger is data: a fault in it is named by file and key."""

import shutil
from pathlib import Path

import pytest

from sop import version
from sop.building import build
from sop.empty_ledger import SIDES
from sop.version import SopError, load


def test_each_side_asks_for_what_a_row_is_registered_by() -> None:
    for side in SIDES:
        needed = {column.key for column in load("2026-11").empty_ledger.of_side(side) if column.needed}
        assert {"name", "sex", "birth", "guardian", "phone"} <= needed


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('list = "sex"', 'list = "colour"', "columns.sex.list: is no code list, or its example is no code of it"),
        ('choice = "primary"', 'choice = "secondary"', "columns.school.list: is no code list"),
        ("width = 40", "width = 400", "columns.address.width: must be a number from 1 to 80"),
        ('sides = ["receiving"]', 'sides = ["here"]', "columns.origin.sides: 'here' is not known"),
        ('heading = { zh = "姓名", en = "Name" }', 'heading = { zh = "姓名" }', "columns.name.heading.en: is missing"),
        ("needed = true", "wanted = true", "columns.name.wanted: unknown key"),
    ],
)
def test_a_fault_is_named_by_file_and_key(tmp_path: Path, old: str, new: str, fault: str) -> None:
    folder = Path(shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11"))
    file = folder / "empty_ledger.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SopError) as caught:
        build(folder)
    assert any(each.startswith(f"empty_ledger.toml: {fault}") for each in caught.value.faults), caught.value.faults
