"""Templates compile, and none holds what the content security policy would stop."""

import re
from pathlib import Path

import pytest
from jinja2 import nodes

import registry

ROOT = Path(registry.__path__[0])
TEMPLATES = sorted(ROOT.glob("*/templates/**/*.html"))
OURS = [path for path in TEMPLATES if path.is_relative_to(ROOT / "web")]
FORBIDDEN = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "a style element": r"<style\b",
    "an event handler": r"<[^>]*\son[a-z]+\s*=",
    "a script address": r"javascript:",
    "a file from another host": r"(?:src|href)\s*=\s*[\"'](?:https?:)?//",
    "an unescaped value": r"\|\s*safe\s*}}",
}
LONGEST = 300


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_there_are_templates_to_look_at():
    assert len(OURS) > 5


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_parses(plain, path):
    plain.jinja_env.parse(path.read_text("utf-8"), name_of(path))


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_a_shared_template_needs_no_room(plain, path):
    plain.jinja_env.compile(path.read_text("utf-8"), name_of(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_holds_nothing_the_policy_would_stop(path):
    source = path.read_text("utf-8")
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, source)]
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_every_posting_form_carries_the_token(path):
    source = path.read_text("utf-8")
    for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", source, flags=re.DOTALL):
        assert "csrf" in form


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_is_short_enough_to_read(path):
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_imports_no_macro_it_does_not_use(plain, path):
    source = path.read_text("utf-8")
    tree = plain.jinja_env.parse(source)
    for imported in tree.find_all(nodes.FromImport):
        for name in imported.names:
            alias = name[1] if isinstance(name, tuple) else name
            assert len(re.findall(rf"\b{alias}\b", source)) > 1, alias


def test_the_rules_find_what_they_forbid():
    guilty = (
        '<p style="x">',
        "<script>x</script>",
        "<style>",
        '<a onclick="x">',
        "javascript:x",
        '<img src="//x">',
        "{{ x | safe }}",
    )
    for example, pattern in zip(guilty, FORBIDDEN.values(), strict=True):
        assert re.search(pattern, example), example
