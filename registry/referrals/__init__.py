"""Referrals: a child, a service, an office that must answer by a date; raised, accepted, answered, chased."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of both sides, and what every page may say of a referral."""
    from registry.referrals import shown
    from registry.referrals.views import blueprint

    app.register_blueprint(blueprint)
    shown.init_app(app)
