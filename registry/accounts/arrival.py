"""Who sends this request: found before anything else is asked, on public pages too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, g, redirect, request, session, url_for

from registry.access import FILES, Permission, permission_of
from registry.accounts import sessions
from registry.database import db, reading
from registry.i18n import forget

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response as BaseResponse

    from registry.access import Viewer
    from registry.accounts.models import Deputy, User
    from registry.accounts.sessions import SignedIn

HELD = "session"  # in the cookie: the token of the session that this browser holds
ENDED = "session_ended"  # in the cookie: why the last session ended, told on the sign-in page
WITHOUT_NEW_PASSWORD = frozenset({"accounts.password", "accounts.sign_out"})


def signed_in() -> SignedIn | None:
    """Return who is signed in, or None; without a session nothing is asked of the database."""
    who: SignedIn | None = g.get("signed_in")
    return who


def _arrive() -> BaseResponse | None:
    """Set `g.viewer`; where the password must be changed first, lead there.

    Whose session only idleness ended is `g.idle_viewer`: nobody is signed in, but a typed page need not be lost.
    """
    g.viewer = g.signed_in = None
    if _is_file(request.endpoint) or HELD not in session:
        return None
    arrival = sessions.find(session[HELD])
    if arrival.signed_in is None:
        _forget_session(arrival.ended)
        if arrival.idle is not None:
            g.idle_viewer = _viewer(arrival.idle)
        return None
    g.signed_in = arrival.signed_in
    user = arrival.signed_in.user
    g.viewer = _viewer(user, arrival.signed_in.acting)
    forget()  # the account may prefer another language
    return _to_new_password() if user.must_change_password else None


def _viewer(user: User, acting: Deputy | None = None) -> Viewer:
    with reading():
        viewer = sessions.viewer_of(user, acting)
    db.session.rollback()  # the request's own transaction begins with its own first statement
    return viewer


def _forget_session(why: str | None) -> None:
    """Keep why it ended, and the form token: a page sent too late is led to sign in, not refused."""
    del session[HELD]
    if why:
        session[ENDED] = why


def _to_new_password() -> BaseResponse | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in WITHOUT_NEW_PASSWORD:
        return None
    if permission_of(current_app, endpoint) is Permission.PUBLIC:
        return None
    return redirect(url_for("accounts.password"))


def _is_file(endpoint: str | None) -> bool:
    return endpoint == FILES


def init_app(app: Flask) -> None:
    """Ask who it is before every request."""
    app.before_request(_arrive)
