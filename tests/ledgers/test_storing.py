"""Storing the rows of a ledger: files are opened as by hand, in families, at the place that the address tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children import in_bulk
from registry.children.models import Child, Episode
from registry.database import db
from registry.households.models import Guardian, Household, NoticeGiven, OutsideTally
from registry.ledgers import running, storing
from registry.ledgers.models import Ledger, LedgerRow
from registry.referrals.models import Referral
from tests.client import OPENER
from tests.factories import COMMUNITY, VILLAGE
from tests.ledgers.importing import FAMILY, HERE, STAYED, born, codes, count, imported, number, one, row, stayed, text

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Factory

pytestmark = pytest.mark.database
TOWN = COMMUNITY[:9] + "000"


def test_a_row_becomes_a_file_as_if_it_had_been_registered_by_hand(app: Flask, make: Factory) -> None:
    found = one(imported(app, make.viewer(), row("李思琪", 身份证号=number(), **FAMILY)))
    assert (found.outcome, found.messages) == ("register", ())
    with app.app_context():
        child = db.session.get_one(Child, found.child_id)
        (episode,) = child.episodes
        (guardianship,) = child.guardianships
        assert (child.name.open(OPENER), child.pinyin.open(OPENER), child.sex) == ("李思琪", "Li Siqi", "2")
        assert (child.id_number.open(OPENER), child.id_number_answer) == (number(), "given")
        assert (child.hukou.open(OPENER), child.hukou_county) == ("321322132000", "321322000000")
        assert child.card_number.open(OPENER)
        assert (episode.area_code, episode.status, episode.source, episode.side) == (
            COMMUNITY,
            "active",
            "ledger",
            "receiving",
        )
        assert episode.migrant_monitoring
        assert episode.arrived.open(OPENER).earliest == born(3)
        assert guardianship.relation == "52"
        assert guardianship.guardian.name.open(OPENER) == "周敏"
        assert guardianship.guardian.phone.open(OPENER) == "15400002671"
        assert episode.household.address.open(OPENER) == HERE + "3幢2单元602室"


def test_nobody_was_spoken_with_so_that_no_notice_is_recorded_and_nothing_is_sent(app: Flask, make: Factory) -> None:
    make.office("education", serves=(("education", COMMUNITY[:6] + "000000"),))
    imported(app, make.viewer(), row("李思琪", **FAMILY))
    assert (count(app, Child), count(app, NoticeGiven), count(app, Referral)) == (1, 0, 0)


def test_a_row_without_a_number_waits_for_it(app: Flask, make: Factory) -> None:
    found = one(imported(app, make.viewer(), row("李思琪", **FAMILY)))
    with app.app_context():
        child = db.session.get_one(Child, found.child_id)
        assert (child.id_number_answer, child.episodes[0].status) == ("later", "pending")


def test_rows_of_one_family_get_one_household_wherever_they_stand(app: Flask, make: Factory) -> None:
    others = [row(f"陈{each}", 联系电话=f"154000{ord(each)}", 监护人=f"王{each}") for each in "一二三四五六七八九十"]
    imported(app, make.viewer(), row("李思琪", **FAMILY), *others, row("李思雨", **FAMILY))
    assert (count(app, Household), count(app, Guardian), count(app, Episode)) == (11, 11, 12)


def test_a_family_is_one_also_when_the_work_on_its_rows_falls_into_two_batches(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    monkeypatch.setattr(running, "FAMILY", 1)
    alone = {"监护人": "何平", "与儿童关系": "父亲"}  # nothing by which they could be found again
    imported(
        app,
        make.viewer(),
        *(row("李思琪", **FAMILY), row("赵一", 监护人="赵平"), row("李思雨", **FAMILY)),
        *(row("何一", **alone), row("何二", **alone)),
    )
    assert (count(app, Household), count(app, Episode)) == (3, 5)


def test_a_family_that_is_on_file_in_the_community_is_joined(app: Flask, make: Factory) -> None:
    home = make.household(phone="15400002671")
    make.child(household=home)
    found = one(imported(app, make.viewer(), row("李思雨", **FAMILY)))
    with app.app_context():
        episode = db.session.scalars(select(Episode).where(Episode.child_id == found.child_id)).one()
        assert episode.household_id == home.id
        assert episode.child.guardianships[0].guardian_id == home.guardians[0].id
    assert count(app, Household) == 1


def test_the_same_adult_in_another_community_is_another_household(app: Flask, make: Factory) -> None:
    other = make.area(COMMUNITY[:-3] + "902")
    home = make.household(other, phone="15400002671")
    make.child(household=home)
    imported(app, make.viewer("supervisor"), row("李思雨", **FAMILY), area=TOWN)
    assert count(app, Household) == 2


def test_a_child_is_placed_at_the_deepest_area_that_the_address_tells(app: Flask, make: Factory) -> None:
    make.area()
    viewer = make.viewer("supervisor")
    rows = [row("李一", 现住址=HERE + "1幢"), row("李二", 现住址="天宁区雕庄街道某路1号")]
    found = imported(app, viewer, *rows, area=TOWN)
    with app.app_context():
        episodes = select(Episode.area_code, Episode.child_id)
        area_of = {child_id: code for code, child_id in db.session.execute(episodes)}
    assert [area_of[each.child_id] for each in found.rows if each.child_id] == [COMMUNITY, TOWN]


def test_a_row_that_names_no_place_belongs_to_the_chosen_community_and_to_no_wider_area(
    app: Flask, make: Factory
) -> None:
    viewer = make.viewer("supervisor")
    make.area()
    nowhere = row("李思琪", 现住址="", **FAMILY)
    assert codes(one(imported(app, viewer, nowhere, area=TOWN))) == ["place_unknown"]
    assert count(app, Child) == 0
    assert one(imported(app, viewer, nowhere, area=COMMUNITY)).outcome == "register"


def test_a_child_outside_every_definition_is_counted_and_not_kept_and_counted_once(app: Flask, make: Factory) -> None:
    viewer = make.viewer(area=VILLAGE)
    nearby = stayed("马强", 外出务工地点="沭阳县")
    for _time in range(2):
        found = one(imported(app, viewer, nearby, area=VILLAGE, headings=STAYED))
        assert (found.outcome, codes(found), found.child_id) == ("warn", ["outside"], None)
    with app.app_context():
        (cell,) = db.session.scalars(select(OutsideTally))
        assert (cell.children, cell.area_code, cell.sex, cell.reason) == (1, VILLAGE, "1", "away_same_county")
    assert (count(app, Child), count(app, Household)) == (0, 0)


def test_refused_rows_are_not_stored_and_the_first_outcome_that_fits_is_the_rows(app: Flask, make: Factory) -> None:
    grown = row("张大", 出生日期=born(17).isoformat())
    found = imported(app, make.viewer(), grown, row(""), row("李思琪", **FAMILY), row("李思琪", **FAMILY))
    assert [each.outcome for each in found.rows] == ["refuse", "refuse", "register", "duplicate"]
    assert codes(found.rows[3]) == ["in_file"]
    assert count(app, Child) == 1


def test_one_row_that_cannot_be_stored_stops_no_other(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    draw_up = in_bulk.service.draw_up

    def faulty(viewer: Any, new: Any, *told: Any) -> Any:
        if new.name == "坏二":
            raise RuntimeError(new.name)
        return draw_up(viewer, new, *told)

    monkeypatch.setattr(in_bulk.service, "draw_up", faulty)
    rows = [
        row(name, 监护人=f"{name}父", 联系电话=f"1540000400{at}") for at, name in enumerate(("好一", "坏二", "好三"))
    ]
    found = imported(app, make.viewer(), *rows)
    assert [each.outcome for each in found.rows] == ["register", "refuse", "register"]
    assert codes(found.rows[1]) == ["failed"]
    assert (count(app, Child), count(app, Household)) == (2, 2)
    assert "RuntimeError" in caplog.text
    assert "坏二" not in caplog.text


def test_a_row_that_cannot_even_be_understood_is_refused_alone(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = storing.told

    def faulty(values: Any, *rest: Any) -> Any:
        if values.name == "坏二":
            raise KeyError(values.name)
        return told(values, *rest)

    monkeypatch.setattr(storing, "told", faulty)
    found = imported(app, make.viewer(), row("坏二"), row("李思琪", **FAMILY))
    assert [each.outcome for each in found.rows] == ["refuse", "register"]


def test_who_stayed_behind_is_registered_where_the_hukou_is(app: Flask, make: Factory) -> None:
    found = one(imported(app, make.viewer(area=VILLAGE), stayed("马强"), area=VILLAGE, headings=STAYED))
    with app.app_context():
        episode = db.session.scalars(select(Episode).where(Episode.child_id == found.child_id)).one()
        assert (episode.side, episode.area_code, episode.left_behind) == ("sending", VILLAGE, True)
        told = cast("dict[str, Any]", episode.circumstances.open(OPENER))
        assert (told["away_area"], told["who_away"]) == ("310000000000", "both")
        assert episode.child.guardianships[0].relation == "61"
        assert episode.household.address.open(OPENER) == "沭阳县潼阳镇示例1社区7组"


def test_what_was_typed_is_sealed_and_the_audit_holds_numbers_only(app: Flask, make: Factory) -> None:
    found = imported(app, make.viewer(), row("李思琪", **FAMILY), row(""))
    with app.app_context():
        kinds = {event.kind: event for event in db.session.scalars(select(AuditEvent).order_by(AuditEvent.id))}
        assert {"ledger_uploaded", "ledger_confirmed", "child_registered", "household_registered"} <= kinds.keys()
        ended = kinds["ledger_ended"].details
        assert (ended["registered"], ended["refused"], ended["state"]) == (1, 1, "done")
        assert kinds["household_registered"].details["notice"] == "none"
        rows = db.session.scalars(select(LedgerRow).where(LedgerRow.ledger_id == found.ledger_id)).all()
        assert {each.read_sealed for each in rows} == {None}
        ledger = db.session.get_one(Ledger, found.ledger_id)
        assert (ledger.rows_total, ledger.rows_done) == (2, 2)
        assert ledger.content.open(OPENER) == text(row("李思琪", **FAMILY), row(""))


def test_trying_out_says_the_same_and_stores_nothing(app: Flask, make: Factory) -> None:
    viewer = make.viewer()
    rows = [row("李思琪", **FAMILY), row("李思雨", **FAMILY), row("")]
    tried = imported(app, viewer, *rows, dry_run=True)
    for table in (Child, Household, Ledger, LedgerRow, OutsideTally):
        assert count(app, table) == 0
    assert _kinds(app) == ["ledger_tried"]
    done = imported(app, viewer, *rows)
    assert [(each.row, each.outcome, codes(each)) for each in tried.rows] == [
        (each.row, each.outcome, codes(each)) for each in done.rows
    ]


def _kinds(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEvent.kind)))
