"""What `registry sop doses` and `registry sop uncertain` answer: how children stand, and what is uncertain in that."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from registry.clock import today
from registry.procedure.cases import read_cases, write_answers
from sop.immunisation import Given, assess, uncertain
from sop.ledger.dates import DateFault, read_date
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from registry.procedure.cases import Case
    from sop.content import Sop
    from sop.immunisation import Outlook, Uncertain

COLUMNS: Final = ("id", "birth", "sex", "doses", "on")
BETWEEN: Final = re.compile("[;；]")
AT: Final = re.compile("[@＠]")
NO_DAY: Final = "is no day; write 2024-03-01"
NOT_KNOWN: Final = "9"
SEXES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("1", "m", "male", "男", "男性"), "1"),
    **dict.fromkeys(("2", "f", "female", "女", "女性"), "2"),
    **dict.fromkeys(("", "0", "9", "u", "unknown", "未知", "不详", "未说明"), NOT_KNOWN),
}


@click.command("doses")
@click.option("--file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The answers, as JSON.")
def judge(file: Path, out: Path) -> None:
    """Say how each child of a csv file stands with its vaccines (columns id, birth, sex, doses, on)."""
    click.echo(f"{answer_file(file, out)} children judged.")


@click.command("uncertain")
def list_uncertain() -> None:
    """List the cells of the immunisation schedule that a person has still to check against the official text."""
    for line in uncertain_lines(in_force(today())):
        click.echo(line)


def answer_file(file: Path, out: Path) -> int:
    """Assess every child of a csv file, write the answers as JSON by id, and return how many there are.

    Each row is judged on its own day `on` by the version of the procedure in force then. Raises CaseError; then
    nothing is written.
    """
    answers = {case.cells["id"]: answer(case) for case in read_cases(file, COLUMNS)}
    write_answers(out, answers)
    return len(answers)


def answer(case: Case) -> dict[str, dict[str, Any]]:
    """Return the answer for one row: by course valid, status, next_dose, earliest, recommended. Raises CaseError."""
    birth, on = _day(case, "birth", case.cells["birth"]), _day(case, "on", case.cells["on"])
    sex = SEXES.get(case.cells["sex"].casefold())
    if sex is None:
        raise case.wrong("sex", f"{case.cells['sex']!r} is not known; write 1, 2, M, F, or leave it empty")
    schedule = in_force(on).immunisation
    codes = {code.casefold(): code for code in schedule.codes}
    assessed = assess(schedule, birth, sex, list(_given(case, codes)), on)
    return {course: _told(outlook) for course, outlook in assessed.courses.items()}


def uncertain_lines(sop: Sop) -> Iterator[str]:
    """Yield for a terminal the cells of the schedule that a person must check, each with the reasons in zh and en."""
    for cell in uncertain(sop.immunisation):
        yield f"{_place(cell)}: {cell.value} ({','.join(cell.marks)})"
        yield f"  {'；'.join(why.zh for why in cell.why)}"
        yield f"  {'; '.join(why.en for why in cell.why)}"


def _place(cell: Uncertain) -> str:
    """Return where a cell stands: edition, course with its route where that has another name, dose, cell."""
    course = cell.course if cell.route in (None, cell.course) else f"{cell.course} ({cell.route})"
    dose = f"dose {cell.dose}" if cell.dose else None
    return " · ".join(part for part in (cell.edition or "every edition", course, dose, cell.cell) if part)


def _given(case: Case, codes: Mapping[str, str]) -> Iterator[Given]:
    for entry in filter(None, (part.strip() for part in BETWEEN.split(case.cells["doses"]))):
        parts = [part.strip() for part in AT.split(entry)]
        if len(parts) != 2:  # noqa: PLR2004 -- a code and a day
            raise case.wrong("doses", f"{entry!r} is no dose; write HepB@2024-03-01")
        if parts[0].casefold() not in codes:
            raise case.wrong("doses", f"there is no vaccine {parts[0]!r}")
        yield Given(codes[parts[0].casefold()], _day(case, "doses", parts[1]))


def _day(case: Case, column: str, written: str) -> date:
    """Read a day, as 2024-03-01 or in another way that leaves no doubt."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        pass  # perhaps as Excel writes it
    if not written:
        raise case.wrong(column, "the day is missing; write 2024-03-01")
    try:
        day = read_date(written)
    except DateFault as error:
        raise case.wrong(column, f"{written!r} {NO_DAY}") from error
    if day.day is None:
        raise case.wrong(column, f"{written!r} {NO_DAY}")
    return day.earliest


def _told(outlook: Outlook) -> dict[str, Any]:
    return {
        "valid": outlook.valid,
        "status": outlook.status,
        "next_dose": outlook.next_dose,
        "earliest": outlook.earliest.isoformat() if outlook.earliest else None,
        "recommended": outlook.recommended.isoformat() if outlook.recommended else None,
    }
