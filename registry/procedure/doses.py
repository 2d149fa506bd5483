"""What `registry sop doses` and `registry sop uncertain` answer: how children stand, and what is uncertain in that."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from registry.clock import today
from registry.procedure.cases import CaseError, answer_all, read_cases, write_answers
from sop.immunisation import Given, assess, uncertain
from sop.ledger.dates import read_date
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from registry.procedure.cases import Case
    from sop.content import Sop
    from sop.identity import BirthDate
    from sop.immunisation import Outlook, Uncertain

COLUMNS: Final = ("id", "birth", "sex", "doses", "on")
BETWEEN: Final = re.compile("[;；]")
AT: Final = re.compile("[@＠]")
USUAL: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
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
    judged, remarks = answer_file(file, out)
    for remark in remarks:
        click.echo(remark, err=True)
    click.echo(f"{judged} children judged.")


@click.command("uncertain")
def list_uncertain() -> None:
    """List the cells of the immunisation schedule that a person has still to check against the official text."""
    for line in uncertain_lines(in_force(today())):
        click.echo(line)


def answer_file(file: Path, out: Path) -> tuple[int, list[str]]:
    """Assess every child of a csv file, write the answers as JSON by id, and return how many there are, with remarks.

    Each row is judged on its own day `on` by the version of the procedure in force then. A remark is a sentence on a
    row that was answered all the same. Raises CaseError, which names every fault; then nothing is written.
    """
    remarks: list[str] = []
    answers = answer_all(read_cases(file, COLUMNS), partial(answer, remarks=remarks))
    write_answers(out, answers)
    return len(answers), remarks


def answer(case: Case, remarks: list[str]) -> dict[str, dict[str, Any]]:
    """Return the answer for one row: by course valid, status, next_dose, earliest, recommended.

    Adds to `remarks` what is strange and no fault. Raises CaseError, which names every cell that cannot be read.
    """
    faults: list[str] = []
    birth, on = (_day(case, column, case.cells[column], faults) for column in ("birth", "on"))
    sex = SEXES.get(case.cells["sex"].casefold())
    if sex is None:
        faults.append(
            str(case.wrong("sex", f"{case.cells['sex']!r} is not known; write 1, 2, M, F, or leave it empty"))
        )
    schedule = in_force(on or date.max).immunisation
    given = list(_given(case, {code.casefold(): code for code in schedule.codes}, faults))
    if faults or birth is None or on is None or sex is None:
        raise CaseError("\n".join(faults))
    if birth > on:
        remarks.append(str(case.wrong("birth", f"it is after the day judged, {on.isoformat()}")))
    assessed = assess(schedule, birth, sex, given, on)
    return {course: _told(outlook) for course, outlook in assessed.courses.items()}


def uncertain_lines(sop: Sop) -> Iterator[str]:
    """Yield for a terminal what a person must check: cells with reasons, then rules as they are read, in zh and en."""
    for cell in uncertain(sop.immunisation):
        yield f"{_place(cell)}: {cell.value} ({','.join(cell.marks)})"
        yield f"  {'；'.join(why.zh for why in cell.why)}"
        yield f"  {'; '.join(why.en for why in cell.why)}"
    for key, text in sop.immunisation.readings.items():
        yield f"rule · {key}"
        yield f"  {text.zh}"
        yield f"  {text.en}"


def _place(cell: Uncertain) -> str:
    """Return where a cell stands: edition, course with its route where that has another name, dose, cell."""
    course = cell.course if cell.route in (None, cell.course) else f"{cell.course} ({cell.route})"
    dose = f"dose {cell.dose}" if cell.dose else None
    return " · ".join(part for part in (cell.edition or "every edition", course, dose, cell.cell) if part)


def _given(case: Case, codes: Mapping[str, str], faults: list[str]) -> Iterator[Given]:
    for entry in filter(None, (part.strip() for part in BETWEEN.split(case.cells["doses"]))):
        parts = [part.strip() for part in AT.split(entry)]
        if len(parts) != 2:  # noqa: PLR2004 -- a code and a day
            faults.append(str(case.wrong("doses", f"{entry!r} is no dose; write HepB@2024-03-01")))
            continue
        code, day = codes.get(parts[0].casefold()), _day(case, "doses", parts[1], faults)
        if code is None:
            faults.append(str(case.wrong("doses", f"there is no vaccine {parts[0]!r}")))
        elif day is not None:
            yield Given(code, day)


def _day(case: Case, column: str, written: str, faults: list[str]) -> date | None:
    """Read a day, as 2024-03-01 or in another way that leaves no doubt; None after noting a fault."""
    day = _day_in(written)
    if day is None:
        wrong = f"{written!r} {NO_DAY}" if written else "the day is missing; write 2024-03-01"
        faults.append(str(case.wrong(column, wrong)))
    return day


def _day_in(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if USUAL.fullmatch(written) else _whole(read_date(written))
    except ValueError:
        return None


def _whole(read: BirthDate) -> date | None:
    return None if read.day is None else read.earliest


def _told(outlook: Outlook) -> dict[str, Any]:
    return {
        "valid": outlook.valid,
        "status": outlook.status,
        "next_dose": outlook.next_dose,
        "earliest": outlook.earliest.isoformat() if outlook.earliest else None,
        "recommended": outlook.recommended.isoformat() if outlook.recommended else None,
    }
