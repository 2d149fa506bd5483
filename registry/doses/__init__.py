"""Doses: what was given to a child, what is due, and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages of this room, what other pages may say of doses, and its share of the nightly round."""
    from registry.children import restoring
    from registry.doses import queries, service, shown, withdrawing
    from registry.doses.narrowing import BY_COURSE
    from registry.doses.views import blueprint
    from registry.jobs import service as jobs
    from registry.referrals.lists.office_filters import narrow_by
    from registry.referrals.proposals import knowing

    app.register_blueprint(blueprint)
    shown.init_app(app)
    knowing.vaccinated_by(app, queries.standings_of)
    restoring.certificate_proven_by(app, withdrawing.is_proven)
    narrow_by(app, BY_COURSE)
    jobs.nightly(app, "immunisation-states", service.reckon)
