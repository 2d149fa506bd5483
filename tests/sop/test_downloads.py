"""Lists that leave the register: every field has a heading, no heading means two things, and faults are named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sop import version
from sop.building import build
from sop.content import LANGUAGES, REGISTER_FIELDS
from sop.downloads import ANSWER_COLUMNS, FIELDS, folded
from sop.version import SopError, load

if TYPE_CHECKING:
    from pathlib import Path

RULES = load("2026-11").downloads


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    import shutil

    return shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11")


@pytest.mark.parametrize("code", FIELDS)
def test_every_field_is_recognised_under_its_own_heading_and_its_other_names(code: str) -> None:
    field = RULES.fields[code]
    for name in (field.heading.zh, field.heading.en, *field.names):
        assert RULES.field_of(name) == code, name


@pytest.mark.parametrize("column", ANSWER_COLUMNS)
def test_every_column_of_answers_is_recognised_in_both_languages(column: str) -> None:
    for language in LANGUAGES:
        assert RULES.answer_column(RULES.answers[column].in_language(language)) == column


def test_what_a_service_sees_of_a_child_is_never_taken_for_an_answer() -> None:
    words = load("2026-11").codes["field"]
    for field in REGISTER_FIELDS:
        for language in LANGUAGES:
            assert RULES.answer_column(words.text(field).in_language(language)) is None, field


@pytest.mark.parametrize("written", ["*身份证号码（必填）", " 身份证号码: ", "身 份 证 号 码", "＊身份证号码"])
def test_what_templates_put_around_a_heading_does_no_harm(written: str) -> None:
    assert RULES.field_of(written) == "id_number"


def test_an_unknown_heading_is_no_field() -> None:
    assert RULES.field_of("填报单位") is None
    assert RULES.field_of("") is None
    assert folded(" ＡＢ：") == "ab"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("most_rows = 5000", "most_rows = 0", "most_rows: must be a number from 1"),
        ("[fields.pinyin]", "[fields.shoe]", "fields: pinyin is missing"),
        ("[fields.pinyin]", "[fields.shoe]", "fields: 'shoe' is no field of a list"),
        ('names = ["拼音", "Pinyin"]', 'names = ["拼音", "性别"]', "'性别' stands for both pinyin and sex"),
        ('note = { zh = "备注"', 'note = { zh = "原因"', "answers: two columns have the same heading (zh)"),
        ('en = "Dose: {dose}"', 'en = "Dose"', "answers.dose_in_note: placeholders differ"),
    ],
)
def test_a_fault_is_named_by_its_place(folder: Path, old: str, new: str, fault: str) -> None:
    file = folder / "downloads.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SopError) as caught:
        build(folder)
    assert any(fault in each for each in caught.value.faults), caught.value.faults
