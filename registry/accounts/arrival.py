"""Who sends this request: found before anything else is asked, on public pages too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, g, redirect, request, session, url_for
from flask_login import current_user, logout_user

from registry.access import Permission, permission_of
from registry.accounts import sessions
from registry.database import db, reading
from registry.extensions import login_manager

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response as BaseResponse

    from registry.accounts.sessions import SignedIn

ENDED = "session_ended"  # in the cookie: why the last session ended, told on the sign-in page
WITHOUT_NEW_PASSWORD = frozenset({"accounts.password", "accounts.sign_out"})


def signed_in() -> SignedIn | None:
    """Return who is signed in, or None; without a session nothing is asked of the database."""
    return current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001


def _load(token: str) -> SignedIn | None:
    """Answer Flask-Login: who has this token. Why it no longer counts is kept for `_arrive`."""
    arrival = sessions.find(token)
    g.session_ended = arrival.ended
    return arrival.signed_in


def _arrive() -> BaseResponse | None:
    """Set `g.viewer`; where the password must be changed first, lead there."""
    g.viewer = None
    if _is_file(request.endpoint):
        return None
    who = signed_in()
    if who is None:
        _forget_ended_session()
        return None
    with reading():
        g.viewer = sessions.viewer_of(who.user)
    db.session.rollback()  # the request's own transaction begins with its own first statement
    return _to_new_password() if who.user.must_change_password else None


def _forget_ended_session() -> None:
    """Keep why it ended, and the form token: a page sent too late is led to sign in, not refused."""
    if session.get("_user_id") is None:
        return
    logout_user()
    if why := g.get("session_ended"):
        session[ENDED] = why


def _to_new_password() -> BaseResponse | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in WITHOUT_NEW_PASSWORD:
        return None
    if permission_of(current_app, endpoint) is Permission.PUBLIC:
        return None
    return redirect(url_for("accounts.password"))


def _is_file(endpoint: str | None) -> bool:
    return endpoint is not None and (endpoint == "static" or endpoint.endswith(".static"))


def init_app(app: Flask) -> None:
    """Have Flask-Login keep the token in the cookie, and ask who it is before every request."""
    login_manager.init_app(app, add_context_processor=False)
    login_manager.session_protection = None  # a phone's address changes on its way
    login_manager.user_loader(_load)
    app.before_request(_arrive)
