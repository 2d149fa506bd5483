"""A child's file: identity, episodes, schooling, finding it, and what other rooms may show of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room, and how children are written on every page."""
    from registry.children import display
    from registry.children.views import blueprint

    display.init_app(app)
    app.register_blueprint(blueprint)
