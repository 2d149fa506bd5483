"""Coverage: how many children are registered, how many were referred and answered. Numbers, never a child."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room."""
    from registry.coverage.views import blueprint, statistics

    app.register_blueprint(blueprint)
    app.register_blueprint(statistics)
