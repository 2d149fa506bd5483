"""Finding places by typing."""

import pytest

from registry.areas.finding import search

pytestmark = pytest.mark.database


def codes(text, **narrower):
    return [place.code for place in search(text, **narrower)]


def test_characters_find_the_place_they_begin(context):
    assert codes("沭阳")[0] == "321322000000"


def test_romanised_letters_find_it_without_accents_apostrophes_or_case(context):
    assert "141100000000" in codes("luliang")
    assert "141100000000" in codes("lvliang")
    assert codes("XIAN", level=2)[0] == "610100000000"
    assert "540200000000" in codes("xigaze")
    assert "650100000000" in codes("urumqi")


def test_a_name_above_narrows_the_search(context):
    assert codes("辽宁 朝阳", level=3) == ["211321000000"]
    assert codes("beijing chaoyang", level=3) == ["110105000000"]


def test_a_search_stays_inside_an_area_and_a_level(context):
    assert codes("潼阳", within="321300000000", level=4) == ["321322117000"]
    assert codes("潼阳", within="320400000000") == []


def test_a_search_never_answers_with_more_than_twenty(context):
    assert len(codes("城")) == 20


def test_a_code_finds_its_division(context):
    assert codes("320402") == ["320402000000"]


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "没有这个地方"])
def test_what_is_no_name_finds_nothing(context, text):
    assert codes(text) == []


def test_former_divisions_and_stand_ins_are_not_found(context):
    assert codes("戚墅堰区") == []
    assert codes("市辖区") == []
