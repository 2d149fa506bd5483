"""Pages of blocks: the way down to a community, its blocks in the order of walking, one to rename."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, allows, current_viewer
from registry.administration import queries, service
from registry.administration.forms import NOT_SO, BlockForm, not_so
from registry.administration.service import RefusedError
from registry.administration.views.blueprint import blueprint
from registry.areas.queries import COMMUNITY, blocks_of, children_of, full_name
from registry.i18n import language
from registry.web.conflicts import settle

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from werkzeug.wrappers import Response as BaseResponse

    from registry.areas.models import Block
    from registry.areas.queries import Place
    from registry.web.conflicts import Conflict

Page = tuple[str, int]
ROW = "block"


@blueprint.route("/blocks", defaults={"code": None}, methods=["GET"])
@blueprint.route("/blocks/<area:code>", methods=["GET", "POST"])
@allows(Permission.PLACE_MANAGE)
def blocks(code: str | None) -> str | Page | BaseResponse:
    """Lead to a community; there show its blocks and add one."""
    viewer, form = current_viewer(), BlockForm()
    place = queries.place_of(viewer, code)
    if place.level == COMMUNITY and form.validate_on_submit():
        try:
            service.add_block(viewer, place.code, str(form.name_zh.data), str(form.name_en.data))
        except RefusedError as error:
            not_so(form, error.why, error.field)
        else:
            flash(_("The block is added."))
            return redirect(url_for(".blocks", code=place.code))
    return _page(place, form)


@blueprint.route("/blocks/<uuid:block_id>/rename", methods=["GET", "POST"])
@allows(Permission.PLACE_MANAGE)
def rename_block(block_id: UUID) -> str | Page | BaseResponse:
    """Rename a block. What another administrator has changed meanwhile is shown beside what was typed."""
    viewer = current_viewer()
    block = queries.block_of(viewer, block_id, lock=request.method == "POST")
    known: dict[str, str | None] = {"name_zh": block.name_zh, "name_en": block.name_en}
    form = BlockForm(data=known)
    if form.validate_on_submit():
        settled = settle(request.form, form.changes(ROW, block.version, known))
        if settled.met:
            return _renaming(form, block, settled.met)[0], HTTPStatus.CONFLICT
        try:
            service.rename_block(viewer, block_id, **known | settled.wanted)
        except RefusedError as error:
            not_so(form, error.why, error.field)
        else:
            flash(_("The block is renamed."))
            return redirect(url_for(".blocks", code=block.area_code))
    return _renaming(form, block)


@blueprint.post("/blocks/<uuid:block_id>/change")
@allows(Permission.PLACE_MANAGE)
def change_block(block_id: UUID) -> BaseResponse:
    """Move a block in the order of walking, close or reopen it, or remove one that was never used."""
    try:
        sent = request.form
        code = service.change_block(current_viewer(), block_id, sent.get("act", ""), sent.get("version", 0, int))
    except RefusedError as error:
        flash(str(NOT_SO[error.why]), "warn")
        code = error.field
    return redirect(url_for(".blocks", code=code))


def _renaming(form: BlockForm, block: Block, met: Sequence[Conflict] = ()) -> Page:
    seen = request.form.get(f"seen-{ROW}", block.version)
    page = render_template("administration/block.html", form=form, block=block, seen=seen, met=met)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _page(place: Place, form: BlockForm) -> str | Page:
    community = place.level == COMMUNITY
    page = render_template(
        "administration/blocks.html",
        place=place,
        full=full_name(place.code, language()),
        way=queries.way_to(current_viewer(), place),
        below=[] if community else children_of(place.code),
        blocks=blocks_of(place.code, closed=True) if community else [],
        community=community,
        form=form,
    )
    return (page, HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else page
