"""Languages: which one a page is in, and the switch between them."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, redirect, request, session
from flask_babel import force_locale

from registry.access import Permission, allows
from registry.extensions import babel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.wrappers import Response as BaseResponse

LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
TAGS = {"zh": "zh-CN", "en": "en"}
TRANSLATIONS = Path(__file__).parent.parent / "translations"

blueprint = Blueprint("i18n", __name__)


def language() -> str:
    """Return the language of the page: "zh" or "en". Chinese unless somebody chose."""
    tongue: str | None = g.get("spoken") or g.get("language")
    if tongue is None:
        tongue = g.language = _language()
    return tongue


def _language() -> str:
    """What the browser chose, else what the account prefers; asked hundreds of times a page, so kept for it."""
    chosen = session.get("language") if request else None
    if chosen is None and (viewer := g.get("viewer")):
        chosen = viewer.language
    return chosen if chosen in LOCALES else "zh"


def forget() -> None:
    """Find the language anew when it is next asked for: who looks, or what was chosen, has changed."""
    g.pop("language", None)


@contextmanager
def spoken(tongue: str) -> Iterator[None]:
    """Let everything inside be said in "zh" or "en", whatever the language of the page: a paper says both."""
    before = g.get("spoken")
    g.spoken = tongue
    try:
        with force_locale(LOCALES[tongue]):
            yield
    finally:
        g.spoken = before


def choose(chosen: str) -> None:
    """Keep a language for this browser; anything but the two is ignored."""
    if chosen in LOCALES:
        session["language"] = chosen
        forget()


@blueprint.post("/language")
@allows(Permission.PUBLIC)
def switch() -> BaseResponse:
    """Change the language and show the same page again."""
    choose(request.form.get("language", ""))
    return redirect(local_path(request.form.get("next", "")))


def local_path(path: str) -> str:
    """Return a path of this site, or the first page where it is another's address.

    Browsers skip tabs and line ends inside an address and read a backslash as a slash: none may stand in it.
    """
    plain = all(sign > " " and sign != "\\" for sign in path)
    return path if plain and path.startswith("/") and not path.startswith("//") else "/"


def _locale() -> str:
    return LOCALES[language()]


def _template_values() -> dict[str, Any]:
    return {"language": language(), "language_tag": TAGS[language()]}


def init_app(app: Flask) -> None:
    """Set up both languages from `translations/`."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    babel.init_app(app, locale_selector=_locale)
    app.register_blueprint(blueprint)
    app.context_processor(_template_values)
