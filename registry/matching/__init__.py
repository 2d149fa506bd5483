"""Is this the same child? Pairs of files waiting for a decision, and what the protection officer is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room, and that files with the same document become a pair."""
    from registry.children import following
    from registry.matching import service
    from registry.matching.views import blueprint

    following.after_same_document(app, service.raise_for_same_document)
    app.register_blueprint(blueprint)
