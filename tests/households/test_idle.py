"""A page that was typed while the session went idle is kept for the same user, and for nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from registry.accounts.models import UserSession
from registry.clock import now
from registry.database import db
from registry.households.models import IntakeDraft
from tests.client import OPENER
from tests.households.conftest import Intake, child, family, without_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.factories import Factory

TYPED = family(**{"hukou-typed": ""})
IDLE = {"seen_at": timedelta(minutes=20)}
OVER = {"seen_at": timedelta(minutes=20), "began_at": timedelta(hours=9)}


def grow_old(app: Flask, by: dict[str, timedelta]) -> None:
    with app.app_context():
        db.session.execute(update(UserSession).values({name: now() - much for name, much in by.items()}))
        db.session.commit()


def kept(app: Flask) -> dict[str, Any]:
    with app.app_context():
        answers = db.session.scalars(select(IntakeDraft)).one().answers.open(OPENER)
        assert isinstance(answers, dict)
        return answers


@pytest.fixture
def user(make: Factory) -> Any:
    return make.user(office=make.office())


@pytest.fixture
def begun(begin: Callable[..., Intake], user: Any, offices: None) -> Intake:
    intake = begin(user)
    intake.notice()
    return intake


@pytest.mark.database
def test_a_page_typed_while_the_session_went_idle_is_there_again_after_signing_in(
    begun: Intake, user: Any, app: Flask
) -> None:
    grow_old(app, IDLE)
    path = begun.page.path
    signing = begun.page.submit(TYPED, button=("continue", "1"))
    assert signing.path == "/sign-in"
    assert "李建国" not in str(signing.soup)
    begun.client.sign_in(user)
    page = begun.client.get(path)
    assert dict(page.values())["guardians-0-name"] == "李建国"
    assert dict(page.values())["address"] == "2单元602室"


def test_what_was_unticked_while_the_session_went_idle_stays_unticked(begun: Intake, app: Flask) -> None:
    begun.family()
    summary = begun.children(without_number(0, school="none", certificate="none"))
    grow_old(app, IDLE)
    summary.submit({"referral": ["1-vaccination"]})
    assert "1-education" in kept(app)["declined"]


def test_a_session_that_ended_otherwise_keeps_nothing(begun: Intake, app: Flask) -> None:
    grow_old(app, OVER)
    begun.page.submit(TYPED, button=("continue", "1"))
    assert "family" not in kept(app)


def test_a_page_without_its_token_keeps_nothing(begun: Intake, app: Flask) -> None:
    grow_old(app, IDLE)
    begun.client.post(begun.page.path, [("csrf_token", "forged"), ("guardians-0-name", "李建国")], status=400)
    assert "family" not in kept(app)


def test_nothing_is_kept_in_the_draft_of_somebody_else(
    begun: Intake, begin: Callable[..., Intake], make: Factory, app: Flask
) -> None:
    colleague = begin(make.user(office=make.office()))
    grow_old(app, IDLE)
    token = dict(colleague.page.values())["csrf_token"]
    page = colleague.client.post(begun.page.path, [("csrf_token", token), ("guardians-0-name", "李建国")])
    assert page.path == "/sign-in"
    assert "family" not in kept(app)


def test_an_intake_that_was_sent_keeps_nothing_more(begun: Intake, app: Flask) -> None:
    begun.family()
    page = begun.page
    begun.children(child(0))
    begun.finish()
    grow_old(app, IDLE)
    page.submit(child(0))
    assert kept(app) == {"outside": [], "set_aside": {}}
