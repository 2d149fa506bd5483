"""Pages of signing in and out, one's own password, and the first page."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import abort, current_app, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from registry.access import Permission, allows, current_viewer
from registry.accounts import arrival, service
from registry.accounts.forms import REFUSED, PasswordForm, SignInForm
from registry.accounts.navigation import home_of
from registry.accounts.passwords import PasswordRefusedError
from registry.accounts.service import WrongPasswordError
from registry.accounts.views.blueprint import blueprint
from registry.i18n import local_path
from registry.web.filters import moment

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from registry.accounts.sessions import SignedIn

Page = tuple[str, int]
KEPT_AT_SIGN_IN = ("language",)


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
    service.sign_out(current_viewer(), signed_in_here())
    del session[arrival.HELD]
    session[arrival.ENDED] = "own"
    return redirect(url_for(".sign_in"))


@blueprint.route("/password", methods=["GET", "POST"])
@allows(Permission.SIGNED_IN)
def password() -> str | Page | BaseResponse:
    """Change one's own password."""
    form, who = PasswordForm(), signed_in_here()
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


def _sign_in_page(form: SignInForm) -> str:
    settings = current_app.extensions["settings"]
    return render_template("accounts/sign_in.html", form=form, ended=session.get(arrival.ENDED), settings=settings)


def signed_in_here() -> SignedIn:
    """Return who is signed in: behind the guard there is always somebody."""
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
