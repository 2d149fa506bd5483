"""The auditor's page: who saw or changed what, when. Reading it is itself written down."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, render_template, request

from registry.access import Permission, allows, current_viewer
from registry.audit import queries, service
from registry.audit.forms import FilterForm
from registry.audit.words import KEYS, KINDS, codes_in_words
from registry.web.filters import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markupsafe import Markup

    from registry.audit.models import AuditEvent
    from registry.audit.queries import Events

blueprint = Blueprint("audit", __name__, url_prefix="/audit", template_folder="templates")
SHORT = 8  # the last signs of a UUIDv7 are its random ones


@blueprint.get("/events")
@allows(Permission.AUDIT_READ)
def events() -> str | tuple[str, int]:
    """Events of the own area, newest first, 50 at a time."""
    viewer, form = current_viewer(), FilterForm(request.args)
    if not form.validate():
        return render_template(
            "audit/events.html", form=form, page=None, kinds=KINDS, used={}
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    wanted = form.wanted()
    page = queries.events(viewer, wanted, form.before.data)
    used = form.used()
    about = [wanted.child] if wanted.child else []
    service.note("audit_read", viewer=viewer, children=about, filter="+".join(used) or "none")
    words = {"kinds": KINDS, "details": lambda event: list(_details(event, page))}
    return render_template("audit/events.html", form=form, page=page, used=used, short=_short, **words)


def _details(event: AuditEvent, page: Events) -> Iterator[tuple[str, str | Markup]]:
    """Yield the details of an event in words: label and value."""
    for key in sorted(event.details):
        value = event.details[key]
        if value is None or value == []:
            continue
        yield str(KEYS[key]), _value(key, event, page)


def _value(key: str, event: AuditEvent, page: Events) -> str | Markup:
    value = str(event.details[key])
    if key in queries.ACCOUNTS:
        return page.usernames.get(UUID(value)) or _short(value)
    if key == "area":
        return page.places.get(value, value)
    return _short(value) if _is_id(value) else joined(codes_in_words(key, event.details))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _short(value: object) -> str:
    """Return an id as people compare it: its last eight signs."""
    return str(value)[-SHORT:]
