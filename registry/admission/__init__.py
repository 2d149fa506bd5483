"""School admission: what a child's schooling comes to, and the papers that its family brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room, and what a child's file says of its schooling."""
    from registry.admission import shown
    from registry.admission.views import blueprint

    app.register_blueprint(blueprint)
    shown.init_app(app)
