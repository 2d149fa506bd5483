"""What `registry sop schooling` answers: the school place that each child of a file needs on a day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from registry.procedure.cases import answer_all, read_cases, write_answers
from sop.ledger.dates import DateFault, read_date
from sop.schooling.needs import doubted, schooling_needs
from sop.schooling.told import read_told
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date, datetime

    from registry.procedure.cases import Case
    from sop.content import Sop

COLUMNS: Final = ("id", "birth", "stage", "grade", "status")
BIRTH_FAULTS: Final = {
    "empty": "it is empty",
    "lunar": "the day is of the lunar calendar",
    "ambiguous": "the day can be read in two ways; write 2019-06-14",
    "calendar": "there is no such day",
    "year": "the month is missing; write 2019-06-14 or 2019-06",
}


@click.command("schooling")
@click.option("--file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day judged.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The answers, as JSON.")
@click.option("--area", metavar="CODE", help="Whose rule of entry applies, where it has one of its own.")
def judge(file: Path, on: datetime, out: Path, area: str | None) -> None:
    """Say of each child of a csv file when it needs a school place (columns id, birth, stage, grade, status)."""
    judged, remarks = answer_file(in_force(on.date()), file, on.date(), out, area)
    for remark in remarks:
        click.echo(remark, err=True)
    click.echo(f"{judged} children judged.")


def answer_file(sop: Sop, file: Path, on: date, out: Path, area: str | None = None) -> tuple[int, list[str]]:
    """Judge every child of a csv file on a day, write the answers as JSON by id; return how many, with remarks.

    `area`: an area code whose own entry rule applies where it has one. A remark is a sentence on a cell that could not
    be read, or was strange, and was answered all the same. Raises CaseError, which names every fault; then nothing is
    written.
    """
    remarks: list[str] = []

    def answered(case: Case) -> dict[str, Any]:
        return answer(sop, case, on, remarks, area)

    answers = answer_all(read_cases(file, COLUMNS), answered)
    write_answers(out, answers)
    return len(answers), remarks


def answer(sop: Sop, case: Case, on: date, remarks: list[str], area: str | None = None) -> dict[str, Any]:
    """Return the answer for one row: stage_expected, grade_expected, enters, needs, flags. Raises CaseError.

    Adds to `remarks` each cell that could not be read, and a birth after `on`.
    """
    try:
        birth = read_date(case.cells["birth"])
    except DateFault as error:
        raise case.wrong("birth", BIRTH_FAULTS.get(error.code, "it is no day; write 2019-06-14")) from error
    if birth.earliest > on:
        remarks.append(str(case.wrong("birth", f"it is after the day judged, {on.isoformat()}")))
    told, unread = read_told(sop, *(case.cells[column] for column in ("stage", "grade", "status")))
    remarks += [str(case.wrong(column, f"{case.cells[column]!r} is not known")) for column in unread]
    needs = schooling_needs(sop, birth, told.stage, told.grade, told.status, on, area)
    needs = doubted(sop, needs) if unread else needs
    return {**needs._asdict(), "flags": list(needs.flags)}
