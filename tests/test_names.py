"""Names in Latin letters, and what is shown of a masked one."""

from __future__ import annotations

import pytest

from registry.names import folded, masked, romanise, surname_of
from sop.identity import normalise_name

SURNAMES = {
    "单": "Shan", "解": "Xie", "曾": "Zeng", "仇": "Qiu", "区": "Ou", "查": "Zha", "盖": "Ge", "朴": "Piao",
    "乐": "Yue", "折": "She", "繁": "Po", "员": "Yun", "黑": "He", "秘": "Bi", "覃": "Qin", "缪": "Miao",
    "洗": "Xian", "种": "Chong", "召": "Shao", "翟": "Zhai", "牟": "Mu", "隗": "Wei", "任": "Ren", "华": "Hua",
}  # fmt: skip


@pytest.mark.parametrize(("surname", "reading"), SURNAMES.items())
def test_a_surname_is_read_as_a_surname(surname: str, reading: str) -> None:
    assert romanise(f"{surname}雨桐") == f"{reading} Yutong"


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("欧阳明", "Ouyang Ming"),
        ("万俟雪", "Moqi Xue"),
        ("尉迟恭", "Yuchi Gong"),
        ("长孙无忌", "Zhangsun Wuji"),
        ("令狐冲", "Linghu Chong"),
        ("单于明", "Chanyu Ming"),
    ],
)
def test_a_compound_surname_is_one_word(name: str, reading: str) -> None:
    assert romanise(name) == reading


def test_two_characters_that_could_be_a_compound_surname_are_surname_and_name() -> None:
    assert romanise("东方") == "Dong Fang"
    assert surname_of("东方") == "东"


def test_u_with_two_dots_is_kept_and_found_by_v() -> None:
    assert romanise("吕绿") == "Lü Lü"
    assert folded("Lü Lü") == folded("lv lv") == "lvlv"


def test_a_vowel_after_a_syllable_gets_its_apostrophe() -> None:
    assert romanise("李西安") == "Li Xi'an"
    assert folded("Li Xi'an") == "lixian"


@pytest.mark.parametrize("dot", ["·", "•", "・", "‧"])
def test_the_parts_of_a_name_with_a_middle_dot_become_words(dot: str) -> None:
    assert romanise(normalise_name(f"阿依古丽{dot}买买提")) == "Ayiguli Maimaiti"


def test_a_character_beyond_the_basic_plane_is_read_or_kept_but_never_lost() -> None:
    assert romanise("王\U0002c029") == "Wang Wei"  # 𬀩
    assert romanise("王\U0003106c").endswith("\U0003106c")  # nobody has a reading for it
    assert masked("\U0002c029明") == "\U0002c029*"


def test_one_character_is_a_name() -> None:
    assert romanise("张") == "Zhang"


def test_latin_letters_stay_as_they_are() -> None:
    assert romanise("Anna Schmidt") == "Anna Schmidt"


def test_a_masked_name_shows_the_surname_only() -> None:
    assert masked("陈雨桐") == "陈*"
    assert masked("欧阳明") == "欧阳*"
    assert masked("阿依古丽·买买提") == "阿*"
