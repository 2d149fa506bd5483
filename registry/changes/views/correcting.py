"""Pages that put single facts right at once: what may be corrected, and one fact with why."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import render_template, request
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer, outside_scope
from registry.changes import facts, queries, service
from registry.changes.forms.facts import FORMS, AddressForm, ArrivedForm
from registry.changes.shown import fields_of
from registry.changes.views.blueprint import blueprint, is_faulty, is_sent, opened, to_file
from registry.changes.wording import Words, field_in_words
from registry.children.correcting import Why, identity_of
from registry.children.facts import birth_of
from registry.clock import today
from registry.web.conflicts import Change, settle

if TYPE_CHECKING:
    from uuid import UUID

    from markupsafe import Markup

    from registry.changes.facts import Fact
    from registry.changes.forms.facts import FactForm
    from registry.changes.views.blueprint import Answer
    from registry.children.models import Child
    from registry.vault.codecs import JsonValue
    from sop.identity import BirthDate


@blueprint.get("/<uuid:child_id>/correct")
@allows(Permission.FILE_CHANGE)
def correct(child_id: UUID) -> str:
    """Show what a file says, each fact with the way to put it right."""
    viewer, child = current_viewer(), opened(child_id, "correction")
    identity, waiting = identity_of(child, viewer), queries.open_of(child.id)
    words = Words()
    keys = [*((key, None) for key in (*facts.OF_CHILD, *facts.OF_HOUSEHOLD)), *_of_guardians(child)]
    found = [(each, who) for key, who in keys if (each := facts.fact_of(viewer, child, key, who))]
    values = [facts.in_history(each, each.value) for each, _who in found]
    words.look_up(values)
    return render_template(
        "changes/correct.html",
        child=child,
        identity=[(field_in_words(name), words.value(name, told)) for name, told in identity.told().items()],
        missing=service.missing(identity),
        waiting=waiting,
        waiting_fields=fields_of(waiting, viewer) if waiting else [],
        rows=[
            (field_in_words(each.key), words.value(each.key, value), each.key, who)
            for (each, who), value in zip(found, values, strict=True)
        ],
    )


@blueprint.route("/<uuid:child_id>/correct/<string:field>", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def fact(child_id: UUID, field: str) -> Answer:
    """Put one fact of a child or its household right."""
    return _fact_page(child_id, field, None)


@blueprint.route("/<uuid:child_id>/guardian/<uuid:guardian_id>/<string:field>", methods=["GET", "POST"])
@allows(Permission.FILE_CHANGE)
def guardian(child_id: UUID, guardian_id: UUID, field: str) -> Answer:
    """Put the name or the phone of one of a child's guardians right."""
    return _fact_page(child_id, field, guardian_id)


def _fact_page(child_id: UUID, key: str, guardian_id: UUID | None) -> Answer:
    viewer, child = current_viewer(), opened(child_id, "correction")
    found = facts.fact_of(viewer, child, key, guardian_id, hold=request.method == "POST")
    if found is None:
        outside_scope()
    form = _form(found, birth_of(child, viewer))
    if not is_sent(form):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_faulty(form) else HTTPStatus.OK
        return _page(child, found, form, seen=_seen(found)), status
    after = facts.as_kept(found, form.told())
    settled = settle(request.form, [_change(found, after)])
    if settled.met:
        return _page(child, found, form, seen=settled.seen[key], met=settled.met), HTTPStatus.CONFLICT
    for _each in settled.write:
        facts.write(viewer, child, found, after, Why(form.reason.data, form.note.data), today())
    return to_file(child.id, _("Corrected. The history keeps what stood there before.") if settled.write else None)


def _form(found: Fact, born: BirthDate) -> FactForm:
    kind = FORMS[found.key]
    form = kind() if request.method == "POST" else kind.opened(found.value)
    if isinstance(form, AddressForm):
        form.offer(found.row.area_code)
    if isinstance(form, ArrivedForm):
        form.born = born
    return form


def _change(found: Fact, after: JsonValue) -> Change:
    words, values = Words(), [facts.in_history(found, found.value), facts.in_history(found, after)]
    words.look_up(values)

    def shown(value: JsonValue) -> str | Markup:
        return words.value(found.key, facts.in_history(found, value))

    return Change(found.key, field_in_words(found.key), found.version, found.value, after, shown)


def _seen(found: Fact) -> int:
    """Return the version that the page was opened with, which a page that comes back keeps."""
    sent = request.form.get(f"seen-{found.key}", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else found.version  # noqa: PLR2004 -- digits of a version


def _page(child: Child, found: Fact, form: FactForm, **values: Any) -> str:  # noqa: ANN401
    words, told = Words(), facts.in_history(found, found.value)
    words.look_up([told])
    return render_template(
        "changes/fact.html",
        child=child,
        fact=found,
        form=form,
        title=field_in_words(found.key),
        now=words.value(found.key, told),
        **values,
    )


def _of_guardians(child: Child) -> list[tuple[str, UUID | None]]:
    return [(key, one.guardian_id) for one in child.guardianships for key in facts.OF_GUARDIAN]
