"""Audit: events that are added and never changed, and the auditor's page that reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Refuse changes to events, and serve the auditor's page."""
    from registry.audit import immutable, views

    immutable.init_app(app)
    app.register_blueprint(views.blueprint)
