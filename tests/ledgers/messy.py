"""The facts of the ledgers written down again as other people would: other headings, other dates, other marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sop.ledger.dates import DAY_ZERO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

    from sop.ledger.cells import Cell, Rows

DIGITS: Final = "〇一二三四五六七八九"
WIDE: Final = str.maketrans("0123456789.-/", "０１２３４５６７８９．－／")
HEADINGS: Final[Mapping[str, Sequence[str]]] = {
    "number": ["序号", "编号", "No."],
    "name": ["儿童姓名", "孩子名字", "学生姓名", "姓 名*", "Name", "姓名（必填）"],
    "sex": ["性别", "性　别", "Sex"],
    "birth": ["出生日期", "出生年月日", "生日", "出生时间", "出生日期\n（公历）", "Date of birth"],
    "id_number": ["身份证号码", "证件号", "公民身份证号码", "ID number"],
    "address": ["暂住地址", "现住址", "居住地址", "现居住地", "家庭住址", "Address"],
    "arrived": ["来常时间", "到达时间", "流入时间", "居住起始"],
    "away": ["父母外出情况", "外出情况"],
    "away_since": ["外出时间", "父母外出时间"],
    "guardian": ["监护人", "家长姓名", "监护人姓名"],
    "relation": ["关系", "与儿童关系", "与监护人关系"],
    "phone": ["联系电话", "手机", "联系方式", "监护人电话"],
    "school": ["在读学校", "就学情况", "是否入学", "入园入学"],
    "landlord": ["治安责任人", "房东电话"],
    "": [""],
}
RECEIVING: Final = ("arrived", "landlord")
SENDING: Final = ("away", "away_since")
CHILD: Final = ("name", "sex", "birth", "id_number")
CARER: Final = ("guardian", "relation", "phone")
SEXES: Final[Mapping[str, Sequence[Cell]]] = {
    "男": ["男", "M", "1", "男孩", "♂", 1.0, "male", " 男"],
    "女": ["女", "F", "2", "女孩", "♀", 2.0, "Female", "女性"],
}
RELATIONS: Final[Mapping[str, Sequence[str]]] = {
    "51": ["爸爸", "父", "父亲", "父子"],
    "52": ["妈妈", "母", "母女"],
    "61": ["爷爷", "祖父"],
    "62": ["奶奶", "祖母"],
    "63": ["姥爷", "外公", "外祖父"],
    "64": ["姥姥", "外婆", "外祖母"],
    "81": ["伯伯", "大伯", "伯父"],
    "83": ["叔叔", "叔父"],
    "90": ["姑姑", "姑妈"],
    "97": ["亲戚", "其他亲属"],
}
DITTOS: Final = ("同上", "〃", "″", '"', "''", "同前", "上同", "-〃-", "〃〃", "do.", "”", "Ditto", "")
MARGIN: Final = ("", "", "√", "★", "新增", "已搬走")
UNREADABLE: Final = ("不详", "农历五月初八", "约2015年", "2015-02-30", "?", "5/6/2015")
NO_DAY: Final = ("去年", "不记得", "2019年左右", "上学期")


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones or not tens else "")


WAYS: Final[Sequence[Callable[[date], Cell]]] = (
    lambda day: day,
    lambda day: day.isoformat(),
    lambda day: float(f"{day:%Y%m%d}"),
    lambda day: float((day - DAY_ZERO).days),
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day:%Y%m%d}".translate(WIDE),
    lambda day: f"{day:%y}.{day.month}.{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日生",
    lambda day: f"{day} 00:00:00",
    lambda day: (
        "".join(DIGITS[int(each)] for each in str(day.year)) + f"年{_chinese(day.month)}月{_chinese(day.day)}日"
    ),
    lambda day: f" {day.year} . {day.month} . {day.day} ",
    lambda day: f"{day.year}/{day.month}/{day.day}".translate(WIDE),
    lambda day: f"{day:%Y%m%d}.0",
    lambda day: f"'{day}",
    lambda day: f"{day.day} {day:%B} {day.year}",
)


@dataclass
class Messy:
    """A sheet being written by one hand: the hand's habits come from `chance`, so that a seed gives the same again."""

    chance: Random
    columns: list[str]
    rows: list[tuple[int, Sequence[Cell]]] = field(default_factory=list)
    truth: dict[int, Mapping[str, Any]] = field(default_factory=dict)

    def line(self, *cells: Cell) -> int:
        """Write a line, padded to the width of the table; returns its number."""
        padded = [*cells, *[""] * (len(self.columns) - len(cells))]
        self.rows.append((len(self.rows) + 1, padded))
        return len(self.rows)

    def one_of(self, choices: Sequence[Any]) -> Any:
        """Choose as the hand would."""
        return self.chance.choice(choices)


