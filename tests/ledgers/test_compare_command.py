"""The command that compares a department's list with the register."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from registry.clock import today
from registry.ledgers import compare_command
from registry.ledgers.command import ImportFileError
from tests.factories import id_number
from tests.ledgers.rosters import TOWN, pupil, roster

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.factories import Factory

NUMBER = id_number("321322", date(2019, 6, 14), 905)


def test_the_report_has_counts_and_rows_and_nothing_of_any_child(app: Flask, make: Factory, tmp_path: Path) -> None:
    make.child(number=NUMBER, name="陈雨桐")
    user = make.user("supervisor", area=TOWN)
    file = tmp_path / "名册.xlsx"
    file.write_bytes(roster(pupil("陈雨桐", number=NUMBER), pupil("赵一诺", phone="15400009911")))
    with app.app_context():
        report, state = compare_command.compare(file, user.username, TOWN, "school", today())
    assert state == "done"
    assert [(row["row"], row["outcome"], row["reason"]) for row in report["rows"]] == [
        (3, "both", "number"),
        (4, "only_there", "absent"),
    ]
    assert report["counts"]["both"]["number"] == 1
    assert report["counts"]["only_there"]["absent"] == 1
    said = json.dumps(report, ensure_ascii=False) + "".join(compare_command.lines(report, today()))
    for secret in ("陈雨桐", "赵一诺", NUMBER, "15400009911", "2019-06-14"):
        assert secret not in said


def test_a_county_may_be_named_without_its_zeros(app: Flask, make: Factory, tmp_path: Path) -> None:
    user = make.user("supervisor", area="320402000000")
    file = tmp_path / "list.csv"
    file.write_text("姓名,性别,出生日期\n赵一诺,女,2019-06-14\n", encoding="gb18030")
    with app.app_context():
        assert compare_command.compare(file, user.username, "320402", "school", today())[1] == "done"


@pytest.mark.parametrize(("role", "area"), [("registrar", TOWN), ("official", TOWN), ("supervisor", "320404000000")])
def test_nobody_else_and_nowhere_else(app: Flask, make: Factory, tmp_path: Path, role: str, area: str) -> None:
    user = make.user(role)
    file = tmp_path / "list.xlsx"
    file.write_bytes(roster(pupil("赵一诺")))
    with app.app_context(), pytest.raises(ImportFileError):
        compare_command.compare(file, user.username, area, "school", today())


def test_a_file_that_is_no_list_is_refused_in_a_sentence(app: Flask, make: Factory, tmp_path: Path) -> None:
    user = make.user("supervisor", area=TOWN)
    file = tmp_path / "list.pdf"
    file.write_bytes(b"%PDF-1.4")
    with app.app_context(), pytest.raises(ImportFileError, match="spreadsheet"):
        compare_command.compare(file, user.username, TOWN, "school", today())
