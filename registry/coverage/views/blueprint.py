"""The blueprints that the pages of this room are added to; what `statistics` shows is not for officials alone."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("coverage", "registry.coverage", url_prefix="/coverage", template_folder="templates")
statistics = Blueprint("statistics", "registry.coverage", url_prefix="/statistics")
