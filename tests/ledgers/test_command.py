"""The command `registry import`: a ledger by itself without a database, and into the register as an account would."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from click.testing import CliRunner
from sqlalchemy import func, select

from registry import cli
from registry.children.models import Child
from registry.database import db
from registry.ledgers.command import SENTENCES
from registry.ledgers.words import FAULTS
from tests.factories import COMMUNITY, id_number

if TYPE_CHECKING:
    from click.testing import Result
    from flask import Flask

    from tests.factories import Factory

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).with_name("data")
LEDGERS = ("changzhou-migrant-children.xlsx", "shuyang-left-behind-children.xlsx", "wujin-migrant-children.csv")
DAY = ("--on", "2026-11-20")
READ = ("name", "sex", "birth", "id_number", "phone", "relation", "county")
HEADER = ["姓名", "性别", "出生日期", "身份证号", "暂住地址", "到达时间", "监护人", "与监护人关系", "联系电话"]
PLACE = "江苏省常州市天宁区雕庄街道示例1社区8幢1室"


def child(name: str, born: str, sequence: int, address: str = PLACE, **other: str) -> list[str]:
    number = id_number("520524", date.fromisoformat(born), sequence)
    sex = "男" if sequence % 2 else "女"
    row = dict(
        zip(HEADER, [name, sex, born, number, address, "2025-03-01", "李某", "母亲", "15412345678"], strict=True)
    )
    return list((row | other).values())


def written(folder: Path, **sheets: list[list[str]]) -> Path:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate([HEADER, *rows]):
                sheet.write_row(number, 0, row)
    path = folder / "ledger.xlsx"
    path.write_bytes(content.getvalue())
    return path


def run(*words: object) -> Result:
    return CliRunner().invoke(cli.main, ["import", *map(str, words)])


def reported(folder: Path, *words: object) -> dict[str, Any]:
    out = folder / "report.json"
    answer = run(*words, "--report", out)
    assert answer.exit_code == 0, answer.output
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def truth(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"{Path(name).stem}.truth.json").read_text(encoding="utf-8"))
    return found


def test_a_dry_run_of_a_file_alone_needs_no_setting_no_key_and_no_database(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "registry.cli", "import", DATA / LEDGERS[2], "--dry-run", *DAY]
    done = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "wujin-migrant-children.csv: 301 rows"


@pytest.mark.parametrize("name", LEDGERS)
def test_the_report_tells_every_row_once_with_an_outcome_and_what_was_read(name: str, tmp_path: Path) -> None:
    report = reported(tmp_path, DATA / name, "--dry-run", "--with-values", *DAY)
    expected = {row["row"]: row for row in truth(name)["rows"]}
    assert list(report) == ["file", "counts", "rows"]
    assert report["file"] == name
    assert list(report["counts"]) == ["register", "warn", "duplicate", "refuse"]
    assert sum(report["counts"].values()) == len(report["rows"])
    assert [row["row"] for row in report["rows"]] == sorted(expected)
    for row in report["rows"]:
        assert list(row) == ["row", "outcome", "messages", "child", "values"]
        assert list(row["values"]) == list(READ)
        assert row["child"] is None
        assert all(list(message) == ["field", "code", "text"] and message["text"] for message in row["messages"])


def test_what_was_read_of_undamaged_rows_is_right_in_ninety_nine_of_a_hundred(tmp_path: Path) -> None:
    undamaged = []
    for name in LEDGERS:
        read = reported(tmp_path, DATA / name, "--dry-run", "--with-values", *DAY)["rows"]
        told = {row["row"]: row["values"] for row in read}
        undamaged += [(told[row["row"]], row) for row in truth(name)["rows"] if not row["faults"]]
    assert len(undamaged) > 2000
    for field in READ:
        wrong = [(read[field], true[field]) for read, true in undamaged if read[field] != true[field]]
        assert len(wrong) <= len(undamaged) / 100, (field, wrong[:5])


@pytest.mark.parametrize("name", LEDGERS)
def test_without_values_neither_the_report_nor_the_terminal_quotes_a_child(name: str, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    answer = run(DATA / name, "--dry-run", *DAY, "--report", out)
    said = answer.output + out.read_text(encoding="utf-8")
    assert answer.exit_code == 0
    for row in truth(name)["rows"]:
        for field in ("name", "birth", "id_number", "phone", "guardian", "address"):
            assert not row[field] or len(row[field]) < 2 or row[field] not in said, (row["row"], field)
    assert not any("values" in row for row in json.loads(out.read_text(encoding="utf-8"))["rows"])


def test_rows_that_need_nobody_are_counted_and_not_listed(tmp_path: Path) -> None:
    rows = [child("张一", "2018-05-01", 901), child("", "2018-05-02", 903), child("张三", "2018-05-03", 905)]
    lines = run(written(tmp_path, 台账=rows), "--dry-run", *DAY).output.splitlines()
    assert lines[:5] == [
        "ledger.xlsx: 3 rows",
        "  register        2",
        "  warn            0",
        "  duplicate       0",
        "  refuse          1",
    ]
    assert [line.split()[1:5] for line in lines[5:]] == [["3", "refuse", "name:", "name_missing"]]


def test_rows_of_the_second_sheet_name_it_and_are_judged_with_those_of_the_first(tmp_path: Path) -> None:
    one, two = child("张一", "2018-05-01", 901), child("张二", "2018-05-02", 902)
    report = reported(tmp_path, written(tmp_path, 三井=[one], 雕庄=[two, one]), "--dry-run", *DAY)
    assert [(row.get("sheet"), row["row"], row["outcome"]) for row in report["rows"]] == [
        (None, 2, "register"),
        ("雕庄", 2, "register"),
        ("雕庄", 3, "duplicate"),
    ]


def test_the_county_of_a_name_that_several_have_is_that_of_the_ledger_s_own_city(tmp_path: Path) -> None:
    rows = [
        child("张一", "2018-05-01", 901, "江苏省南京市玄武区梅园新村街道1号"),
        child("张二", "2018-05-02", 902, "鼓楼区湖南路街道2号"),
        child("张三", "2018-05-03", 903, "某某路3号"),
    ]
    report = reported(tmp_path, written(tmp_path, 台账=rows), "--dry-run", "--with-values", *DAY)
    assert [row["values"]["county"] for row in report["rows"]] == ["320102", "320106", ""]


def test_the_day_is_today_where_none_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, 台账=[child("张一", "2010-05-01", 901)])
    for day, outcome in ((date(2026, 4, 30), "register"), (date(2026, 5, 1), "refuse")):
        monkeypatch.setattr(cli, "today", lambda day=day: day)
        assert reported(tmp_path, path, "--dry-run")["counts"][outcome] == 1


@pytest.mark.parametrize(
    "words", [(), ("--as", "somebody"), ("--area", COMMUNITY), ("--dry-run", "--area", COMMUNITY), ("--on", "x")]
)
def test_wrong_usage_ends_with_2_and_says_what_is_meant(words: tuple[str, ...]) -> None:
    answer = run(DATA / LEDGERS[2], *words)
    assert answer.exit_code == 2
    assert "Usage:" in answer.output


def test_a_file_that_is_not_there_is_wrong_usage() -> None:
    assert run("nowhere.xlsx", "--dry-run").exit_code == 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "There is nothing in the file."),
        (b"%PDF-1.7", "This is no spreadsheet"),
        (
            b"<html><table><tr><td>1",
            "This is no spreadsheet: choose an xlsx, xls or csv file. If Excel or WPS opens it",
        ),
        ("编号,数量\n1,2\n".encode(), "No row of headings was found"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_1_and_one_line_and_spoils_no_report(
    content: bytes, sentence: str, tmp_path: Path
) -> None:
    path, out = tmp_path / "ledger.xlsx", tmp_path / "report.json"
    path.write_bytes(content)
    out.write_text("of before", encoding="ascii")
    answer = run(path, "--dry-run", "--report", out)
    assert answer.exit_code == 1
    assert answer.output.startswith(f"Error: {sentence}")
    assert len(answer.output.splitlines()) == 1
    assert out.read_text(encoding="ascii") == "of before"


def test_the_report_is_for_its_owner_alone_and_one_that_cannot_be_written_is_said_first(tmp_path: Path) -> None:
    path = written(tmp_path, 台账=[child("张一", "2018-05-01", 901)])
    reported(tmp_path, path, "--dry-run")
    assert (tmp_path / "report.json").stat().st_mode & 0o777 == 0o600
    answer = run(path, "--dry-run", "--report", tmp_path / "nowhere" / "report.json")
    assert (answer.exit_code, answer.output) == (1, "Error: The report cannot be written: No such file or directory.\n")


def test_a_report_over_one_that_others_could_read_is_for_its_owner_alone(tmp_path: Path) -> None:
    path, out = written(tmp_path, 台账=[child("张一", "2018-05-01", 901)]), tmp_path / "report.json"
    out.write_text("of before" * 1000, encoding="ascii")
    out.chmod(0o644)
    assert reported(tmp_path, path, "--dry-run", "--with-values")["rows"][0]["values"]["name"] == "张一"
    assert out.stat().st_mode & 0o777 == 0o600


def test_a_report_is_written_to_no_file_that_a_link_points_to(tmp_path: Path) -> None:
    path, other, out = written(tmp_path, 台账=[]), tmp_path / "other.txt", tmp_path / "report.json"
    other.write_text("of another", encoding="ascii")
    other.chmod(0o644)
    out.symlink_to(other)
    answer = run(path, "--dry-run", "--report", out)
    assert (answer.exit_code, answer.output.split(":")[:2]) == (1, ["Error", " The report cannot be written"])
    assert (other.read_text(encoding="ascii"), other.stat().st_mode & 0o777) == ("of another", 0o644)


def test_every_reason_for_which_a_file_cannot_be_read_has_words_on_the_page_and_in_the_command() -> None:
    assert FAULTS.keys() == SENTENCES.keys()


@pytest.fixture
def registered(app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application as the command makes it, with an account `keeper` in the community of the rows."""
    monkeypatch.setattr(cli, "create_app", lambda: app)
    make.user("registrar", username="keeper")
    return app


