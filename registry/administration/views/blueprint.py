"""The blueprint that every page of this room is added to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint(
    "administration", "registry.administration", url_prefix="/administration", template_folder="templates"
)
