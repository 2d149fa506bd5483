"""The registry: a Flask application. `create_app` is its table of contents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry import (
    access,
    accounts,
    administration,
    admission,
    areas,
    audit,
    boundary,
    cards,
    changes,
    children,
    counts,
    coverage,
    database,
    doses,
    handbook,
    households,
    i18n,
    jobs,
    ledgers,
    matching,
    migrations,
    procedure,
    protection,
    referrals,
    reports,
    security,
    transfers,
    vault,
    visits,
    web,
)
from registry.settings import Settings

if TYPE_CHECKING:
    from flask import Flask


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for these settings (those of the environment when left out).

    Raises SettingsError or KeyFileError, with a message for the operator, rather than start half-configured.
    """
    app = security.Application(__name__, static_folder=None)
    app.extensions["settings"] = settings or Settings.from_environment()

    # What everything stands on
    procedure.init_app(app)
    database.init_app(app)
    migrations.init_app(app)
    vault.init_app(app)

    # Around every request, in this order: the transaction, who it is, the form's token, whether they may
    boundary.init_app(app)
    accounts.init_app(app)
    security.init_app(app)
    i18n.init_app(app)
    web.init_app(app)

    # The rooms
    for room in (areas, households, children, matching, referrals, counts, coverage, audit, doses, admission):
        room.init_app(app)
    for room in (visits, changes, transfers, cards, protection, ledgers, reports, handbook, jobs, administration):
        room.init_app(app)

    # Last, when every endpoint is known: an endpoint that declares no permission is refused
    access.init_app(app)
    return app
