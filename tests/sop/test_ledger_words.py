"""The words of ledgers are data: each is checked when the version is loaded, and every fault is named."""

import shutil
from pathlib import Path

import pytest

from sop import version
from sop.building import build
from sop.ledger.fields import FIELDS, IGNORED
from sop.ledger.words import KINDS
from sop.version import Sop, SopError


def test_every_field_has_names_and_every_kind_of_cell_has_words(sop: Sop) -> None:
    assert set(sop.ledgers.headers.values()) == set(FIELDS)
    assert all(sop.ledgers.values[kind] for kind in KINDS)
    assert (sop.ledgers.keep_days, sop.ledgers.decide_days) == (30, 90)


def test_every_relation_of_the_register_has_words(sop: Sop) -> None:
    told = set(sop.ledgers.values["relation"].values())
    assert told == {code.code for code in sop.codes["relation"]} - {"unknown", "refused"} | {"unclear"}


def test_every_ethnic_group_is_known_by_its_names(sop: Sop) -> None:
    for code in sop.codes["ethnic"]:
        assert sop.ledgers.code("ethnic", code.text.zh) == code.code
        assert sop.ledgers.code("ethnic", code.text.zh.removesuffix("族")) == code.code


def test_a_column_nobody_asks_for_is_never_a_value(sop: Sop) -> None:
    ignored = [word for word, field in sop.ledgers.headers.items() if field == IGNORED]
    assert "治安责任人" in ignored
    assert "房东" in ignored


def test_words_cannot_be_changed(sop: Sop) -> None:
    with pytest.raises(TypeError):
        sop.ledgers.headers["x"] = "name"  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("\nname = [\n", "\nnam = [\n", "headers.nam: is no field of a ledger"),
        ('ethnic = ["民族"', 'ethnic = ["姓名", "民族"', "headers.ethnic: '姓名' is name already"),
        ('field = "boarding"', 'field = "bording"', "loose[6].field: 'bording' is no field of a ledger"),
        ('any = ["寄宿"', 'some = ["寄宿"', "loose[6].any: is missing or empty"),
        ("[owned]", "[own]", "owned: is missing or empty"),
        ("[owned]", "[own]", "own: unknown key"),
        ("\ntotals = ", "\nsums = ", "lines.totals: is missing or empty"),
        ('51 = ["父亲"', '59 = ["父亲"', "values.relation.59: the list relation has no such code"),
        ('1 = ["男"', '1 = ["女"', "values.sex.2: '女' is 1 already"),
        (
            'code = "kindergarten", words',
            'code = "nursery", words',
            "parts.school[2].code: the list school has no code",
        ),
        (
            "[messages.check_digit]",
            "[messages.check_digits]",
            "messages.check_digit: is missing: the rules speak of it",
        ),
        ("[messages.check_digit]", "[messages.check_digits]", "messages.check_digits.-: no rule says this"),
        ('zh = "没有姓名。", en', 'zh = "没有姓名。", de', "messages.name_missing.text.de: unknown key"),
        ("没有姓名。", "{name}没有姓名。", "messages.name_missing.text: placeholders differ between zh and en"),
        ("（现为{digits}位）", "（现为{number}位）", "messages.id_length.text: the rule gives no {number}"),
        ("days = 30", "days = 0", "keeping.days: must be a number from 1 to 365"),
        ("a_day = 200", "a_day = 0", "met_elsewhere.a_day: must be a number from 1 to 1000"),
    ],
)
def test_a_fault_is_named_by_file_and_key(tmp_path: Path, old: str, new: str, fault: str) -> None:
    folder = Path(shutil.copytree(version.FOLDER / "2026-11", tmp_path / "2026-11"))
    text = (folder / "ledgers.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "ledgers.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SopError) as caught:
        build(folder)
    assert any(found.startswith("ledgers.toml: ") and fault in found for found in caught.value.faults), (
        caught.value.faults
    )
