"""Drafts: intakes on their way, kept sealed page by page, opened by nobody but their owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from registry.access import outside_scope
from registry.clock import local, midnight, now
from registry.database import db, short_transaction
from registry.households.already import Met
from registry.households.models import IntakeDraft
from registry.jobs.service import Batch
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Select

    from registry.access import Viewer
    from registry.households.typed import Typed

Kept = dict[str, Any]
PAGES = ("family", "children")
SWEPT_AT_ONCE = 200


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
    def set_aside(self) -> dict[int, Met]:
        """By number of the child the file that it already has."""
        kept = self.kept.get("set_aside", {}).items()
        return {int(number): _met(*each) for number, each in kept}

    @property
    def apart(self) -> dict[int, UUID]:
        """By number of the child a file that the worker said to be another child's."""
        return {int(number): UUID(child_id) for number, child_id in self.kept.get("apart", {}).items()}

    @property
    def outside(self) -> list[dict[str, Any]]:
        """The slips of children that belong on no register, until they are swept."""
        slips: list[dict[str, Any]] = self.kept.get("outside", [])
        return slips

    @property
    def arriving(self) -> list[UUID]:
        """The transfers by which children of this intake arrive."""
        return [UUID(transfer_id) for transfer_id in self.kept.get("arriving", [])]

    def typed(self, page: str) -> Typed | None:
        """Return what was typed on a page ("family" or "children"), None when it was not sent yet."""
        kept = self.kept.get(page)
        return None if kept is None else [(name, value) for name, value in kept]

    def stamp(self, page: str) -> str:
        """Return what a page carries hidden: how often it changed; the summary, which shows them all, of all pages."""
        changes = self.kept.get("changes", {})
        return ".".join(str(changes.get(each, 0)) for each in (PAGES if page not in PAGES else (page,)))

    def keep(self, page: str, typed: Typed) -> None:
        """Keep what was typed on a page. Children set aside are looked at afresh once a page has changed.

        Whoever calls has seen that nothing else was kept since the page was shown (see `meanwhile`).
        """
        pairs = [list(pair) for pair in typed]
        if self.kept.get(page) != pairs:
            self._look_afresh()
            self._count(page)
        beside = {name: kept for name, kept in self.kept.get("beside", {}).items() if name != page}
        self._change({page: pairs, "beside": beside})

    def beside(self, page: str) -> Typed | None:
        """Return what was typed on a page that could not be kept, since something else was kept meanwhile."""
        kept = self.kept.get("beside", {}).get(page)
        return None if kept is None else [(name, value) for name, value in kept]

    def keep_beside(self, page: str, typed: Typed) -> None:
        """Keep what was typed on a page beside what is kept of it, until the owner has looked at both."""
        self._change({"beside": self.kept.get("beside", {}) | {page: [list(pair) for pair in typed]}})

    def answer_notice(self, side: str, notice: dict[str, str]) -> None:
        """Keep another answer to the notice, or the other form; questions of the old form are not carried over."""
        if side != self.side:
            self.kept.pop("family", None)
            self._count("family")
            self._look_afresh()
        self.row.side = side
        self._change({"notice": notice})

    def decline(self, proposals: frozenset[str]) -> None:
        """Keep what the family does not want, so that nothing is ticked again behind its back."""
        self._change({"declined": sorted(proposals)})

    def put_aside(self, met: dict[int, Met]) -> None:
        """Note by number which children already have a file, so that the others can be sent without them."""
        noted = {str(number): _noted(each) for number, each in met.items()}
        self._change({"set_aside": self.kept.get("set_aside", {}) | noted})

    def tell_apart(self, number: int) -> None:
        """Note that the file met for child `number` is another child's. An ID number leaves no room for that."""
        met = self.set_aside.get(number)
        if met is not None and not met.by_number:
            aside = {key: value for key, value in self.kept["set_aside"].items() if key != str(number)}
            apart = self.kept.get("apart", {}) | {str(number): str(met.child_id)}
            self._change({"set_aside": aside, "apart": apart})

    def end(self, household_id: UUID | None, slips: list[dict[str, Any]]) -> None:
        """Close it: what was typed is forgotten; slips and files met (no personal data) are what the result needs."""
        self.row.household_id = household_id
        self.row.sent_at = now()
        self.kept = {"set_aside": self.kept.get("set_aside", {})}
        self._change({"outside": slips})

    def discard(self) -> None:
        """Forget it with everything in it."""
        db.session.delete(self.row)

    def _count(self, page: str) -> None:
        changes = self.kept.get("changes", {})
        self.kept["changes"] = changes | {page: changes.get(page, 0) + 1}

    def _look_afresh(self) -> None:
        self.kept.pop("set_aside", None)
        self.kept.pop("apart", None)

    def _change(self, changed: Kept) -> None:
        self.kept = self.kept | changed
        self.row.answers = self.kept
        self.row.kept_at = now()


