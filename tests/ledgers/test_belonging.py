"""Where a row of a ledger belongs: what its title tells, who is of this very place, and who keeps its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from registry.accounts.models import User
from registry.children.models import Child, Episode
from registry.clock import today
from registry.database import db
from registry.households.models import Household, OutsideTally
from registry.ledgers import hits, queries
from registry.ledgers.at_once import import_now
from registry.ledgers.models import LedgerRow
from registry.transfers.errors import NobodyThereError
from tests.factories import COMMUNITY, ELSEWHERE
from tests.ledgers.books import written
from tests.ledgers.importing import FAMILY, HEADINGS, THERE, born, codes, count, imported, number, one, row
from tests.ledgers.truths import DATA, FILES, ON, truth_of

if TYPE_CHECKING:
    from flask import Flask

    from registry.ledgers.at_once import Imported
    from tests.factories import Factory

pytestmark = pytest.mark.database
TOWN = COMMUNITY[:9] + "000"
NEXT = COMMUNITY[:-3] + "902"  # another community of the town
LOCAL = {"户籍地址": "常州市天宁区雕庄街道"}
WHERE = ("320400000000", "321322000000", "320400000000")  # of which area each ledger with a truth is
GIRL = row("李思琪", 身份证号=number(), 现住址=THERE + "1幢", **FAMILY)


@pytest.mark.parametrize(("file", "area"), list(zip(FILES, WHERE, strict=True)))
def test_whole_ledgers_come_to_the_register_as_their_truth_says(
    app: Flask, make: Factory, file: str, area: str
) -> None:
    viewer, right = make.viewer("supervisor", area=area), truth_of(file)
    with app.app_context():
        found = import_now(viewer, area, (DATA / file).read_bytes(), file, ON, dry_run=True)
    assert {each.row: each.outcome for each in found.rows} == {row: truth["outcome"] for row, truth in right.items()}


def in_workbook(app: Flask, viewer: Any, sheet: str, *above: str, area: str = TOWN) -> Imported:
    """Import a workbook with one sheet: these lines of title, the headings, a girl of whom no address is told."""
    lines = [[each] for each in above]
    content = written({sheet: [*lines, list(HEADINGS), row("李思琪", 现住址="", **FAMILY)]})
    with app.app_context():
        return import_now(viewer, area, content, "台账.xlsx", today())


@pytest.mark.parametrize(
    ("sheet", "above"),
    [
        ("Sheet1", ["雕庄街道示例1社区流动儿童花名册"]),
        ("Sheet1", ["2026年示例1社区流动儿童台账", "填表日期：2026年11月1日"]),
        ("Sheet1", ["流动儿童花名册", "单位：示例1社区      填表日期：2026年11月1日"]),
        ("Sheet1", ["社区：示例1社区"]),
        ("示例1社区流动儿童", []),
        ("01示例1社区", []),
        ("示例1", ["流动儿童花名册"]),
    ],
)
def test_the_community_may_stand_in_the_title_or_be_the_name_of_the_sheet(
    app: Flask, make: Factory, sheet: str, above: list[str]
) -> None:
    make.area()
    make.area(NEXT)
    assert one(in_workbook(app, make.viewer("supervisor"), sheet, *above)).outcome == "register"
    with app.app_context():
        assert db.session.scalars(select(Episode.area_code)).one() == COMMUNITY


def test_a_title_that_names_where_children_come_from_moves_nobody_there(app: Flask, make: Factory) -> None:
    make.user(area="321322132901")
    make.area()
    titles = "示例1社区流动儿童花名册", "沭阳县桑墟镇来常儿童"
    for viewer, area in ((make.viewer(), COMMUNITY), (make.viewer("supervisor"), TOWN)):
        found = one(in_workbook(app, viewer, "Sheet1", *titles[area == COMMUNITY :], area=area))
        assert found.child_id is not None
    with app.app_context():
        assert set(db.session.scalars(select(Episode.area_code))) == {COMMUNITY}


def test_what_a_row_says_of_its_community_goes_before_the_title(app: Flask, make: Factory) -> None:
    make.area(NEXT)
    content = written({"S": [["示例1社区花名册"], list(HEADINGS), row("李思琪", 现住址="示例2社区3幢", **FAMILY)]})
    with app.app_context():
        import_now(make.viewer("supervisor"), TOWN, content, "台账.xlsx", today())
        assert db.session.scalars(select(Episode.area_code)).one() == NEXT


@pytest.mark.parametrize("arrived", [born(3).isoformat(), ""])
def test_a_child_of_this_very_place_among_those_who_came_is_counted_and_not_kept(
    app: Flask, make: Factory, arrived: str
) -> None:
    viewer = make.viewer()
    for _time in range(2):
        found = one(imported(app, viewer, row("申本地", 到达时间=arrived, **LOCAL, **FAMILY)))
        assert (found.outcome, codes(found), found.child_id) == ("warn", ["outside"], None)
    with app.app_context():
        (cell,) = db.session.scalars(select(OutsideTally))
        assert (cell.children, cell.reason) == (1, "hukou_here")
    assert count(app, Child) == 0


@pytest.mark.parametrize("hukou", ["常州市天宁区", "", "常州市天宁区红梅街道"])
def test_a_child_whose_hukou_may_be_in_another_town_is_kept(app: Flask, make: Factory, hukou: str) -> None:
    assert one(imported(app, make.viewer(), row("申近邻", 户籍地址=hukou, **FAMILY))).child_id is not None


@pytest.mark.parametrize(
    ("heading", "cell"),
    [("父母外出情况", "父亲外出"), ("父母外出情况", "看不懂"), ("外出务工地点", "上海市"), ("外出时间", "2024年3月")],
)
def test_a_child_of_this_very_place_is_kept_where_the_ledger_says_that_a_parent_is_away(
    app: Flask, make: Factory, heading: str, cell: str
) -> None:
    told = [*row("申本地", **LOCAL, **FAMILY), cell]
    found = one(imported(app, make.viewer(), told, headings=(*HEADINGS, heading)))
    assert found.child_id is not None
    with app.app_context():
        assert db.session.scalars(select(Episode.side)).one() == "receiving"


def test_where_a_community_has_no_account_the_office_above_it_takes_the_file(app: Flask, make: Factory) -> None:
    make.area(ELSEWHERE)
    above = make.viewer("supervisor", area=ELSEWHERE[:9] + "000")
    make.user("supervisor", area=COMMUNITY[:9] + "000")
    assert codes(one(imported(app, make.viewer(), GIRL))) == ["passed_on"]
    with app.app_context():
        assert db.session.scalars(select(Household.office_id)).one() == above.office_id
        assert db.session.scalars(select(Episode.status)).one() == "pending"


def test_where_nobody_keeps_files_yet_the_row_waits_with_the_supervisor_of_the_uploader(
    app: Flask, make: Factory
) -> None:
    make.area(ELSEWHERE)
    uploader, supervisor = make.viewer(), make.viewer("supervisor")
    stranger = make.viewer("supervisor", area="320412000000")
    found = one(imported(app, uploader, GIRL))
    assert (found.outcome, codes(found), found.child_id) == ("warn", ["no_office_yet"], None)
    assert count(app, Child) == 0
    with app.test_request_context():
        assert [queries.number_held(each) for each in (supervisor, uploader, stranger)] == [1, 0, 0]
        row_id = queries.hits_for(supervisor).rows[0].row.id
        with pytest.raises(NobodyThereError):
            hits.settle(supervisor, row_id, "register", today())
        db.session.rollback()
    there = make.viewer(area=ELSEWHERE)
    with app.test_request_context():
        hits.settle(supervisor, row_id, "register", today())
        db.session.commit()
        settled = db.session.scalars(select(LedgerRow)).one()
        assert (settled.outcome, settled.read_sealed, queries.number_held(supervisor)) == ("warn", None, 0)
        episode = db.session.scalars(select(Episode)).one()
        assert (episode.area_code, episode.status) == (ELSEWHERE, "pending")
        assert db.session.scalars(select(Household.office_id)).one() == there.office_id


def test_a_child_who_got_a_file_while_its_row_waited_gets_no_second_one(app: Flask, make: Factory) -> None:
    make.area(ELSEWHERE)
    supervisor = make.viewer("supervisor")
    imported(app, make.viewer(), GIRL)
    imported(app, make.viewer(area=ELSEWHERE), GIRL, area=ELSEWHERE)
    assert count(app, Child) == 1
    with app.test_request_context():
        (hit,) = queries.hits_for(supervisor).rows
        hits.settle(supervisor, hit.row.id, "register", today())
        db.session.commit()
    assert count(app, Child) == 1


def test_the_page_says_that_nobody_keeps_files_there_yet(app: Flask, make: Factory, client_as: Any) -> None:
    make.area(ELSEWHERE)
    browser = client_as("supervisor", language="en")
    imported(app, make.viewer(), GIRL)
    page = browser.get("/ledgers/held")
    assert [each["value"] for each in page.select("main form button[name=decision]")] == ["register"]
    assert "Nobody keeps files for that place yet" in page.text
    after = page.submit(form='form:has(button[value="register"])', status=200)
    assert after.select("main form button[name=decision]"), "it goes on waiting"


def test_without_a_supervisor_above_the_uploader_it_is_refused(app: Flask, make: Factory) -> None:
    make.area(ELSEWHERE)
    with app.app_context():
        assert not db.session.scalars(select(User).where(User.role == "supervisor")).all()
    found = one(imported(app, make.viewer(), GIRL))
    assert (found.outcome, codes(found)) == ("refuse", ["no_office"])
