"""What every page shares: layout, macros, form fields, filters, error pages, static files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from registry.web import assets, errors, filters

if TYPE_CHECKING:
    from flask import Flask


def this_page() -> str:
    """Return the path of the page with its query, to come back to after the language was switched."""
    return request.full_path if request.query_string else request.path


def init_app(app: Flask) -> None:
    """Give an application its looks."""
    app.jinja_env.globals["this_page"] = this_page
    assets.init_app(app)
    filters.init_app(app)
    errors.init_app(app)
