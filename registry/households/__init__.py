"""Intake: the notice, the household and its guardians, its children, and the registrar's day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room; before the guard asks who it is, keep a page that was sent too late."""
    from registry.households.views import blueprint
    from registry.households.views.late import keep_late_page

    app.before_request(keep_late_page)
    app.register_blueprint(blueprint)
