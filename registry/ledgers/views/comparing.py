"""Pages of comparisons: a department's list for supervisors, its children for communities, its counts for officials."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer
from registry.audit import service as audit
from registry.ledgers.comparing import queries, service, shown
from registry.ledgers.comparing.forms import CompareForm
from registry.ledgers.comparing.queries import DONE, OVER
from registry.ledgers.errors import NoHeaderError
from registry.ledgers.running import WORKED_ON
from registry.ledgers.sheets import BookError
from registry.ledgers.shown import first_rows
from registry.ledgers.views.blueprint import blueprint
from registry.ledgers.words import fault_words, no_heading
from registry.web.filters import in_chinese, number
from registry.web.uploads import takes_file
from sop.rosters import TO_ASK_ABOUT, TO_LOOK_UP

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from registry.access import Viewer
    from registry.ledgers.models import Ledger

    Answer = str | tuple[str, int] | BaseResponse

LOOK_UP, ASK = "look-up", "ask"


@blueprint.get("/compare/")
@allows(Permission.DEPARTMENT_COMPARE)
def rosters() -> str:
    """List the comparisons of the area, the newest first."""
    after = request.args.get("after", type=UUID)
    page = queries.rosters_of(current_viewer(), after)
    return render_template(
        "ledgers/comparing/list.html",
        shown=shown.entries(page.rows, "ledgers.compared"),
        following=page.after,
        first=after is None,
    )


@blueprint.route("/compare/upload", methods=["GET", "POST"])
@allows(Permission.DEPARTMENT_COMPARE)
@takes_file
def compare() -> Answer:
    """Take a department's list; the work on it begins at once."""
    viewer, form = current_viewer(), CompareForm()
    form.offer(viewer)
    found: list[str] = []
    if request.method == "POST" and form.validate():
        try:
            ledger = service.compare(viewer, form.sent(), form.act())
        except BookError as error:
            form.file.errors = [fault_words(error.code)]
        except NoHeaderError as error:
            form.file.errors, found = [no_heading()], first_rows(error.sheets)
        else:
            return redirect(url_for("ledgers.compared", ledger_id=ledger.id))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("ledgers/comparing/upload.html", form=form, found=found), status


@blueprint.get("/compare/<uuid:ledger_id>")
@allows(Permission.DEPARTMENT_COMPARE)
def compared(ledger_id: UUID) -> str:
    """Show how far a comparison is, and its counts by reason and place once it has ended."""
    viewer = current_viewer()
    ledger = queries.roster_of(viewer, ledger_id)
    counts = queries.counts_of(viewer, ledger) if ledger.state in (DONE, OVER) else {}
    total, rules = queries.totals(counts), shown.words_of(ledger)
    audit.note("ledger_opened", viewer=viewer, ledger=ledger.id, part="comparison")
    return render_template(
        "ledgers/comparing/compared.html",
        ledger=ledger,
        caption=shown.caption_of(ledger),
        works=ledger.state in WORKED_ON,
        figures=shown.figures(total, rules),
        groups=shown.by_reason(total, rules),
        places=shown.by_place(counts, ledger),
        heads=[rules.groups[group] for group, _kind in shown.FIGURES],
        ended=ledger.state in (DONE, OVER),
        kept=ledger.state == DONE,
    )


@blueprint.get("/compare/here")
@allows(Permission.LEDGER_IMPORT)
def rosters_here() -> str:
    """List the comparisons that are about the viewer's own community or area, with what there is to do."""
    viewer, after = current_viewer(), request.args.get("after", type=UUID)
    page = queries.rosters_here(viewer, (DONE,), after)
    notes = {ledger.id: _to_do(viewer, ledger) for ledger in page.rows}
    return render_template(
        "ledgers/comparing/here.html",
        shown=shown.entries(page.rows, "ledgers.roster_children", notes),
        following=page.after,
        first=after is None,
    )


@blueprint.get("/compare/<uuid:ledger_id>/children")
@allows(Permission.LEDGER_IMPORT)
def roster_children(ledger_id: UUID) -> str:
    """Show the children of the viewer's area to be looked up, or those whom the department does not list."""
    viewer, after = current_viewer(), request.args.get("after", type=UUID)
    ledger = queries.roster_here(viewer, ledger_id, (DONE,))
    tab = ASK if request.args.get("tab") == ASK else LOOK_UP
    page = queries.to_ask_about(viewer, ledger, after) if tab == ASK else queries.to_look_up(viewer, ledger, after)
    met = {each.child_id for each in page.rows if each.child_id}
    audit.note("children_listed", viewer=viewer, children=sorted(met), list="roster", shown=len(page.rows))
    return render_template(
        "ledgers/comparing/children.html",
        ledger=ledger,
        caption=shown.caption_of(ledger),
        rules=shown.words_of(ledger),
        tab=tab,
        rows=page.rows,
        following=page.after,
        first=after is None,
    )


@blueprint.post("/compare/rows/<uuid:row_id>")
@allows(Permission.LEDGER_IMPORT)
def looked_up(row_id: UUID) -> BaseResponse:
    """Note that a child of a list was looked up: it then stands on no list any more."""
    viewer = current_viewer()
    ledger_id = queries.row_of(viewer, row_id).ledger_id
    service.looked_up(viewer, row_id)
    flash(_("Noted as looked up. What the list said of the child is removed."))
    return redirect(url_for("ledgers.roster_children", ledger_id=ledger_id))


@blueprint.get("/compare/counts")
@allows(Permission.STATISTICS_READ)
def roster_counts() -> str:
    """List for officials the comparisons of their area."""
    after = request.args.get("after", type=UUID)
    page = queries.rosters_here(current_viewer(), (DONE, OVER), after)
    return render_template(
        "ledgers/comparing/official_list.html",
        shown=shown.entries(page.rows, "ledgers.roster_count"),
        following=page.after,
        first=after is None,
    )


@blueprint.get("/compare/counts/<uuid:ledger_id>")
@allows(Permission.STATISTICS_READ)
def roster_count(ledger_id: UUID) -> str:
    """Show an official the counts of a comparison, protected."""
    viewer = current_viewer()
    ledger = queries.roster_here(viewer, ledger_id, (DONE, OVER))
    table = shown.protected(viewer, queries.counts_of(viewer, ledger))
    audit.note("statistics_shown", viewer=viewer, table="roster")
    words = shown.words_of_table(table, viewer, shown.words_of(ledger))
    return render_template(
        "ledgers/comparing/official.html", caption=shown.caption_of(ledger), table=table, words=words
    )


def _to_do(viewer: Viewer, ledger: Ledger) -> str:
    total = queries.totals(queries.counts_of(viewer, ledger))
    there, here = sum(total[code] for code in TO_LOOK_UP), sum(total[code] for code in TO_ASK_ABOUT)
    said = [
        _("%(number)s only on the list", number=number(there)),
        _("%(number)s only on the register", number=number(here)),
    ]
    return ("，" if in_chinese() else ", ").join(said)
