"""Children of a ledger who have a file: own ones are named, those elsewhere told to a supervisor and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update
from werkzeug.exceptions import NotFound

from registry.audit.models import AuditEvent
from registry.audit.service import write_noted
from registry.children.models import Child, Episode
from registry.clock import now, today
from registry.database import db
from registry.ledgers import hits, queries
from registry.ledgers.errors import StaleVersionError, UnfitDecisionError
from registry.ledgers.models import LedgerRow
from registry.matching.models import Match
from registry.transfers.models import Transfer
from sop.identity import BirthDate
from tests.factories import COMMUNITY, ELSEWHERE
from tests.ledgers.importing import FAMILY, THERE, born, codes, count, imported, number, one, row
from tests.statements import statements

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Factory

pytestmark = pytest.mark.database
GIRL = "李思琪"
OTHERS = FAMILY | {"监护人": "何平"}  # no adult of whom a file tells


def on_file(make: Factory, area: str = COMMUNITY, phone: str = FAMILY["联系电话"], **values: Any) -> Child:
    """The girl of the ledger on file, without a number unless told otherwise, under another adult's name."""
    told = {"name": GIRL, "birth": BirthDate.of(born(9)), "number": None} | values
    return make.child(household=make.household(area, phone=phone), **told)


@pytest.mark.parametrize("known_by", ["number", "phone"])
def test_a_child_of_the_own_area_who_has_a_file_is_a_duplicate_and_its_file_is_named(
    app: Flask, make: Factory, known_by: str
) -> None:
    by_number = known_by == "number"
    child = on_file(make, number=number() if by_number else None)
    told = {"身份证号": number()} if by_number else FAMILY
    found = one(imported(app, make.viewer(), row(GIRL, **told)))
    assert (found.outcome, codes(found)[-1], found.child_id) == ("duplicate", "in_register", child.id)
    assert count(app, Child) == 1


def test_without_number_and_phone_the_same_adult_makes_it_the_same_child(app: Flask, make: Factory) -> None:
    child = on_file(make, phone="15400009999")
    found = one(imported(app, make.viewer(), row(GIRL, 监护人="周敏")))
    assert (codes(found)[-1], found.child_id) == ("in_register", child.id)


def test_two_numbers_tell_two_children_of_one_name_and_birth_date_apart(app: Flask, make: Factory) -> None:
    child = on_file(make, number=number(sequence=904), phone="15400009999")
    found = one(imported(app, make.viewer(), row(GIRL, 身份证号=number(), **OTHERS)))
    assert (found.outcome, found.child_id is not None) == ("register", True)
    with app.app_context():
        match = db.session.scalars(select(Match)).one()
        assert (set(match.pair), match.reason) == ({child.id, found.child_id}, "same_birth")


def test_the_same_number_under_another_name_makes_a_second_file_and_a_pair(app: Flask, make: Factory) -> None:
    child = on_file(make, number=number(), name="王小明")
    found = one(imported(app, make.viewer(), row(GIRL, 身份证号=number(), **FAMILY)))
    assert (found.outcome, found.child_id is not None) == ("register", True)
    with app.app_context():
        match = db.session.scalars(select(Match)).one()
        assert (set(match.pair), match.reason) == ({child.id, found.child_id}, "same_number")


@pytest.mark.parametrize("known_by", ["number", "phone"])
def test_of_a_file_elsewhere_the_uploader_learns_nothing_and_the_supervisor_all(
    app: Flask, make: Factory, known_by: str
) -> None:
    by_number = known_by == "number"
    child = on_file(make, ELSEWHERE, number=number() if by_number else None)
    doubtful = on_file(make, name="王小明", phone="15400009999")
    uploader, supervisor = make.viewer(), make.viewer("supervisor")
    stranger = make.viewer("supervisor", area=ELSEWHERE[:9] + "000")
    told = {"身份证号": number()} if by_number else {}
    rows = [row(GIRL, **told | FAMILY), row("王小明", 联系电话="15400008888", 监护人="何平")]
    hit, alike = imported(app, uploader, *rows).rows
    # Both rows say the same, whether the file lies elsewhere or in the own area: it tells nothing.
    assert (hit.outcome, codes(hit)[-1], hit.child_id) == ("warn", "supervisor", None)
    assert (alike.outcome, codes(alike)[-1], alike.child_id) == ("warn", "supervisor", None)
    assert count(app, Child) == 2
    with app.test_request_context():
        assert queries.number_held(supervisor) == 2
        shown, other = queries.hits_for(supervisor).rows
        assert (shown.own, shown.certain) == (None, by_number)
        assert shown.masked is not None
        assert (shown.masked.child_id, shown.masked.name) == (child.id, "李*")
        assert other.own is not None
        assert other.own.id == doubtful.id
        assert queries.hits_for(uploader).rows == []
        assert queries.hits_for(stranger).rows == []


def test_showing_files_elsewhere_is_noted_as_looking_them_up(app: Flask, make: Factory) -> None:
    child = on_file(make, ELSEWHERE)
    imported(app, make.viewer(), row(GIRL, **FAMILY))
    supervisor = make.viewer("supervisor")
    with app.test_request_context():
        queries.hits_for(supervisor)
        db.session.rollback()
        write_noted()
        noted = AuditEvent.kind == "looked_up_elsewhere", AuditEvent.user_id == supervisor.user_id
        event = db.session.scalars(select(AuditEvent).where(*noted)).one()
        assert (event.user_id, [each.child_id for each in event.children]) == (supervisor.user_id, [child.id])
        assert event.details == {"by": "identity", "purpose": "ledger"}


