"""Where an address lies: as people write it, shortened, with former names, and where its words do not say it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.areas.addresses import Gazetteer, Located
from registry.areas.cache import cache
from registry.areas.codes import prefix_of
from registry.areas.gazetteer import from_reference, gazetteer, stem_of
from registry.areas.models import Area
from registry.database import db

if TYPE_CHECKING:
    from flask import Flask

LEDGERS = Path(__file__).parents[1] / "ledgers" / "data"
CHANGZHOU, TIANNING, XINBEI, SUQIAN = "320400000000", "320402000000", "320411000000", "321300000000"
CAILING = "320402008901"


@pytest.fixture(scope="module")
def index() -> Gazetteer:
    return from_reference()


def code(found: Located | None) -> str | None:
    return prefix_of(found.code) if found else None


def test_an_address_tells_its_community_and_what_lies_below_it(index: Gazetteer) -> None:
    found = index.locate("常州市新北区三井街道府琛社区聚湖路96号4幢1015室")
    assert found == Located("320411007901", 5, "聚湖路96号4幢1015室")
    assert found.county == "320411"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("江苏省常州市天宁区雕庄街道采菱社区12号", "320402008901"),
        ("常州天宁雕庄采菱社区12号", "320402008901"),
        ("江苏省 常州市 天宁区 雕庄街道", "320402008"),
        ("江苏省-常州市-天宁区-雕庄街道-采菱社区", "320402008901"),
        ("新北区三井街道府琛居委会", "320411007901"),
        ("沭阳县桑墟镇", "321322132"),
        ("江苏常州武进", "320412"),
        ("常州人民路12号", "3204"),
        ("江苏镇江", "3211"),
        ("湖北荆州江陵", "421024"),
        ("广西玉林市博白县东庄村", "450923"),
        ("云南昭通镇雄", "530627"),
        ("恩施州利川市", "422802"),
        ("新疆维吾尔自治区伊犁州伊宁市", "654002"),
        ("中山市小榄镇", "442000118"),
        ("北京市市辖区东城区", "110101"),
        ("上海市上海市浦东新区张江镇", "310115125"),
        ("中国江苏省常州市", "3204"),
        ("住址：常州市钟楼区邹区镇", "320404100"),
    ],
)
def test_what_people_leave_out_or_write_twice_does_not_matter(index: Gazetteer, written: str, expected: str) -> None:
    assert code(index.locate(written)) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("江苏省常州市武进市湖塘镇", "320412100"),
        ("江苏省常州市戚墅堰区丁堰街道", "320412003"),
        ("江苏省淮阴市沭阳县庙头镇", "321322107"),
        ("贵州省毕节地区织金县东寨村", "520524"),
        ("常州市新北区三井镇", "320411007"),
    ],
)
def test_former_names_are_read_as_what_they_became(index: Gazetteer, written: str, expected: str) -> None:
    assert code(index.locate(written)) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("常州市高新区三井街道府琛社区", "320411007901"),
        ("常州高新区（新北区）三井街道", "320411007"),
        ("常州经开区遥观镇", "320412104"),
        ("武进经开区西太湖大道", "320412"),
        ("钟楼区（邹区镇）泰村12号", "320404100903"),
    ],
)
def test_a_development_zone_is_no_dead_end(index: Gazetteer, written: str, expected: str) -> None:
    assert code(index.locate(written)) == expected


def test_a_name_that_several_places_have_is_the_one_nearest_to_the_uploader_or_nothing(index: Gazetteer) -> None:
    assert index.locate("朝阳区建国路1号") is None
    assert code(index.locate("朝阳区建国路1号", "110000000000")) == "110105"
    assert index.locate("朝阳区建国路1号", CHANGZHOU) is None
    assert index.locate("城关镇") is None
    assert index.locate("鼓楼区") is None
    assert code(index.locate("鼓楼区", "320100000000")) == "320106"


def test_what_was_named_above_stands_when_the_rest_could_be_several_places(index: Gazetteer) -> None:
    assert index.locate("沭阳县条河村7组") == Located("321322000000", 3, "条河村7组")


def test_a_community_alone_counts_only_where_the_uploader_is(index: Gazetteer) -> None:
    assert code(index.locate("采菱社区12号", TIANNING)) == CAILING
    assert code(index.locate("采菱", "320402008000")) == CAILING
    assert code(index.locate("菱港社区", CAILING)) == "320402008902"
    assert index.locate("采菱社区12号") is None
    assert index.locate("采菱社区12号", XINBEI) is None


@pytest.mark.parametrize(
    "written", ["", None, "同上", "北京路12号", "长虹路109号1幢653室", "武进市场路3号", "12-3", "区"]
)
def test_a_road_or_a_ditto_mark_is_no_place(index: Gazetteer, written: str | None) -> None:
    assert index.locate(written, TIANNING) is None


def test_a_community_whose_name_goes_on_is_not_taken_for_a_shorter_one(index: Gazetteer) -> None:
    town = "常州市武进区湖塘镇"
    assert code(index.locate(f"{town}花园社区3幢")) == "320412100901"
    assert index.locate(f"{town}花园新村3幢") == Located("320412100000", 4, "花园新村3幢")
    assert code(index.locate("天宁区雕庄街道朝阳花园社区")) == "320402008903"


def test_any_cell_is_answered(index: Gazetteer) -> None:
    for cell in ("县" * 500, "朝阳" * 200, "（" * 300, "江苏省" * 100 + "\x00", "𠮷野社区"):
        index.locate(cell, CAILING)


def test_the_county_of_every_row_of_the_sample_ledgers_is_found(index: Gazetteer) -> None:
    for path in sorted(LEDGERS.glob("*.truth.json")):
        rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
        told = [(row["address"], row["county"]) for row in rows]
        told += [(row["origin"], row["origin_code"]) for row in rows if "origin" in row]
        missed = [
            (text, county) for text, county in told if (index.locate(text) or Located("", 0, "")).county != county
        ]
        assert rows
        assert missed == []


def test_names_are_known_without_the_words_for_their_kind() -> None:
    assert stem_of("广西壮族自治区", 1) == "广西"
    assert stem_of("恩施土家族苗族自治州", 2) == "恩施"
    assert stem_of("三江侗族自治县", 3) == "三江"
    assert stem_of("沛县", 3) == "沛县"
    assert stem_of("泰村村委会", 5) == "泰村"
    assert stem_of("府琛社区居民委员会", 5) == "府琛"


@pytest.mark.database
def test_communities_that_come_later_are_found_at_once(context: Flask) -> None:
    assert code(gazetteer().locate("常州市天宁区雕庄街道虹桥社区1号")) == "320402008"
    db.session.add(Area(code="320402008990", level=5, name_zh="虹桥社区", name_en="Hongqiao"))
    db.session.flush()
    assert code(gazetteer().locate("常州市天宁区雕庄街道虹桥社区1号")) == "320402008990"
    kept = cache().gazetteer
    gazetteer()
    assert cache().gazetteer is kept
