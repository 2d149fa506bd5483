"""Visits: whom to see next, what was found, and news to bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room, what other pages may say of visits, and its share of the nightly round."""
    from registry.jobs import service as jobs
    from registry.protection.service import after_assessing
    from registry.visits import service, shown
    from registry.visits.views import blueprint

    app.register_blueprint(blueprint)
    shown.init_app(app)
    jobs.nightly(app, "visits-due", service.reckon)
    after_assessing(app, service.reckon_again)