def test_however_many_rows_wait_they_are_read_in_as_many_queries(app: Flask, make: Factory) -> None:
    supervisor, uploader = make.viewer("supervisor"), make.viewer()

    def reading_takes(elsewhere: str, here: str) -> int:
        for name in elsewhere + here:
            on_file(make, ELSEWHERE if name in elsewhere else COMMUNITY, name=f"王{name}", phone=f"154000{ord(name)}")
        rows = [row(f"王{name}", 联系电话=f"154000{ord(name)}", 监护人=f"何{name}") for name in elsewhere]
        imported(app, uploader, *rows, *(row(f"王{name}", 监护人=f"何{name}") for name in here))
        with app.test_request_context(), statements(app) as sent:
            assert len(queries.hits_for(supervisor).rows) == len(elsewhere + here)
        with app.app_context():
            db.session.execute(update(LedgerRow).values(settled_at=now()))
            db.session.commit()
        return len(sent)

    assert reading_takes("一", "二") == reading_takes("三四五", "六七八")


def held(app: Flask) -> Any:
    with app.app_context():
        return db.session.scalars(select(LedgerRow.id).where(LedgerRow.held.is_not(None))).one()


def settled(app: Flask, viewer: Any, decision: str, **how: Any) -> None:
    row_id = held(app)
    with app.app_context():
        hits.settle(viewer, row_id, decision, today(), **how)
        db.session.commit()


def test_a_supervisor_claims_the_file_elsewhere(app: Flask, make: Factory) -> None:
    child = on_file(make, ELSEWHERE)
    make.user(area=ELSEWHERE)
    imported(app, make.viewer(), row(GIRL, **FAMILY))
    settled(app, make.viewer("supervisor"), "claim")
    with app.app_context():
        transfer = db.session.scalars(select(Transfer)).one()
        assert (transfer.child_id, transfer.state, transfer.to_area) == (child.id, "claimed", COMMUNITY)
        row_ = db.session.scalars(select(LedgerRow)).one()
        assert row_.settled_at is not None
        assert row_.child_id is None
        assert row_.read_sealed is None
    assert count(app, Child) == 1


def test_a_supervisor_says_another_child_and_the_pair_is_kept(app: Flask, make: Factory) -> None:
    child = on_file(make, ELSEWHERE)
    imported(app, make.viewer(), row(GIRL, **FAMILY))
    settled(app, make.viewer("supervisor"), "another")
    with app.app_context():
        new = db.session.scalars(select(Child).where(Child.id != child.id)).one()
        assert new.episodes[0].area_code == COMMUNITY
        assert set(db.session.scalars(select(Match)).one().pair) == {child.id, new.id}
        assert db.session.scalars(select(LedgerRow)).one().child_id == new.id


def test_one_id_number_leaves_no_room_for_another_child(app: Flask, make: Factory) -> None:
    on_file(make, ELSEWHERE, number=number())
    imported(app, make.viewer(), row(GIRL, 身份证号=number()))
    with pytest.raises(UnfitDecisionError):
        settled(app, make.viewer("supervisor"), "another")
    assert count(app, Child) == 1


def test_a_supervisor_says_the_same_child_of_a_file_of_the_own_area(app: Flask, make: Factory) -> None:
    child = on_file(make, phone="15400009999")
    imported(app, make.viewer(), row(GIRL, **OTHERS))
    settled(app, make.viewer("supervisor"), "same")
    with app.app_context():
        row_ = db.session.scalars(select(LedgerRow)).one()
        assert (row_.outcome, row_.child_id) == ("duplicate", child.id)


def test_a_row_is_settled_once_and_only_by_the_supervisor_of_its_area(app: Flask, make: Factory) -> None:
    on_file(make, phone="15400009999")
    uploader, supervisor = make.viewer(), make.viewer("supervisor")
    imported(app, uploader, row(GIRL, **OTHERS))
    for stranger in (uploader, make.viewer("supervisor", area=ELSEWHERE[:9] + "000")):
        with app.test_request_context(), pytest.raises(NotFound):
            hits.settle(stranger, held(app), "same", today())
    settled(app, supervisor, "same")
    with pytest.raises(StaleVersionError):
        settled(app, supervisor, "another")
    assert count(app, Child) == 1


def test_a_protected_file_is_as_if_it_were_not_there_and_its_protection_officer_is_told(
    app: Flask, make: Factory
) -> None:
    hidden = on_file(make, number=number(), protected=True)
    found = one(imported(app, make.viewer(), row(GIRL, 身份证号=number(), **FAMILY)))
    assert (found.outcome, found.messages, found.child_id is not None) == ("register", (), True)
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "protected_file_met")).first()
        assert event is not None
        assert [each.child_id for each in event.children] == [hidden.id]
        assert all(match.protected for match in db.session.scalars(select(Match)))


def test_a_child_who_lives_elsewhere_now_and_has_a_file_there_is_left_alone(app: Flask, make: Factory) -> None:
    on_file(make, ELSEWHERE)
    make.user(area=ELSEWHERE)
    found = one(imported(app, make.viewer(), row(GIRL, 现住址=THERE + "1幢", **FAMILY)))
    assert (found.outcome, codes(found)[-1], found.child_id) == ("warn", "passed_on", None)
    assert (count(app, Child), count(app, LedgerRow, LedgerRow.held.is_not(None))) == (1, 0)
    assert count(app, Episode) == 1
