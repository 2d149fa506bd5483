"""The blueprint that every page of this room is added to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("coverage", "registry.coverage", url_prefix="/coverage", template_folder="templates")
