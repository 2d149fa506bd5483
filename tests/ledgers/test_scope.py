"""Whose ledgers somebody sees, and where rows go whose children live in another area."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from registry.children import answers, todo
from registry.children import queries as children
from registry.children.facts import classify_today
from registry.children.models import Child, Episode
from registry.clock import today
from registry.database import db
from registry.households.models import Household
from registry.ledgers import queries, service
from registry.ledgers.models import LedgerRow
from registry.visits import queries as visits
from registry.visits import service as visiting
from registry.visits.service import Made
from sop.todo import Todo
from tests.factories import COMMUNITY, ELSEWHERE
from tests.ledgers.importing import FAMILY, THERE, codes, count, imported, number, one, row, text

if TYPE_CHECKING:
    from flask import Flask

    from registry.access import Viewer
    from tests.factories import Factory

GIRL = row("李思琪", 身份证号=number(), 现住址=THERE + "1幢", **FAMILY)


@pytest.mark.database
def test_a_child_who_lives_elsewhere_waits_as_a_pending_file_of_that_community(app: Flask, make: Factory) -> None:
    there = make.viewer(area=ELSEWHERE)
    here = make.viewer()
    found = one(imported(app, here, GIRL))
    assert (found.outcome, codes(found), found.child_id) == ("warn", ["passed_on"], None)
    with app.app_context():
        episode = db.session.scalars(select(Episode)).one()
        assert (episode.area_code, episode.status) == (ELSEWHERE, "pending")
        assert db.session.get_one(Household, episode.household_id).office_id == there.office_id
        assert children.in_scope(there, episode.child_id)
        assert not children.in_scope(here, episode.child_id)
        assert db.session.scalars(select(LedgerRow)).one().child_id is None


def test_the_community_makes_the_file_its_own_by_seeing_the_child_which_is_told_of_the_notice_then(
    app: Flask, make: Factory
) -> None:
    there = make.viewer(area=ELSEWHERE)
    imported(app, make.viewer(), GIRL)
    assert (notice_is_to_be_given(app, there), status(app)) == (True, "pending")
    with app.test_request_context():
        family = visits.family_of(there, db.session.scalars(select(Household.id)).one(), today())
        (child,) = family.children
        made = Made(uuid4(), today(), "seen", frozenset({child.id}), unchanged=False)
        visiting.record(there, family, made, today())
        db.session.commit()
    assert (notice_is_to_be_given(app, there), status(app)) == (False, "active")


def status(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(Episode.status)).one()


def notice_is_to_be_given(app: Flask, viewer: Viewer) -> bool:
    with app.test_request_context():
        file = children.file_of(viewer, db.session.scalars(select(Child.id)).one())
        known = answers.answers_of(viewer, file, today())
        classified = classify_today(file, children.present_episode(file), viewer, today())
        return Todo.NOTICE in {item.what for item in todo.items_of(known, classified, viewer)}


@pytest.mark.database
def test_passed_on_twice_it_is_one_file(app: Flask, make: Factory) -> None:
    make.user(area=ELSEWHERE)
    here = make.viewer()
    for _time in range(2):
        assert codes(one(imported(app, here, GIRL))) == ["passed_on"]
    assert count(app, Child) == 1


@pytest.mark.database
def test_a_child_of_an_area_where_nobody_works_is_refused(app: Flask, make: Factory) -> None:
    make.area(ELSEWHERE)
    found = one(imported(app, make.viewer(), GIRL))
    assert (found.outcome, codes(found)) == ("refuse", ["no_office"])
    assert count(app, Child) == 0


def test_a_supervisor_stores_the_rows_of_the_whole_area(app: Flask, make: Factory) -> None:
    make.user(area=ELSEWHERE)
    supervisor = make.viewer("supervisor", area="320400000000")
    found = imported(app, supervisor, GIRL, row("王小明"), area="320400000000")
    assert [each.child_id is not None for each in found.rows] == [True, True]


def test_nobody_uploads_for_an_area_that_is_not_the_own(app: Flask, make: Factory) -> None:
    make.area(ELSEWHERE)
    viewer = make.viewer()
    for area in (ELSEWHERE, COMMUNITY[:9] + "000", COMMUNITY[:-3] + "955"):
        with app.test_request_context(), pytest.raises(NotFound):
            service.upload(viewer, area, text(GIRL), None, today())


def test_colleagues_and_the_supervisors_of_the_area_see_a_ledger_and_nobody_else(app: Flask, make: Factory) -> None:
    office = make.office()
    uploader = make.viewer(user=make.user(office=office))
    done = imported(app, uploader, row("李思琪", **FAMILY))
    assert done.ledger_id is not None
    eyes = [uploader, make.viewer(user=make.user(office=office)), make.viewer("supervisor")]
    strangers = [make.viewer(area=ELSEWHERE), make.viewer("supervisor", area=ELSEWHERE[:6] + "000000")]
    strangers.append(make.viewer())  # another office of the same community
    with app.test_request_context():
        for viewer in eyes:
            assert queries.ledger_of(viewer, done.ledger_id).id == done.ledger_id
            assert len(queries.ledgers_of(viewer).rows) == 1
            assert len(queries.rows_of(viewer, done.ledger_id, "register").rows) == 1
        for viewer in strangers:
            assert queries.ledgers_of(viewer).rows == []
            for read in (queries.ledger_of, queries.refused_rows):
                with pytest.raises(NotFound):
                    read(viewer, done.ledger_id)
            with pytest.raises(NotFound):
                queries.rows_of(viewer, done.ledger_id, "register")
            with pytest.raises(NotFound):
                service.stop(viewer, done.ledger_id, 1)


def test_a_page_of_rows_names_only_files_that_the_viewer_may_open(app: Flask, make: Factory) -> None:
    supervisor = make.viewer("supervisor", area="320400000000")
    make.user(area=ELSEWHERE)
    done = imported(app, supervisor, GIRL, row("王小明", **FAMILY), area="320400000000")
    assert done.ledger_id is not None
    with app.app_context():
        db.session.scalars(select(Child).where(Child.id == done.rows[0].child_id)).one().protected = True
        db.session.commit()
        page = queries.rows_of(supervisor, done.ledger_id, "register")
        assert len(page.rows) == 2
        assert set(page.children) == {done.rows[1].child_id}


def test_the_supervisor_of_the_area_sees_how_many_rows_have_which_outcome(app: Flask, make: Factory) -> None:
    done = imported(app, make.viewer(), row("李思琪", **FAMILY), row("王小明"), row(""))
    assert done.ledger_id is not None
    with app.app_context():
        assert sum(queries.counts_of(done.ledger_id).values()) == 3
        assert queries.counts_of(done.ledger_id)["refuse"] == 1
