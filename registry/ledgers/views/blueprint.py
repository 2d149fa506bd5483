"""The blueprint that every page of this room is added to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("ledgers", "registry.ledgers", url_prefix="/ledgers", template_folder="templates")
