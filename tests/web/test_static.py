"""Static files: ours alone, readable colours, kept by the browser for as long as they do not change."""

import json
import re

import pytest

from registry.web import assets

SHEETS = sorted(assets.FOLDER.rglob("*.css"))
MANIFESTS = assets.FOLDER.parent / "assets"
TEXT_ON_GROUND = [
    ("ink", None), ("ink-2", None), ("ink-2", "wash"), ("link", None), ("visited", None), ("error", None),
    ("brand", None), ("brand-deep", "brand-tint"), ("late", "late-bg"), ("late", None), ("soon", "soon-bg"),
    ("soon", None), ("done", "done-bg"), ("grey", "grey-bg"), ("ink", "focus"), ("ink", "brand-tint"),
]  # fmt: skip


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_asks_for_no_other_file_and_no_foreign_font(sheet):
    source = sheet.read_text("utf-8")
    assert "url(" not in source
    assert "@import" not in source
    assert "@font-face" not in source
    assert "GDS" not in source


def test_nothing_of_the_crown_is_shipped():
    suffixes = {path.suffix for path in assets.FOLDER.rglob("*") if path.is_file()}
    assert suffixes == {".css", ".js", ".svg", ""}
    assert not re.search("crown|govuk", (assets.FOLDER / "mark.svg").read_text("utf-8"), re.IGNORECASE)


def test_the_licence_of_the_components_goes_with_them():
    notice = (assets.FOLDER / "vendor/govuk-frontend/LICENSE").read_text("utf-8")
    assert "MIT License" in notice
    assert "Crown Copyright (Government Digital Service)" in notice


def test_the_lock_of_the_build_names_no_registry():
    lock = json.loads((MANIFESTS / "package-lock.json").read_text("utf-8"))
    packages = [entry for path, entry in lock["packages"].items() if path]
    assert packages
    assert all("resolved" not in entry and entry["integrity"] for entry in packages)


def luminance(colour: str) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[place : place + 2], 16)) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_can_be_read_on_its_ground(text, ground):
    colours = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", (assets.FOLDER / "tokens.css").read_text()))
    values = [luminance(colours[text]), luminance(colours[ground]) if ground else 1.0]
    assert (max(values) + 0.05) / (min(values) + 0.05) >= 4.5


def test_an_address_changes_with_the_content(tmp_path):
    (tmp_path / "a.css").write_text("one")
    before = assets.fingerprints(tmp_path)
    (tmp_path / "a.css").write_text("two")
    assert set(before) == {"a.css"}
    assert assets.fingerprints(tmp_path) != before


@pytest.mark.parametrize(("by_its_hash", "kept"), [(True, True), (False, False)])
def test_only_a_file_asked_for_by_its_hash_is_kept_for_a_year(english, by_its_hash, kept):
    address = assets.asset("tokens.css") if by_its_hash else "/static/tokens.css?v=000000000000"
    with english.test_client().get(address) as answer:
        assert answer.status_code == 200
        assert (answer.cache_control.max_age == assets.A_YEAR) is kept


def test_naming_a_file_that_is_not_there_fails_at_once(english):
    with pytest.raises(KeyError):
        assets.asset("missing.css")
