"""Verbs of ledgers: take a file in, confirm its columns, stop it, settle the rows that wait for a supervisor."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from registry.access import Viewer, outside_scope
from registry.areas.queries import place
from registry.audit import service as audit
from registry.clock import now
from registry.database import db, lock
from registry.jobs import service as jobs
from registry.ledgers import planning, queries, running
from registry.ledgers.errors import StaleVersionError
from registry.ledgers.models import Ledger
from registry.vault.service import vault
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

FILE: Final = "ledger_file"  # the kind of keyed digest of a whole file


def upload(viewer: Viewer, area_code: str, content: bytes, name: str | None, on: date) -> Ledger:
    """Take a file in: its sheets, headers and columns are read, and kept sealed until somebody confirms them.

    `area_code`: 12 digits of the viewer's area (else 404), where children belong whose row names no place; `on`: the
    day from which they are judged. Raises BookError, NoHeaderError.
    """
    if not viewer.covers(area_code) or place(area_code) is None:
        outside_scope()
    plan = planning.draw_up(viewer.office_id, content, name, in_force(on).ledgers)
    ledger = Ledger(
        kind=planning.CHILDREN,
        user_id=viewer.user_id,
        acting_for=viewer.acting_for,
        office_id=viewer.office_id,
        area_code=area_code,
        digest=digest(content),
        side=_sheets(plan)[0]["side"],
        name=name,
        content=content,
        plan=plan,
        judged_on=on,
        state="read",
        made_at=now(),
        version=1,
    )
    db.session.add(ledger)
    db.session.flush()
    audit.record("ledger_uploaded", viewer=viewer, ledger=ledger.id)
    return ledger


def confirm(
    viewer: Viewer, ledger_id: UUID, mapping: Sequence[planning.Fields], version: int, sides: Sequence[str] = ()
) -> None:
    """Let the work on a ledger begin: `mapping` says sheet by sheet which column is which field, None for none.

    `sides`: receiving or sending, sheet by sheet; left out, they stay as they were recognised.

    The office need not be asked again for such headings. What is confirmed already stays as it is. Raises
    StaleVersionError when the ledger is no longer as the page showed it.
    """
    ledger = _held(viewer, ledger_id)
    if ledger.state in running.WORKED_ON:
        return
    if ledger.version != version or ledger.state != "read":
        raise StaleVersionError
    plan = planning.opened(ledger, viewer)
    plan = planning.confirmed(plan, mapping, sides or [sheet["side"] for sheet in _sheets(plan)])
    begin(viewer, ledger, plan)
    for sheet in _sheets(plan):
        columns = sheet["columns"]
        headings = [(column["index"], column["heading"]) for column in columns]
        planning.remember(ledger.office_id, headings, {column["index"]: column["field"] for column in columns})


def begin(viewer: Viewer, ledger: Ledger, plan: dict[str, Any]) -> None:
    """Put the work on a ledger in, whose columns are what the plan says: from here on it is the viewer's.

    Who uploaded it stands in the audit.
    """
    ledger.user_id, ledger.acting_for = viewer.user_id, viewer.acting_for
    ledger.plan, ledger.state, ledger.side = plan, "confirmed", _sheets(plan)[0]["side"]
    ledger.version += 1
    jobs.enqueue(running.KIND, ledger.id.hex)
    audit.record("ledger_confirmed", viewer=viewer, ledger=ledger.id)


def stop(viewer: Viewer, ledger_id: UUID, version: int) -> None:
    """Stop the work after the batch that is just being done, or throw a ledger away that nobody has confirmed yet.

    What is stored stays; the same file uploaded again goes on with the rest. Raises StaleVersionError.
    """
    ledger = _held(viewer, ledger_id)
    if ledger.state not in ("read", *running.WORKED_ON):
        return
    if ledger.version != version:
        raise StaleVersionError
    if ledger.state == "read":
        ledger.content = ledger.plan = ledger.name = None
    ledger.version += 1
    running.end(ledger, "stopped", viewer)


def digest(content: bytes) -> str:
    """Return the keyed digest by which the same file is known again."""
    return vault().token(FILE, hashlib.sha256(content).hexdigest()).hex()


def _held(viewer: Viewer, ledger_id: UUID) -> Ledger:
    ledger = queries.ledger_of(viewer, ledger_id)
    lock(ledger)
    return ledger


def _sheets(plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    sheets: list[dict[str, Any]] = plan["sheets"]
    return sheets
