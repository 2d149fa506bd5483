"""Lists of pairs: what waits for a supervisor, what was decided, and what a protection officer is told."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import render_template, request

from registry.access import Permission, Viewer, allows, current_viewer
from registry.audit import service as audit
from registry.matching import queries
from registry.matching.views.blueprint import blueprint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.matching.models import Match


@blueprint.get("/matches")
@allows(Permission.MATCH_READ)
def queue() -> str:
    """List the pairs of the own area: those that wait, those that were sent up, or those that were decided."""
    viewer, after = current_viewer(), request.args.get("after", type=UUID)
    tab = request.args.get("tab", "")
    tab = tab if tab in queries.TABS else queries.TABS[0]
    shown = {"tab": tab, "counts": queries.counts(viewer), "first": after is None}
    if tab == "decided":
        matches, following = queries.decided(viewer, after)
        _note(viewer, _children(matches), "matches")
        return render_template("matching/decided.html", matches=matches, following=following, **shown)
    pairs, following = queries.queue(viewer, after, sent_up=tab == "sent_up")
    _note(viewer, _children(pair.match for pair in pairs), "matches")
    return render_template("matching/queue.html", pairs=pairs, following=following, **shown)


@blueprint.get("/protected-files")
@allows(Permission.PROTECTED_READ)
def protected() -> str:
    """List the protected files of the own county, and who came upon them."""
    viewer, after = current_viewer(), request.args.get("after", type=UUID)
    pairs_after = request.args.get("pairs_after", type=UUID)
    page, meetings = queries.protected_files(viewer, after), queries.meetings(viewer)
    pairs, following = queries.protected_pairs(viewer, pairs_after)
    shown = {row.child.id for row in page.rows} | {each.child.child.id for each in meetings}
    _note(viewer, shown | _children(pair.match for pair in pairs), "protected")
    return render_template(
        "matching/protected.html",
        page=page,
        pairs=pairs,
        following=following,
        meetings=meetings,
        unwatched=queries.without_registrar(viewer),
        after=after,
        pairs_after=pairs_after,
    )


def _children(matches: Iterable[Match]) -> set[UUID]:
    return {each for match in matches for each in match.pair}


def _note(viewer: Viewer, children: set[UUID], name: str) -> None:
    audit.note("children_listed", viewer=viewer, children=children, list=name, shown=len(children))
