"""Both languages are whole: the catalogue is in step with the code, complete, and its placeholders agree."""

from __future__ import annotations

import re

import polib
import pytest

from translations.update import CATALOGUE, in_code

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def test_the_catalogue_holds_what_the_code_says_and_nothing_else(catalogue: polib.POFile) -> None:
    written = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    code = set(in_code())
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
    compiled = {(entry.msgctxt, entry.msgid): entry for entry in polib.mofile(str(CATALOGUE.with_suffix(".mo")))}
    assert len(compiled) == len(catalogue), "run ./run translate"
    for entry in catalogue:
        held = compiled[entry.msgctxt, entry.msgid]
        assert (held.msgstr, held.msgstr_plural) == (entry.msgstr, entry.msgstr_plural), entry.msgid
