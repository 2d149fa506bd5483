"""Is this the same child? Pairs of files waiting for a decision, and what the protection officer is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room."""
    from registry.matching.views import blueprint

    app.register_blueprint(blueprint)
