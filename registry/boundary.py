"""The edge of a request: one commit for what it did, then what it showed or was refused is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request, session

from registry.audit import service as audit
from registry.database import db, set_writing

if TYPE_CHECKING:
    from flask import Flask, Response

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST_FAILURE = 400
MESSAGES = "_flashes"  # where Flask keeps what the next page says


def init_app(app: Flask) -> None:
    """Set the boundary around every request."""
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    """Only unsafe methods take the write lock; a page that is read never waits for it."""
    set_writing(writing=request.method not in SAFE)
    if request.method not in SAFE:
        g.messages_before = list(session.get(MESSAGES, []))


def _finish(response: Response) -> Response:
    """Commit what an unsafe method did when it succeeded, roll back otherwise; then write what was noted."""
    try:
        if request.method not in SAFE and response.status_code < FIRST_FAILURE:
            db.session.commit()
        else:
            db.session.rollback()
        _note_refusal()
        audit.write_noted()
    except Exception:
        _take_back_messages()
        raise
    return response


def _note_refusal() -> None:
    """Of a refusal for the area's sake, the child that was asked for is told, too."""
    why = g.pop("refused", None)
    if why is None:
        return
    asked = (request.view_args or {}).get("child_id") if why == "scope" else None
    children = [asked] if asked else []
    audit.note("refused", viewer=g.get("viewer"), children=children, endpoint=request.endpoint or "", why=why)


def _take_back_messages() -> None:
    """What was not written may not be called done on the next page."""
    if "messages_before" in g:
        session[MESSAGES] = g.messages_before