def children(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Child)) or 0


@pytest.mark.database
def test_a_ledger_is_taken_in_as_an_account_would_and_a_second_time_doubles_nobody(
    registered: Flask, tmp_path: Path
) -> None:
    path = written(tmp_path, 台账=[child("张一", "2018-05-01", 901), child("", "2019-05-02", 903)])
    told = ("--as", "Keeper", "--area", COMMUNITY, *DAY)
    tried = reported(tmp_path, path, *told, "--dry-run", "--with-values")
    assert children(registered) == 0
    assert tried["counts"] == {"register": 1, "warn": 0, "duplicate": 0, "refuse": 1}
    assert tried["rows"][0]["values"]["county"] == "320402"
    report = reported(tmp_path, path, *told)
    assert children(registered) == 1
    assert report["counts"] == tried["counts"]
    with registered.app_context():
        assert report["rows"][0]["child"] == str(db.session.scalars(select(Child.id)).one())
    assert report["rows"][1]["messages"][0]["text"].startswith("没有姓名")  # in the language of the account
    assert [row["row"] for row in report["rows"]] == [2, 3]
    again = reported(tmp_path, path, *told)
    assert children(registered) == 1
    assert [row["outcome"] for row in again["rows"]] == ["duplicate", "refuse"]
    assert again["rows"][0]["messages"][0]["code"] == "in_register"
    assert again["rows"][0]["child"] == report["rows"][0]["child"]


@pytest.mark.parametrize("role", ["official", "officer", "administrator", "auditor", "protection_officer"])
def test_an_account_that_keeps_no_ledgers_is_refused(
    registered: Flask, make: Factory, role: str, tmp_path: Path
) -> None:
    user = make.user(role)
    path = written(tmp_path, 台账=[child("张一", "2018-05-01", 901)])
    for username in (user.username, "nobody-of-this-name"):
        answer = run(path, "--as", username, "--area", COMMUNITY)
        assert (answer.exit_code, answer.output) == (
            1,
            "Error: No registrar or supervisor has this account: --as takes a user name.\n",
        )
    assert children(registered) == 0


@pytest.mark.parametrize("area", ["320411007901", "320402", "320402008999", "elsewhere", "%"])
def test_an_area_that_is_not_the_account_s_own_is_refused(registered: Flask, area: str, tmp_path: Path) -> None:
    path = written(tmp_path, 台账=[child("张一", "2018-05-01", 901)])
    answer = run(path, "--as", "keeper", "--area", area)
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: The account has no such area")
    assert children(registered) == 0
