"""Intake: the notice, the household and its guardians, its children, and the registrar's day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register pages and nightly work of this room; before the guard asks who it is, keep a page sent too late."""
    from registry.households import drafts
    from registry.households.views import blueprint
    from registry.households.views.late import keep_late_page
    from registry.jobs.service import nightly

    app.before_request(keep_late_page)
    app.register_blueprint(blueprint)
    nightly(app, "sweep_drafts", drafts.sweep)
