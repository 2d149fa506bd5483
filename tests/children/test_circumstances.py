"""What a file says of who is away, who cares, and what nobody could or would say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.children.models import Change, Child, Episode
from registry.clock import today
from registry.database import db
from sop.identity import BirthDate
from tests.client import OPENER
from tests.factories import COMMUNITY

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client, Page
    from tests.factories import Factory

SENDING = {
    "who_away": "father",
    "father_away": True,
    "mother_away": False,
    "away_since": "2025-02",
    "away_area": "310000000000",
    "other_parent_can_care": "no",
    "carer": "52",
    "boarding": "unknown",
}
ABSENCE = {
    "zh": {
        "外出的人": "父亲",
        "外出时间": "2025年2月",
        "去往": "上海市",
        "在家一方能否照护": "不能",
        "实际照护人": "周敏（母亲）",
        "是否寄宿": "不清楚",
    },
    "en": {
        "Who is away": "Father",
        "Away since": "February 2025",
        "Gone to": "Shanghai",
        "Parent at home can care": "No",
        "Actual carer": "Zhou Min 周敏 (mother)",
        "Boards at school": "Not known",
    },
}


def with_circumstances(app: Flask, child: Child, told: dict[str, Any], **columns: Any) -> None:
    with app.app_context():
        episode = db.session.get_one(Episode, child.episodes[0].id)
        episode.circumstances = told
        for name, value in columns.items():
            setattr(episode, name, value)
        db.session.commit()


def facts_on(page: Page) -> dict[str, str]:
    rows = page.select(".app-facts__row")
    return {row.dt.get_text(strip=True): " ".join(row.dd.get_text(" ").split()) for row in rows}


def test_the_file_of_a_child_who_stayed_says_who_is_away_and_who_cares(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    child = make.child(side="sending", flags=("left_behind",), hukou=f"{COMMUNITY[:9]}000")
    with_circumstances(app, child, SENDING, arrived=None)
    page = client_as("registrar", language=language).get(f"/children/{child.id}")
    assert facts_on(page).items() >= ABSENCE[language].items()
    never_asked = {"zh": ("监护人是否在此", "到达时间"), "en": ("Guardian here", "arrival")}[language]
    assert not [words for words in never_asked if words in page.text]


@pytest.mark.parametrize(("answer", "shown"), [("unknown", "不清楚"), ("refused", "拒答"), ("", "—")])
def test_unknown_declined_and_untouched_are_three_different_things_in_a_file(
    app: Flask, make: Factory, client_as: Callable[..., Client], answer: str, shown: str
) -> None:
    child = make.child(side="sending")
    told = {"who_away": answer, "away_since_answer": answer, "away_area_answer": answer, "boarding": answer}
    with_circumstances(app, child, told, arrived=None)
    facts = facts_on(client_as("registrar").get(f"/children/{child.id}"))
    assert [facts[label] for label in ("外出的人", "外出时间", "去往", "是否寄宿")] == [shown] * 4


@pytest.mark.parametrize(("settles", "word"), [(True, "待满6个月"), (False, "待定")])
def test_what_no_day_settles_is_called_so_in_the_file_and_the_list(
    app: Flask, make: Factory, client_as: Callable[..., Client], settles: bool, word: str
) -> None:
    child = make.child(flags=("provisional",))
    arrived, month = (BirthDate.of(today()), "2039-01") if settles else (None, None)
    with_circumstances(app, child, {}, arrived=arrived, changes_month=month)
    browser = client_as("registrar")
    tags = [tag.get_text() for tag in browser.get(f"/children/{child.id}").select(".app-tag--dashed")]
    assert set(tags) == {word}
    listed = [tag.get_text() for tag in browser.get("/children/").select("tbody .app-tag--dashed")]
    assert listed == [word]
    for flag, held in (("provisional", settles), ("unsettled", not settles)):
        assert len(browser.get(f"/children/?flag={flag}").select("tbody tr")) == held


def circumstances(app: Flask, child: Child) -> tuple[Any, frozenset[str]]:
    with app.app_context():
        episode = db.session.get_one(Episode, child.episodes[0].id)
        return episode.circumstances.open(OPENER), frozenset(episode.flags)


def family_told(browser: Client, child: Child, **answers: str) -> Page:
    return browser.get(f"/children/{child.id}/answers/family").submit(answers, status=200)


@pytest.mark.database
def test_parents_who_go_on_without_a_child_leave_it_unaccompanied_and_its_file_says_so(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    child = make.child()
    browser = client_as("registrar", language=language)
    assert browser.get(f"/children/{child.id}").select(f"a[href='/children/{child.id}/answers/family#guardian_here']")
    page = family_told(browser, child, guardian_here="alone")
    assert page.path.endswith("/questions/family")  # who is away is asked now
    told, flags = circumstances(app, child)
    assert told["guardian_here"] == "alone"
    assert flags == {"unaccompanied"}
    file = browser.get(f"/children/{child.id}")
    assert {"zh": "独自流动", "en": "Unaccompanied"}[language] in file.text
    with app.app_context():
        fields = set(db.session.scalars(select(Change.field)))
        assert {"guardian_here", "flags"} <= fields


def test_parents_who_go_away_from_a_child_at_its_own_home_leave_it_behind(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(hukou=f"{COMMUNITY[:9]}000", hukou_county=f"{COMMUNITY[:6]}000000")
    page = family_told(client_as("registrar"), child, guardian_here="other")
    page = page.submit({"who_away": "both"}, status=200)
    page.submit({"away_since-year": "2025", "away_since-month": "2", "away_area-1": "310000000000"}, status=200)
    assert circumstances(app, child)[1] == {"left_behind"}


def test_what_the_family_told_of_who_is_here_holds_until_something_else_is_said_of_an_adult(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    browser = client_as("registrar")
    family_told(browser, child, guardian_here="alone")
    aunt = {"care": "entrusted", "relation": "62", "name": "李桂英", "lives_here": "yes"}
    browser.get(f"/children/{child.id}/carers/new").submit(aunt, status=200)
    assert circumstances(app, child)[0]["guardian_here"] == "alone"  # nothing was said of a guardian
    father = {"care": "guardian", "relation": "51", "name": "陈海涛", "lives_here": "yes"}
    browser.get(f"/children/{child.id}/carers/new").submit(father, status=200)
    assert circumstances(app, child)[0]["guardian_here"] == "both"


def test_whether_the_family_means_to_stay_can_be_seen_and_changed(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child()
    browser = client_as("registrar")
    assert facts_on(browser.get(f"/children/{child.id}"))["打算住满6个月"].startswith("是")
    browser.get(f"/children/{child.id}/answers/residence").submit({"stays": "no"}, status=200)
    assert circumstances(app, child)[0]["stays"] == "no"


@pytest.mark.parametrize(
    ("status", "words"),
    [("aged_out", {"zh": "满16周岁", "en": "Aged out"}), ("deceased", {"zh": "死亡", "en": "Deceased"})],
)
def test_a_child_who_died_or_grew_up_is_not_called_active_beside_it(
    make: Factory, client_as: Callable[..., Client], language: str, status: str, words: dict[str, str]
) -> None:
    child = make.child(child_status=status)
    tags = [
        tag.get_text()
        for tag in client_as("registrar", language=language).get(f"/children/{child.id}").select(".app-tag")
    ]
    assert words[language] in tags
    assert not {"在册", "Active"} & set(tags)


def test_a_paper_that_was_seen_is_named_and_does_not_call_the_file_verified(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(name="周敏之女", status="pending")
    browser = client_as("registrar", language="en")
    browser.get(f"/children/{child.id}/questions/identity").submit({"birth_certificate": "seen"})
    tags = [tag.get_text() for tag in browser.get(f"/children/{child.id}").select(".app-tag")]
    assert "Birth certificate seen" in tags
    assert "Verified" not in tags
