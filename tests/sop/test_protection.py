"""What answers about a child's care lead to, whom to phone and whom to tell; faults in the file are named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sop import version
from sop.building import build
from sop.protection import LEVELS, RECIPIENTS
from sop.version import SopError, load

RULES = load("2026-11").protection


@pytest.mark.parametrize(
    ("guardianship", "assessment", "categories", "level", "seen"),
    [
        ("good", "good", (), "ordinary", False),
        ("fair", "fair", (), "ordinary", False),
        ("unknown", "fair", (), "ordinary", False),
        ("entrusted_weak", "fair", (), "raised", True),
        ("good", "good", ("poverty",), "raised", True),
        ("good", "good", ("asks_help", "disability"), "raised", True),
        ("good", "good", ("poverty", "vagrant"), "high", True),
        ("parent_unable", "good", (), "high", True),
        ("good", "poor", (), "high", True),
        ("none", "poor", ("behaviour",), "high", True),
    ],
)
def test_the_highest_of_all_answers_counts(
    guardianship: str, assessment: str, categories: tuple[str, ...], level: str, seen: bool
) -> None:
    risk = RULES.risk(guardianship, assessment, categories)
    assert (risk.level, risk.must_be_seen) == (level, seen)


def test_every_key_care_category_of_the_action_plan_must_be_seen() -> None:
    assert [one.text.zh for one in RULES.category] == [
        "家庭生活困难",
        "自身残疾",
        "监护缺失或监护不当",
        "流浪",
        "心理和行为异常",
        "主动提出救助帮扶需求",
    ]
    assert all(RULES.risk("good", "good", (one.code,)).must_be_seen for one in RULES.category)


def test_an_answer_that_the_version_does_not_hold_is_refused() -> None:
    with pytest.raises(SopError, match="moon"):
        RULES.risk("moon", "good", ())


def test_the_three_bodies_of_the_law_are_told_and_110_and_the_hotline_are_phoned() -> None:
    assert {one.code for one in RULES.recipients} == RECIPIENTS
    assert all("第十一条" in one.law.zh for one in RULES.recipients)
    assert [line.number for line in RULES.hotlines_for("320402008901")] == ["110", "120", "12345"]
    assert [code.code for code in RULES.levels] == list(LEVELS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11"))


def mend(folder: Path, old: str, new: str) -> None:
    file = folder / "protection.toml"
    words = file.read_text(encoding="utf-8")
    assert old in words, "the file no longer holds what this test changes"
    file.write_text(words.replace(old, new, 1), encoding="utf-8")


def test_the_deepest_local_line_comes_after_the_general_ones(folder: Path) -> None:
    line = '[local_hotlines.{0}]\nname = {{ zh = "热线{0}", en = "Line {0}" }}\nnumber = "154-0000{0}"\n\n'
    mend(folder, "# Whom a report goes to.", line.format("3204") + line.format("320402"))
    rules = build(folder).protection
    assert [one.code for one in rules.hotlines_for("320402008901")][-1] == "320402"
    assert [one.code for one in rules.hotlines_for("320404001901")][-1] == "3204"
    assert len(rules.hotlines_for("440000000000")) == 3


FAULTS = [
    ('level = "raised"', 'level = "huge"', "guardianship.entrusted_weak.level: must be one of ordinary, raised, high"),
    ("seen = false", 'seen = "no"', "guardianship.good.seen: must be of kind bool"),
    ("seen = false\n", "", "guardianship.good.seen: is missing"),
    ('level = "ordinary"', 'level = "ordinary"\nloud = true', "guardianship.good.loud: unknown key"),
    ('text = { zh = "较好", en = "Good" }', "", "guardianship.good.text: is missing or empty"),
    ("raised = {", "rising = {", "levels.raised: is missing"),
    ("[recipients.education]", "[recipients.schools]", "recipients.education: is missing: the law names it"),
    ('number = "110"', 'number = "one"', "hotlines.police.number: must be a phone number"),
    ("now = {", "at_once = {", "urgency.now: is missing"),
    ("[harm]", "[harms]", "protection.toml: harm: is missing or empty"),
    ("[words]", '[local_hotlines.x]\nname = { zh = "甲", en = "A" }\nnumber = "123"\n[words]', "'x' is no prefix"),
    ("duty = {", "duties = {", "words.duty: is missing or empty"),
]


@pytest.mark.parametrize(("old", "new", "fault"), FAULTS)
def test_a_fault_is_named_by_file_and_key(folder: Path, old: str, new: str, fault: str) -> None:
    mend(folder, old, new)
    with pytest.raises(SopError) as caught:
        build(folder)
    assert any(found.startswith("protection.toml: ") and fault in found for found in caught.value.faults), (
        caught.value.faults
    )
