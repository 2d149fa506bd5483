"""The commands that answer cases from a file, and list what is uncertain in the schedule."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry.cli import main
from sop.immunisation import uncertain
from sop.version import Sop

HEAD = "id,birth,sex,doses,on"
ROW = "a,2024-03-01,F,HepB@2024-03-01;BCG@2024-03-02,2024-03-20"


def run(folder: Path, content: str | bytes) -> tuple[Result, Path]:
    cases, out = folder / "cases.csv", folder / "answers.json"
    cases.write_bytes(content if isinstance(content, bytes) else content.encode())
    return CliRunner().invoke(main, ["sop", "doses", "--file", str(cases), "--out", str(out)]), out


def answers(folder: Path, content: str | bytes) -> dict[str, dict[str, dict[str, object]]]:
    result, out = run(folder, content)
    assert result.exit_code == 0, result.output
    found: dict[str, dict[str, dict[str, object]]] = json.loads(out.read_text(encoding="utf-8"))
    return found


def test_each_case_is_answered_for_every_course(tmp_path: Path, sop: Sop) -> None:
    answered = answers(tmp_path, f"{HEAD}\n{ROW}\n")
    assert list(answered) == ["a"]
    assert list(answered["a"]) == list(sop.immunisation.courses)
    assert answered["a"]["HepB"] == {
        "valid": 1,
        "status": "not_yet",
        "next_dose": 2,
        "earliest": "2024-04-01",
        "recommended": "2024-04-01",
    }
    nothing_next = {"next_dose": None, "earliest": None, "recommended": None}
    assert answered["a"]["BCG"] == {"valid": 1, "status": "complete", **nothing_next}


def test_columns_may_come_in_any_order_with_a_mark_and_windows_line_ends(tmp_path: Path) -> None:
    usual = answers(tmp_path, f"{HEAD}\n{ROW}\n")
    turned = "on,doses,remark,id,sex,birth\r\n2024-03-20,HepB@2024-03-01;BCG@2024-03-02,-,a,F,2024-03-01\r\n"
    assert answers(tmp_path, b"\xef\xbb\xbf" + turned.encode()) == usual


def test_no_doses_blanks_and_other_ways_to_write_days_are_read(tmp_path: Path) -> None:
    answered = answers(tmp_path, f"{HEAD}\na,2024/3/1,,, 2024-03-20 \nb,2024-03-01,, HepB @ 2024-03-01 ; ,2024-3-20\n")
    assert answered["a"]["HepB"]["valid"] == 0
    assert answered["b"]["HepB"]["valid"] == 1


@pytest.mark.parametrize(
    ("sexes", "status"),
    [
        (("2", "F", "f", "female", "女"), "due"),
        (("1", "M", "male", "男"), "none"),
        (("0", "9", "", "未知"), "ask"),
    ],
)
def test_sex_may_be_written_in_several_ways(tmp_path: Path, sexes: tuple[str, ...], status: str) -> None:
    rows = [f"{number},2012-11-10,{sex},,2026-01-10" for number, sex in enumerate(sexes)]
    answered = answers(tmp_path, "\n".join([HEAD, *rows]))
    assert {told["2vHPV"]["status"] for told in answered.values()} == {status}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("id,birth,sex,doses\na,2024-03-01,F,\n", "Line 1: the column on is missing"),
        (f"{HEAD}\na,2024-02-30,F,,2024-03-20\n", "Line 2, column birth: '2024-02-30' is no day; write 2024-03-01."),
        (f"{HEAD}\na,2024-02,F,,2024-03-20\n", "Line 2, column birth: '2024-02' is no day; write 2024-03-01."),
        (f"{HEAD}\n{ROW}\nb,2024-03-01,F,,\n", "Line 3, column on: the day is missing; write 2024-03-01."),
        (f"{HEAD}\na,2024-03-01,X,,2024-03-20\n", "Line 2, column sex: 'X' is not known; write 1, 2, M, F"),
        (
            f"{HEAD}\na,2024-03-01,F,HepB,2024-03-20\n",
            "Line 2, column doses: 'HepB' is no dose; write HepB@2024-03-01.",
        ),
        (f"{HEAD}\na,2024-03-01,F,Flu@2024-03-01,2024-03-20\n", "Line 2, column doses: there is no vaccine 'Flu'."),
        (f"{HEAD}\na,2024-03-01,F,HepB@soon,2024-03-20\n", "Line 2, column doses: 'soon' is no day; write 2024-03-01."),
        (f"{HEAD}\n{ROW}\n{ROW}\n", "Line 3, column id: 'a' stands on line 2 already."),
    ],
)
def test_a_fault_is_one_sentence_with_line_and_column_and_nothing_is_written(
    tmp_path: Path, content: str, sentence: str
) -> None:
    (tmp_path / "answers.json").write_text("of before", encoding="utf-8")
    result, out = run(tmp_path, content)
    assert result.exit_code == 1
    assert sentence in result.output
    assert result.output.count("\n") == 1
    assert out.read_text(encoding="utf-8") == "of before"


def test_every_fault_of_every_row_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    rows = ["a,2024-02-30,X,HepB;Flu@2024-03-01,2024-03-20", ROW, "b,2024-03-01,F,HepB@2024-W09-5,2024W125"]
    result, out = run(tmp_path, "\n".join([HEAD, rows[0], rows[1].replace("a,", "c,", 1), rows[2]]))
    assert result.exit_code == 1
    assert [line.removeprefix("Error: ") for line in result.stderr.splitlines()] == [
        "Line 2, column birth: '2024-02-30' is no day; write 2024-03-01.",
        "Line 2, column sex: 'X' is not known; write 1, 2, M, F, or leave it empty.",
        "Line 2, column doses: 'HepB' is no dose; write HepB@2024-03-01.",
        "Line 2, column doses: there is no vaccine 'Flu'.",
        "Line 4, column on: '2024W125' is no day; write 2024-03-01.",
        "Line 4, column doses: '2024-W09-5' is no day; write 2024-03-01.",
    ]
    assert not out.exists()


def test_a_child_born_after_the_day_judged_is_answered_and_named(tmp_path: Path) -> None:
    result, out = run(tmp_path, f"{HEAD}\na,2024-03-21,F,,2024-03-20\n")
    assert result.exit_code == 0
    assert result.stderr == "Line 2, column birth: it is after the day judged, 2024-03-20.\n"
    assert json.loads(out.read_text(encoding="utf-8"))["a"]["HepB"]["status"] == "not_yet"


@pytest.mark.parametrize(("between", "encoding"), [("\t", "utf-8"), ("\t", "utf-16"), (";", "utf-8")])
def test_cells_between_tabs_or_semicolons_and_utf_16_are_read(tmp_path: Path, between: str, encoding: str) -> None:
    row = ROW.split(",")
    row[3] = f'"{row[3]}"'
    told = "\n".join(between.join(cells) for cells in (HEAD.split(","), row))
    assert answers(tmp_path, told.encode(encoding)) == answers(tmp_path, f"{HEAD}\n{ROW}\n")


def test_what_was_decided_without_the_official_text_is_listed_to_be_checked(sop: Sop) -> None:
    assert set(sop.immunisation.readings) == {
        "live_spacing",
        "interval_from_valid_dose",
        "hpv_age_and_interval",
        "immunoglobulin_after_mmr",
        "je_inactivated_upper_limits",
    }


def test_every_uncertain_cell_is_listed_with_the_reasons_in_both_languages(sop: Sop) -> None:
    result = CliRunner().invoke(main, ["sop", "uncertain"])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert "2021 · JE-L (JE-I) · dose 4 · interval: 3 y (e)" in lines
    cells = uncertain(sop.immunisation)
    readings = sop.immunisation.readings
    assert len(lines) == 3 * (len(cells) + len(readings))
    for key, text in readings.items():
        start = lines.index(f"rule · {key}")
        assert lines[start + 1 : start + 3] == [f"  {text.zh}", f"  {text.en}"]
    for cell in cells:
        assert all(why.zh in result.output and why.en in result.output for why in cell.why)
