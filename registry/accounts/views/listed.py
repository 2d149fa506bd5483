"""Many accounts from a list: pasted or as a file, looked at row by row, then made; passwords shown once."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import render_template, request
from flask_babel import lazy_gettext as _l

from registry.access import Permission, allows, current_viewer
from registry.accounts import bulk, keeping
from registry.accounts.bulk import UnreadableListError
from registry.accounts.forms import ListForm
from registry.accounts.views.blueprint import blueprint
from registry.clock import today
from registry.i18n import language

if TYPE_CHECKING:
    from registry.accounts.bulk import Row

Page = tuple[str, int]
UNREADABLE = {
    "text": _l("This file holds no text that can be read: save it as CSV or as plain text"),
    "workbook": _l("This is a workbook: save it as CSV, or copy its rows and paste them"),
    "many": _l("Send at most 100 rows at a time"),
    "empty": _l("Paste the list, or choose a file"),
}
FAULTS = {
    "columns": _l("needs four columns: name, user name, role, office"),
    "no_name": _l("the name is missing"),
    "name": _l("the name is longer than 40 characters"),
    "username": _l("the user name must begin with a letter and have 3 to 40 letters, digits, dots, hyphens"),
    "taken": _l("the user name is taken"),
    "twice": _l("the user name stands twice in the list"),
    "role": _l("there is no such role"),
    "office": _l("there is no such open office in your area"),
    "several": _l("several offices have this name: make this account on its own"),
    "fit": _l("the role does not fit an office of this kind"),
}


@blueprint.route("/accounts/list", methods=["GET", "POST"])
@allows(Permission.ACCOUNT_MANAGE)
def listed() -> str | Page:
    """Read a list, show what is wrong with each row, and make the right ones when asked to.

    Sent twice nobody is made twice: the second time every user name is taken.
    """
    form = ListForm()
    if not form.validate_on_submit():
        return render_template("accounts/listed.html", form=form, rows=None, faults=FAULTS)
    try:
        text = _text(form)
        cells = bulk.split(text)
    except UnreadableListError as error:
        form.rows.errors = [str(UNREADABLE[error.why])]
        page = render_template("accounts/listed.html", form=form, rows=None, faults=FAULTS)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    form.rows.data = text
    if request.form.get("act") == "make":
        return _make(form, cells)
    rows = bulk.check(current_viewer(), cells, today())
    return _preview(form, rows)


def _make(form: ListForm, cells: list[tuple[str, ...]]) -> str | Page:
    drawn = [keeping.draw_password() for _row in cells]  # slow on purpose: before the transaction begins
    rows = bulk.check(current_viewer(), cells, today())
    made = bulk.make(current_viewer(), rows, drawn, language())
    if not made.accounts:
        return _preview(form, rows)
    form.rows.data = bulk.as_text(made.left)
    return render_template("accounts/listed_made.html", made=made, form=form, faults=FAULTS)


def _preview(form: ListForm, rows: list[Row]) -> Page:
    """Show what the rows mean; nothing is made, so the answer is not a success."""
    right = sum(not row.faults for row in rows)
    page = render_template("accounts/listed.html", form=form, rows=rows, faults=FAULTS, right=right)
    return page, HTTPStatus.OK if right == len(rows) else HTTPStatus.UNPROCESSABLE_ENTITY


def _text(form: ListForm) -> str:
    """Return what was sent: the file where one was chosen, else what was pasted."""
    sent = request.files.get(form.file.name)
    if sent is not None and sent.filename:
        return bulk.text_of(sent.read())
    return form.rows.data or ""
