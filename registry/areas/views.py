"""Pages of places: the next level of a choice, for scripts. Names of divisions are public."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, jsonify

from registry.access import Permission, allows
from registry.areas.forms import LEVELS, label_of
from registry.areas.queries import children_of
from registry.i18n import language

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("areas", __name__, template_folder="templates")


@blueprint.get("/areas/<code>/children")
@allows(Permission.SIGNED_IN)
def children(code: str) -> Response:
    """Answer with the divisions one step below a 12-digit code: names only."""
    if not re.fullmatch(r"[0-9]{12}", code):
        abort(404)
    below = children_of(code)
    answer: dict[str, Any] = {
        "label": str(LEVELS[below[0].level]) if below else "",
        "children": [
            {"code": one.code, "level": one.level, "name": label_of(one, language())} for one in below
        ],
    }
    return jsonify(answer)
