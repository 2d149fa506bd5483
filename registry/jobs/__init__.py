"""Jobs: job rows, the worker that does them, and the nightly round."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room. What is done each night the other rooms register, each its own."""
    from registry.jobs.views import blueprint

    app.register_blueprint(blueprint)
