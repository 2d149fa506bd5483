"""Doses: what was given to a child, what is due, and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room, what other pages may say of doses, and its share of the nightly round."""
    from registry.doses import service, shown
    from registry.doses.views import blueprint
    from registry.jobs import service as jobs

    app.register_blueprint(blueprint)
    shown.init_app(app)
    jobs.nightly(app, "immunisation-states", service.reckon)
