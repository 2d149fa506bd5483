"""Divisions of China, offices, and which office serves what where."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Serve the choice of a division."""
    from registry.areas.views import AreaConverter, blueprint

    app.url_map.converters["area"] = AreaConverter
    app.register_blueprint(blueprint)
