"""Names of people in Latin letters (Hanyu Pinyin, with the readings of surnames), masked, and folded for search."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Final

from pypinyin import Style, lazy_pinyin

MIDDLE_DOT: Final = "\u00b7"
LATIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzü")
CHARACTERS: Final = re.compile("[\u4e00-\u9fff]*")  # nothing in them to fold
NO_MARKS: Final = {code: None for code in range(128) if not chr(code).isalnum()}
VOWELS: Final = frozenset("aoe")
# Readings as surnames (现代汉语词典) of characters that are read in more than one way.
READINGS: Final = (
    "单Shan 解Xie 曾Zeng 仇Qiu 区Ou 查Zha 盖Ge 朴Piao 乐Yue "
    "折She 繁Po 员Yun 黑He 秘Bi 覃Qin 缪Miao 洗Xian 种Chong "
    "召Shao 翟Zhai 牟Mu 隗Wei 任Ren 宁Ning 冼Xian 那Na 尉Wei "
    "万Wan 令Ling 长Zhang 柏Bai 薄Bo 卜Bu 晁Chao 重Chong 褚Chu "
    "都Du 干Gan 哈Ha 郝Hao 句Gou 阚Kan 乜Nie 逄Pang 繆Miao "
    "祭Zhai 瞿Qu 沈Shen 盛Sheng 石Shi 宿Su 洼Wa 冯Feng 於Yu "
    "俞Yu 尹Yin 贠Yun 藏Zang 臧Zang 占Zhan 朱Zhu 祝Zhu 车Che "
    "贾Jia 强Qiang 郇Xun 郄Qie 幸Xing 戚Qi 钭Tou 逯Lu 粘Nian "
)
COMPOUND_READINGS: Final = (
    "欧阳Ouyang 上官Shangguan 司马Sima 司徒Situ 诸葛Zhuge 夏侯Xiahou 东方Dongfang 皇甫Huangfu 尉迟Yuchi "
    "公孙Gongsun 慕容Murong 长孙Zhangsun 宇文Yuwen 司空Sikong 令狐Linghu 万俟Moqi 澹台Tantai 单于Chanyu "
    "鲜于Xianyu 轩辕Xuanyuan 端木Duanmu 南宫Nangong 西门Ximen 东郭Dongguo 呼延Huyan 独孤Dugu 申屠Shentu "
    "太史Taishi 钟离Zhongli 赫连Helian 闻人Wenren 濮阳Puyang 淳于Chunyu 拓跋Tuoba 纳兰Nalan 百里Baili "
    "第五Diwu 公冶Gongye 宗政Zongzheng 欧侯Ouhou 梁丘Liangqiu 左丘Zuoqiu 仲孙Zhongsun 亓官Qiguan 司寇Sikou "
    "巫马Wuma 漆雕Qidiao "
)
COMPOUND_INITIALS: Final = {"万俟": "mq", "尉迟": "yc", "单于": "cy", "澹台": "tt", "长孙": "zs"}
SURNAMES: Final[dict[str, str]] = {entry[:1]: entry[1:] for entry in READINGS.split()}
COMPOUND_SURNAMES: Final[dict[str, str]] = {entry[:2]: entry[2:] for entry in COMPOUND_READINGS.split()}


def romanise(name: str) -> str:
    """Return a name in Hanyu Pinyin, surname first: 陈雨桐 → Chen Yutong, 欧阳明 → Ouyang Ming.

    `name` as `sop.identity.normalise_name` keeps it. A name with a middle dot has no surname in front: its
    parts become words. A character without a reading (some beyond the basic plane) stays as it is, and so
    do Latin letters. People may be called otherwise: the result is a proposal that can be corrected.
    """
    if MIDDLE_DOT in name:
        return " ".join(_word(part) for part in name.split(MIDDLE_DOT) if part)
    if " " in name or name.isascii():
        return " ".join(_word(part) for part in name.split())
    surname = surname_of(name)
    return " ".join(word for word in (_surname(surname), _word(name[len(surname) :])) if word)


def surname_of(name: str) -> str:
    """Return the surname of a Chinese name; of any other (middle dot, Latin letters) its first character.

    So much of a name is shown where the rest is masked.
    """
    compound = name[:2]
    if MIDDLE_DOT not in name and len(name) > len(compound) and compound in COMPOUND_SURNAMES:
        return compound
    return name[:1]


def masked(name: str) -> str:
    """Return `陈*`: the surname, and that more follows. An empty name stays empty."""
    return f"{surname_of(name)}*" if name else ""


def folded(text: str) -> str:
    """Return a name for comparing what was typed: no case, spaces, dots or marks; ü is read as v."""
    if CHARACTERS.fullmatch(text):
        return text
    if text.isascii():
        return text.lower().translate(NO_MARKS)
    marked = text.casefold().replace("\u00fc", "v")
    plain = unicodedata.normalize("NFD", marked)
    return "".join(letter for letter in plain if letter.isalnum())


def initials(name: str) -> str:
    """Return the first letters of a name's syllables, as people type them to find somebody: 陈雨桐 → cyt."""
    if MIDDLE_DOT in name or name.isascii():
        return "".join(_initial(part[0]) for part in name.replace(MIDDLE_DOT, " ").split())
    surname = surname_of(name)
    read = COMPOUND_INITIALS.get(surname) or SURNAMES.get(surname, "")[:1].lower()
    return (read or "".join(map(_initial, surname))) + "".join(map(_initial, name[len(surname) :]))


@functools.cache
def _initial(character: str) -> str:
    """Characters that names are made of are few thousand, and each is looked up once."""
    return folded(lazy_pinyin(character, style=Style.FIRST_LETTER)[0])[:1]


def _surname(surname: str) -> str:
    return COMPOUND_SURNAMES.get(surname) or SURNAMES.get(surname) or _word(surname)


def _word(part: str) -> str:
    syllables = lazy_pinyin(part, style=Style.NORMAL, v_to_u=True, errors="default")
    word = "".join(_apart(before, after) for before, after in zip(("", *syllables), syllables, strict=False))
    return word[:1].upper() + word[1:]


def _apart(before: str, syllable: str) -> str:
    """Set an apostrophe where a syllable that begins with a vowel follows another one: Xi'an, not Xian."""
    follows = before[-1:] in LATIN
    return f"'{syllable}" if follows and syllable[:1] in VOWELS else syllable
