"""What the command `registry compare` does: a department's list against the register, as on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.access import Permission
from registry.accounts.queries import account_named
from registry.accounts.sessions import viewer_of
from registry.areas.codes import full
from registry.areas.queries import place
from registry.ledgers.command import ImportFileError, told_plainly
from registry.ledgers.comparing.at_once import compare_now
from registry.ledgers.comparing.queries import counts_of, totals
from registry.ledgers.comparing.service import Sent
from sop.rosters import GROUPS
from sop.version import in_force

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from registry.access import Viewer


def compare(file: Path, username: str, area: str, department: str, on: date) -> tuple[dict[str, Any], str]:
    """Compare a list as an account would that is signed in; return the report, and the state of the comparison.

    {"file", "counts": {group: {reason: number}}, "rows": [{"sheet", "row", "outcome", "reason"}]}: nothing of any
    child stands in it. Needs an application context. Raises ImportFileError.
    """
    viewer, area_code = _viewer(username), full(area)
    if not viewer.covers(area_code) or place(area_code) is None:
        raise ImportFileError("The account has no such area: --area takes the code of a division of its own.")
    with told_plainly():
        ledger, rows = compare_now(viewer, Sent(_content(file), file.name, department, area_code, on))
    return {
        "file": file.name,
        "counts": _grouped(totals(counts_of(viewer, ledger))),
        "rows": [
            {"sheet": row.sheet, "row": row.row, "outcome": GROUPS[row.outcome], "reason": row.outcome}
            for row in rows
            if row.outcome in GROUPS
        ],
    }, ledger.state


def lines(report: dict[str, Any], on: date) -> Iterator[str]:
    """Give the lines of a report for a terminal: the counts by group and reason."""
    words = in_force(on).rosters
    yield f"{report['file']}: {len(report['rows'])} rows"
    for group, counts in report["counts"].items():
        yield f"  {words.groups[group].en:<24}{sum(counts.values()):>7}"
        for code, number in counts.items():
            yield f"    {number:>7}  {words.reasons[code].en}"


def _viewer(username: str) -> Viewer:
    user = account_named(username)
    viewer = viewer_of(user) if user else None
    if viewer is None or not viewer.may(Permission.DEPARTMENT_COMPARE):
        raise ImportFileError("No supervisor has this account: --as takes a user name.")
    return viewer


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ImportFileError(f"The file cannot be opened: {error.strerror}.") from error


def _grouped(counts: Counter[str]) -> dict[str, dict[str, int]]:
    groups: dict[str, dict[str, int]] = {group: {} for group in dict.fromkeys(GROUPS.values())}
    for code, group in GROUPS.items():
        groups[group][code] = counts[code]
    return groups
