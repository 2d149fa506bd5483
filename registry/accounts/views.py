"""Pages of accounts: sign-in and out, one's own password, the first page, the administrator's accounts."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from registry.access import Permission, allows, current_viewer
from registry.accounts import arrival, queries, service
from registry.accounts.forms import REFUSED, PasswordForm, SignInForm
from registry.accounts.navigation import home_of
from registry.accounts.passwords import PasswordRefusedError
from registry.accounts.service import WrongPasswordError
from registry.i18n import local_path
from registry.web.filters import moment

if TYPE_CHECKING:
    from uuid import UUID

    from werkzeug.wrappers import Response as BaseResponse

    from registry.accounts.sessions import SignedIn

blueprint = Blueprint("accounts", __name__, template_folder="templates")
Page = tuple[str, int]
KEPT_AT_SIGN_IN = ("language",)
LAST_PAGE = 1_000_000  # no more is asked of the database, whatever the address says


@blueprint.get("/")
@allows(Permission.SIGNED_IN)
def home() -> BaseResponse:
    """The first page of one's role."""
    return redirect(url_for(home_of(current_viewer().role)))


@blueprint.get("/sign-in")
@allows(Permission.PUBLIC)
def sign_in() -> str | BaseResponse:
    """Ask for user name and password; say why the last session ended."""
    if g.viewer is not None:
        return redirect(url_for(".home"))
    if "next" in request.args and not _can_be_shown(request.args["next"]):
        return redirect(url_for(".sign_in", next=_page_before()))
    return _sign_in_page(SignInForm())


@blueprint.post("/sign-in")
@allows(Permission.PUBLIC)
def begin_session() -> Page | BaseResponse:
    """Sign in and go to the page that was asked for."""
    form = SignInForm()
    if form.validate_on_submit():
        try:
            signed_in = service.sign_in(str(form.username.data), form.password.data)
        except WrongPasswordError as error:
            form.password.errors = [_why_not(error, _("The user name or the password is not right"))]
        else:
            if before := arrival.signed_in():
                service.sign_out(current_viewer(), before)
            _enter(signed_in)
            wanted = request.args.get("next", "/")
            return redirect(wanted if _can_be_shown(wanted) else url_for(".home"))
    return _sign_in_page(form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.post("/sign-out")
@allows(Permission.SIGNED_IN)
def sign_out() -> BaseResponse:
    """End this session."""
    service.sign_out(current_viewer(), _who())
    del session[arrival.HELD]
    session[arrival.ENDED] = "own"
    return redirect(url_for(".sign_in"))


@blueprint.route("/password", methods=["GET", "POST"])
@allows(Permission.SIGNED_IN)
def password() -> str | Page | BaseResponse:
    """Change one's own password."""
    form, who = PasswordForm(), _who()
    if request.method == "POST" and form.validate_on_submit():
        try:
            signed_in = service.change_password(current_viewer(), who, form.current.data, form.new.data)
        except WrongPasswordError as error:
            form.current.errors = [_why_not(error, _("This is not your present password"))]
        except PasswordRefusedError as error:
            form.new.errors = [str(REFUSED[error.why])]
        else:
            _enter(signed_in)
            return redirect(url_for(".password_changed"))
    page = render_template("accounts/password.html", form=form, forced=who.user.must_change_password)
    return (page, HTTPStatus.UNPROCESSABLE_ENTITY) if form.errors else page


@blueprint.get("/password/changed")
@allows(Permission.SIGNED_IN)
def password_changed() -> str:
    """Say that the new password holds."""
    return render_template("accounts/password_changed.html")


@blueprint.get("/accounts")
@allows(Permission.ACCOUNT_MANAGE)
def users() -> str:
    """Accounts of the own area: those in use, or the closed ones."""
    closed = "closed" in request.args
    number = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    rows, more = queries.accounts_of(current_viewer(), number, closed=closed)
    return render_template("accounts/users.html", rows=rows, page=number, more=more, closed=closed)


@blueprint.post("/accounts/<uuid:user_id>/reset-password")
@allows(Permission.ACCOUNT_MANAGE)
def reset_password(user_id: UUID) -> str:
    """Make a temporary password and show it once: no redirect, as no address and no cookie may hold it."""
    user, temporary = service.reset_password(current_viewer(), user_id)
    return render_template("accounts/temporary_password.html", user=user, temporary=temporary)


@blueprint.post("/accounts/<uuid:user_id>/end-sessions")
@allows(Permission.ACCOUNT_MANAGE)
def end_sessions(user_id: UUID) -> BaseResponse:
    """End every session of an account."""
    service.end_sessions(current_viewer(), user_id)
    return _back_to_list(_("The sessions of the account have ended."))


@blueprint.post("/accounts/<uuid:user_id>/unlock")
@allows(Permission.ACCOUNT_MANAGE)
def unlock(user_id: UUID) -> BaseResponse:
    """Let a locked account sign in again."""
    service.unlock(current_viewer(), user_id)
    return _back_to_list(_("The account is unlocked."))


def _sign_in_page(form: SignInForm) -> str:
    settings = current_app.extensions["settings"]
    return render_template("accounts/sign_in.html", form=form, ended=session.get(arrival.ENDED), settings=settings)


def _back_to_list(done: str) -> BaseResponse:
    flash(done)
    return redirect(url_for(".users", page=request.args.get("page", type=int)))


def _who() -> SignedIn:
    who = arrival.signed_in()
    if who is None:
        abort(403)
    return who


def _enter(signed_in: SignedIn) -> None:
    """Begin with an empty cookie: nothing from before the sign-in, the form token included, stays valid."""
    kept = {key: session[key] for key in KEPT_AT_SIGN_IN if key in session}
    session.clear()
    session.update(kept)
    session[arrival.HELD] = signed_in.token


def _why_not(error: WrongPasswordError, wrong: str) -> str:
    if error.locked_until is None:
        return wrong
    return str(_("Too many attempts. Try again after %(time)s.", time=moment(error.locked_until)))


def _can_be_shown(path: str) -> bool:
    """Say whether a path is a page of ours that can be fetched; the sign-in page itself is not meant."""
    if local_path(path) != path:  # the router would read past a second slash
        return False
    router = current_app.create_url_adapter(request)
    try:
        endpoint, _values = router.match(path, method="GET") if router else ("", {})
    except HTTPException:  # no such page, or only to be sent to
        return False
    return endpoint not in ("", "accounts.sign_in")


def _page_before() -> str | None:
    """The page whose form was sent too late, where what it was sent to cannot be shown."""
    before = urlsplit(request.referrer or "")
    ours = before.netloc == request.host and _can_be_shown(before.path)
    return before.path if ours else None
