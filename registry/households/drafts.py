"""Drafts: intakes on their way, kept sealed page by page, opened by nobody but their owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.access import outside_scope
from registry.clock import local, now
from registry.database import db
from registry.households.models import IntakeDraft

if TYPE_CHECKING:
    from datetime import date, datetime

    from registry.access import Viewer
    from registry.households.typed import Typed

Kept = dict[str, Any]
PAGES = ("family", "children")


@dataclass
class Draft:
    """A draft that its owner has open: its row, and all that it keeps, opened once."""

    row: IntakeDraft
    kept: Kept

    @property
    def id(self) -> UUID:
        """The id that the browser gave it."""
        return self.row.id

    @property
    def side(self) -> str:
        """Which quick form it is: receiving or sending."""
        return self.row.side

    @property
    def began_at(self) -> datetime:
        """When the notice was answered."""
        return self.row.began_at

    @property
    def sent(self) -> bool:
        """Whether it has come to its end."""
        return self.row.sent_at is not None

    def sent_on(self, day: date) -> bool:
        """Say whether it was sent on that day."""
        return self.row.sent_at is not None and local(self.row.sent_at).date() == day

    @property
    def household_id(self) -> UUID | None:
        """The household that it became, None where no child belonged on the register."""
        return self.row.household_id

    @property
    def declined(self) -> frozenset[str]:
        """The proposals that the family did not want when the summary was last sent (2-education)."""
        return frozenset(self.kept.get("declined", ()))

    @property
    def set_aside(self) -> dict[int, UUID]:
        """By number of the child the file that it already has."""
        return {int(number): UUID(child_id) for number, child_id in self.kept.get("set_aside", {}).items()}

    def typed(self, page: str) -> Typed | None:
        """Return what was typed on a page ("family" or "children"), None when it was not sent yet."""
        kept = self.kept.get(page)
        return None if kept is None else [(name, value) for name, value in kept]

    def keep(self, page: str, typed: Typed) -> None:
        """Keep what was typed on a page. Children set aside are looked at afresh once a page has changed."""
        pairs = [list(pair) for pair in typed]
        if self.kept.get(page) != pairs:
            self.kept.pop("set_aside", None)
        self._change({page: pairs})

    def answer_notice(self, side: str, notice: dict[str, str]) -> None:
        """Keep another answer to the notice, or the other form; questions of the old form are not carried over."""
        if side != self.side:
            self.kept.pop("family", None)
            self.kept.pop("set_aside", None)
        self.row.side = side
        self._change({"notice": notice})

    def decline(self, proposals: frozenset[str]) -> None:
        """Keep what the family does not want, so that nothing is ticked again behind its back."""
        self._change({"declined": sorted(proposals)})

    def put_aside(self, number: int, child_id: UUID) -> None:
        """Note that child `number` already has a file, so that the others can be sent without it."""
        self._change({"set_aside": self.kept.get("set_aside", {}) | {str(number): str(child_id)}})

    def end(self, household_id: UUID | None, slips: list[dict[str, Any]]) -> None:
        """Close it: what was typed is forgotten; slips and files met (no personal data) are what the result needs."""
        self.row.household_id = household_id
        self.row.sent_at = now()
        self.kept = {"set_aside": self.kept.get("set_aside", {})}
        self._change({"outside": slips})

    def discard(self) -> None:
        """Forget it with everything in it."""
        db.session.delete(self.row)

    def _change(self, changed: Kept) -> None:
        self.kept = self.kept | changed
        self.row.answers = self.kept


def begin(viewer: Viewer, draft_id: UUID, side: str, notice: dict[str, str]) -> Draft:
    """Make the draft that the browser named, or return it when a second click named it again.

    `side`: receiving or sending. `notice`: version, language and answer. Answers as absent when the id is
    another user's.
    """
    row = IntakeDraft(id=draft_id, user_id=viewer.user_id, side=side, began_at=now())
    row.answers = {"notice": {**notice}}
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # the other click was first
        return own(viewer, draft_id, lock=True)
    return _opened(row, viewer)


def own(viewer: Viewer, draft_id: UUID, *, lock: bool = False) -> Draft:
    """Return the viewer's own draft, locked until the end of the request when `lock` is set.

    Anybody else's is as if absent (404).
    """
    draft = find(viewer, draft_id, lock=lock)
    if draft is None:
        outside_scope()
    return draft


def find(viewer: Viewer, draft_id: UUID, *, lock: bool) -> Draft | None:
    """Return the viewer's own draft, None where there is none of that id.

    SQLite has no row locks and needs none: its writers queue up.
    """
    wanted = select(IntakeDraft).where(IntakeDraft.id == draft_id, IntakeDraft.user_id == viewer.user_id)
    row = db.session.scalar(wanted.with_for_update().execution_options(populate_existing=True) if lock else wanted)
    return None if row is None else _opened(row, viewer)


def unsent(viewer: Viewer) -> list[IntakeDraft]:
    """Return the rows of the viewer's drafts that were not sent, newest first; nothing is opened."""
    return list(
        db.session.scalars(
            select(IntakeDraft)
            .where(IntakeDraft.user_id == viewer.user_id, IntakeDraft.sent_at.is_(None))
            .order_by(IntakeDraft.id.desc())
        )
    )


def _opened(row: IntakeDraft, viewer: Viewer) -> Draft:
    kept = row.answers.open(viewer)
    return Draft(row, dict(kept) if isinstance(kept, dict) else {})
