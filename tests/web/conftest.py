"""A bare application with the looks only: no database, no rooms."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from flask import Blueprint, Flask, abort, render_template_string, session

from registry import i18n, web
from registry.extensions import csrf

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = """{% extends "web/layout.html" %}
{% block title %}Page{% endblock %}
{% block content %}<p>text</p>{% endblock %}"""
KEEPING = "{% set keeps_answers = true %}" + PAGE


@pytest.fixture
def plain() -> Flask:
    app = Flask("plain", static_folder=None)
    app.config.update(SECRET_KEY="only a test", TESTING=True, SEEN=None)
    csrf.init_app(app)
    i18n.init_app(app)
    web.init_app(app)
    accounts = Blueprint("accounts", __name__)
    accounts.add_url_rule("/sign-out", "sign_out", lambda: "", methods=["POST"])
    app.register_blueprint(accounts)
    app.add_url_rule("/page", "page", lambda: render_template_string(PAGE))
    app.add_url_rule("/keeping", "keeping", lambda: render_template_string(KEEPING))
    app.add_url_rule("/fails/<int:code>", "fails", abort)
    app.add_url_rule("/breaks", "breaks", lambda: 1 // 0)
    app.context_processor(lambda: {"viewer": app.config["SEEN"], "navigation": NAVIGATION, "sample_data": True})
    return app


NAVIGATION = [
    SimpleNamespace(label="Find", url="/find", current=True),
    SimpleNamespace(label="Referrals", url="/referrals", current=False),
]


@pytest.fixture(params=["zh", "en"])
def spoken(plain: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    """Each language in turn, inside a request."""
    with plain.test_request_context("/page?state=open"):
        session["language"] = request.param
        yield request.param


@pytest.fixture
def english(plain: Flask) -> Iterator[Flask]:
    with plain.test_request_context("/page"):
        session["language"] = "en"
        yield plain


@pytest.fixture
def chinese(plain: Flask) -> Iterator[Flask]:
    with plain.test_request_context("/page"):
        yield plain
