"""Pages of places: the next level of a choice, for scripts. Names of divisions are public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, jsonify
from werkzeug.routing import BaseConverter

from registry.access import Permission, allows
from registry.areas.forms import LEVELS, label_of
from registry.areas.queries import children_of
from registry.i18n import language

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("areas", __name__, template_folder="templates")


class AreaConverter(BaseConverter):
    """A 12-digit area code in an address; anything else is no address of ours."""

    regex = "[0-9]{12}"


@blueprint.get("/areas/<area:code>/children")
@allows(Permission.SIGNED_IN)
def children(code: str) -> Response:
    """Answer with the divisions one step below a 12-digit code: names only."""
    below = children_of(code)
    answer: dict[str, Any] = {
        "label": str(LEVELS[below[0].level]) if below else "",
        "children": [{"code": one.code, "level": one.level, "name": label_of(one, language())} for one in below],
    }
    return jsonify(answer)
