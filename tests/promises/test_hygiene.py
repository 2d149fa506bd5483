"""What every address and template keeps to, found by walking the application."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING

import pytest
from pytest_socket import SocketBlockedError

from registry.access import permission_of

if TYPE_CHECKING:
    from flask import Flask

SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?")


def test_addresses_are_kebab_case_and_their_ids_are_typed(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        for segment in rule.rule.strip("/").split("/"):
            if segment.startswith("<"):
                assert ":" in segment, f"{rule.rule}: {segment} has no type"
            elif segment:
                assert SEGMENT.fullmatch(segment), f"{rule.rule}: {segment}"


def test_every_endpoint_says_who_may_use_it(app: Flask) -> None:
    silent = [rule.endpoint for rule in app.url_map.iter_rules() if permission_of(app, rule.endpoint) is None]
    assert silent == []


def test_every_template_compiles(app: Flask) -> None:
    names = app.jinja_env.list_templates(extensions=["html"])
    assert len(names) > 20
    for name in names:
        app.jinja_env.get_template(name)


def test_tests_cannot_reach_any_network() -> None:
    with pytest.raises((SocketBlockedError, UserWarning), match=r"socket\.socket"):
        socket.socket()
