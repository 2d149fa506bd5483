"""What is remembered of lists that were taken out: how much one person took in a day, and where the next begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from sqlalchemy import func, select, update

from registry.access import outside_scope
from registry.clock import midnight, now, today
from registry.database import db, take_turn
from registry.jobs.service import Batch
from registry.ledgers.models import Download
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement

    from registry.access import Viewer

AT_ONCE: Final = 500  # downloads in one transaction of the nightly round


class TooManyTodayError(Exception):
    """The person has taken out so much on this day that these rows are too many; `left` is how many may follow."""

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__(left)


@dataclass(frozen=True)
class TakenOut:
    """One act of taking out: which list, how many rows, since which download, in which layout, and who is on it now.

    `once` names the act. `members`: the ids of the files as they are kept, None for a list without changes.
    """

    once: UUID
    list: str
    number: int
    since: UUID | None = None
    layout: UUID | None = None
    members: bytes | None = None


def remember(viewer: Viewer, taken: TakenOut, on: date) -> None:
    """Count a list against what one person may take out in a day, and keep where its next changes begin.

    A form that was sent twice counts once on a day. Of the files that were on a list only as many downloads tell as
    are offered to begin from. Raises TooManyTodayError.
    """
    take_turn(viewer.user_id.bytes[8:])  # none of one person's slips past the limit; a UUIDv7 is random at its end
    act = uuid5(taken.once, f"{viewer.user_id} {viewer.office_id} {taken.list} {taken.since} {on}")
    if db.session.get(Download, act) is not None:
        return
    left = left_today(viewer, on)
    if taken.number > left:
        raise TooManyTodayError(left)
    kept = Download(id=act, user_id=viewer.user_id, office_id=viewer.office_id, list=taken.list)
    kept.layout_id, kept.number, kept.at, kept.upto = taken.layout, taken.number, now(), now()
    kept.members = taken.members
    db.session.add(kept)
    db.session.flush()
    offered = [each.id for each in earlier(viewer, taken.list)]
    _forget(Download.user_id == viewer.user_id, Download.list == taken.list, Download.id.not_in(offered))


def left_today(viewer: Viewer, on: date) -> int:
    """Return how many more rows the person may take out on this day, in all lists together."""
    day = Download.at >= midnight(on), Download.at < midnight(on + timedelta(days=1))
    taken = db.session.scalar(select(func.sum(Download.number)).where(Download.user_id == viewer.user_id, *day))
    return max(in_force(on).downloads.most_rows_a_day - (taken or 0), 0)


def earlier(viewer: Viewer, name: str) -> Sequence[Download]:
    """Return the viewer's own last downloads of a list to begin from, the latest first."""
    offered = in_force(today()).downloads.offered_downloads
    rows = select(Download).where(Download.user_id == viewer.user_id, Download.list == name, _tells())
    return db.session.scalars(rows.order_by(Download.at.desc(), Download.id).limit(offered)).all()


def one(viewer: Viewer, name: str, download_id: UUID) -> Download:
    """Return a download to begin from; another person's, another list's and a forgotten one are as if absent (404)."""
    download = db.session.get(Download, download_id)
    if download is None or (download.user_id, download.list) != (viewer.user_id, name) or not download.members:
        outside_scope()
    return download


def sweep(on: date, _after: UUID | None) -> Batch:
    """Forget who was on a batch of lists that were taken out long ago: work of the nightly round."""
    until = midnight(on) - timedelta(days=in_force(on).downloads.keep_days)
    old = db.session.scalars(select(Download.id).where(Download.at < until, _tells()).limit(AT_ONCE)).all()
    _forget(Download.id.in_(old))
    return Batch(len(old), old[-1] if len(old) == AT_ONCE else None)


def _tells() -> ColumnElement[bool]:
    return Download.members_sealed.is_not(None)


def _forget(*those: ColumnElement[bool]) -> None:
    db.session.execute(update(Download).where(*those, _tells()).values(members_sealed=None))