def begin(viewer: Viewer, draft_id: UUID, side: str, notice: dict[str, str], arriving: Collection[UUID] = ()) -> Draft:
    """Make the draft that the browser named, or return it when a second click named it again.

    `side`: receiving or sending. `notice`: version, language and answer. `arriving`: transfers of children who
    arrive. Answers as absent when the id is another user's.
    """
    at = now()
    row = IntakeDraft(id=draft_id, user_id=viewer.user_id, side=side, began_at=at, kept_at=at)
    kept: Kept = {"notice": {**notice}}
    row.answers = kept | ({"arriving": [str(each) for each in arriving]} if arriving else {})
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
    wanted = _of(viewer, draft_id)
    row = db.session.scalar(wanted.with_for_update().execution_options(populate_existing=True) if lock else wanted)
    return None if row is None else _opened(row, viewer)


def keep_unfit(viewer: Viewer, draft: Draft, page: str, typed: Typed) -> None:
    """Keep a page that was sent with something to correct, in a transaction of its own: what asked is refused.

    The request lets go of the draft first, which it holds locked; what is kept in that moment is left alone.
    """
    draft_id = draft.id
    db.session.rollback()
    with short_transaction() as session:
        row = session.scalar(_of(viewer, draft_id).where(IntakeDraft.sent_at.is_(None)).with_for_update())
        now_kept = _opened(row, viewer) if row is not None else None
        if now_kept is not None and now_kept.stamp(page) == draft.stamp(page):
            now_kept.keep(page, typed)
            draft.kept = now_kept.kept


def unsent(viewer: Viewer) -> list[IntakeDraft]:
    """Return the rows of the viewer's drafts that were not sent, newest first; nothing is opened."""
    return list(
        db.session.scalars(
            select(IntakeDraft)
            .where(IntakeDraft.user_id == viewer.user_id, IntakeDraft.sent_at.is_(None))
            .order_by(IntakeDraft.id.desc())
        )
    )


def _of(viewer: Viewer, draft_id: UUID) -> Select[IntakeDraft]:
    return select(IntakeDraft).where(IntakeDraft.id == draft_id, IntakeDraft.user_id == viewer.user_id)


def _opened(row: IntakeDraft, viewer: Viewer) -> Draft:
    kept = row.answers.open(viewer)
    return Draft(row, dict(kept) if isinstance(kept, dict) else {})


def _met(child_id: str, by_number: bool, look_up_id: str | None) -> Met:
    return Met(UUID(child_id), by_number, UUID(look_up_id) if look_up_id else None)


def _noted(met: Met) -> list[str | bool | None]:
    return [str(met.child_id), met.by_number, str(met.look_up_id) if met.look_up_id else None]


def sweep(on: date, after: UUID | None = None) -> Batch:
    """Forget a batch of drafts: those never sent whose time is over, and what is left of those that were sent.

    The row of a sent one stays, empty, so that the same page sent once more still registers nothing twice.
    """
    rules = in_force(on).intake
    too_old = func.coalesce(IntakeDraft.kept_at, IntakeDraft.began_at) < midnight(on - timedelta(days=rules.draft_days))
    over = IntakeDraft.sent_at < midnight(on - timedelta(days=rules.sent_days))
    left = or_(
        IntakeDraft.sent_at.is_(None) & too_old,
        over & IntakeDraft.answers_sealed.is_not(None),
    )
    rows = select(IntakeDraft).where(left).order_by(IntakeDraft.id).limit(SWEPT_AT_ONCE)
    found = db.session.scalars(rows if after is None else rows.where(IntakeDraft.id > after)).all()
    for row in found:
        if row.sent_at is None:
            db.session.delete(row)
        else:
            row.answers = None
    return Batch(len(found), found[-1].id if len(found) == SWEPT_AT_ONCE else None)
