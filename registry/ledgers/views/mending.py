"""Pages for what an import left over: the refused rows to mend, and the rows that wait for a supervisor."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer
from registry.audit import service as audit
from registry.clock import today
from registry.ledgers import held as waiting
from registry.ledgers import hits, outcomes, planning, queries
from registry.ledgers.errors import StaleVersionError, UnfitDecisionError
from registry.ledgers.refused import corrected_copy
from registry.ledgers.views.blueprint import blueprint
from registry.ledgers.xlsx import xlsx_answer
from registry.transfers.errors import AlreadyOpenError, NobodyThereError, UnfitPlaceError
from sop.referral import ForbiddenMove

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse


@blueprint.get("/<uuid:ledger_id>/rows-to-mend")
@allows(Permission.LEDGER_IMPORT)
def mend(ledger_id: UUID) -> Response | BaseResponse:
    """Answer with the refused rows of a ledger, the reasons beside them; mended they are uploaded again."""
    viewer = current_viewer()
    ledger = queries.ledger_of(viewer, ledger_id)
    sheets = outcomes.to_mend(ledger, queries.refused_rows(viewer, ledger_id), planning.opened(ledger, viewer), viewer)
    if not sheets:
        flash(_("No row of this ledger is left to mend."))
        return redirect(url_for("ledgers.show", ledger_id=ledger_id))
    audit.note("ledger_opened", viewer=viewer, ledger=ledger.id, part="refused")
    return xlsx_answer(corrected_copy(sheets), "rows-to-mend")


@blueprint.get("/held")
@allows(Permission.MATCH_DECIDE)
def held() -> str:
    """Show the rows that may be a child who has a file already: here, or in another area."""
    viewer, after = current_viewer(), request.args.get("after", type=UUID)
    page = queries.hits_for(viewer, after)
    audit.note("children_listed", viewer=viewer, children=page.children, list="held_rows", shown=len(page.rows))
    rows = waiting.shown(page.rows, viewer)
    return render_template("ledgers/held.html", rows=rows, following=page.after, first=after is None)


@blueprint.post("/held/<uuid:row_id>")
@allows(Permission.MATCH_DECIDE)
def settle(row_id: UUID) -> BaseResponse:
    """Decide on a row that waits: it is the same child, another child, or one to be claimed from another area."""
    decision = request.form.get("decision", "")
    if decision not in waiting.DONE:
        abort(HTTPStatus.BAD_REQUEST)
    try:
        hits.settle(current_viewer(), row_id, decision, today(), request.form.get("community") or None)
    except StaleVersionError:
        flash(_("This row has been decided on meanwhile."))
    except (UnfitDecisionError, ForbiddenMove):
        flash(_("This could not be done. Look at the file again, or speak with the office that keeps it."))
    except AlreadyOpenError:
        flash(_("A move of this child is under way already: look among the transfers."))
    except UnfitPlaceError:
        flash(_("Choose the community where the child lives now."))
    except NobodyThereError:
        flash(_("Nobody works in the registry for that place yet, so nobody was told."))
    else:
        flash(str(waiting.DONE[decision]))
    return redirect(url_for("ledgers.held"))
