"""Invented names: common surnames and characters, put together at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
COMPOUND = ("欧阳", "上官", "诸葛", "尉迟")
BOYS = "梓浩宇轩博文俊杰子涵天佑嘉豪思远明泽睿晨铭皓宸志鹏家乐建国海涛伟强"
GIRLS = "雨桐思琪欣怡梓涵诗语佳怡若溪晓燕雅婷语嫣可馨静雯梦瑶紫萱春梅秀芳丽娟"
WOMEN = "秀芳丽娟春梅晓燕敏静玉兰桂英红霞艳萍慧琴"
MEN = "建国海涛志强伟军文斌国庆永刚明辉小龙卫东"
UYGHUR_GIRLS = ("阿依古丽", "古丽娜尔", "热依汗", "迪丽拜尔")
UYGHUR_BOYS = ("阿卜杜拉", "买买提江", "艾尔肯", "库尔班")
UYGHUR_FATHERS = ("买买提", "吐尔逊", "阿不力孜", "艾买提")
RARE = ("䶮", "㛃", "𬀩", "𫍣")  # characters beyond the common sets are kept as they are


def surname(random: Random) -> str:
    """Return a surname; one in fifty has two characters."""
    return random.choice(COMPOUND) if random.random() < 0.02 else random.choice(SURNAMES)


def child(random: Random, family: str, sex: str, ethnic: str) -> str:
    """Return a child's name; Uyghur names stand with the middle dot."""
    if ethnic == "05":
        own = random.choice(UYGHUR_BOYS if sex == "1" else UYGHUR_GIRLS)
        return f"{own}·{random.choice(UYGHUR_FATHERS)}"
    characters = BOYS if sex == "1" else GIRLS
    if random.random() < 0.004:
        return family + random.choice(RARE)
    return family + "".join(random.sample(characters, 1 if random.random() < 0.15 else 2))


def adult(random: Random, *, female: bool = False, surname: str | None = None) -> str:
    """Return a grown-up's name, with the family's surname or one of their own."""
    family = surname or random.choice(SURNAMES)
    return family + "".join(random.sample(WOMEN if female else MEN, 1 if random.random() < 0.3 else 2))


def placeholder(random: Random) -> str:
    """Return what a newborn is called on paper before it has a name."""
    return f"{adult(random, female=True)}之{random.choice('子女')}"
