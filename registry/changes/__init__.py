"""Changes of a file: corrections with approval, leaving, moving, joining another household, and the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room, what a file says of changes, and what an arrival ends."""
    from registry.accounts.navigation import count_beside
    from registry.changes import queries, service, shown
    from registry.changes.views import blueprint
    from registry.children import following

    shown.init_app(app)
    count_beside(app, "changes.requests", queries.count_waiting)
    following.after_arrival(app, service.withdraw_open)
    app.register_blueprint(blueprint)
