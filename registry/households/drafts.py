"""Verbs of a draft: an intake on its way, kept sealed page by page, opened by nobody but its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.access import outside_scope
from registry.clock import now
from registry.database import db
from registry.households.models import IntakeDraft

if TYPE_CHECKING:
    from registry.access import Viewer
    from registry.households.rows import Typed

Kept = dict[str, Any]
PAGES = ("family", "children")


def begin(viewer: Viewer, draft_id: UUID, side: str, notice: dict[str, str]) -> IntakeDraft:
    """Make the draft that the browser named, or return it when a second click named it again.

    `side`: receiving or sending. `notice`: version, language and answer. Answers as absent when the id is
    another user's.
    """
    draft = IntakeDraft(id=draft_id, user_id=viewer.user_id, side=side, began_at=now())
    draft.answers = {"notice": {**notice}}
    try:
        with db.session.begin_nested():
            db.session.add(draft)
    except IntegrityError:  # the other click was first
        return own(viewer, draft_id, lock=True)
    return draft


def own(viewer: Viewer, draft_id: UUID, *, lock: bool = False) -> IntakeDraft:
    """Return the viewer's own draft, locked until the end of the request when `lock` is set.

    Anybody else's is as if absent (404). SQLite has no row locks and needs none: its writers queue up.
    """
    wanted = select(IntakeDraft).where(IntakeDraft.id == draft_id, IntakeDraft.user_id == viewer.user_id)
    draft = db.session.scalar(wanted.with_for_update().execution_options(populate_existing=True) if lock else wanted)
    if draft is None:
        outside_scope()
    return draft


def unsent(viewer: Viewer) -> list[IntakeDraft]:
    """Return the viewer's drafts that were not sent, newest first."""
    return list(
        db.session.scalars(
            select(IntakeDraft)
            .where(IntakeDraft.user_id == viewer.user_id, IntakeDraft.sent_at.is_(None))
            .order_by(IntakeDraft.id.desc())
        )
    )


def opened(draft: IntakeDraft, viewer: Viewer) -> Kept:
    """Return all that a draft keeps."""
    kept = draft.answers.open(viewer)
    return dict(kept) if isinstance(kept, dict) else {}


def typed(draft: IntakeDraft, viewer: Viewer, page: str) -> Typed | None:
    """Return what was typed on a page ("family" or "children"), None when it was not sent yet."""
    kept = opened(draft, viewer).get(page)
    return None if kept is None else [(name, value) for name, value in kept]


def keep(draft: IntakeDraft, viewer: Viewer, page: str, typed: Typed) -> None:
    """Keep what was typed on a page. Children set aside are looked at afresh once a page has changed."""
    kept = opened(draft, viewer)
    if kept.get(page) != [list(pair) for pair in typed]:
        kept.pop("set_aside", None)
    draft.answers = kept | {page: [list(pair) for pair in typed]}


def answer_notice(draft: IntakeDraft, viewer: Viewer, side: str, notice: dict[str, str]) -> None:
    """Keep another answer to the notice, or the other form; questions of the old form are not carried over."""
    kept = opened(draft, viewer) | {"notice": notice}
    if side != draft.side:
        kept.pop("family", None)
        kept.pop("set_aside", None)
    draft.side = side
    draft.answers = kept


def set_aside(draft: IntakeDraft, viewer: Viewer, number: int, child_id: UUID) -> None:
    """Note that child `number` of the draft already has a file, so that the others can be sent without it."""
    kept = opened(draft, viewer)
    draft.answers = kept | {"set_aside": kept.get("set_aside", {}) | {str(number): str(child_id)}}


def those_set_aside(draft: IntakeDraft, viewer: Viewer) -> dict[int, UUID]:
    """Return by number of the child the file that it already has."""
    kept = opened(draft, viewer).get("set_aside", {})
    return {int(number): UUID(child_id) for number, child_id in kept.items()}


def end(draft: IntakeDraft, household_id: UUID | None, remains: Kept) -> None:
    """Close a draft: what was typed is forgotten, `remains` (no personal data) is what the result page needs."""
    draft.household_id = household_id
    draft.sent_at = now()
    draft.answers = remains


def discard(draft: IntakeDraft) -> None:
    """Forget a draft with everything in it."""
    db.session.delete(draft)
