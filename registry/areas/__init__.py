"""Divisions of China, offices, and which office serves what where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.i18n import language

if TYPE_CHECKING:
    from flask import Flask

    from registry.areas.models import Block, Office
    from registry.areas.queries import Place


def _local(named: Office | Block | Place) -> str:
    """Return the name of an office, a block or a division in the language of the page."""
    return named.name(language())


def init_app(app: Flask) -> None:
    """Serve the choice of a division, and the filter `local` for names."""
    from registry.areas.views import AreaConverter, blueprint

    app.jinja_env.filters["local"] = _local
    app.url_map.converters["area"] = AreaConverter
    app.register_blueprint(blueprint)
