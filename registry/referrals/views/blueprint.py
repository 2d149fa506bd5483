"""The blueprint of this room's pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("referrals", "registry.referrals", url_prefix="/referrals", template_folder="templates")
