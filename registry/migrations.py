"""Numbered migrations: where they lie and how they are run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from registry.database import db
from registry.extensions import migrate

if TYPE_CHECKING:
    from flask import Flask

FOLDER = Path(__file__).parent.parent / "migrations"


def init_app(app: Flask) -> None:
    """Make `upgrade` and `downgrade` known for this application's database."""
    migrate.init_app(app, db, directory=str(FOLDER), compare_type=True, render_as_batch=True)
