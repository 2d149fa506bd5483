"""The edge of a request: one commit for what it did, then what it showed or was refused is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request

from registry.audit import service as audit
from registry.database import db, set_writing

if TYPE_CHECKING:
    from flask import Flask, Response

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST_FAILURE = 400


def init_app(app: Flask) -> None:
    """Set the boundary around every request."""
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    """Only unsafe methods take the write lock; a page that is read never waits for it."""
    set_writing(writing=request.method not in SAFE)


def _finish(response: Response) -> Response:
    """Commit what an unsafe method did when it succeeded, roll back otherwise; then write what was noted."""
    if request.method not in SAFE and response.status_code < FIRST_FAILURE:
        db.session.commit()
    else:
        db.session.rollback()
    if why := g.pop("refused", None):
        audit.note("refused", viewer=g.get("viewer"), endpoint=request.endpoint or "", why=why)
    audit.write_noted()
    return response
