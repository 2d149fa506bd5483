"""Drafts: kept page by page, found again on another device, sent once however the connection fails, swept in time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, update
from werkzeug.datastructures import MultiDict

from registry.accounts.models import UserSession
from registry.children.models import Child
from registry.clock import now, today
from registry.database import db
from registry.households import drafts
from registry.households.models import Household, IntakeDraft
from sop.version import in_force
from tests.client import OPENER, Client
from tests.households.conftest import Intake, child, family, without_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.client import Page
    from tests.factories import Factory


def how_many(app: Flask, model: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def rows(app: Flask) -> list[IntakeDraft]:
    with app.app_context():
        return list(db.session.scalars(select(IntakeDraft)))


def grow_old(app: Flask, **days: int) -> None:
    """Let drafts have been begun, kept or sent so many days ago."""
    with app.app_context():
        then = {name: now() - timedelta(days=much) for name, much in days.items()}
        db.session.execute(update(IntakeDraft).values(then))
        db.session.commit()


def sweep(app: Flask) -> int:
    with app.app_context():
        batch = drafts.sweep(today())
        db.session.commit()
        return batch.done


def by_script(page: Page, answers: dict[str, Any] | None = None) -> TestResponse:
    """Send a page as the script does, which asks where to go next."""
    pairs = [pair for pair in page.values() if pair[0] not in (answers or {})]
    pairs += [(name, str(value)) for name, value in (answers or {}).items()] + [("continue", "1")]
    return page.client.http.post(page.path, data=MultiDict(pairs), headers={"Accept": "application/json"})


@pytest.fixture
def user(make: Factory) -> Any:
    return make.user(office=make.office())


@pytest.fixture
def begun(begin: Callable[..., Intake], user: Any, offices: None) -> Intake:
    return begin(user)


def test_every_page_that_is_sent_is_kept_with_its_time(begun: Intake, app: Flask) -> None:
    times = []
    for send in (begun.notice, begun.family, lambda: begun.children(child(0))):
        send()
        times.append(rows(app)[0].kept_at)
    assert None not in times
    assert times == sorted(set(times))


def test_what_was_kept_is_found_again_on_another_device(begun: Intake, app: Flask, user: Any) -> None:
    begun.notice()
    begun.family()
    begun.send(without_number(0), button=("add", "children"))
    other = Client(app)
    other.sign_in(user)
    home = other.get("/today")
    link = next(a["href"] for a in home.select("a") if a["href"].endswith("/summary"))
    page = other.get(link)
    assert page.h1 == "孩子"
    assert dict(page.values())["children-0-name"] == "李思琪"
    again = Intake.__new__(Intake)
    again.client, again.page = other, page
    again.send({})
    assert again.finish().path.endswith("/registered")
    assert how_many(app, Child) == 1


def test_the_script_is_told_where_to_go_next_and_a_browser_without_it_is_led_there(begun: Intake) -> None:
    answer = by_script(begun.page, {"answer": "agrees"})
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["next"].endswith("/family")
    assert begun.page.submit({"answer": "agrees"}, button=("continue", "1")).path.endswith("/family")


def test_the_script_is_not_told_where_to_go_while_there_is_something_to_correct(begun: Intake) -> None:
    answer = by_script(begun.page)
    assert answer.json == {"next": None}
    assert begun.page.submit({}, button=("continue", "1")).status == 422


@pytest.mark.database
def test_a_page_with_something_to_correct_is_kept_too(begun: Intake, app: Flask, user: Any) -> None:
    begun.notice()
    page = begun.send(family(**{"arrived-month": 13, "hukou-typed": ""}), faulty=True)
    assert page.errors
    other = Client(app)
    other.sign_in(user)
    page = other.get(page.path)
    assert dict(page.values())["guardians-0-name"] == "李建国"
    assert dict(page.values())["arrived-month"] == "13"
    assert other.get(page.path.replace("family", "summary")).path == page.path


def test_every_page_of_an_intake_says_what_to_do_without_a_connection(begun: Intake) -> None:
    pages = [begun.page, begun.notice(), begun.family(), begun.children(child(0))]
    for page in pages:
        told = page.select("#not-sent[hidden][role=alert]")
        assert "未发送：没有网络连接" in told[0].get_text()
        assert [s for s in page.select("script") if "unsent" in s["src"]]


def lose_connection_after(page: Page, answers: dict[str, Any]) -> None:
    """The page arrives, and its answer never comes back: nobody sees what is answered."""
    by_script(page, answers)


def go_idle(app: Flask) -> None:
    with app.app_context():
        db.session.execute(update(UserSession).values(seen_at=now() - timedelta(minutes=20)))
        db.session.commit()


FIVE = [
    child(0),
    child(1, name="李思远"),
    child(2, name="李思源", school="kindergarten"),
    without_number(3, name="李思齐", school="none", certificate="none"),
    without_number(4, name="周敏的女儿", school="none", certificate="no_dose"),
]


@pytest.mark.database
def test_five_children_are_registered_once_with_two_losses_of_connection_and_one_idle_end(
    begun: Intake, app: Flask, user: Any
) -> None:
    lose_connection_after(begun.page, {"answer": "agrees"})
    begun.notice()  # "try again"
    go_idle(app)
    signing = begun.page.submit(family(**{"hukou-typed": ""}), button=("continue", "1"))
    assert signing.path == "/sign-in"
    begun.client.sign_in(user)
    begun.page = begun.client.get(begun.page.path)
    assert dict(begun.page.values())["guardians-0-name"] == "李建国"
    begun.send({"hukou-typed": "沭阳县"})
    begun.children(*FIVE)
    lose_connection_after(begun.page, {"referral": "4-education"})
    receipt = begun.finish()
    assert receipt.path.endswith("/registered")
    assert len(receipt.select(".app-card")) == len(FIVE)
    assert how_many(app, Household) == how_many(app, IntakeDraft) == 1
    assert how_many(app, Child) == len(FIVE)


def test_drafts_never_sent_are_forgotten_when_their_time_is_over(begun: Intake, app: Flask) -> None:
    begun.to_summary(child(0))
    days = in_force(today()).intake.draft_days
    grow_old(app, kept_at=days, began_at=days + 5)
    assert sweep(app) == 0
    grow_old(app, kept_at=days + 1)
    assert sweep(app) == 1
    assert rows(app) == []
    assert sweep(app) == 0


def test_of_an_intake_that_was_sent_nothing_is_left_after_its_day_but_that_it_was_sent(
    begun: Intake, app: Flask, make: Factory
) -> None:
    summary = begun.to_summary(child(0))
    receipt = begun.finish()
    assert sweep(app) == 0
    grow_old(app, sent_at=2, kept_at=2)
    assert sweep(app) == 1
    assert sweep(app) == 0
    with app.app_context():
        assert db.session.scalars(select(IntakeDraft)).one().answers.open(OPENER) is None
    assert "已登记1个孩子" in begun.client.get(receipt.path).text
    assert summary.submit({}).path == receipt.path
    assert how_many(app, Household) == 1


def test_many_drafts_are_swept_in_batches_that_miss_none(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "SWEPT_AT_ONCE", 2)
    viewer = make.viewer()
    with app.app_context():
        for _ in range(5):
            db.session.add(IntakeDraft(user_id=viewer.user_id, side="receiving", began_at=now() - timedelta(days=99)))
        db.session.commit()
        after, done = None, 0
        while True:
            batch = drafts.sweep(today(), after)
            db.session.commit()
            done, after = done + batch.done, batch.after
            if after is None:
                break
    assert done == 5
    assert rows(app) == []


def test_the_nightly_round_sweeps_drafts(app: Flask) -> None:
    from registry.jobs.service import kinds_of

    assert kinds_of(app)["sweep_drafts"].nightly
