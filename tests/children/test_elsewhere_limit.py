"""How often one person may look children up elsewhere, how long an answer is read, and what stays visible."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from registry import create_app
from registry.children import elsewhere
from registry.children.elsewhere import LookUpLimitError, answered, ask, left, onward
from registry.children.models import Child, LookUp
from registry.clock import now, today
from registry.database import db
from registry.vault.sealed import opened_fields
from tests.children.looking import CARD, LIMIT, asks, far_child
from tests.factories import VILLAGE

if TYPE_CHECKING:
    from flask import Flask

    from registry.access import Viewer
    from registry.settings import Settings
    from tests.factories import Factory


def use_up(viewer: Viewer, number: int, at: Any = None) -> None:
    values = {"user_id": viewer.user_id, "by": "card", "purpose": "moved_here", "found": 0}
    db.session.add_all(LookUp(at=at or now(), **values) for _ in range(number))
    db.session.commit()


@pytest.mark.database
def test_after_as_many_look_ups_as_one_person_may_make_the_next_is_refused(
    make: Factory, viewer: Viewer, request_of: Flask
) -> None:
    far_child(make)
    use_up(viewer, LIMIT - 1)
    assert left(viewer, today()) == 1
    assert asks(viewer)
    with pytest.raises(LookUpLimitError) as refused:
        asks(viewer)
    assert refused.value.limit == LIMIT
    assert left(viewer, today()) == 0


def test_the_limit_is_each_persons_own(make: Factory, viewer: Viewer, request_of: Flask) -> None:
    far_child(make)
    colleague = make.viewer("registrar")
    use_up(viewer, LIMIT)
    assert asks(colleague)


def test_the_limit_begins_anew_the_next_day_and_yesterdays_look_ups_are_forgotten(
    make: Factory, viewer: Viewer, request_of: Flask
) -> None:
    far_child(make)
    use_up(viewer, LIMIT, now() - timedelta(days=1))
    assert left(viewer, today()) == LIMIT
    assert asks(viewer)
    assert db.session.scalar(select(func.count()).select_from(LookUp)) == 1


def test_the_limit_survives_a_restart(make: Factory, viewer: Viewer, app: Flask, settings: Settings) -> None:
    with app.app_context():
        use_up(viewer, LIMIT)
        db.session.remove()
        db.engine.dispose()
    restarted = create_app(settings)
    with restarted.test_request_context():
        with pytest.raises(LookUpLimitError):
            asks(viewer)
        db.session.rollback()
    with restarted.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.database
def test_of_two_last_look_ups_in_one_second_one_is_refused(app: Flask, make: Factory, viewer: Viewer) -> None:
    with app.app_context():
        use_up(viewer, LIMIT - 1)
    together = Barrier(2, timeout=30)

    def last(_: int) -> bool:
        with app.test_request_context():
            together.wait()
            try:
                ask(viewer, "card", (CARD,), "moved_here", today())
                db.session.commit()
            except LookUpLimitError:
                db.session.rollback()
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(last, range(2))) == [False, True]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LookUp)) == LIMIT


def test_an_answer_is_read_by_its_own_person_on_its_own_day(make: Factory, viewer: Viewer, request_of: Flask) -> None:
    far_child(make)
    colleague = make.viewer("registrar")
    look_up_id = ask(viewer, "card", (CARD,), "moved_here", today())
    assert answered(viewer, look_up_id, today())
    assert answered(colleague, look_up_id, today()) is None
    assert answered(viewer, look_up_id, today() + timedelta(days=1)) is None


def test_a_file_that_is_protected_after_the_look_up_is_no_longer_there(
    make: Factory, viewer: Viewer, request_of: Flask
) -> None:
    child = far_child(make)
    look_up_id = ask(viewer, "card", (CARD,), "moved_here", today())
    db.session.get_one(Child, child.id).protected = True
    answer = answered(viewer, look_up_id, today())
    assert answer is not None
    assert (answer.found, answer.several) == (None, False)
    assert not elsewhere.may_be_told_of(child.id)


def test_what_a_village_goes_on_seeing_opens_nothing(make: Factory, request_of: Flask) -> None:
    child, hidden = far_child(make), make.child(protected=True)
    with opened_fields() as opened:
        seen = onward([child.id, hidden.id])
    assert opened == []
    assert set(seen) == {child.id}
    known = seen[child.id]
    assert (known.area_code, known.since, known.school, known.certificate) == (VILLAGE, today(), "primary", "seen")
