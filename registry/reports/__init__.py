"""Reports: papers to print, made from the same definitions as the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room."""
    from registry.reports.views import blueprint

    app.register_blueprint(blueprint)
