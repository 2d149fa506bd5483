"""Columns of lists are configured once for an office, by hand or from a template, and every list fills them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children.models import Child
from registry.database import db
from registry.ledgers.models import Download, Layout
from registry.ledgers.out import layouts
from registry.ledgers.out.layouts import Column, Columns
from sop.identity import BirthDate
from tests.client import OPENER, Attached
from tests.ledgers.books import download, sheets_of, written
from tests.ledgers.test_out_children import ALL, take

OUT, LIST, NEW = "/ledgers/out/children", "/ledgers/layouts", "/ledgers/layouts/new"
TEMPLATE = {
    "儿童信息": [
        ["全国儿童福利信息系统导入模板"],
        ["*儿童姓名", "性别", "公民身份号码（必填）", "出生日期：", "监护人", "填报单位", "监护人手机"],
        ["示例", "男", "", "", "", "", ""],
    ]
}


@pytest.fixture
def registrar(make):
    return make.user("registrar")


def kept(app):
    with app.app_context():
        return [
            (row.name, row.version, layouts.columns_of(row, OPENER)) for row in db.session.scalars(select(Layout)).all()
        ]


def save(browser, name="国家系统", columns=(("孩子", "name", ""),), **answers):
    """Save a layout with these columns: heading, field, text."""
    page = browser.get(NEW)
    while len(page.select("tbody tr")) > len(columns):
        page = page.submit({}, button=("act", "out-0"), status=200)
    typed = {"name": name} | answers
    for number, (heading, field, text) in enumerate(columns):
        typed |= {
            f"columns-{number}-heading": heading,
            f"columns-{number}-field": field,
            f"columns-{number}-text": text,
        }
    return page.submit(typed, button="保存方案" if browser.language == "zh" else "Save the columns")


def test_an_offices_columns_fill_every_list_in_their_order(app, make, client_as, registrar, language):
    child = make.child(birth=BirthDate(2013, 6, 24))
    browser = client_as(registrar, language=language)
    columns = [
        ("填报单位", "fixed", "采菱社区"),
        ("出生年月日", "birth", ""),
        ("性别代码", "sex", ""),
        ("证号", "id_number", ""),
    ]
    done = save(browser, columns=columns, dates="plain", answers="codes")
    assert done.path == LIST
    assert "国家系统" in done.text
    option = browser.get(OUT).select("select[name=layout] option")[1]
    rows = sheets_of(take(browser, layout=option["value"]).data)[ALL[language]]
    with app.app_context():
        number = db.session.get_one(Child, child.id).id_number.open(OPENER)
    assert rows == [["填报单位", "出生年月日", "性别代码", "证号"], ["采菱社区", "20130624", "2", number]]


def test_a_day_that_is_not_known_is_left_out_of_every_way_of_writing_it():
    from registry.ledgers.out.values import written_day

    day, month = BirthDate(2013, 6, 4), BirthDate(2013, 6)
    assert [written_day(day, way) for way in ("dash", "plain", "slash")] == ["2013-06-04", "20130604", "2013/6/4"]
    assert [written_day(month, way) for way in ("dash", "plain", "slash")] == ["2013-06", "201306", "2013/6"]


def test_codes_leave_empty_what_was_declined_and_words_say_it(app, make, client_as, registrar):
    make.child(number=None, hukou=None, hukou_answer="refused")
    browser = client_as(registrar)
    for name, answers in (("文字", "words"), ("代码", "codes")):
        save(browser, name, [("户籍", "origin", ""), ("社区", "community", "")], answers=answers)
    options = {each.get_text(): each["value"] for each in browser.get(OUT).select("select[name=layout] option")}
    words, codes = (sheets_of(take(browser, layout=options[name]).data)["在册儿童"][1] for name in ("文字", "代码"))
    assert words == ["拒答", "示例1社区"]
    assert codes == ["", "320402008901"]


def test_headings_are_taken_from_a_template_and_what_fills_them_is_proposed(app, client_as, registrar, language):
    browser = client_as(registrar, language=language)
    page = browser.get(LIST).submit({"file": Attached(written(TEMPLATE), "模板.xlsx")}, status=200)
    headings = [each["value"] for each in page.select("input[name$=heading]")]
    assert headings == ["*儿童姓名", "性别", "公民身份号码（必填）", "出生日期：", "监护人", "填报单位", "监护人手机"]
    chosen = [each.select("option[selected]")[0]["value"] for each in page.select("tbody select")]
    assert chosen == ["name", "sex", "id_number", "birth", "guardian", "fixed", "phone"]
    assert kept(app) == []
    page.submit(
        {"name": "模板", "columns-5-text": "采菱社区"}, button="保存方案" if language == "zh" else "Save the columns"
    )
    ((name, _version, columns),) = kept(app)
    assert (name, columns.headings, columns.columns[5].text) == ("模板", headings, "采菱社区")


def test_a_field_fills_the_first_of_two_headings_alone(context):
    proposed = layouts.proposed(["姓名", "儿童姓名", "联系电话"])
    assert [each.field for each in proposed.columns] == ["name", "fixed", "phone"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.4 nothing", {"zh": "不是电子表格", "en": "This is no spreadsheet"}),
        (written({"a": [["甲", "乙"], ["丙", "丁"]]}), {"zh": "未找到可识别的表头", "en": "No headings were found"}),
        (b"", {"zh": "请选择模板文件", "en": "Choose the file of the template"}),
    ],
    ids=["no spreadsheet", "no headings", "nothing"],
)
def test_a_file_without_headings_is_told_at_its_field(client_as, registrar, language, content, said):
    browser = client_as(registrar, language=language)
    page = browser.get(LIST).submit({"file": Attached(content, "x.xlsx")}, status=422)
    assert said[language] in page.errors["file"]


def test_columns_are_added_moved_and_taken_away_and_nothing_typed_is_lost(client_as, registrar):
    page = client_as(registrar).get(NEW)
    number = len(page.select("tbody tr"))
    page = page.submit({"name": "试", "columns-1-heading": "改过的"}, button=("act", "up-1"), status=200)
    assert page.select("input[name=name]")[0]["value"] == "试"
    assert page.select("input[name=columns-0-heading]")[0]["value"] == "改过的"
    page = page.submit({}, button=("act", "add"), status=200)
    assert len(page.select("tbody tr")) == number + 1
    page = page.submit({}, button=("act", "out-0"), status=200)
    assert "改过的" not in [each["value"] for each in page.select("input[name$=heading]")]
    for forged in ("up-999", "up--1", "out-x9"):  # no such column: as if saved, and the empty heading is told
        assert page.client.http.post(NEW, data=dict(page.values()) | {"act": forged}).status_code == 422


def test_a_column_without_a_heading_and_a_layout_without_columns_are_refused(app, client_as, registrar, language):
    browser = client_as(registrar, language=language)
    page = save(browser, columns=[("", "name", "")])
    assert page.status == 422
    assert list(page.errors) == ["columns-0-heading"]
    page = page.submit({"name": "空"}, button=("act", "out-0"), status=200)
    page = page.submit({}, button="保存方案" if language == "zh" else "Save the columns", status=422)
    assert {"zh": "请至少保留一栏", "en": "Keep at least one column"}[language] in page.errors.values()
    assert kept(app) == []


def test_a_layout_has_no_more_columns_than_the_procedure_allows(client_as, registrar, limits):
    limits(most_columns=1)
    page = save(client_as(registrar), columns=[("甲", "name", ""), ("乙", "sex", "")])
    assert "名单最多1栏" in page.errors.values()


@pytest.mark.database
def test_an_office_has_each_name_once_and_two_offices_may_share_one(app, make, client_as, registrar):
    browser = client_as(registrar)
    save(browser)
    page = save(browser)
    assert page.status == 422
    assert list(page.errors) == ["name"]
    save(client_as(make.user("registrar")))
    assert [each[0] for each in kept(app)] == ["国家系统", "国家系统"]


@pytest.mark.database
def test_the_second_of_two_savers_sees_what_the_first_saved_and_keeps_what_was_typed(app, client_as, registrar):
    first, second = client_as(registrar), client_as(registrar)
    save(first)
    link = first.get(LIST).select(".app-entry a")[0]["href"]
    mine, theirs = first.get(link), second.get(link)
    mine.submit({"columns-0-heading": "先存的"}, button="保存方案", status=200)
    page = theirs.submit({"columns-0-heading": "后存的"}, button="保存方案", status=409)
    assert "先存的" in page.text
    assert page.select("input[name=columns-0-heading]")[0]["value"] == "后存的"
    page.submit({}, button="保存方案", status=200)
    ((_name, version, columns),) = kept(app)
    assert (version, columns.headings) == (3, ["后存的"])


def test_a_layout_can_be_removed_and_what_was_taken_out_with_it_stays_recorded(app, make, client_as, registrar):
    make.child()
    browser = client_as(registrar)
    save(browser)
    option = browser.get(OUT).select("select[name=layout] option")[1]["value"]
    take(browser, layout=option)
    page = browser.get(f"/ledgers/layouts/{option}")
    done = page.submit({}, form="form[action$=remove]", status=200)
    assert done.path == LIST
    assert kept(app) == []
    with app.app_context():
        assert [each.layout_id for each in db.session.scalars(select(Download))] == [None]
        acts = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "layout_changed")).all()
        assert [each.details["act"] for each in acts] == ["made", "remove"]


def test_a_layout_that_was_changed_meanwhile_is_not_removed(app, client_as, registrar):
    browser = client_as(registrar)
    save(browser)
    link = browser.get(LIST).select(".app-entry a")[0]["href"]
    page = browser.get(link)
    browser.get(link).submit({"columns-0-heading": "新表头"}, button="保存方案", status=200)
    page.submit({}, form="form[action$=remove]", status=409)
    assert len(kept(app)) == 1


def test_the_columns_of_another_office_are_absent(app, make, client_as, registrar):
    save(client_as(registrar))
    with app.app_context():
        other = db.session.scalars(select(Layout.id)).one()
    make.child()
    stranger = client_as(make.user("registrar"))
    assert stranger.get(LIST).select(".app-entry") == []
    stranger.get(f"/ledgers/layouts/{other}", status=404)
    page = stranger.get(OUT)
    data = dict(page.values()) | {"purpose": "report", "layout": str(other)}
    assert stranger.http.post(OUT, data=data).status_code == 422
    token = dict(page.values())["csrf_token"]
    assert stranger.http.post(f"/ledgers/layouts/{other}/remove", data={"csrf_token": token}).status_code == 404
    assert len(kept(app)) == 1


def test_a_service_office_has_no_columns_of_childrens_lists(client_as):
    browser = client_as("officer")
    for path in (LIST, NEW):
        browser.get(path, status=404)


def test_a_field_that_the_procedure_no_longer_has_leaves_its_column_empty(context, make):
    viewer = make.viewer("registrar")
    layout = layouts.make(viewer, "旧", Columns((Column("旧表头", "shoe_size"), Column("姓名", "name"))))
    assert layouts.columns_of(layout, viewer).columns == (Column("旧表头", "fixed"), Column("姓名", "name"))


def test_no_heading_stands_in_the_clear(app, client_as, registrar):
    save(client_as(registrar), columns=[("欧阳栩栩的表", "name", "")])
    with app.app_context():
        assert "欧阳栩栩".encode() not in db.session.scalars(select(Layout)).one().columns_sealed


def test_changes_fill_the_columns_too_and_say_how_it_stands_with_who_is_gone(app, make, client_as, registrar):
    make.child(name="甲甲")
    gone = make.child(name="乙乙")
    browser = client_as(registrar)
    save(browser)
    take(browser)
    with app.app_context():
        db.session.get_one(Child, gone.id).status = "aged_out"
        db.session.commit()
    page = browser.get(OUT)
    since, layout = (page.select(f"select[name={name}] option")[1]["value"] for name in ("since", "layout"))
    book = sheets_of(download(page, {"purpose": "report", "since": since, "layout": layout}).data)
    assert book["新增"] == [["孩子"]]
    assert book["已不在名单"] == [["孩子", "状态"], ["乙乙", "满16周岁"]]
