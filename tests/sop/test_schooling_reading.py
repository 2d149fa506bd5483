"""A fault in the rules of schooling is named by file and key, the words of statuses and grades among them."""

import shutil
from pathlib import Path

import pytest

from sop import version
from sop.building import build
from sop.content import SopError


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("leaving_age = 14", "leaving_age = 0", "leaving_age: must be a number from 1 to 17"),
        ("over_age_years = 2", "", "over_age_years: must be a number from 1 to 17"),
        (
            "graduates_from_month = 6",
            "graduates_from_month = 13",
            "graduates_from_month: must be a number from 1 to 12",
        ),
        ('"延缓入学", ', '"辍学在家", ', "words.status.delayed: '辍学在家' is dropout already"),
        (
            "home_teaching = [",
            "home_school = [",
            "words.status.home_school: the list schooling_status has no such code",
        ),
        ('1 = ["一年级"', '0 = ["一年级"', "words.grade.0: is no grade from 1 to 12"),
        ('"二年级", ', '"一年级", ', "words.grade.2: '一年级' is 1 already"),
        (
            '[[words.within]]\nstatus = "in_school"',
            '[[words.within]]\nstatus = "asleep"',
            "words.within[1].status: the list",
        ),
        (
            'status = "in_school"\nwords = ["毕业班"',
            'status = "in_school"\nword = ["毕业班"',
            "words.within[1].words: is missing",
        ),
        ('junior = ["middle"', 'college = ["middle"', "words.stage.college: the list school has no such code"),
        ('junior = ["middle"', 'junior = ["k"', "words.stage.junior: 'k' is kindergarten already"),
        ("[words.grade]", "[words.class]", "words.class: unknown key"),
        ("[words.grade]", "[words.class]", "words.grade: is missing or empty"),
    ],
)
def test_a_fault_is_named_by_file_and_key(tmp_path: Path, old: str, new: str, fault: str) -> None:
    folder = Path(shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11"))
    text = (folder / "schooling.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "schooling.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SopError) as caught:
        build(folder)
    assert any(found.startswith(f"schooling.toml: {fault}") for found in caught.value.faults), caught.value.faults


@pytest.mark.parametrize("name", ["schooling", "documents", "admission"])
def test_a_missing_or_broken_file_is_named(tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11"))
    for content, fault in ((b"= broken", "-: cannot be read"), (b"", ""), (None, "-: the file is missing")):
        path = folder / f"{name}.toml"
        path.unlink() if content is None else path.write_bytes(content)
        with pytest.raises(SopError) as caught:
            build(folder)
        assert any(found.startswith(f"{name}.toml: ") and fault in found for found in caught.value.faults), content
