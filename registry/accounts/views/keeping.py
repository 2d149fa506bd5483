"""The administrator's pages of accounts: the list, one account, making and changing it, leaving and coming back."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from registry.access import Permission, Role, Viewer, allows, current_viewer
from registry.accounts import deputies, held, keeping, queries, service, words
from registry.accounts.forms import AccountForm, LeaveForm, not_so
from registry.accounts.keeping import AccountRefusedError
from registry.accounts.queries import AccountFilter
from registry.accounts.views.blueprint import blueprint
from registry.areas import queries as areas
from registry.clock import today
from registry.i18n import language
from sop.version import in_force

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from registry.accounts.models import User

Page = tuple[str, int]


@blueprint.get("/accounts")
@allows(Permission.ACCOUNT_MANAGE)
def users() -> str:
    """Accounts of the own area: those in use or the closed ones, of an office, of a role."""
    viewer, after = current_viewer(), request.args.get("after", type=UUID)
    role = request.args.get("role")
    wanted = AccountFilter(
        office=request.args.get("office", type=UUID),
        role=role if role in set(Role) else None,
        closed="closed" in request.args,
    )
    narrowed = {name: value for name, value in vars(wanted).items() if value}
    return render_template(
        "accounts/users.html",
        page=queries.accounts_of(viewer, wanted, after),
        first=after is None,
        wanted=wanted,
        narrowed=narrowed | ({"closed": 1} if wanted.closed else {}),
        offices=_offices_of_filter(viewer),
        roles=words.choices(),
    )


@blueprint.route("/accounts/new", methods=["GET", "POST"])
@allows(Permission.ACCOUNT_MANAGE)
def make() -> str | Page:
    """Make an account and show its temporary password once: no redirect, as no address and no cookie may hold it."""
    password = keeping.draw_password() if request.method == "POST" else None
    viewer, form = current_viewer(), _form_for(current_viewer())
    del form.version
    if password and form.validate_on_submit():
        try:
            user = keeping.make_account(viewer, str(form.username.data), form.particulars(), password)
        except AccountRefusedError as error:
            not_so(form, error.why, error.field)
        else:
            return _shown_once(user, password.plain)
    page = render_template("accounts/edit.html", form=form, user=None, now=None)
    return (page, HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else page


@blueprint.get("/accounts/<uuid:user_id>")
@allows(Permission.ACCOUNT_MANAGE)
def account(user_id: UUID) -> str:
    """One account: whose it is, how it stands, who acts for it, and what may be done."""
    row = queries.account_row(current_viewer(), user_id)
    return render_template("accounts/account.html", row=row, user=row.user, deputies=deputies.of_account(user_id))


@blueprint.route("/accounts/<uuid:user_id>/change", methods=["GET", "POST"])
@allows(Permission.ACCOUNT_MANAGE)
def change(user_id: UUID) -> str | Page | BaseResponse:
    """Change name, role, office or language of an account in use."""
    viewer = current_viewer()
    user = queries.account_of(viewer, user_id)
    form, now = _form_for(viewer, user), None
    del form.username
    if form.validate_on_submit():
        try:
            keeping.change_account(viewer, user_id, _version(form), form.particulars())
        except AccountRefusedError as error:
            not_so(form, error.why, error.field)
            now = user if error.why == "stale" else None
            form.version.data = str(user.version)
        else:
            return _back(user_id, _("The account is changed."))
    page = render_template("accounts/edit.html", form=form, user=user, now=now)
    return (page, HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else page


@blueprint.route("/accounts/<uuid:user_id>/leave", methods=["GET", "POST"])
@allows(Permission.ACCOUNT_MANAGE)
def leave(user_id: UUID) -> str | Page | BaseResponse:
    """Close the account of somebody who leaves, after showing what that person holds: counts, never a child."""
    viewer = current_viewer()
    user = queries.account_of(viewer, user_id)
    form = LeaveForm(data={"version": str(user.version)})
    if not user.active:
        return redirect(url_for(".account", user_id=user_id))
    if form.validate_on_submit():
        try:
            keeping.leave(viewer, user_id, _version(form), discard=form.drafts.data == "discard")
        except AccountRefusedError as error:
            not_so(form, error.why, "drafts")
            form.version.data = str(user.version)
        else:
            return _back(user_id, _("The account is closed."))
    days = in_force(today()).intake.draft_days
    page = render_template("accounts/leave.html", form=form, user=user, held=held.counts(user_id), days=days)
    return (page, HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else page


@blueprint.post("/accounts/<uuid:user_id>/come-back")
@allows(Permission.ACCOUNT_MANAGE)
def come_back(user_id: UUID) -> str | BaseResponse:
    """Open a closed account again, with a temporary password that is shown once."""
    password, viewer = keeping.draw_password(), current_viewer()
    if queries.account_of(viewer, user_id).active:  # sent twice: the password of the first time holds
        return redirect(url_for(".account", user_id=user_id))
    try:
        user = keeping.come_back(viewer, user_id, password)
    except AccountRefusedError:
        return _back(user_id, _("The office of this account is closed or has another kind: make a new account."))
    return _shown_once(user, password.plain)


@blueprint.post("/accounts/<uuid:user_id>/reset-password")
@allows(Permission.ACCOUNT_MANAGE)
def reset_password(user_id: UUID) -> str:
    """Make a temporary password and show it once: no redirect, as no address and no cookie may hold it."""
    user, temporary = service.reset_password(current_viewer(), user_id)
    return _shown_once(user, temporary)


@blueprint.post("/accounts/<uuid:user_id>/end-sessions")
@allows(Permission.ACCOUNT_MANAGE)
def end_sessions(user_id: UUID) -> BaseResponse:
    """End every session of an account."""
    service.end_sessions(current_viewer(), user_id)
    return _back(user_id, _("The sessions of the account have ended."))


@blueprint.post("/accounts/<uuid:user_id>/unlock")
@allows(Permission.ACCOUNT_MANAGE)
def unlock(user_id: UUID) -> BaseResponse:
    """Let a locked account sign in again."""
    service.unlock(current_viewer(), user_id)
    return _back(user_id, _("The account is unlocked."))


def _shown_once(user: User, temporary: str) -> str:
    return render_template("accounts/temporary_password.html", user=user, temporary=temporary)


def _back(user_id: UUID, done: str) -> BaseResponse:
    flash(done)
    return redirect(url_for(".account", user_id=user_id))


def _form_for(viewer: Viewer, user: User | None = None) -> AccountForm:
    known = {}
    if user is not None:
        known = {"name": user.name.open(viewer), "role": user.role, "office": str(user.office_id)}
        known |= {"language": user.language, "version": str(user.version)}
    form = AccountForm(data=known)
    form.offer(areas.open_offices(viewer.prefixes))
    return form


def _version(form: AccountForm | LeaveForm) -> int:
    sent = str(form.version.data or "")
    return int(sent) if sent.isdecimal() else 0


def _offices_of_filter(viewer: Viewer) -> list[tuple[str, str]]:
    found = areas.office_names(queries.offices_with_accounts(viewer), language())
    return sorted(((str(office_id), name) for office_id, name in found.items()), key=lambda pair: pair[1])
