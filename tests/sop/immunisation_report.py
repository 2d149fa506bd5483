"""The published cases of the immunisation rules, laid before the engine: pass, accepted difference, or fail.

`python -m tests.sop.immunisation_report` prints the three counts, each accepted difference with its reason and each
failure with what was expected; it exits with 1 if anything failed.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sop.immunisation import Given, assess
from sop.version import load

CASES = Path(__file__).parent / "immunisation_cases"
ACCEPTED = CASES / "accepted.csv"
PASS, DIFFERS, FAIL = "pass", "accepted difference", "fail"


class Answer(NamedTuple):
    """What is said of one course: valid doses, status, and the next dose with its days, or None where none is next."""

    valid: int
    status: str
    next_dose: int | None
    earliest: date | None
    recommended: date | None


class Case(NamedTuple):
    """One row of the set: a child, the doses in the order they were entered, the day judged, and the answer."""

    id: str
    rule: str
    birth: date
    sex: str
    doses: tuple[tuple[str, date], ...]
    on: date
    course: str
    expected: Answer


class Result(NamedTuple):
    """How the engine did on one case; `reason` says why a difference is accepted."""

    case: Case
    outcome: str
    answer: Answer
    reason: str = ""


@cache
def cases() -> tuple[Case, ...]:
    """Every case of the set, file by file in alphabetical order."""
    return tuple(_case(row) for path in sorted(CASES.glob("*.csv")) if path != ACCEPTED for row in _rows(path))


@cache
def accepted() -> Mapping[str, str]:
    """Ids of the cases whose difference is accepted, each with its reason."""
    return {row["id"]: row["reason"] for row in _rows(ACCEPTED)}


def asked(case: Case) -> Answer:
    """The answer that the engine gives in `case`, by the schedules of version 2026-11."""
    given = [Given(code, on) for code, on in case.doses]
    outlook = assess(load("2026-11").immunisation, case.birth, case.sex, given, case.on).courses[case.course]
    return Answer(outlook.valid, outlook.status, outlook.next_dose, outlook.earliest, outlook.recommended)


def judge(case: Case, reasons: Mapping[str, str]) -> Result:
    """The outcome of `case`; one that passes is a pass even if its difference was once accepted."""
    answer = asked(case)
    if answer == case.expected:
        return Result(case, PASS, answer)
    if case.id in reasons:
        return Result(case, DIFFERS, answer, reasons[case.id])
    return Result(case, FAIL, answer)


def lines(results: Iterable[Result]) -> Iterator[str]:
    """The report in lines of plain text: counts first, then accepted differences, then failures."""
    results = list(results)
    counts = Counter(result.outcome for result in results)
    yield ", ".join(f"{outcome}: {counts[outcome]}" for outcome in (PASS, DIFFERS, FAIL))
    for wanted in (DIFFERS, FAIL):
        for result in results:
            if result.outcome == wanted:
                yield f"{wanted}  {result.case.id}  {result.case.rule}  {result.reason}".rstrip()
                yield f"    expected {_said(result.case.expected)}"
                yield f"    answered {_said(result.answer)}"


def _said(answer: Answer) -> str:
    return " ".join(f"{name}={'-' if value is None else value}" for name, value in answer._asdict().items())


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _case(row: Mapping[str, str]) -> Case:
    return Case(
        id=row["id"],
        rule=row["rule"],
        birth=date.fromisoformat(row["birth"]),
        sex=row["sex"],
        doses=tuple(_dose(text) for text in row["doses"].split(";") if text),
        on=date.fromisoformat(row["on"]),
        course=row["course"],
        expected=_answer(row),
    )


def _dose(text: str) -> tuple[str, date]:
    code, _, day = text.partition("@")
    return code, date.fromisoformat(day)


def _answer(row: Mapping[str, str]) -> Answer:
    number, earliest, recommended = row["next_dose"], row["earliest"], row["recommended"]
    return Answer(
        valid=int(row["valid"]),
        status=row["status"],
        next_dose=int(number) if number else None,
        earliest=date.fromisoformat(earliest) if earliest else None,
        recommended=date.fromisoformat(recommended) if recommended else None,
    )


def main() -> int:
    """Print the report; return 1 if a case failed, else 0."""
    results = [judge(case, accepted()) for case in cases()]
    sys.stdout.writelines(f"{line}\n" for line in lines(results))
    return int(any(result.outcome == FAIL for result in results))


if __name__ == "__main__":
    sys.exit(main())
