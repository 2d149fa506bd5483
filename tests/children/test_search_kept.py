"""How long a search is kept, and what its page says afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from registry.audit.models import AuditEvent
from registry.children.finding import keep, sweep
from registry.children.models import Search
from registry.clock import now, today
from registry.database import db
from tests.children.test_search import look_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory


def test_an_old_search_leads_back_to_the_list_and_is_no_attempt_at_anything(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    browser = client_as("registrar", language="en")
    page = look_for(browser, "雨桐")
    for gone in (False, True):
        with app.app_context():
            db.session.execute(update(Search).values(made_at=now() - timedelta(hours=9)))
            if gone:
                assert sweep(today(), None).done == 1
            db.session.commit()
        back = browser.get(page.path)
        assert back.path == "/children/"
        assert "Search again" in back.text
    with app.app_context():
        assert not db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "refused")).all()


@pytest.mark.database
def test_the_night_removes_old_searches_of_everybody_and_no_others(context: Flask, make: Factory) -> None:
    old, fresh = make.viewer(), make.viewer()
    keep(old, "雨桐").made_at = now() - timedelta(hours=8, seconds=1)
    keep(fresh, "王")
    db.session.flush()
    assert [sweep(today(), None).done for _ in range(2)] == [1, 0]
    assert db.session.scalars(select(Search.user_id)).all() == [fresh.user_id]


def test_the_next_search_removes_what_the_same_person_looked_for_eight_hours_ago(context: Flask, make: Factory) -> None:
    viewer, other = make.viewer(), make.viewer()
    for who in (viewer, other):
        keep(who, "雨桐").made_at = now() - timedelta(hours=8, seconds=1)
    keep(viewer, "王")
    db.session.flush()
    left = db.session.scalars(select(Search.user_id)).all()
    assert sorted(left) == sorted([viewer.user_id, other.user_id])
