"""A child's file: identity, episodes, schooling, finding it, and what other rooms may show of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room, how children are written on every page, and what the nightly round does."""
    from registry.children import ageing, card_numbers, display, elsewhere, finding
    from registry.children.views import blueprint
    from registry.jobs import service as jobs

    display.init_app(app)
    jobs.nightly(app, "card-numbers", card_numbers.give_missing)
    jobs.nightly(app, "age-out", ageing.age_out)
    jobs.nightly(app, "reclassify", ageing.reclassify_due)
    jobs.nightly(app, "sweep_look_ups", elsewhere.sweep)
    jobs.nightly(app, "sweep_searches", finding.sweep)
    app.register_blueprint(blueprint)
