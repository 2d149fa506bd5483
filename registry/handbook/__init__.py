"""The handbook of the procedure in force: to read, to search, to print."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room."""
    from registry.handbook.views import blueprint

    app.register_blueprint(blueprint)
