"""Pages of the handbook. Whoever is signed in may read it: it holds rules and nothing about anybody."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, abort, current_app, render_template, request

from registry.access import Permission, allows
from registry.clock import today
from registry.handbook.pdf import handbook_paper
from registry.handbook.queries import chapters_of
from registry.i18n import LOCALES, language
from registry.paper.answer import pdf_answer
from sop.handbook.finding import find
from sop.version import in_force, local_changes

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("handbook", __name__, url_prefix="/handbook", template_folder="templates")
MADE: Final = "handbook_papers"
LONGEST_SEARCH: Final = 60  # characters


@blueprint.get("/")
@allows(Permission.SIGNED_IN)
def contents() -> str:
    """Show what is in the handbook, and where the words stand that somebody looks for."""
    typed = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    chapters = chapters_of(language(), today())
    sop = in_force(today())
    return render_template(
        "handbook/contents.html",
        sop=sop,
        chapters=chapters,
        typed=typed,
        found=list(find(chapters, typed)),
        changes=local_changes(sop.version),
    )


@blueprint.get("/<string:name>")
@allows(Permission.SIGNED_IN)
def chapter(name: str) -> str:
    """Show a chapter by its key."""
    chapters = chapters_of(language(), today())
    keys = [each.key for each in chapters]
    if name not in keys:
        abort(HTTPStatus.NOT_FOUND)
    place = keys.index(name)
    return render_template(
        "handbook/chapter.html",
        sop=in_force(today()),
        chapters=chapters,
        chapter=chapters[place],
        changes=local_changes(in_force(today()).version),
        before=chapters[place - 1] if place else None,
        after=chapters[place + 1] if place + 1 < len(chapters) else None,
    )


@blueprint.get("/print/<string:name>.pdf", endpoint="print_")
@allows(Permission.SIGNED_IN)
def print_(name: str) -> Response:
    """Answer with the whole handbook as PDF. `name`: its language, zh or en."""
    if name not in LOCALES:
        abort(HTTPStatus.NOT_FOUND)
    return pdf_answer(_paper(name), f"handbook-{name}")


def _paper(tongue: str) -> bytes:
    """Return the PDF in a language; a process makes each once a day."""
    on = today()
    made = current_app.extensions.setdefault(MADE, {})
    if (tongue, on) not in made:
        for stale in [key for key in made if key[1] != on]:
            made.pop(stale, None)  # another thread may have been quicker
        sample = bool(current_app.extensions["settings"].sample_data)
        made[tongue, on] = handbook_paper(in_force(on), chapters_of(tongue, on), tongue, on, sample=sample)
    return bytes(made[tongue, on])
