"""What the rules propose for children, reckoned after each save and each night. A registrar confirms it.

One proposal for a child and a service, with all its reasons; none where the service is asked already. What was declined
stays so until a new reason joins those that were. What an open referral was sent for and no longer holds is proposed
for withdrawal. Nothing here is told, so nothing is recorded in the audit: what is confirmed is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, delete, select, update

from registry.children.known import ids_after
from registry.children.merging import files_of
from registry.children.queries import kept_files
from registry.clock import today
from registry.database import db, insert_into, uuid7
from registry.jobs.service import Batch
from registry.referrals import confidential
from registry.referrals.holding import in_order
from registry.referrals.models import Proposal
from registry.referrals.proposals.asked import proposed_for, sent_for
from registry.referrals.proposals.knowing import facts_of
from sop.referral import joins, to_propose, to_withdraw
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.referrals.proposals.asked import Sent, There
    from sop.referral import Facts
    from sop.version import Reason, Sop

CHILDREN_AT_ONCE = 500  # a batch of the nightly round
REFER, WITHDRAW = "refer", "withdraw"
OPEN, DECLINED = "open", "declined"


class Key(NamedTuple):
    """What one proposal is about: a child and a service, or also the referral that is to be withdrawn."""

    child_id: UUID
    kind: str
    service: str
    referral_id: UUID | None


class Wanted(NamedTuple):
    """What a proposal is to say: where the child lives, and why."""

    area_code: str
    reasons: tuple[Reason, ...]


class Reckoned(NamedTuple):
    """What is proposed for children by the rules, and the rows that stand there."""

    wanted: Mapping[Key, Wanted]
    there: list[There]


def after_save(_viewer: Viewer, child_ids: Iterable[UUID]) -> None:
    """Let proposals follow what was saved of children; of a merged file it is said of the one that stands for it."""
    those = set(child_ids)
    reckon(those | {kept.id for kept in kept_files(those)}, today())


def nightly(on: date, after: UUID | None) -> Batch:
    """Reckon the proposals of a batch of children: one night's share of the nightly round.

    Every file is gone over, whatever became of it, and only what has changed is written: twice on a day writes nothing
    the second time, and a missed night is made up for by the next. Children whom a ledger brought, whom time alone has
    moved, and whose files were merged or parted get their proposals here; all others at once, when they are saved.
    """
    ids = ids_after(after, CHILDREN_AT_ONCE)
    return Batch(reckon(ids, on), ids[-1] if len(ids) == CHILDREN_AT_ONCE else None)


def reckon(child_ids: Iterable[UUID], on: date) -> int:
    """Let the proposals of these children be what the rules say on a day; return how many rows that changed.

    Who is not on the register any more has none. At most twelve statements, however many children they are; who
    reckons the same at the same time doubles nothing.
    """
    found = reckoned(child_ids, on)
    rows = {_key(each): each for each in found.there}
    gone = [row for key, row in rows.items() if key not in found.wanted]
    changed = list(_changes(found.wanted, rows, on))
    still = _held_as_seen([*gone, *(rows[key] for key, _values in changed)])
    written = [values for _key, values in changed if values["id"] in still]
    removed = [row.id for row in gone if row.id in still]
    if removed:
        untracked = {"synchronize_session": False}
        db.session.execute(delete(Proposal).where(Proposal.id.in_(removed)), execution_options=untracked)
    if written:
        _update(written)
    new = sorted(found.wanted.keys() - rows.keys(), key=lambda key: (key.child_id, key.kind, key.service))
    if new:
        adding = insert_into(Proposal.__table__).on_conflict_do_nothing()
        db.session.connection().execute(adding, [_row(uuid7(), key, found.wanted[key], on) for key in new])
    return len(removed) + len(written) + len(new)


def _held_as_seen(rows: Collection[There]) -> set[UUID]:
    """Hold these rows, and return those that nobody has decided or changed since they were read: news stays."""
    if not rows:
        return set()
    seen = {row.id: row.version for row in rows}
    there = in_order(select(Proposal.id, Proposal.version).where(Proposal.id.in_(seen)), Proposal)
    return {row.id for row in db.session.execute(there) if row.version == seen[row.id]}


def reckoned(child_ids: Iterable[UUID], on: date) -> Reckoned:
    """Return what the rules say of these children on a day, and what stands there; only reads."""
    sop, files = in_force(on), files_of(child_ids)
    sent = sent_for(files)
    wanted = {
        key: told
        for child_id, (area_code, facts) in facts_of(sop, files).items()
        for key, told in _wanted(sop, child_id, area_code, facts, sent.get(child_id, ()), on)
    }
    return Reckoned(wanted, proposed_for(files))


def _wanted(
    sop: Sop, child_id: UUID, area_code: str, facts: Facts, sent: Sequence[Sent], on: date
) -> Iterator[tuple[Key, Wanted]]:
    for proposal in to_propose(sop, facts, [each.before for each in sent], on):
        yield Key(child_id, REFER, proposal.service, None), Wanted(area_code, proposal.reasons)
    for each in sent:
        if to_withdraw(sop, facts, each.before, on):
            yield Key(child_id, WITHDRAW, each.before.service, each.id), Wanted(area_code, each.before.reasons)


def _key(row: There) -> Key:
    return Key(row.child_id, row.kind, row.service, row.referral_id)


def _changes(wanted: Mapping[Key, Wanted], rows: Mapping[Key, There], on: date) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Give what is to be written into rows that say something else by now."""
    for key in wanted.keys() & rows.keys():
        told, row = wanted[key], rows[key]
        news = joins(told.reasons, row.reasons)
        if row.state == DECLINED and not news:
            told = told._replace(reasons=row.reasons)
        if (row.area_code, row.reasons) != (told.area_code, told.reasons):
            yield key, _row(row.id, key, told, on) | _as_it_was(row, news=news)


def _as_it_was(row: There, *, news: bool) -> dict[str, Any]:
    """Return what of a row stays; with a new reason it is proposed anew, and whoever has its page open is told."""
    if news:
        return {"version": 1}
    declined = {"declined_by": row.declined_by, "declined_reason": row.declined_reason}
    return {"version": 0, "state": row.state, "made_on": row.made_on, **declined}


def _row(row_id: UUID, key: Key, told: Wanted, on: date) -> dict[str, Any]:
    sop = in_force(on)
    asked = confidential.columns(Proposal, row_id, key.child_id, sop.services[key.service], told.reasons)
    return {
        "id": row_id,
        "version": 1,
        "child_id": key.child_id,
        "area_code": told.area_code,
        "sop_version": sop.version,
        "kind": key.kind,
        "referral_id": key.referral_id,
        "state": OPEN,
        "made_on": on,
        "declined_by": None,
        "declined_reason": None,
        **asked,
    }


def _update(rows: list[dict[str, Any]]) -> None:
    """Write rows over those with their ids; `version` is by how much it grows."""
    table: Any = Proposal.__table__
    names = [name for name in rows[0] if name not in {"id", "version"}]
    values = {name: bindparam(f"{name}_", type_=table.c[name].type) for name in names}
    grown = table.c.version + bindparam("version_")
    statement = update(table).where(table.c.id == bindparam("id_")).values(version=grown, **values)
    named = [{f"{name}_": value for name, value in row.items()} for row in rows]
    db.session.connection().execute(statement, named)
