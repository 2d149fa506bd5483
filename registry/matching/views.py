"""Pages of matching: a supervisor's pairs, and a protection officer's files."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, render_template, request

from registry.access import Permission, Viewer, allows, current_viewer
from registry.audit import service as audit
from registry.children import listing
from registry.matching import queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.matching.queries import Pair

blueprint = Blueprint("matching", __name__, template_folder="templates")


@blueprint.get("/matches")
@allows(Permission.MATCH_READ)
def queue() -> str:
    """List the pairs of the own area."""
    viewer, after = current_viewer(), request.args.get("after", type=UUID)
    pairs, following = queries.queue(viewer, after)
    _note(viewer, _children(pairs), "matches")
    return render_template("matching/queue.html", pairs=pairs, following=following, first=after is None)


@blueprint.get("/protected-files")
@allows(Permission.PROTECTED_READ)
def protected() -> str:
    """List the protected files of the own county, and who came upon them."""
    viewer, after = current_viewer(), request.args.get("after", type=UUID)
    pairs_after = request.args.get("pairs_after", type=UUID)
    page = listing.page_of(viewer, listing.Filters(), after)
    pairs, following = queries.protected_pairs(viewer, pairs_after)
    _note(viewer, {row.child.id for row in page.rows} | _children(pairs), "protected")
    return render_template(
        "matching/protected.html",
        page=page,
        pairs=pairs,
        following=following,
        meetings=queries.meetings(page.rows),
        after=after,
        pairs_after=pairs_after,
    )


def _children(pairs: Iterable[Pair]) -> set[UUID]:
    return {each for pair in pairs for each in (pair.match.child_id, pair.match.other_child_id)}


def _note(viewer: Viewer, children: set[UUID], name: str) -> None:
    audit.note("children_listed", viewer=viewer, children=children, list=name, shown=len(children))
