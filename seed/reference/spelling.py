"""Romanised names of divisions: the official spellings, else Hanyu Pinyin without the word for the kind."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import Any

from pypinyin import lazy_pinyin, load_phrases_dict

SPELLINGS = Path(__file__).with_name("spellings.csv")

# Readings in place names that differ from the dictionary's usual one. Longer keys win over shorter ones.
READINGS = {
    "朝阳": "chao yang", "成都": "cheng du", "都江": "du jiang", "都匀": "du yun", "大足": "da zu",
    "六安": "lu an", "六合": "lu he", "番禺": "pan yu", "大埔": "da bu", "黄埔": "huang pu",
    "长寿": "chang shou", "太行": "tai hang", "闵行": "min hang", "中牟": "zhong mu",
    "解州": "hai zhou", "曾都": "zeng du", "尉迟": "yu chi", "单城": "shan cheng", "召陵": "shao ling",
    "芍药": "shao yao", "朱仙": "zhu xian", "会理": "hui li", "会泽": "hui ze", "阿城": "a cheng",
    "东阿": "dong e", "高埗": "gao bu", "道滘": "dao jiao", "麻涌": "ma chong", "重庆": "chong qing",
    "长乐": "chang le", "平乐": "ping le", "乐平": "le ping", "乐山": "le shan", "乐都": "le du",
    "乐清": "yue qing", "崆峒": "kong tong", "莘庄": "xin zhuang", "乐亭": "lao ting", "尉犁": "yu li",
    "里堡": "li pu", "浪卡": "lang ka", "宝藏": "bao zang", "地藏": "di zang", "杉木": "sha mu",
    "薄荷": "bo he", "行政": "xing zheng", "银行": "yin hang", "学校": "xue xiao", "大夫": "dai fu",
}  # fmt: skip
CHARACTERS = {
    "都": "du", "莞": "guan", "硚": "qiao", "塱": "lang", "滘": "jiao", "埗": "bu", "埠": "bu",
    "厦": "xia", "亳": "bo", "圳": "zhen", "垌": "dong", "洞": "dong", "藏": "cang", "曾": "zeng",
    "覃": "qin", "尉": "wei", "勐": "meng", "甸": "dian", "硐": "dong", "峒": "dong", "堽": "gang",
    "疃": "tuan", "洼": "wa", "行": "xing", "汤": "tang", "丽": "li", "任": "ren", "车": "che",
    "柏": "bai", "大": "da", "石": "shi", "弄": "nong", "曲": "qu", "蕃": "fan", "区": "qu", "薄": "bo",
    "查": "cha", "仇": "qiu", "种": "zhong", "朴": "pu", "乐": "le", "长": "chang", "系": "xi",
    "和": "he", "地": "di", "的": "de", "着": "zhuo", "会": "hui", "给": "ji", "参": "shen",
    "沈": "shen", "朝": "chao", "乾": "qian", "骑": "qi", "漯": "luo", "勒": "le", "氏": "shi",
    "蔚": "wei", "盛": "sheng", "宿": "su", "巷": "xiang", "六": "liu", "泊": "bo", "什": "shi",
    "尾": "wei", "佛": "fo", "伽": "jia", "枞": "zong", "嘎": "ga", "乌": "wu", "苑": "yuan",
    "葛": "ge", "洋": "yang", "俞": "yu",
}  # fmt: skip
LOCAL_CHARACTERS = {  # the reading depends on the province
    "圩": {"32": "wei", "34": "wei", "33": "wei", "31": "wei"},
    "涌": {"44": "chong"},
    "堡": {"61": "bu", "62": "bu", "63": "bu", "64": "bu", "14": "bu"},
    "浒": {"32": "xu"},
    "埔": {"44": "bu"},
    "陂": {"44": "pi"},
}
LOCAL_DEFAULT = {"圩": "xu", "涌": "yong", "堡": "bao", "浒": "hu", "埔": "pu", "陂": "bei"}

PEOPLES = (
    "蒙古", "回", "藏", "维吾尔", "苗", "彝", "壮", "布依", "朝鲜", "满", "侗", "瑶", "白", "土家",
    "哈尼", "哈萨克", "傣", "黎", "傈僳", "佤", "畲", "高山", "拉祜", "水", "东乡", "纳西", "景颇",
    "柯尔克孜", "土", "达斡尔", "仫佬", "羌", "布朗", "撒拉", "毛南", "毛难", "仡佬", "锡伯", "阿昌",
    "普米", "塔吉克", "怒", "乌孜别克", "俄罗斯", "鄂温克", "德昂", "保安", "裕固", "京", "塔塔尔",
    "独龙", "鄂伦春", "赫哲", "门巴", "珞巴", "基诺", "各", "民",
)  # fmt: skip
LONG = sorted((p for p in PEOPLES if len(p) > 1), key=len, reverse=True)
NAMED = f"(?:{'|'.join(sorted(PEOPLES, key=len, reverse=True))})族"
OF_PEOPLES = re.compile(f"(?:{NAMED}|蒙古|哈萨克|塔吉克|锡伯)+$")
AUTONOMOUS = ("自治州", "自治县", "自治旗")
KINDS = {
    1: ("特别行政区", "自治区", "省", "市"),
    2: ("地区", "市", "盟"),
    3: ("新区", "特区", "矿区", "市", "区", "县", "旗"),
    4: ("街道办事处", "街道", "苏木", "镇", "乡"),
    5: ("社区", "村"),
}
PEOPLES_TOWN = re.compile(f"(?<!^)(?:{NAMED})+(?=(?:乡|镇|苏木|街道)$)")
PEOPLES_COMMON = re.compile(f"(?<!^)(?:{NAMED}|{'|'.join(LONG)})*民族(?=(?:乡|镇|苏木)$)")


def romanise(name: str, level: int, code: str) -> str:
    """Return the romanised name of a division, such as "Tianning" for 天宁区 or "Peixian" for 沛县.

    `level`: 1 province to 5 community; `code`: its digits, for spellings and readings that are local.
    The kind's word (区, 县, 镇, 街道 …) is left out, except where the rest is a single character: then it
    belongs to the name (汉语拼音正词法基本规则, GB/T 16159, 6.2.2.2; 地名管理: 专名与通名).
    """
    official = _official(name, code)
    return official or spell(bare_name(name, level), code[:2])


def bare_name(name: str, level: int) -> str:
    """Return a division's name without the word for its kind and without the peoples it is named for."""
    short = _without_peoples(name) if level > 1 else name
    for kind in KINDS[level]:
        rest = short.removesuffix(kind)
        if rest != short and len(rest) > 1:
            return rest
    return short


