"""Both languages are whole: the catalogue is in step with the code, complete, and its placeholders agree."""

from __future__ import annotations

import io
import re
from pathlib import Path

import polib
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo

from registry.i18n import LOCALES, TRANSLATIONS

ROOT = Path(__file__).parents[2]
FOLDER = TRANSLATIONS / LOCALES["zh"] / "LC_MESSAGES"
METHODS = [("registry/**.py", "python"), ("registry/**/templates/**.html", "jinja2")]
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
HAN = re.compile(r"[\u4e00-\u9fff]")


def in_code() -> set[tuple[str | None, str]]:
    found = extract_from_dir(str(ROOT), METHODS, keywords=KEYWORDS)
    return {(context, message[0] if isinstance(message, tuple) else message) for _, _, message, _, context in found}


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(FOLDER / "messages.po"))


def test_the_catalogue_holds_what_the_code_says_and_nothing_else(catalogue: polib.POFile) -> None:
    written = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    code = in_code()
    assert code - written == set(), "not yet in the catalogue: run ./run translate"
    assert written - code == set(), "no longer in the code: run ./run translate"


def test_no_entry_is_empty_or_in_doubt(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue if entry.fuzzy or not entry.translated()] == []


def test_placeholders_are_the_same_on_both_sides(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
        for text in texts:
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural)), (
                f"{entry.msgid!r} and {text!r}"
            )


def test_english_is_written_in_the_code_and_chinese_in_the_catalogue(catalogue: polib.POFile) -> None:
    allowed = {"中文", "示例数据"}
    for entry in catalogue:
        assert not HAN.search(entry.msgid) or entry.msgid in allowed, f"Chinese in the code: {entry.msgid!r}"


def test_the_compiled_catalogue_is_the_written_one(catalogue: polib.POFile) -> None:
    with (FOLDER / "messages.mo").open("rb") as file:
        compiled = read_mo(io.BytesIO(file.read()))
    for entry in catalogue:
        found = compiled.get(entry.msgid, entry.msgctxt)
        assert found is not None, f"run ./run translate: {entry.msgid!r} is not compiled"
        written = tuple(entry.msgstr_plural.values()) if entry.msgid_plural else (entry.msgstr,)
        held = found.string if isinstance(found.string, list | tuple) else (found.string,)
        assert tuple(held) == written, entry.msgid
