"""The command `registry import` with an account: a ledger is taken in as that account would on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.access import Permission
from registry.accounts.queries import account_named
from registry.accounts.sessions import viewer_of
from registry.areas.codes import full
from registry.areas.gazetteer import gazetteer
from registry.areas.queries import place
from registry.ledgers.alone import counties_of, lives
from registry.ledgers.at_once import import_now
from registry.ledgers.command import ImportFileError, told_plainly
from registry.ledgers.report import Reported, Style, document, values_of
from registry.ledgers.sheets import read_book, sheets_with_children

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from registry.access import Viewer
    from registry.ledgers.at_once import Stored
    from registry.ledgers.command import Asked


def take_in(asked: Asked, username: str, area: str) -> tuple[dict[str, Any], str]:
    """Take a ledger in as an account would that is signed in; return the report, and the state of the ledger.

    `area`: of the account's own, 12 digits, or a wider one without its zeros. The state is done, unless something
    ended the work before its end. Needs an application context; rows are committed batch by batch. Raises
    ImportFileError.
    """
    viewer, area_code = _viewer(username), full(area)
    if not viewer.covers(area_code) or place(area_code) is None:
        raise ImportFileError("The account has no such area: --area takes the code of a division of its own.")
    style, content, name = asked.style(viewer.language), asked.content(), asked.file.name
    with told_plainly():
        done = import_now(viewer, area_code, content, name, asked.on, dry_run=asked.dry_run)
        found = sheets_with_children(read_book(content, name), style.sop.ledgers)
    sheets = [(sheet.name, header.side) for sheet, header in found]
    return document(name, _reported(done.rows, sheets, area_code, style), style), done.state


def _viewer(username: str) -> Viewer:
    user = account_named(username)
    viewer = viewer_of(user) if user else None
    if viewer is None or not viewer.may(Permission.LEDGER_IMPORT):
        raise ImportFileError("No registrar or supervisor has this account: --as takes a user name.")
    return viewer


def _reported(rows: Sequence[Stored], sheets: Sequence[tuple[str, str]], area: str, style: Style) -> Iterator[Reported]:
    """Give the rows for the report; `sheets`: name and side of each."""
    keys = [lives(row.values, sheets[row.sheet][1]) for row in rows] if style.with_values else []
    counties = counties_of(set(keys), gazetteer(), area) if keys else {}
    for number, row in enumerate(rows):
        yield Reported(
            row=row.row,
            outcome=row.outcome,
            messages=row.messages,
            child=str(row.child_id) if row.child_id else None,
            sheet=sheets[row.sheet][0] if row.sheet else None,
            values=values_of(row.values, counties[keys[number]], style.sop) if keys else None,
        )