def messy(truths: Sequence[Mapping[str, Any]], chance: Random) -> tuple[Rows, Mapping[int, Mapping[str, Any]]]:
    """Write rows down again with other mess; returns the rows of a sheet and the truth by its new row."""
    extra = SENDING if "away" in truths[0] else RECEIVING
    rest = ["address", *extra, "school", ""]
    chance.shuffle(rest)
    grouped = chance.random() < 0.5
    middle = [*CHILD, *rest, *CARER]
    if not grouped:
        chance.shuffle(middle)
    sheet = Messy(chance, ["number", *middle])
    for _ in range(chance.randint(0, 6)):
        sheet.line(sheet.one_of(["某街道登记台账", "填报单位：（盖章）", "", "说明：请如实填写"]))
    header = _header(sheet, rest, grouped=grouped)
    above: Mapping[str, Any] = {}
    for count, truth in enumerate(truths, start=1):
        sheet.truth[sheet.line(*_row(sheet, truth, above))] = truth
        above = {} if "phone number too short" in truth["faults"] else truth
        if count % 40 == 0:
            sheet.line("小计", f"{count}人")
            sheet.line()
            for line in header:
                sheet.line(*line)
    sheet.line("合计", f"{len(truths)}人")
    sheet.line("填表人：张三", "", "审核人：李四")
    sheet.line("注：以上信息均已核实。")
    return sheet.rows, sheet.truth


def _header(sheet: Messy, rest: Sequence[str], *, grouped: bool) -> list[list[str]]:
    said = {name: sheet.one_of(HEADINGS[name]) for name in sheet.columns}
    lines = [[said[name] for name in sheet.columns]]
    if grouped:
        carer = [sheet.one_of(["姓名", "监护人姓名"]), said["relation"], sheet.one_of(["电话", "手机"])]
        upper = [said["number"], "儿童基本信息", "", "", "", *(said[name] for name in rest), "监护人信息", "", ""]
        lines = [upper, ["", *(said[name] for name in CHILD), *[""] * len(rest), *carer]]
    for line in lines:
        sheet.line(*line)
    return lines


def _row(sheet: Messy, truth: Mapping[str, Any], above: Mapping[str, Any]) -> list[Cell]:
    faults, any_of = truth["faults"], sheet.one_of
    cells: dict[str, Cell] = {
        "number": any_of([len(sheet.truth) + 1.0, str(len(sheet.truth) + 1), ""]),
        "name": "" if "no name" in faults else _name(sheet, truth["name"]),
        "sex": any_of(SEXES[truth["sex"]]),
        "birth": _birth(sheet, truth),
        "id_number": _number(sheet, truth),
        "relation": any_of(RELATIONS[truth["relation"]]),
        "guardian": truth["guardian"],
        "address": truth["address"],
        "phone": _phone(sheet, truth),
        "landlord": "房东某",
        "school": truth["school"],
        "away": truth.get("away"),
        "": any_of(MARGIN),
    }
    for name, fault in (("arrived", "arrival date unreadable"), ("away_since", "date of leaving unreadable")):
        if name in truth:
            cells[name] = any_of(NO_DAY) if fault in faults else any_of(WAYS)(date.fromisoformat(truth[name]))
    home = ("guardian", "address", "phone")
    if "phone number too short" not in faults and all(truth[name] == above.get(name) for name in home):
        cells |= dict.fromkeys(home, any_of(DITTOS))
    return [cells[name] for name in sheet.columns]


def _name(sheet: Messy, name: str) -> str:
    apart = f"{name[0]}{sheet.one_of([' ', '　', '   '])}{name[1]}" if len(name) == len("张三") else name
    dotted = sheet.one_of([name, apart]).replace("·", sheet.one_of("·•・.．‧∙⋅●"))
    return dotted + str(sheet.one_of(["", "", "", "（小名豆豆）", "*", "1", "★"]))


def _birth(sheet: Messy, truth: Mapping[str, Any]) -> Cell:
    faults = truth["faults"]
    if "no birth date" in faults or "no birth date; the ID number gives it" in faults:
        return str(sheet.one_of(["", "/", "—"]))
    if any(fault.startswith("birth date unreadable") for fault in faults):
        return str(sheet.one_of(UNREADABLE))
    day = date(2027, 12, 25) if "born in the future" in faults else date.fromisoformat(truth["birth"])
    written: Cell = sheet.one_of(WAYS)(day)
    return written


def _number(sheet: Messy, truth: Mapping[str, Any]) -> Cell:
    number, faults = str(truth["id_number"]), truth["faults"]
    if not number:
        return str(sheet.one_of(["", "", "无", "未办", "-"]))
    if "id number lost its last digits" in faults:
        figure = float(number.replace("X", "0"))
        lost: Cell = sheet.one_of([figure, f"{figure:.5E}", number[:15] + "000"])
        return lost
    if "check digit wrong" in faults:
        return number[:17] + ("1" if number[17] != "1" else "2")
    parts = f"{number[:6]} {number[6:14]} {number[14:]}"
    return str(sheet.one_of([number, f"'{number}", number.lower(), f" {number}\xa0", parts, number.translate(WIDE)]))


def _phone(sheet: Messy, truth: Mapping[str, Any]) -> Cell:
    phone = str(truth["phone"])
    if "phone number too short" in truth["faults"]:
        return phone[:10]
    dashed = f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"
    ways = [phone, float(phone), dashed, dashed.replace("-", " "), f"{phone}/0519-85551234", f"+86{phone}"]
    written: Cell = sheet.one_of([*ways, phone.translate(WIDE), f"{phone}（妈妈）"])
    return written
