"""Reading places on both engines: tree, names, former codes, scopes, and who serves an area."""

import pytest
from sqlalchemy import delete, func, select

from registry.areas import queries
from registry.areas.cache import cache
from registry.areas.models import Area, AreaChange, OfficeService
from registry.areas.service import load_reference
from registry.clock import today
from registry.database import db
from tests.statements import count_statements

pytestmark = pytest.mark.database


def names(places):
    return [place.name_zh for place in places]


def counts():
    return [db.session.scalar(select(func.count()).select_from(table)) for table in (Area, AreaChange)]


def test_loading_the_reference_again_changes_nothing(context):
    load_reference(db.session)
    before = counts()
    load_reference(db.session)
    assert counts() == before
    assert not db.session.dirty


def test_loading_corrects_a_name_and_leaves_communities_alone(context):
    db.session.get(Area, "320402000000").name_en = "Wrong"
    db.session.add(
        Area(code="320402008999", level=5, parent_code="320402008000", name_zh="示例社区", name_en="Example")
    )
    db.session.flush()
    load_reference(db.session)
    db.session.expire_all()
    assert db.session.get(Area, "320402000000").name_en == "Tianning"
    assert db.session.get(Area, "320402008999").name_zh == "示例社区"


def test_provinces_are_at_the_top(context):
    assert len(queries.children_of(None)) == 34


def test_districts_of_a_municipality_stand_below_it_without_a_step_between(context):
    assert "南开区" in names(queries.children_of("120000000000"))
    assert "市辖区" not in names(queries.children_of("120000000000"))


def test_a_county_under_its_province_stands_among_the_prefectures(context):
    below = names(queries.children_of("410000000000"))
    assert {"郑州市", "济源市"} <= set(below)


def test_towns_of_a_city_without_counties_stand_below_it(context):
    assert "石岐街道" in names(queries.children_of("442000000000"))


def test_nothing_abolished_is_offered(context):
    assert "戚墅堰区" not in names(queries.children_of("320400000000"))


def test_a_community_that_was_added_is_offered_at_once(context):
    town = "320402008000"
    before = len(queries.children_of(town))
    db.session.add(Area(code="320402008999", level=5, parent_code=town, name_zh="示例社区", name_en="Example"))
    assert len(queries.children_of(town)) == before + 1


def test_a_path_leads_from_the_province_to_the_place(context):
    assert names(queries.path("321322117000")) == ["江苏省", "宿迁市", "沭阳县", "潼阳镇"]
    assert names(queries.path("120104001000")) == ["天津市", "南开区", "长虹街道"]


def test_a_full_name_is_joined_as_each_language_does(context):
    assert queries.full_name("321322117000", "zh") == "江苏省宿迁市沭阳县潼阳镇"
    assert queries.full_name("321322117000", "en") == "Tongyang, Shuyang, Suqian, Jiangsu"
    assert queries.full_name("120104000000", "zh") == "天津市南开区"
    assert queries.full_name("999999000000", "zh") == "999999000000"


def test_names_of_a_list_come_in_one_go(context):
    found = queries.names_of({"320402000000", "320404000000", "999999000000"}, "en")
    assert found == {"320402000000": "Tianning", "320404000000": "Zhonglou"}


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("320412", "320412000000"),
        ("320405", "320412000000"),
        ("322622", "320412000000"),  # 武进县 1983, 1995 武进市, 2002 武进区
        ("321085", "321282000000"),
        ("999999", None),
    ],
)
def test_a_former_code_is_followed_to_what_it_is_now(context, old, now):
    assert queries.current_code(old) == now


def test_what_a_county_or_a_town_has_become_is_asked_once(app):
    for code, now in (("320405", "320412000000"), ("320402008000", "320402008000")):
        count_statements(app, lambda code=code: queries.current_code(code))
        assert count_statements(app, lambda code=code, now=now: expect(queries.current_code(code), now)) == 0


def test_a_community_that_comes_or_goes_is_in_force_or_not_at_once(context):
    code = "320402008999"
    assert queries.current_code(code) is None
    db.session.add(Area(code=code, level=5, parent_code="320402008000", name_zh="示例社区", name_en="Example"))
    assert queries.current_code(code) == code
    db.session.get(Area, code).valid_to = today()
    assert queries.current_code(code) is None


def test_the_scope_of_an_area_is_put_together_once_and_in_bounded_number(context):
    scope = queries.scope_prefixes("320412000000")
    assert queries.scope_prefixes("320412000000") is scope
    for number in range(queries.MOST_KEPT * 2):
        queries.scope_prefixes(f"3204120{number:05}")
    assert len(cache().scopes) <= queries.MOST_KEPT
    assert queries.scope_prefixes("320412000000") == scope


def test_no_scope_is_kept_before_the_tables_are_loaded(context):
    db.session.execute(delete(AreaChange))
    assert queries.scope_prefixes("320412000000") == ("320412",)
    db.session.rollback()
    assert "320405" in queries.scope_prefixes("320412000000")


def expect(found, wanted):
    assert found == wanted


def test_the_scope_of_a_county_includes_the_counties_it_took_in(context):
    prefixes = queries.scope_prefixes("320412000000")
    assert prefixes[0] == "320412"
    assert {"320405", "320421", "320483", "322622"} <= set(prefixes)


def test_no_scope_reaches_a_county_in_force_outside_it(context):
    in_force = set(db.session.scalars(select(Area.code).where(Area.level == 3, Area.valid_to.is_(None))))
    for code in ("320412000000", "320400000000", "120000000000", "321322000000"):
        _own, *former = queries.scope_prefixes(code)
        assert not {f"{prefix}000000" for prefix in former} & in_force


def test_the_scope_of_a_town_is_its_own(context):
    assert queries.scope_prefixes("320402008000") == ("320402008",)


def test_the_office_for_the_deepest_area_answers(context, make):
    county, town = "320402000000", "320402008000"
    education = make.office(kind="education", area=county).id
    near = make.office(kind="clinic", area=town).id
    far = make.office(kind="clinic", area=county).id
    for office, service, area in ((far, "test", county), (near, "test", town), (education, "other", county)):
        db.session.add(OfficeService(office_id=office, service=service, area_code=area))
    db.session.flush()
    assert queries.office_for("test", "320402008901").id == near
    assert queries.office_for("test", "320402009901").id == far
    assert queries.office_for("other", "320402008901").id == education
    assert queries.office_for("test", "320404001901") is None


def test_a_closed_office_answers_no_more(context, make):
    office = make.office(kind="clinic", area="320402000000").id
    db.session.add(OfficeService(office_id=office, service="test", area_code="320402000000"))
    db.session.flush()
    found = queries.office_for("test", "320402008901")
    assert found.id == office
    found.closed_on = today()
    db.session.flush()
    assert queries.office_for("test", "320402008901") is None


def test_districts_for_statistics_are_counties_or_towns_where_there_are_none(context):
    assert "天宁区" in names(queries.districts_of("320400000000"))
    assert len(queries.districts_of("120000000000")) == 16
    assert len(queries.districts_of("442000000000")) == 23
