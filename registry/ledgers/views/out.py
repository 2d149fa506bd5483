"""Pages of lists: taking the children of a list out as a spreadsheet."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import current_app, g, render_template, request, stream_with_context
from flask_babel import gettext as _
from flask_babel import ngettext

from registry.access import Permission, Viewer, allows, current_viewer, outside_scope
from registry.areas.queries import full_name
from registry.children import filters, taking
from registry.clock import now, today
from registry.database import set_writing
from registry.i18n import language
from registry.ledgers.out import downloads, layouts, listing, service
from registry.ledgers.out.forms import TakeOutForm
from registry.ledgers.views.blueprint import blueprint
from registry.ledgers.xlsx import xlsx_answer
from registry.web.filters import moment
from sop.version import in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

    from registry.children.filters import Filters

Said = list[tuple[str, str]]


def file_keeper() -> Viewer:
    """Return the viewer, who finds files; for a service office, which takes out its own list only, nothing is here."""
    viewer = current_viewer()
    if not viewer.may(Permission.CHILD_FIND):
        outside_scope()
    return viewer


@blueprint.route("/out/children", methods=["GET", "POST"])
@allows(Permission.LIST_DOWNLOAD)
def take_out() -> BaseResponse | tuple[str, int] | str:
    """Ask what is taken out of a list, whose filters stand in the address; then answer with the spreadsheet."""
    viewer, on = file_keeper(), today()
    narrowed = filters.read(request.args, viewer, on)
    name = listing.list_name(narrowed)
    form = TakeOutForm() if request.method == "POST" else TakeOutForm(formdata=None, once=str(uuid.uuid4()))
    form.offer(downloads.earlier(viewer, name), layouts.of_office(viewer))
    if request.method == "GET":
        return _page(viewer, form, narrowed)
    if not form.validate():
        return _page(viewer, form, narrowed), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        taken = service.take_out(viewer, narrowed, form.wanted(), on)
    except listing.TooManyRowsError:
        return _page(viewer, form, narrowed), HTTPStatus.UNPROCESSABLE_ENTITY
    except downloads.TooManyTodayError as error:
        return _page(viewer, form, narrowed, too_much=refused_today(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    about = _about(viewer, narrowed)
    return made_later(lambda: service.document(taken, about), f"children-{on.isoformat()}")


def made_later(make: Callable[[], bytes], name: str) -> Response:
    """Answer with a spreadsheet that is made after what was recorded is committed: no writer waits meanwhile.

    `make` only reads. `name`: of the file, which says nothing about anybody.
    """

    def body() -> Iterator[bytes]:
        set_writing(writing=False)
        yield make()

    answer = xlsx_answer(b"", name)
    del answer.headers["Content-Length"]
    answer.response = stream_with_context(body())
    return answer


def refused_today(error: downloads.TooManyTodayError) -> str:
    """Say that a list is more than the person may still take out today; the refusal is recorded."""
    g.refused = "limit"
    words = ngettext(
        "You can take out %(num)s more row today.", "You can take out %(num)s more rows today.", error.left
    )
    return str(words)


def _page(viewer: Viewer, form: TakeOutForm, narrowed: Filters, *, too_much: str | None = None) -> str:
    most = in_force(today()).downloads.most_rows
    number = len(taking.members(viewer, narrowed, today(), most))
    return render_template(
        "ledgers/out/take_out.html",
        form=form,
        filters=narrowed,
        narrowed=_narrowed(viewer, narrowed),
        number=number,
        most=most,
        too_much=too_much,
        most_a_day=in_force(today()).downloads.most_rows_a_day,
        too_many=number > most,
        kept_back=taking.protected_members(viewer, narrowed, today()),
    )


def _narrowed(viewer: Viewer, narrowed: Filters) -> Said:
    """Return what the list is narrowed to, in words: label and choice."""
    offered = filters.offered(narrowed, viewer, today())
    return [(str(label), dict(choices).get(chosen, "")) for label, _name, choices, chosen in offered if chosen]


def _about(viewer: Viewer, narrowed: Filters) -> list[str]:
    """Return the sentences that say what the file is. They travel with it, so they name nobody."""
    lines = [
        _("Children on file in %(area)s", area=full_name(narrowed.area or viewer.area_code, language())),
        *(_("%(label)s: %(value)s", label=label, value=value) for label, value in _narrowed(viewer, narrowed)),
        _("Taken out of the register on %(moment)s", moment=moment(now())),
        _("Holds personal data of children. Keep it locked, pass it on to nobody, and delete it after use."),
    ]
    if current_app.extensions["settings"].sample_data:
        lines.insert(0, _("Sample data: people and numbers are invented"))
    return lines
