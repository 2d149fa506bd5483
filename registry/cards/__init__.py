"""Cards: printing a child's card, whose number it has for life."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room, and what a child's file says of its card."""
    from registry.cards import service
    from registry.cards.views import blueprint

    app.register_blueprint(blueprint)
    app.jinja_env.globals["times_printed"] = service.times_printed
