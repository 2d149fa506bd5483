"""Every answer but a name and the month of birth may be refused or unknown, and the two stay apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.children.models import Child, Episode
from registry.database import db
from registry.households.models import Guardian, Household
from tests.client import OPENER
from tests.factories import COMMUNITY
from tests.households.conftest import born, child, number, without_number

if TYPE_CHECKING:
    from flask import Flask

    from tests.households.conftest import Intake


def withheld(answer: str) -> dict[str, Any]:
    """A second page on which everything that can be is answered with 不清楚 or 拒答."""
    guardian = dict.fromkeys(("name_answer", "phone_answer", "relation", "lives_here"), answer)
    nothing = {"guardians-0-phone": "", "guardians-0-name": "", "address": "", "hukou-typed": ""}
    nothing |= {"arrived-year": "", "arrived-month": "", "guardians-1-name": "", "guardians-1-relation": ""}
    household = dict.fromkeys(("address_answer", "hukou_answer", "arrived_answer", "stays", "ethnic"), answer)
    return nothing | household | {f"guardians-0-{name}": value for name, value in guardian.items()}


@pytest.mark.parametrize("answer", ["unknown", "refused"])
def test_everything_else_may_be_refused_or_unknown_and_the_two_are_kept_apart(
    answer: str, intake: Intake, app: Flask
) -> None:
    number = "refused" if answer == "refused" else "later"
    told = without_number(0, sex=answer, school=answer, certificate=answer, id_answer=number)
    page = intake.to_summary(told, **withheld(answer))
    assert {"unknown": "不清楚", "refused": "拒答"}[answer] in page.select(".app-facts")[0].get_text()
    intake.finish()

    with app.app_context():
        kept = db.session.scalars(select(Child)).one()
        assert (kept.sex, kept.certificate) == ("9" if answer == "refused" else "0", answer)
        assert (kept.hukou_answer, kept.hukou.open(OPENER), kept.id_number_answer) == (answer, None, number)
        assert kept.ethnic.open(OPENER) == kept.schooling[0].stage == answer
        guardian = db.session.scalars(select(Guardian)).one()
        assert (guardian.name_answer, guardian.phone_answer, guardian.lives_here_answer) == (answer,) * 3
        assert not guardian.lives_here
        assert db.session.scalars(select(Household)).one().address_answer == answer
        told_then = db.session.scalars(select(Episode)).one().circumstances.open(OPENER)
        assert isinstance(told_then, dict)
        assert told_then["stays"] == told_then["guardian_here"] == told_then["arrived_answer"] == answer


def test_what_nobody_answered_is_neither(intake: Intake, app: Flask) -> None:
    day = born(5)
    intake.notice()
    intake.send({})
    intake.send({"children-0-name": "李思琪", "children-0-birth-year": day.year, "children-0-birth-month": day.month})
    intake.finish()
    with app.app_context():
        kept = db.session.scalars(select(Child)).one()
        assert (kept.sex, kept.certificate, kept.hukou_answer, kept.schooling[0].stage) == ("0", "", "", "")
        told = db.session.scalars(select(Episode)).one().circumstances.open(OPENER)
        assert told == {"stays": "", "guardian_here": "", "arrived_answer": ""}
        assert db.session.scalars(select(Household)).one().address_answer == ""
        assert db.session.scalars(select(Guardian)).all() == []


def test_the_summary_says_what_was_answered_about_each_child(intake: Intake) -> None:
    day = born(9)
    page = intake.to_summary(
        child(0, school="refused"), without_number(1, name="李思远", id_answer="none"), **{"hukou-typed": ""}
    )
    first, second = (
        {row.dt.get_text(): row.dd.get_text() for row in card.select(".app-facts__row")}
        for card in page.select("[id^='child-']")
    )
    assert first["公民身份号码"] == f"3213**********{number()[-4:]}"
    assert first["户籍地（号码所载）"] == "江苏省宿迁市沭阳县"
    assert first["就学情况"] == "拒答"
    assert first["预防接种证"] == "有，已看"
    assert first["出生日期"].startswith(f"{day.year}年{day.month}月{day.day}日")
    assert second["公民身份号码"] == "没有号码"
    assert "户籍地（号码所载）" not in second
    assert number() not in str(page.soup)


NAMES = [
    ("周敏之女", "周敏之女"),
    ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
    ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
    ("阿卜杜拉 · 买买提", "阿卜杜拉·买买提"),
    ("萌", "萌"),
    ("𠮷田𬀩", "𠮷田𬀩"),
]


@pytest.mark.parametrize(("typed", "kept"), NAMES)
def test_names_of_every_kind_are_kept(typed: str, kept: str, intake: Intake, app: Flask) -> None:
    intake.to_summary(child(0, name=typed), **{"guardians-0-name": typed})
    assert kept in intake.finish().text
    with app.app_context():
        assert db.session.scalars(select(Child)).one().name.open(OPENER) == kept
        names = {row.name.open(OPENER) for row in db.session.scalars(select(Guardian))}
        assert names == {kept, "周敏"}


def test_the_number_gives_birth_date_sex_and_hukou_where_nobody_said_them(intake: Intake, app: Flask) -> None:
    day = born(9)
    month_only = {"birth-year": day.year, "birth-month": day.month}
    intake.to_summary(child(0, **month_only), **{"hukou-typed": ""})
    intake.finish()
    with app.app_context():
        kept = db.session.scalars(select(Child)).one()
        assert (kept.birth_date.open(OPENER).latest, kept.sex) == (day, "2")
        assert (kept.hukou.open(OPENER), kept.hukou_answer) == ("321322000000", "given")


def test_a_refused_place_of_hukou_is_not_read_from_the_number(intake: Intake, app: Flask) -> None:
    intake.to_summary(child(0), **{"hukou-typed": "", "hukou_answer": "refused"})
    intake.finish()
    with app.app_context():
        kept = db.session.scalars(select(Child)).one()
        assert (kept.hukou.open(OPENER), kept.hukou_answer) == (None, "refused")


def test_a_child_alone_is_unaccompanied(intake: Intake) -> None:
    nobody = {"guardians-0-phone": "", "guardians-0-name": "", "guardians-0-relation": ""}
    nobody |= {"guardians-1-name": "", "guardians-1-relation": "", "alone": "y"}
    assert "独自流动" in intake.to_summary(child(0), **nobody).text


def test_the_township_is_asked_where_the_county_is_the_same_as_here(intake: Intake, app: Flask) -> None:
    towns = [option["value"] for option in intake.notice().select("#hukou_town option")]
    town = next(code for code in towns if code and not COMMUNITY.startswith(code[:9]))
    intake.family(**{"hukou-typed": "天宁区", "hukou_town": town})
    page = intake.children(child(0))
    assert "流动（统计）" in page.text
    assert "流动（监测）" not in page.text
    intake.finish()
    with app.app_context():
        assert db.session.scalars(select(Child)).one().hukou.open(OPENER) == town
