"""Accounts: sign-in, sessions that can be ended, passwords, and the administrator's list of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Know who sends each request, before the guard asks whether they may; and the pages of this room."""
    from registry.accounts import arrival, navigation, passwords, queries, views
    from registry.audit import names

    passwords.init_app(app)
    arrival.init_app(app)
    navigation.init_app(app)
    names.found_by(app, queries.usernames)
    app.register_blueprint(views.blueprint)
