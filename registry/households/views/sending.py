"""How a page is answered that the script sent: with where to go next, so that a lost connection loses no page."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import jsonify, request

from registry.households.views.blueprint import blueprint

if TYPE_CHECKING:
    from flask import Response

WANTED = "application/json"


@blueprint.after_request
def say_where_to_go(response: Response) -> Response:
    """Turn a redirect into its address where the script asked for it; it then goes there as a browser does.

    For a page with something to correct there is no such address: the script sends it once more as browsers do.
    """
    if request.method != "POST" or request.headers.get("Accept") != WANTED:
        return response
    if response.location or response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
        said = jsonify(next=response.location)
        for name, value in response.headers:
            if name.lower() not in {"location", "content-type", "content-length"}:
                said.headers.add(name, value)
        return said
    return response
