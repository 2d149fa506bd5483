"""What is promised of the reference tables: official names, whole paths, plausible numbers."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from registry.areas.codes import is_stand_in, parent_of
from seed.reference.spelling import romanise

FOLDER = Path("seed/reference")


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def divisions():
    return {row["code"]: row for row in rows("divisions.csv")}


@pytest.fixture(scope="module")
def changes():
    return {row["old_code"]: row for row in rows("division_changes.csv")}


@pytest.mark.parametrize(
    ("code", "spelt"),
    [
        ("61", "Shaanxi"), ("14", "Shanxi"), ("15", "Nei Mongol"), ("54", "Xizang"), ("65", "Xinjiang"),
        ("81", "Hong Kong"), ("82", "Macao"), ("71", "Taiwan"), ("45", "Guangxi"), ("64", "Ningxia"),
        ("1501", "Hohhot"), ("1506", "Ordos"), ("1507", "Hulun Buir"), ("1508", "Bayannur"),
        ("1525", "Xilin Gol"), ("1529", "Alxa"), ("2224", "Yanbian"), ("222404", "Hunchun"),
        ("5401", "Lhasa"), ("5402", "Xigazê"), ("5403", "Qamdo"), ("5404", "Nyingchi"),
        ("5405", "Shannan"), ("5406", "Nagqu"), ("5425", "Ngari"), ("6501", "Ürümqi"),
        ("6502", "Karamay"), ("6504", "Turpan"), ("6505", "Hami"), ("6527", "Bortala"),
        ("6528", "Bayingolin"), ("6529", "Aksu"), ("6530", "Kizilsu"), ("6531", "Kashi"),
        ("6532", "Hotan"), ("6540", "Ili"), ("6542", "Tacheng"), ("6543", "Altay"), ("5132", "Ngawa"),
        ("5133", "Garzê"), ("5134", "Liangshan"), ("5334", "Dêqên"), ("5331", "Dehong"),
        ("5333", "Nujiang"), ("5328", "Xishuangbanna"), ("6326", "Golog"), ("6327", "Yushu"),
        ("6328", "Haixi"), ("23", "Heilongjiang"), ("2301", "Harbin"), ("5001", "Districts"),
        ("50", "Chongqing"), ("3502", "Xiamen"), ("3415", "Lu'an"), ("3403", "Bengbu"),
        ("3416", "Bozhou"), ("3310", "Taizhou"), ("3311", "Lishui"), ("6101", "Xi'an"),
        ("330382", "Yueqing"), ("5111", "Leshan"), ("140428", "Zhangzi"), ("371524", "Dong'e"),
        ("3608", "Ji'an"), ("130726", "Yuxian"), ("371722", "Shanxian"), ("340722", "Zongyang"),
        ("440113", "Panyu"), ("141024", "Hongtong"), ("411221", "Mianchi"), ("410621", "Xunxian"),
        ("341621", "Guoyang"), ("321322", "Shuyang"), ("120119", "Jizhou"), ("410823", "Wuzhi"),
        ("361124", "Yanshan"), ("410182", "Xingyang"), ("371522", "Shenxian"), ("510117", "Pidu"),
        ("511123", "Qianwei"), ("320322", "Peixian"), ("140109", "Wanbailin"), ("130225", "Laoting"),
        ("1411", "Lüliang"), ("110105", "Chaoyang"), ("360781", "Ruijin"), ("320402008", "Diaozhuang"),
        ("321322117", "Tongyang"), ("441481110", "Nipi"),
    ],
)  # fmt: skip
def test_names_have_their_official_spelling(divisions, code, spelt):
    assert divisions[code.ljust(12, "0")]["name_en"] == spelt


@pytest.mark.parametrize(
    ("name", "level", "spelt"),
    [
        ("长阳土家族自治县", 3, "Changyang"),
        ("东乡族自治县", 3, "Dongxiang"),
        ("萨马街鄂温克民族乡", 4, "Samajie"),
        ("民族街道", 4, "Minzu"),
        ("古镇镇", 4, "Guzhen"),
        ("大昂街道", 4, "Da'ang"),
        ("采菱社区", 5, "Cailing"),
        ("柳园村", 5, "Liuyuan"),
    ],
)
def test_the_word_for_the_kind_and_the_peoples_are_left_out(name, level, spelt):
    assert romanise(name, level, "320000000000") == spelt


def test_every_division_has_its_parent_one_step_up(divisions):
    for code, row in divisions.items():
        parent = parent_of(code)
        if parent is None:
            assert row["level"] == "1"
        else:
            assert int(divisions[parent]["level"]) < int(row["level"]), code


def test_the_numbers_of_divisions_are_those_of_the_country(divisions):
    count = Counter(
        row["level"]
        for code, row in divisions.items()
        if not row["valid_to"] and not is_stand_in(code, int(row["level"]))
    )
    assert count["1"] == 34
    assert count["2"] == 333
    assert count["3"] == 2847
    assert 38_000 < count["4"] < 39_500


def test_a_city_without_counties_has_its_towns_directly_below(divisions):
    towns = [row for row in divisions.values() if parent_of(row["code"]) == "442000000000"]
    assert len(towns) == 23
    assert {row["level"] for row in towns} == {"4"}


def test_no_town_is_kept_that_its_source_calls_abolished(divisions):
    assert not [row for row in divisions.values() if "（" in row["name_zh"]]


def test_names_that_differ_only_in_kind_are_told_apart_in_english(divisions):
    assert divisions["110108012000"]["name_en"] == "Haidian Subdistrict"


def test_every_former_code_leads_to_a_division_in_force(divisions, changes):
    for old in changes:
        code, steps = old, 0
        while code in changes:
            code, steps = changes[code]["new_code"], steps + 1
            assert steps < 10, old
        assert not divisions[code]["valid_to"], old


def test_former_divisions_have_a_last_day_and_those_in_force_have_none(divisions, changes):
    assert all(divisions[old]["valid_to"] for old in changes)
    assert not [code for code in changes if not divisions[code]["valid_to"]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("320405", "320412"),
        ("330103", "330105"),
        ("120225", "120119"),
        ("130103", "130102"),
        ("410306", "410308"),
        ("310103", "310101"),
        ("320823", "321322"),
    ],
)
def test_a_former_county_is_what_it_became(changes, old, new):
    assert changes[old.ljust(12, "0")]["new_code"] == new.ljust(12, "0")


def test_no_change_leaves_its_province_but_for_hainan_and_chongqing(changes):
    moved = {(old[:2], row["new_code"][:2]) for old, row in changes.items() if old[:2] != row["new_code"][:2]}
    assert moved == {("44", "46"), ("51", "50")}


def test_communities_of_the_demonstration_lie_in_real_towns_under_invented_codes(divisions):
    with Path("seed/demo/communities.csv").open(encoding="utf-8", newline="") as file:
        places = list(csv.DictReader(file))
    assert all(divisions[row["code"][:9] + "000"]["level"] == "4" for row in places)
    assert all(row["code"][9:] >= "901" for row in places)
    assert len({row["code"] for row in places}) == len(places)
    assert {"采菱社区", "菱港社区", "府琛社区", "卜弋社区", "周家巷村", "大坝村", "柳园村"} <= {
        row["name_zh"] for row in places
    }


def test_blocks_belong_to_communities_of_the_demonstration():
    with Path("seed/demo/communities.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["code"] for row in csv.DictReader(file)}
    with Path("seed/demo/blocks.csv").open(encoding="utf-8", newline="") as file:
        assert {row["community"] for row in csv.DictReader(file)} == codes