def spell(name: str, province: str) -> str:
    """Write Chinese characters as one capitalised word, with apostrophes before a, e and o inside it."""
    syllables = _syllables(name, province)
    word = "".join(
        f"'{syllable}" if position and syllable[0] in "aeoêAEO" else syllable
        for position, syllable in enumerate(syllables)
    )
    return word[:1].upper() + word[1:]


def _without_peoples(name: str) -> str:
    for kind in AUTONOMOUS:
        if name.endswith(kind):
            rest = name.removesuffix(kind)
            return OF_PEOPLES.sub("", rest) or rest.removesuffix("族")
    if name.endswith("回族区"):
        return name.removesuffix("回族区")
    return PEOPLES_TOWN.sub("", PEOPLES_COMMON.sub("", name))


def _syllables(name: str, province: str) -> list[str]:
    _teach()
    found = lazy_pinyin(name, v_to_u=True, errors=_each)
    for position, character in enumerate(name):
        if _in_phrase(name, position):
            continue
        if character in LOCAL_CHARACTERS:
            found[position] = LOCAL_CHARACTERS[character].get(province, LOCAL_DEFAULT[character])
        elif character in CHARACTERS:
            found[position] = CHARACTERS[character]
    return found


def _each(other: str) -> Any:  # noqa: ANN401  # pypinyin declares one string, and takes a list too
    return list(other)


def _in_phrase(name: str, position: int) -> bool:
    return any(name[max(start, 0) : start + 2] in READINGS for start in (position - 1, position))


@cache
def _teach() -> None:
    load_phrases_dict({phrase: [[s] for s in said.split()] for phrase, said in READINGS.items()})


@cache
def _table() -> dict[str, list[tuple[str, str]]]:
    table: dict[str, list[tuple[str, str]]] = {}
    with SPELLINGS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            table.setdefault(row["name_zh"], []).append((row["within"], row["name_en"]))
    return table


def _official(name: str, code: str) -> str | None:
    return next((spelt for within, spelt in _table().get(name, []) if code.startswith(within)), None)
