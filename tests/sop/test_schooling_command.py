"""`registry sop schooling`: children in a csv file, answers in a JSON file, or one sentence and nothing written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from registry.cli import main
from registry.procedure.cases import CaseError, write_answers

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

HEADING = "id,birth,stage,grade,status\n"
CHILDREN = "a,2020-03-01,kindergarten,,in_school\nb,2014-03-01,小学,4,辍学\n"
ANSWERS = {
    "a": {
        "stage_expected": "kindergarten",
        "grade_expected": None,
        "enters": 2026,
        "needs": "next_september",
        "flags": ["entrant_grade_1"],
    },
    "b": {"stage_expected": "primary", "grade_expected": 6, "enters": 2020, "needs": "now", "flags": ["dropout"]},
}


def run(folder: Path, content: str | bytes, on: str = "2026-06-30", *more: str) -> Result:
    file = folder / "children.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    told = ["--file", str(file), "--on", on, "--out", str(folder / "answers.json")]
    return CliRunner().invoke(main, ["sop", "schooling", *told, *more])


def answers(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_child_is_answered_by_its_id_in_the_order_of_the_file(tmp_path: Path, encoding: str) -> None:
    told = run(tmp_path, (HEADING + CHILDREN).encode(encoding))
    assert (told.exit_code, told.output) == (0, "2 children judged.\n")
    assert answers(tmp_path) == ANSWERS
    assert list(ANSWERS) == list(json.loads((tmp_path / "answers.json").read_text(encoding="utf-8")))


def test_columns_may_stand_in_any_order_beside_others_and_rows_may_be_empty_or_short(tmp_path: Path) -> None:
    told = run(tmp_path, "Status, birth,name,grade,stage,ID\r\n辍学,2014/3/1,x,4,小学,b\r\n,,,,,\r\n\r\n", "2026-06-30")
    assert told.exit_code == 0, told.output
    assert answers(tmp_path) == {"b": ANSWERS["b"]}
    assert run(tmp_path, HEADING + "c,2018-03-01\n").exit_code == 0


def test_the_day_given_decides(tmp_path: Path) -> None:
    for on, needs in (("2026-08-31", "next_september"), ("2026-09-01", "now")):
        assert run(tmp_path, HEADING + "a,2020-08-31,none,,\n", on).exit_code == 0
        assert answers(tmp_path)["a"]["needs"] == needs


def test_a_child_born_on_the_day_is_answered(tmp_path: Path) -> None:
    assert run(tmp_path, HEADING + "a,2026-06-30,,,\n").exit_code == 0
    assert answers(tmp_path)["a"]["enters"] == 2032


@pytest.mark.parametrize("between", [";", "\t"])
def test_cells_may_lie_between_semicolons_or_tabs(tmp_path: Path, between: str) -> None:
    assert run(tmp_path, (HEADING + CHILDREN).replace(",", between)).exit_code == 0
    assert answers(tmp_path) == ANSWERS


def test_a_cell_that_cannot_be_read_is_unknown_to_be_checked_and_each_is_named(tmp_path: Path) -> None:
    rows = "a,2018-03-01,moon,x,asleep\nb,2018-03-01,primary,3,in_school\nc,2018-03-01,primary,13,in_school\n"
    told = run(tmp_path, HEADING + rows)
    assert told.exit_code == 0
    assert told.stdout == "3 children judged.\n"
    assert told.stderr.splitlines() == [
        "Line 2, column stage: 'moon' is not known.",
        "Line 2, column grade: 'x' is not known.",
        "Line 2, column status: 'asleep' is not known.",
        "Line 4, column grade: '13' is not known.",
    ]
    found = {name: (answer["needs"], answer["flags"]) for name, answer in answers(tmp_path).items()}
    assert found == {"a": ("none", ["to_verify"]), "b": ("none", []), "c": ("none", ["to_verify"])}


def test_a_child_born_after_the_day_is_answered_and_named(tmp_path: Path) -> None:
    told = run(tmp_path, HEADING + "a,2026-07-01,none,,\n")
    assert told.stderr == "Line 2, column birth: it is after the day judged, 2026-06-30.\n"
    expected = {"stage_expected": None, "grade_expected": None, "enters": 2032, "needs": "none", "flags": ["to_verify"]}
    assert answers(tmp_path) == {"a": expected}


def test_every_faulty_row_is_named_at_once(tmp_path: Path) -> None:
    told = run(tmp_path, HEADING + ",2018-03-01,,,\na,soon,,,\na,2018-02-30,,,\n")
    assert told.exit_code == 1
    assert [line.removeprefix("Error: ") for line in told.stderr.splitlines()] == [
        "Line 2, column id: it is empty.",
        "Line 3, column birth: it is no day; write 2019-06-14.",
        "Line 4, column id: 'a' stands on line 3 already.",
        "Line 4, column birth: there is no such day.",
    ]
    assert not (tmp_path / "answers.json").exists()


def test_a_file_without_children_has_no_answers(tmp_path: Path) -> None:
    assert run(tmp_path, HEADING).output == "0 children judged.\n"
    assert answers(tmp_path) == {}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The file is empty."),
        ("\n \n", "The file is empty."),
        ("name,birth\n", "Line 1: the column id is missing; wanted are id, birth, stage, grade, status."),
        ("id,birth,stage,grade\n", "Line 1: the column status is missing"),
        ("id,id,birth,stage,grade,status\n", "Line 1: the column id is there twice."),
        (HEADING + ",2018-03-01,,,\n", "Line 2, column id: it is empty."),
        (HEADING + "a,2018-03-01,,,\na,2018-03-02,,,\n", "Line 3, column id: 'a' stands on line 2 already."),
        (HEADING + "a,,,,\n", "Line 2, column birth: it is empty."),
        (HEADING + "a,2018-02-30,,,\n", "Line 2, column birth: there is no such day."),
        (HEADING + "a,2018,,,\n", "Line 2, column birth: the month is missing"),
        (HEADING + "a,soon,,,\n", "Line 2, column birth: it is no day; write 2019-06-14."),
        (HEADING + '"a\nb",2018-03-01,,,\n', "Line 3, column id: it holds a line break or another sign"),
        (HEADING + "a\0,2018-03-01,,,\n", "Line 2, column id: it holds a line break or another sign"),
        (HEADING + "a,2018-03-01,,,,,more\n", "Line 2: there are more cells than columns."),
        (HEADING + 'a,"2018-03-01\n', "this is no csv"),
        (b"\xff\xff\x80\xff", "The text is in no encoding that is known"),
    ],
)
def test_a_fault_is_one_sentence_with_line_and_column_and_leaves_the_old_answers(
    tmp_path: Path, content: str | bytes, sentence: str
) -> None:
    (tmp_path / "answers.json").write_text("old", encoding="utf-8")
    told = run(tmp_path, content)
    assert told.exit_code == 1
    assert sentence in told.output
    assert told.output.count("\n") == 1
    assert (tmp_path / "answers.json").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.json", "children.csv"]


def test_where_the_answers_cannot_be_written_it_is_said(tmp_path: Path) -> None:
    file = tmp_path / "children.csv"
    file.write_text(HEADING, encoding="utf-8")
    told = ["--file", str(file), "--on", "2026-06-30", "--out", str(tmp_path / "no" / "answers.json")]
    answer = CliRunner().invoke(main, ["sop", "schooling", *told])
    assert answer.exit_code == 1
    assert "The answers cannot be written: No such file or directory." in answer.output


def test_answers_that_could_not_take_their_place_leave_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "answers.json").mkdir()
    with pytest.raises(CaseError, match="The answers cannot be written"):
        write_answers(tmp_path / "answers.json", {})
    assert [path.name for path in tmp_path.iterdir()] == ["answers.json"]
