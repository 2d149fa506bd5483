"""Is this the same child? Pairs of files waiting for a decision, and what the protection officer is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room, and listen for a number that is registered twice."""
    from registry.children.service import same_number_met
    from registry.matching.service import raise_for_same_number
    from registry.matching.views import blueprint

    same_number_met.connect(raise_for_same_number)
    app.register_blueprint(blueprint)
