"""The blueprint that every page of this room is added to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounts", "registry.accounts", template_folder="templates")
