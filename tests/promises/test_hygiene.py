"""What every address and template keeps to, found by walking the application."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from registry.access import permission_of

if TYPE_CHECKING:
    from flask import Flask

SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?")
TYPED = re.compile(r"<(uuid|int|path|any|area)[^>]*:\w+>|<(uuid|int|path):\w+>")


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
    ours = [name for name in names if not name.startswith("govuk_frontend_jinja/")]
    assert len(ours) > 20
    for name in ours:
        app.jinja_env.get_template(name)


def test_a_page_only_reads_so_that_it_may_be_opened_twice(app: Flask) -> None:
    """Views of GET alone never write; those that write are reached by POST alone or stand on both sides."""
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods <= {"GET", "POST"}, f"{rule.rule}: {methods}"
