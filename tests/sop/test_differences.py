"""What differs between versions is told value by value, in the same order every time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop import version
from sop.differences import Difference, contents, differences, local_differences, names, unreadable

BASE = version.FOLDER / "2026-11"

PAIRS = [
    ({"days": 10}, {"days": 8}, ["f.toml: days: was 10, is 8"]),
    ({"a": {"days": 10}}, {"a": {}}, ["f.toml: a.days: is gone, was: 10", "f.toml: a: is new: {}"]),
    ({}, {"a": {"zh": "一", "en": "one"}}, ["f.toml: a.zh: is new: 一", "f.toml: a.en: is new: one"]),
    ({"child.name": {"zh": "姓名"}}, {}, ['f.toml: "child.name".zh: is gone, was: 姓名']),
    ({"open": True}, {"open": False}, ["f.toml: open: was true, is false"]),
    ({"codes": ["1", "2"]}, {"codes": ["1"]}, ["f.toml: codes: was [1, 2], is [1]"]),
    ({"codes": ["1"]}, {"codes": ["1"]}, []),
    (
        {"outcomes": [{"code": "11", "kind": "solved"}, {"code": "12", "kind": "solved"}]},
        {"outcomes": [{"code": "10", "kind": "interim"}, {"code": "11", "kind": "solved"}]},
        [
            "f.toml: outcomes[12].code: is gone, was: 12",
            "f.toml: outcomes[12].kind: is gone, was: solved",
            "f.toml: outcomes[10].code: is new: 10",
            "f.toml: outcomes[10].kind: is new: interim",
        ],
    ),
    (
        {"said": [{"zh": "一"}, {"zh": "二"}]},
        {"said": [{"zh": "一"}, {"zh": "三"}]},
        ["f.toml: said[2].zh: was 二, is 三"],
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), PAIRS)
def test_a_difference_is_told_by_file_and_key_with_old_and_new(old: dict, new: dict, said: list[str]) -> None:
    assert [str(each) for each in differences({"f.toml": old}, {"f.toml": new})] == said


def test_a_version_does_not_differ_from_itself() -> None:
    assert differences(contents(BASE), contents(BASE)) == ()


def test_a_file_that_one_side_has_alone_is_told_value_by_value() -> None:
    assert differences({}, {"a.toml": {"x": 1}, "b.toml": {"y": 2}}) == (
        Difference("a.toml", "x", None, "1"),
        Difference("b.toml", "y", None, "2"),
    )


def test_every_file_of_the_folder_is_compared_and_none_below_it(tmp_path: Path) -> None:
    copied = Path(shutil.copytree(BASE, tmp_path / "2026-11"))
    (copied / "plan.toml").write_text("days = 1\n", encoding="utf-8")
    (copied / "old").mkdir()
    (copied / "old" / "2025.toml").write_text("days = 1\n", encoding="utf-8")
    assert names(copied) == tuple(sorted((*names(BASE), "plan.toml")))
    assert [str(each) for each in differences(contents(BASE), contents(copied))] == ["plan.toml: days: is new: 1"]


UNREADABLE = [
    b"days = [",
    b"days = 1" + b"0" * 5000,
    b"days = 0x1" + b"0" * 5000,
    b"days = " + b"[" * 5000 + b"]" * 5000,
    b"a" + b".a" * 5000 + b" = 1",
    b'zh = "\xff"',
]


@pytest.mark.parametrize("inside", UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_file_that_cannot_be_read_is_named_whatever_is_wrong_with_it(tmp_path: Path, inside: bytes) -> None:
    (tmp_path / "visits.toml").write_bytes(inside)
    (fault,) = unreadable(tmp_path)
    assert fault.startswith("visits.toml: -: cannot be read: ")
    assert contents(tmp_path) == {"visits.toml": {}}


def test_a_folder_called_like_a_file_and_a_file_nobody_may_read_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "visits.toml").mkdir()
    assert unreadable(tmp_path) == ("visits.toml: -: cannot be read: Is a directory",)

    def refuse(*_arguments: object, **_named: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    assert unreadable(tmp_path) == ("visits.toml: -: cannot be read: Permission denied",)


def test_a_file_saved_with_a_mark_of_its_encoding_is_read(tmp_path: Path) -> None:
    (tmp_path / "visits.toml").write_text("days = 1\n", encoding="utf-8-sig")
    assert contents(tmp_path) == {"visits.toml": {"days": 1}}


def test_local_rules_differ_where_they_say_something_else_and_nowhere_besides(tmp_path: Path) -> None:
    said = '[education]\naccept_days = 8\nanswer_days = 30\nname = { en = "School" }\n'
    (tmp_path / "services.toml").write_text(said, encoding="utf-8")
    assert [str(each) for each in local_differences(BASE, tmp_path)] == [
        "services.toml: education.name.en: was Education, is School",
        "services.toml: education.accept_days: was 10, is 8",
    ]


VALUES = st.recursive(
    st.integers(0, 3) | st.sampled_from("ab"),
    lambda inner: st.dictionaries(st.sampled_from("pqr"), inner),
    max_leaves=6,
)
TABLES = st.dictionaries(st.sampled_from("xyz"), VALUES)


@given(old=TABLES, new=TABLES)
def test_of_any_two_tables_each_difference_stands_once_and_the_other_way_round_too(old: dict, new: dict) -> None:
    there = differences({"f": old}, {"f": new})
    back = differences({"f": new}, {"f": old})
    assert len({each.key for each in there}) == len(there)
    assert {(each.key, each.old, each.new) for each in there} == {(each.key, each.new, each.old) for each in back}
    assert differences({"f": old}, {"f": old}) == ()
