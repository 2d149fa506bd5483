"""Intake: the notice, the household and its guardians, its children, and the registrar's day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room."""
    from registry.households.views import blueprint

    app.register_blueprint(blueprint)
