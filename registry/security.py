"""What every answer carries and every form needs: headers, cookies, the form token."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, ServiceUnavailable

from registry.extensions import csrf
from registry.vault.errors import SealedFieldRefusedError
from registry.web import uploads
from registry.web.errors import error_page

if TYPE_CHECKING:
    from flask import Response

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
TLS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}  # a year, counted anew with every answer
LARGEST_FORM = 1024 * 1024


class Application(Flask):
    """A Flask application whose log never quotes an exception's message, which may hold what a family said."""

    def log_exception(self, exc_info: Any) -> None:  # noqa: ANN401 -- as Flask declares it
        """Log where it went wrong and the kind of error."""
        kind, _, frames = exc_info
        where = "".join(traceback.format_tb(frames))
        self.logger.error("%s\n%s", kind.__name__ if kind else "error", where)


def init_app(app: Flask) -> None:
    """Set cookies and limits; add the headers to every answer; turn what may go wrong into its page."""
    settings = app.extensions["settings"]
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.hosts) or None,
        # With the prefix a browser takes the cookie from this host only, over TLS only
        SESSION_COOKIE_NAME="__Host-registry" if settings.https else "registry",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session, which ends by itself
        WTF_CSRF_SSL_STRICT=settings.https,
    )
    uploads.init_app(app)
    csrf.init_app(app)
    app.after_request(_add_headers)
    app.register_error_handler(CSRFError, _token_refused)
    app.register_error_handler(SealedFieldRefusedError, _field_refused)
    app.register_error_handler(OperationalError, _database_busy)


def _token_refused(error: HTTPException) -> tuple[str, int]:  # noqa: ARG001
    if g.get("viewer"):  # of strangers' guesses nothing is kept for ever
        g.refused = "token"
    return error_page(BadRequest())


def _field_refused(error: SealedFieldRefusedError) -> tuple[str, int]:  # noqa: ARG001
    g.refused = "permission"
    return error_page(Forbidden())


def _database_busy(error: OperationalError) -> tuple[str, int]:
    """The database does not answer, or another writer held it for too long."""
    current_app.logger.error("database: %s", type(error.orig).__name__)
    return error_page(ServiceUnavailable())


def _add_headers(response: Response) -> Response:
    settings = current_app.extensions["settings"]
    for name, value in (HEADERS | (TLS_ONLY if settings.https else {})).items():
        response.headers.setdefault(name, value)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"  # a shared computer keeps no page
    return response
