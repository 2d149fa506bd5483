"""What was typed is kept: rows added and removed, the number read, the language switched, the intake left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from registry.database import db
from registry.households.models import Household, IntakeDraft
from tests.factories import ELSEWHERE
from tests.households.conftest import Intake, child, family, without_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory


def holds(page: Page, typed: dict[str, Any]) -> bool:
    """Whether the form of a page holds all that was typed, in its boxes."""
    kept = dict(page.values())
    return {name: kept.get(name) for name in typed} == {name: str(value) for name, value in typed.items()}


def household(**changed: Any) -> dict[str, Any]:
    """A second page without the place of hukou, whose box becomes steps once it was read."""
    typed = family(**changed)
    del typed["hukou-typed"]
    return typed


def test_adding_and_removing_a_guardian_keeps_what_was_typed(intake: Intake) -> None:
    intake.notice()
    page = intake.send(household(), button=("add", "guardians"))
    assert holds(page, household())
    third = {"guardians-2-name": "周大福", "guardians-2-relation": "63", "guardians-2-lives_here": "no"}
    page = intake.send(third, button=("remove", "0"))
    assert holds(
        page,
        {
            "guardians-0-name": "周敏",
            "guardians-0-relation": "52",
            "guardians-1-name": "周大福",
            "guardians-1-lives_here": "no",
            "address": "2单元602室",
        },
    )
    assert len(page.select("[id^=guardians-]:not([id*=-name]) > .app-card")) == 2


def test_adding_and_removing_a_child_keeps_what_was_typed(intake: Intake) -> None:
    intake.notice()
    intake.family()
    typed = without_number(0) | without_number(1, name="李思远")
    page = intake.send(typed, button=("add", "children"))
    assert len(page.select("[data-child]")) == 3
    assert holds(page, typed)
    page = intake.send({}, button=("remove", "0"))
    assert len(page.select("[data-child]")) == 2
    assert dict(page.values())["children-0-name"] == "李思远"


def test_there_is_an_end_to_adding(intake: Intake) -> None:
    intake.notice()
    for _ in range(20):
        page = intake.send({}, button=("add", "guardians"))
    assert dict(page.values()).keys() >= {"guardians-19-name"}
    assert "guardians-20-name" not in dict(page.values())


def test_reading_the_number_says_what_was_read_and_hides_those_questions(
    language: str, begin: Callable[..., Intake]
) -> None:
    intake = begin(language=language)
    intake.notice()
    intake.family()
    page = intake.send(child(0), button=("read", "0"))
    said = page.select("#children-0-id_number-read")[0].get_text()
    assert ("已读出" if language == "zh" else "Read: born") in said
    assert ("江苏省宿迁市沭阳县" if language == "zh" else "Shuyang") in said
    assert not page.select("[id='children-0-birth-year']")
    assert not page.select("[id='children-0-sex']")
    assert page.select("[id='children-1-birth-year']")
    assert holds(page, child(0))


def test_birth_and_sex_stay_questions_where_they_differ_from_the_number(intake: Intake) -> None:
    intake.notice()
    intake.family()
    page = intake.send(child(0, sex="1"), button=("read", "0"))
    assert holds(page, {"children-0-sex": "1"})


def test_switching_the_language_keeps_the_page_and_everything_typed(intake: Intake) -> None:
    intake.notice()
    intake.client.language = "en"
    page = intake.send(household(), button=("_language", "en"))
    assert page.h1 == "Household and guardians"
    assert holds(page, household())
    intake.send({"hukou-typed": "沭阳县"})
    intake.client.language = "zh"
    page = intake.send(without_number(0), button=("_language", "zh"))
    assert page.h1 == "孩子"
    assert holds(page, without_number(0))


def test_switching_the_language_on_the_first_page_keeps_form_and_answer(intake: Intake) -> None:
    draft = dict(intake.page.values())["draft"]
    intake.client.language = "en"
    page = intake.send({"side": "sending", "answer": "agrees"}, button=("_language", "en"))
    assert page.h1 == "Notice to the guardian"
    assert holds(page, {"side": "sending", "answer": "agrees", "draft": draft})


def test_switching_the_language_on_the_notice_of_a_draft_keeps_its_form(intake: Intake) -> None:
    path = intake.notice().path.replace("family", "notice")
    intake.page = intake.client.get(path)
    intake.client.language = "en"
    page = intake.send({"side": "sending"}, button=("_language", "en"))
    assert (page.path, page.h1) == (path, "Notice to the guardian")
    assert holds(page, {"side": "sending", "answer": "agrees"})


def test_switching_the_language_on_the_summary_keeps_what_was_unticked(intake: Intake) -> None:
    intake.to_summary(without_number(0, school="none", certificate="none"))
    intake.client.language = "en"
    page = intake.send({"referral": ["1-vaccination"]}, button=("_language", "en"))
    assert page.h1 == "Check and send"
    assert [value for name, value in page.values() if name == "referral"] == ["1-vaccination"]


def test_a_place_that_is_looked_for_keeps_the_page(intake: Intake) -> None:
    intake.notice()
    page = intake.send(family(), button=("hukou-find", "1"))
    assert holds(page, household())
    assert dict(page.values())["hukou-3"] == "321322000000"


def test_an_intake_that_was_left_is_continued_where_it_was(intake: Intake) -> None:
    intake.notice()
    intake.family()
    intake.send(without_number(0), button=("add", "children"))
    home = intake.client.get("/today")
    assert "未完成的登记" in home.text
    link = next(a["href"] for a in home.select("a") if a.get_text(strip=True) == "继续")
    page = intake.client.get(link)
    assert page.h1 == "孩子"
    assert holds(page, without_number(0))


def test_going_back_changes_an_answer_and_keeps_the_others(intake: Intake) -> None:
    summary = intake.to_summary(child(0))
    intake.page = intake.client.get(summary.path.replace("summary", "family"))
    assert holds(intake.page, household())
    intake.send({"address": "7幢101室"})
    page = intake.send({})
    assert page.path == summary.path
    assert "7幢101室" in page.text


def test_a_guardian_who_does_not_agree_leaves_nothing_behind(intake: Intake, app: Flask) -> None:
    page = intake.send({"answer": "declines"})
    assert page.h1 == "没有保留任何信息"
    assert "接种门诊" in page.text
    with app.app_context():
        assert db.session.scalars(select(IntakeDraft)).all() == []


def test_a_guardian_who_changes_mind_later_leaves_nothing_behind(intake: Intake, app: Flask) -> None:
    page = intake.to_summary(child(0))
    intake.page = intake.client.get(page.path.replace("summary", "notice"))
    assert intake.send({"answer": "declines"}).h1 == "没有保留任何信息"
    with app.app_context():
        assert db.session.scalars(select(IntakeDraft)).all() == []


def test_the_other_form_may_still_be_chosen(intake: Intake) -> None:
    page = intake.notice()
    intake.page = intake.client.get(page.path.replace("family", "notice"))
    assert intake.send({"side": "sending"}).h1 == "家庭和照护人"


def test_an_intake_that_is_not_wanted_is_discarded(intake: Intake, app: Flask) -> None:
    intake.to_summary(child(0))
    home = intake.client.get("/today")
    form = next(f["action"] for f in home.select("form") if f["action"].endswith("/discard"))
    home.submit(form=f"form[action='{form}']")
    with app.app_context():
        assert db.session.scalars(select(IntakeDraft)).all() == []


def test_a_draft_opens_for_nobody_but_its_owner(
    intake: Intake, client_as: Callable[..., Client], app: Flask, make: Factory
) -> None:
    drafted = intake.to_summary(child(0)).path
    registered = intake.finish().path
    colleague = make.user(office=make.office())
    for who, office in ((colleague, {}), ("registrar", {"area": ELSEWHERE})):
        other = client_as(who, **office)
        for page in ("notice", "family", "children", "summary", "registered", "slip/1"):
            other.get(drafted.replace("summary", page), status=404)
        other.get(registered, status=404)
        assert "李思琪" not in other.get("/today").text
    with app.app_context():
        assert db.session.scalars(select(Household)).one()


def test_a_sent_draft_keeps_nothing_that_was_typed(intake: Intake, app: Flask) -> None:
    from tests.client import OPENER

    intake.to_summary(child(0))
    intake.finish()
    with app.app_context():
        draft = db.session.scalars(select(IntakeDraft)).one()
        assert draft.answers.open(OPENER) == {"outside": [], "set_aside": {}}


def test_no_address_and_no_title_names_anybody(intake: Intake) -> None:
    intake.notice()
    for send in (intake.family, lambda: intake.children(child(0)), intake.finish):
        page = send()
        assert not any(name in page.path for name in ("李", "%E6%9D%8E", "1540000"))
        title = page.soup.title.get_text() if page.soup.title else ""
        assert "李" not in title
        assert "周敏" not in title
