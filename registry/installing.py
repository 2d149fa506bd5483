"""Installing: a database that is migrated and has its keys and divisions."""

from __future__ import annotations

from flask import current_app
from flask_migrate import upgrade

from registry.areas.service import load_reference
from registry.database import db
from registry.vault import service as vault


def install() -> None:
    """Migrate the application's database; make its key file and first data key if there is none; load the divisions.

    Safe to run again. Needs an application context; commits, as no request does it here. Raises KeyFileError
    where the database has keys and their file is missing.
    """
    upgrade()
    vault.initialise(db.session(), current_app.extensions["settings"])
    db.session.commit()  # before anything is sealed
    load_reference(db.session())
    db.session.commit()
