"""Transfers: a child's move between two areas, and looking a child up elsewhere, with which most of them begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room, what pages say of a transfer, its number beside the word, its nightly work."""
    from registry.accounts.navigation import count_beside
    from registry.jobs import service as jobs
    from registry.transfers import following, queries, shown
    from registry.transfers.views import blueprint

    app.register_blueprint(blueprint)
    shown.init_app(app)
    count_beside(app, "transfers.listing", queries.to_do)
    jobs.nightly(app, "end-transfers", following.end_dangling)
