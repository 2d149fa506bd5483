"""Addresses of static files: each carries a hash of its content, so that a browser may keep it for a year."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, request, url_for

if TYPE_CHECKING:
    from flask import Flask

FOLDER = Path(__file__).parent / "static"
DIGITS = 12
A_YEAR = 365 * 24 * 3600


def fingerprints(folder: Path) -> dict[str, str]:
    """Return {path inside the folder: first digits of its SHA-256} for every file."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:DIGITS] for path in files
    }


class WebBlueprint(Blueprint):
    """Serves the static files; one asked for by its hash may be kept, another is asked for again."""

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """Return how many seconds a browser may keep a file."""
        known = PRINTS.get(filename or "")
        return A_YEAR if known and request.args.get("v") == known else 0


PRINTS = fingerprints(FOLDER)
blueprint = WebBlueprint(
    "web", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
)


def asset(filename: str) -> str:
    """Return the address of a static file; raises KeyError when there is none such."""
    return url_for("web.static", filename=filename, v=PRINTS[filename])


def init_app(app: Flask) -> None:
    """Serve the files and let templates name them."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = asset
