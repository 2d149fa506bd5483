"""Lists of transfers: what is under way on either side, what has ended, and the children who moved on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import render_template, request

from registry.access import Permission, allows, current_viewer
from registry.areas.queries import full_names_of
from registry.audit import service as audit
from registry.children.elsewhere import onward
from registry.clock import today
from registry.i18n import language
from registry.transfers import queries
from registry.transfers.shown import NAME_AND_READING, shown
from registry.transfers.views.blueprint import blueprint
from sop.transfer import Move

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.access import Viewer
    from registry.transfers.models import Transfer


@blueprint.get("/")
@allows(Permission.TRANSFER_WORK)
def listing() -> str:
    """Show what is under way: first what is the viewer's to do, then what waits for others."""
    viewer, tab, after = current_viewer(), _tab(), _after()
    found, on = queries.under_way(viewer, tab, after), today()
    _note(viewer, [*found.mine, *found.theirs.transfers, *found.arrived])
    return render_template(
        "transfers/list.html",
        tab=tab,
        counts=queries.counts(viewer),
        mine=shown(viewer, found.mine, on),
        theirs=shown(viewer, found.theirs.transfers, on),
        following=found.theirs.after,
        first=after is None,
        arrived=shown(viewer, found.arrived, on),
        Move=Move,
    )


@blueprint.get("/records")
@allows(Permission.TRANSFER_WORK)
def records() -> str:
    """Show what has ended."""
    viewer, tab, after = current_viewer(), _tab(), _after()
    page = queries.records(viewer, tab, after)
    _note(viewer, page.transfers)
    ended = shown(viewer, page.transfers, today())
    return render_template("transfers/records.html", tab=tab, ended=ended, following=page.after, first=after is None)


@blueprint.get("/moved-on")
@allows(Permission.TRANSFER_WORK)
def kept() -> str:
    """Show the children who moved on: where, since when, whether in school and vaccinated, and nothing else."""
    viewer, after = current_viewer(), _after()
    page = queries.moved_on(viewer, after)
    _note(viewer, page.transfers)
    known = onward(each.child_id for each in page.transfers)
    return render_template(
        "transfers/kept.html",
        rows=[(each, known[each.child_id]) for each in page.transfers if each.child_id in known],
        places=full_names_of({each.area_code for each in known.values()}, language()),
        reader=viewer.opening(NAME_AND_READING),
        following=page.after,
        first=after is None,
    )


def _tab() -> str:
    asked = request.args.get("tab", "")
    return asked if asked in queries.TABS else next(iter(queries.TABS))


def _after() -> UUID | None:
    return request.args.get("after", type=UUID)


def _note(viewer: Viewer, transfers: Sequence[Transfer]) -> None:
    children = {each.child_id for each in transfers}
    audit.note("children_listed", viewer=viewer, children=children, list="transfers", shown=len(children))
