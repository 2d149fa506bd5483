"""Protection: key care, reports of harm, protected files. Nothing of it stands on a screen that a family sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room, and its words."""
    from registry.protection import words
    from registry.protection.views import blueprint

    app.register_blueprint(blueprint)
    app.jinja_env.globals["protection_words"] = words
