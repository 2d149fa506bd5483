"""Pages for what went wrong: in the page's language, saying what to do next, never a traceback."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from flask import current_app, render_template
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException, InternalServerError

if TYPE_CHECKING:
    from flask import Flask
    from flask_babel import LazyString


class Explanation(NamedTuple):
    """What a page of error says: a heading, and what to do."""

    heading: LazyString
    advice: LazyString


PAGES: dict[int, Explanation] = {
    400: Explanation(
        _l("This page could not be sent"),
        _l("It may have been open for too long. Go back, load the page again and send it once more."),
    ),
    403: Explanation(
        _l("You cannot open this page"),
        _l("Your account is not meant for it. If you need it for your work, ask your administrator."),
    ),
    404: Explanation(
        _l("There is no such page"),
        _l("Check the address, or start again from the first page. It may also be outside your area."),
    ),
    405: Explanation(_l("This page cannot be opened like that"), _l("Start again from the first page.")),
    413: Explanation(_l("Too much was sent at once"), _l("Send less at a time, or a smaller file.")),
    500: Explanation(
        _l("Something went wrong here"),
        _l("It has been written down. What you had saved is kept. Try again in a few minutes."),
    ),
    503: Explanation(
        _l("The register is not available now"),
        _l("What you had saved is kept. Try again in a few minutes."),
    ),
}
LAST_RESORT = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>系统出错</title>'
    "<h1>系统出错</h1><p>已保存的内容不会丢失，请过几分钟再试。</p>"
    '<div lang="en"><h2>Something went wrong here</h2>'
    "<p>What you had saved is kept. Try again in a few minutes.</p></div></html>"
)


def error_page(error: HTTPException) -> tuple[str, int]:
    """Return the page for an HTTP error and its status; an unusual client error is told like a 400."""
    status = error.code or InternalServerError.code
    explanation = PAGES.get(status) or PAGES[500 if status >= InternalServerError.code else 400]
    try:
        return render_template("web/error.html", explanation=explanation, status=status), status
    except Exception as second:  # noqa: BLE001 -- the frame itself needs what is broken, say the database
        # Only the kind is logged: a message may quote personal data.
        current_app.logger.log(logging.ERROR, "error page failed: %s", type(second).__name__)
        return LAST_RESORT, status


def init_app(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(HTTPException, error_page)
