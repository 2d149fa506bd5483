"""The blueprint of this room's pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("transfers", "registry.transfers", url_prefix="/transfers", template_folder="templates")
