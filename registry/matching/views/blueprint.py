"""The blueprint of this room's pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("matching", "registry.matching", template_folder="templates")
