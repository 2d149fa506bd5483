"""In whose name the rows of a ledger are stored: of who confirmed it, and only while that person may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from registry.accounts.models import Deputy, User
from registry.areas.models import Office
from registry.audit.models import AuditEvent
from registry.children.models import Child
from registry.clock import today
from registry.database import db
from registry.jobs.worker import work_off
from registry.ledgers import running, service
from registry.ledgers.models import Ledger
from tests.factories import COMMUNITY, ELSEWHERE
from tests.ledgers.importing import count, row, text

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Flask

    from registry.access import Viewer
    from tests.factories import Factory


def uploaded(app: Flask, viewer: Viewer) -> UUID:
    with app.app_context():
        ledger = service.upload(viewer, COMMUNITY, text(row("李思琪")), "台账.csv", today())
        db.session.commit()
        return ledger.id


def confirmed(app: Flask, viewer: Viewer, ledger_id: UUID) -> None:
    with app.app_context():
        service.confirm(viewer, ledger_id, [{}], 1)
        db.session.commit()


def state(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(Ledger.state)).one()


def changed(app: Flask, statement: object) -> None:
    with app.app_context():
        db.session.execute(statement)  # type: ignore[call-overload]
        db.session.commit()


def standing_in(app: Flask, away: User, deputy: User, **days: object) -> None:
    """Name a deputy from yesterday to tomorrow, unless told otherwise."""
    day = timedelta(days=1)
    told = {"from_on": today() - day, "to_on": today() + day, "made_by": away.id} | days
    with app.app_context():
        db.session.add(Deputy(user_id=away.id, deputy_id=deputy.id, **told))
        db.session.commit()


@pytest.mark.parametrize("over", ["no", "ended", "past", "never"])
def test_what_a_deputy_uploaded_is_worked_on_only_while_it_stands_in(app: Flask, make: Factory, over: str) -> None:
    away, deputy = make.user(), make.user(area=ELSEWHERE)
    if over != "never":
        yesterday = today() - timedelta(days=1)
        days = {"no": {}, "ended": {"ended_on": today()}, "past": {"from_on": yesterday, "to_on": yesterday}}
        standing_in(app, away, deputy, **days[over])
    viewer = replace(make.viewer(user=away), user_id=deputy.id, acting_for=away.id)
    confirmed(app, viewer, uploaded(app, viewer))
    work_off(app)
    assert (state(app), count(app, Child)) == (("done", 1) if over == "no" else ("stopped", 0))


def test_rows_are_stored_in_the_name_of_the_colleague_who_confirmed_them(app: Flask, make: Factory) -> None:
    office = make.office()
    gone, colleague = make.user(office=office), make.user(office=office)
    ledger_id = uploaded(app, make.viewer(user=gone))
    changed(app, update(User).where(User.id == gone.id).values(active=False))
    confirmed(app, make.viewer(user=colleague), ledger_id)
    work_off(app)
    assert (state(app), count(app, Child)) == ("done", 1)
    with app.app_context():
        who = {event.kind: event.user_id for event in db.session.scalars(select(AuditEvent))}
    assert who["ledger_uploaded"] == gone.id
    assert who["child_registered"] == who["ledger_confirmed"] == who["ledger_ended"] == colleague.id


def test_a_supervisor_of_the_area_may_confirm_it_and_nobody_whose_area_it_is_no_more(app: Flask, make: Factory) -> None:
    user = make.user()
    ledger_id = uploaded(app, make.viewer(user=user))
    confirmed(app, make.viewer("supervisor"), ledger_id)
    with app.app_context():
        found = running.uploader(db.session.get_one(Ledger, ledger_id))
        assert found is not None
        assert found.area_code == COMMUNITY[:9] + "000"
    make.area(ELSEWHERE)
    changed(app, update(Office).where(Office.id == found.office_id).values(area_code=ELSEWHERE))
    work_off(app)
    assert (state(app), count(app, Child)) == ("stopped", 0)


def test_a_registrar_whose_office_moved_to_another_area_stores_nothing_there_any_more(
    app: Flask, make: Factory
) -> None:
    viewer = make.viewer()
    confirmed(app, viewer, uploaded(app, viewer))
    make.area(ELSEWHERE)
    changed(app, update(Office).where(Office.id == viewer.office_id).values(area_code=ELSEWHERE))
    work_off(app)
    assert (state(app), count(app, Child)) == ("stopped", 0)
