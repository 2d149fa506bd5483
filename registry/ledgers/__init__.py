"""Ledgers: spreadsheets in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room and the work that it leaves to the worker."""
    from registry.jobs import service as jobs
    from registry.ledgers import keeping, running
    from registry.ledgers.comparing import keeping as comparisons
    from registry.ledgers.comparing import running as comparing
    from registry.ledgers.out import downloads
    from registry.ledgers.views import blueprint

    app.register_blueprint(blueprint)
    jobs.handler(app, running.KIND, running.run_batch)
    jobs.nightly(app, "sweep_ledgers", keeping.sweep)
    jobs.nightly(app, "sweep_held_rows", keeping.sweep_undecided)
    jobs.handler(app, comparing.KIND, comparing.run_batch)
    jobs.nightly(app, "sweep_rosters", comparisons.sweep)
    jobs.nightly(app, "sweep_downloads", downloads.sweep)
