"""A department's list against the register: who is on both, on one alone, and what a comparison never tells."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, func, select

from registry.accounts.models import User
from registry.audit.models import AuditEvent
from registry.children import comparing
from registry.children.comparing import Found, Listed, find_listed
from registry.children.models import Child
from registry.clock import today
from registry.database import db, uuid7
from registry.jobs import worker
from registry.ledgers.comparing import keeping, queries, running, service
from registry.ledgers.comparing.service import Sent
from registry.ledgers.errors import NoHeaderError
from registry.ledgers.models import Ledger, LedgerRow
from registry.vault.sealed import opened_fields
from sop.identity import BirthDate
from tests.client import OPENER
from tests.factories import ELSEWHERE, VILLAGE, id_number
from tests.ledgers.rosters import HEADINGS, TOWN, compared, pupil, roster
from tests.ledgers.uploading import ledger
from tests.statements import count_statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from registry.access import Viewer
    from tests.factories import Factory

BIRTH = date(2019, 6, 14)
NUMBER = id_number("321322", BIRTH, 905)


@pytest.fixture
def supervisor(make: Factory) -> Viewer:
    return make.viewer("supervisor", area=TOWN)


@pytest.mark.database
def test_a_child_is_on_both_by_its_number_and_else_by_name_birth_and_phone(
    app: Flask, make: Factory, supervisor: Viewer
) -> None:
    make.child(number=NUMBER, name="陈雨桐")
    make.child(name="李思远", number=None, household=make.household(phone="15400009901"))
    make.child(name="王子涵", number=None)
    content = roster(
        pupil("陈雨桐", number=NUMBER),
        pupil("李思远", phone="15400009901"),
        pupil("王子涵", phone="15400009902"),
        pupil("赵一诺"),
    )
    _, outcomes, counts = compared(app, supervisor, content)
    assert outcomes == ["number", "name_phone", "name_birth", "absent"]
    assert counts == {"number": 1, "name_phone": 1, "name_birth": 1, "absent": 1}


def test_a_name_written_differently_under_the_same_number_is_told_apart(
    app: Flask, make: Factory, supervisor: Viewer
) -> None:
    make.child(number=NUMBER, name="陈雨桐")
    assert compared(app, supervisor, roster(pupil("陈雨彤", number=NUMBER)))[1] == ["number_other"]


def test_two_numbers_tell_children_of_one_name_and_birth_date_apart(
    app: Flask, make: Factory, supervisor: Viewer
) -> None:
    make.child(number=NUMBER, name="陈雨桐")
    other = id_number("321322", BIRTH, 917)
    _, outcomes, counts = compared(app, supervisor, roster(pupil("陈雨桐", number=other)))
    assert outcomes == ["absent"]
    assert counts == {"absent": 1, "missing": 1}


def test_rows_say_of_themselves_why_they_are_not_compared(app: Flask, make: Factory, supervisor: Viewer) -> None:
    make.area()
    old = f"{today().year - 17}-01-05"
    content = roster(
        pupil("赵一诺", phone="15400009903"),
        pupil("赵一诺", phone="15400009903"),
        pupil("孙浩然", birth="不详"),
        pupil("周子轩", birth=old),
        pupil("吴欣怡", address="江苏省宿迁市沭阳县桑墟镇"),
    )
    outcomes = compared(app, supervisor, content)[1]
    assert outcomes == ["absent", "twice", "unread", "aged", "elsewhere"]


def test_who_is_at_home_here_by_the_list_is_counted_and_nobody_is_sent(
    app: Flask, make: Factory, supervisor: Viewer
) -> None:
    make.area()
    here = "常州市天宁区雕庄街道示例1社区2幢"
    rows = [[*pupil("赵一诺", address=here), here], [*pupil("孙浩然", address=here), "江苏省宿迁市沭阳县桑墟镇"]]
    content = ledger(*rows, headings=(*HEADINGS, "户籍地址"))
    assert compared(app, supervisor, content)[1] == ["outside", "absent"]


def test_a_row_with_a_number_is_found_though_its_birth_date_cannot_be_read(
    app: Flask, make: Factory, supervisor: Viewer
) -> None:
    make.child(number=NUMBER, name="陈雨桐")
    assert compared(app, supervisor, roster(pupil("", birth="不详", number=NUMBER)))[1] == ["number"]


def test_who_is_only_on_the_register_is_counted_by_reason(app: Flask, make: Factory, supervisor: Viewer) -> None:
    make.child(number=NUMBER, name="陈雨桐")
    make.child(name="甲甲")
    make.child(name="乙乙", number=None)
    make.child(name="丙丙", birth=BirthDate(2012, 3, 4))
    make.child(name="丁丁", school="kindergarten")
    make.child(name="戊戊", status="left")
    make.child(name="己己", status="left", birth=BirthDate(2012, 3, 4))
    make.child(name="庚庚", area=VILLAGE)
    _, _, counts = compared(app, supervisor, roster(pupil("陈雨桐", number=NUMBER)))
    assert counts == {"number": 1, "missing": 1, "no_document": 1, "age": 1, "other_school": 1, "gone": 1}


def test_of_a_clinic_no_school_is_asked(app: Flask, make: Factory, supervisor: Viewer) -> None:
    make.child(number=NUMBER, name="陈雨桐")
    make.child(name="丁丁", school="kindergarten")
    counts = compared(app, supervisor, roster(pupil("陈雨桐", number=NUMBER)), department="clinic")[2]
    assert counts == {"number": 1, "missing": 1}


def test_a_child_who_has_left_by_the_file_is_to_be_looked_up(app: Flask, make: Factory, supervisor: Viewer) -> None:
    make.child(number=NUMBER, name="陈雨桐", status="left")
    assert compared(app, supervisor, roster(pupil("陈雨桐", number=NUMBER)))[1:] == (["left"], {"left": 1})


def test_a_file_of_another_area_is_as_if_there_were_none(app: Flask, make: Factory, supervisor: Viewer) -> None:
    content = roster(pupil("陈雨桐", number=NUMBER))
    nobody = compared(app, supervisor, content)[1:]
    make.child(number=NUMBER, name="陈雨桐", area=ELSEWHERE)
    with app.app_context():
        db.session.execute(delete(LedgerRow))
        db.session.execute(delete(Ledger))
        db.session.commit()
    assert compared(app, supervisor, content)[1:] == nobody == (["absent"], {"absent": 1})


@pytest.mark.database
def test_nobody_finds_out_by_comparing_that_a_file_is_protected(app: Flask, make: Factory, supervisor: Viewer) -> None:
    """A list with the child, and one without it: both come out as for a child whom nobody has registered."""
    make.child(number=id_number("321322", BIRTH, 931), name="李思远")
    on_it = roster(pupil("陈雨桐", number=NUMBER, phone="15400009905"), pupil("李思远"))
    without = roster(pupil("赵一诺", number=id_number("321322", BIRTH, 933)), pupil("李思远"))
    home = make.household(phone="15400009905")
    child = make.child(number=NUMBER, name="陈雨桐", household=home, protected=True)
    made, outcomes, counts = compared(app, supervisor, on_it)
    assert (outcomes, counts) == (["absent", "name_birth"], {"absent": 1, "name_birth": 1})
    assert compared(app, supervisor, without)[1:] == (outcomes, counts)
    with app.app_context():
        rows = db.session.scalars(select(LedgerRow).where(LedgerRow.ledger_id == made)).all()
        assert child.id not in {row.child_id for row in rows}
        told = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "protected_file_met")).all()
        assert [[each.child_id for each in event.children] for event in told] == [[child.id]]
        shown = queries.to_look_up(supervisor, db.session.get_one(Ledger, made)).rows
        assert (shown[0].code, shown[0].child_id) == ("absent", None)


def test_a_file_protected_since_is_shown_as_one_that_is_not_there(
    app: Flask, make: Factory, supervisor: Viewer
) -> None:
    make.child(name="陈雨桐", number=None)
    made = compared(app, supervisor, roster(pupil("陈雨桐")))[0]
    with app.app_context():
        db.session.scalars(select(Child)).one().protected = True
        db.session.commit()
        ledger_row = queries.to_look_up(supervisor, db.session.get_one(Ledger, made)).rows[0]
    assert (ledger_row.code, ledger_row.child_id) == ("absent", None)


def test_nothing_is_kept_of_a_child_whom_nobody_has_to_look_up(app: Flask, make: Factory, supervisor: Viewer) -> None:
    make.child(number=NUMBER, name="陈雨桐")
    made = compared(app, supervisor, roster(pupil("陈雨桐", number=NUMBER), pupil("赵一诺"), pupil("", "不详")))[0]
    with app.app_context():
        rows = db.session.scalars(select(LedgerRow).where(LedgerRow.ledger_id == made).order_by(LedgerRow.id)).all()
        assert [bool(row.read) for row in rows] == [False, True]
        ledger_kept = db.session.get_one(Ledger, made)
        assert not ledger_kept.content
        assert "赵一诺" not in str(ledger_kept.plan.open(OPENER))


def test_its_children_are_forgotten_after_their_days_and_its_counts_stay(
    app: Flask, make: Factory, supervisor: Viewer
) -> None:
    make.area()
    made = compared(app, supervisor, roster(pupil("赵一诺")))[0]
    with app.app_context():
        assert keeping.sweep(today() + timedelta(days=59), None).done == 0
        assert keeping.sweep(today() + timedelta(days=62), None).done == 1
        db.session.commit()
        kept = db.session.get_one(Ledger, made)
        assert (kept.state, bool(kept.name)) == ("over", False)
        assert db.session.scalar(select(func.count()).select_from(LedgerRow)) == 0
        assert queries.totals(queries.counts_of(supervisor, kept)) == {"absent": 1}


def test_its_counts_stand_in_no_audit(app: Flask, make: Factory, supervisor: Viewer) -> None:
    make.child(number=NUMBER, name="陈雨桐")
    made = compared(app, supervisor, roster(pupil("陈雨桐", number=NUMBER), pupil("赵一诺")))[0]
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "roster_compared")).one()
        assert event.details == {"ledger": str(made), "state": "done"}


def test_the_same_list_again_is_the_one_comparison(app: Flask, make: Factory, supervisor: Viewer) -> None:
    make.area()
    content = roster(pupil("赵一诺"))
    assert compared(app, supervisor, content)[0] == compared(app, supervisor, content)[0]


def test_the_same_list_on_a_later_day_replaces_the_former(app: Flask, make: Factory, supervisor: Viewer) -> None:
    make.area()
    content = roster(pupil("赵一诺"))
    first = compared(app, supervisor, content)[0]
    with app.app_context():
        db.session.get_one(Ledger, first).made_at -= timedelta(days=3)
        db.session.commit()
    second = compared(app, supervisor, content)[0]
    with app.app_context():
        assert [row.ledger_id for row in db.session.scalars(select(LedgerRow))] == [second]
        assert [each.id for each in queries.rosters_of(supervisor).rows] == [second]


@pytest.mark.database
def test_killed_half_way_it_goes_on_and_counts_nobody_twice(
    app: Flask, make: Factory, supervisor: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.area()
    monkeypatch.setattr(running, "BATCH", 2)
    names = ("赵一诺", "孙浩然", "周子轩", "吴欣怡", "郑梓萱")
    content = roster(*(pupil(name) for name in names))
    calls = iter(range(10))

    def dies(viewer: Viewer, those: Sequence[Listed]) -> list[Found | None]:
        if next(calls) == 1:
            raise KeyboardInterrupt
        return find_listed(viewer, those)

    monkeypatch.setattr(comparing, "find_listed", dies)
    with pytest.raises(KeyboardInterrupt):
        compared(app, supervisor, content)
    with app.app_context():
        waiting = select(func.count()).select_from(LedgerRow).where(LedgerRow.outcome == "waiting")
        assert db.session.scalar(waiting) == 3
    _, outcomes, counts = compared(app, supervisor, content)
    assert (outcomes, counts) == (["absent"] * 5, {"absent": 5})


def test_a_list_without_birth_dates_and_numbers_is_refused(app: Flask, supervisor: Viewer) -> None:
    content = ledger(["1", "赵一诺", "女", "15400009901"], headings=("序号", "姓名", "性别", "联系电话"))
    with pytest.raises(NoHeaderError):
        compared(app, supervisor, content)


def test_who_may_not_compare_any_more_is_told_nothing(app: Flask, make: Factory, supervisor: Viewer) -> None:
    make.area()
    with app.app_context():
        sent = Sent(roster(pupil("赵一诺")), None, "school", TOWN, today())
        made = service.compare(supervisor, sent, uuid7()).id
        db.session.get_one(User, supervisor.user_id).active = False
        db.session.commit()
    worker.work_off(app)
    with app.app_context():
        kept = db.session.get_one(Ledger, made)
        assert (kept.state, bool(kept.content)) == ("stopped", False)


def test_a_batch_asks_as_often_however_many_rows_it_has(app: Flask, make: Factory, supervisor: Viewer) -> None:
    for number in range(6):
        make.child(name=f"陈雨{'一二三四五六'[number]}", number=id_number("321322", BIRTH, 940 + number))
    numbers = [id_number("321322", BIRTH, 940 + number) for number in range(6)]
    each = [Listed("陈雨一", BIRTH.isoformat(), number, None) for number in numbers]
    assert count_statements(app, lambda: find_listed(supervisor, each[:1])) == count_statements(
        app, lambda: find_listed(supervisor, each)
    )


def test_comparing_opens_no_field_of_a_child(app: Flask, make: Factory, supervisor: Viewer) -> None:
    make.child(number=NUMBER, name="陈雨桐")
    with opened_fields() as opened:
        compared(app, supervisor, roster(pupil("陈雨桐", number=NUMBER), pupil("赵一诺")))
    of_list = {"ledger.content", "ledger.name", "ledger.plan", "ledger_row.read"}
    assert {field for field, _row in opened} <= of_list
