"""A list of children leaves as a spreadsheet: what its page shows and no more, recorded, never cut, never a formula."""

from __future__ import annotations

import re
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children.models import Change, Child, Episode
from registry.clock import now, today
from registry.database import db, uuid7
from registry.ledgers.models import Download
from sop.identity import BirthDate
from sop.version import in_force
from tests.client import OPENER
from tests.factories import COMMUNITY, ELSEWHERE
from tests.ledgers.books import download, sheets_of
from tests.statements import statements

PATH = "/ledgers/out/children"
ALL, ABOUT = {"zh": "在册儿童", "en": "Children on file"}, {"zh": "关于本文件", "en": "About this file"}
CHANGES = {"zh": ("新增", "有变更", "已不在名单"), "en": ("New", "Changed", "No longer on the list")}


def take(browser, path=PATH, **answers):
    return download(browser.get(path), {"purpose": "report"} | answers)


def column(rows, heading):
    place = rows[0].index(heading)
    return [row[place] for row in rows[1:]]


def in_database(app, act):
    with app.app_context():
        act()
        db.session.commit()


def change(app, child_id, at):
    values = {"subject": "child", "subject_id": child_id, "field": "sex", "reason": "mistake"}
    in_database(app, lambda: db.session.add(Change(id=uuid7(), child_id=child_id, at=at, **values)))


@pytest.fixture
def registrar(make):
    return make.user("registrar")


def test_the_list_has_full_particulars_as_text_in_the_language_of_the_page(app, make, client_as, registrar, language):
    child = make.child(birth=BirthDate(2018, 3, 2))
    answer = take(client_as(registrar, language=language))
    book = sheets_of(answer.data)
    assert list(book) == [ALL[language], ABOUT[language]]
    heads, row = book[ALL[language]]
    told = dict(zip(heads, row, strict=True))
    headings = {code: field.heading.in_language(language) for code, field in in_force(today()).downloads.fields.items()}
    assert heads == list(headings.values())
    with app.app_context():
        number = db.session.get_one(Child, child.id).id_number.open(OPENER)
    assert told[headings["id_number"]] == number
    assert told[headings["name"]] == "陈雨桐"
    assert told[headings["birth"]] == "2018-03-02"
    assert told[headings["sex"]] == {"zh": "女", "en": "Female"}[language]
    assert told[headings["relation"]] == {"zh": "母亲", "en": "Mother"}[language]
    assert told[headings["phone"]].startswith("1540000")
    assert all(isinstance(cell, str) for cell in row)


def test_the_file_name_tells_the_day_and_nothing_else_and_no_copy_is_kept(client_as, make, registrar):
    make.child()
    answer = take(client_as(registrar))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="children-{today()}.xlsx"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_looks_like_a_formula_stays_text(client_as, make, registrar):
    make.child(name='=HYPERLINK("x","陈雨桐")')
    answer = take(client_as(registrar))
    with zipfile.ZipFile(BytesIO(answer.data)) as parts:
        assert not [name for name in parts.namelist() if re.search(rb"<f[ >]", parts.read(name))]
    assert '=HYPERLINK("x","陈雨桐")' in column(sheets_of(answer.data)["在册儿童"], "姓名")


def test_taking_out_is_recorded_with_who_how_many_which_list_what_for_and_every_child(app, client_as, make, registrar):
    children = {make.child().id for _ in range(3)}
    take(client_as(registrar), f"{PATH}?status=active")
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "list_taken_out")).one()
        assert event.user_id == registrar.id
        assert event.details == {"list": "children", "shown": 3, "filter": "status", "purpose": "report"}
        assert {each.child_id for each in event.children} == children


@pytest.mark.database
def test_the_list_is_narrowed_as_its_page_is(client_as, make, registrar):
    make.child(name="王小明", school="kindergarten")
    make.child(name="李思远", school="primary")
    make.child(name="赵一一", status="left")
    browser = client_as(registrar)
    listed = browser.get("/children/?school=primary")
    link = next(each["href"] for each in listed.select("a") if "/out/children" in each["href"])
    assert column(sheets_of(take(browser, link).data)["在册儿童"], "姓名") == ["李思远"]
    assert sorted(column(sheets_of(take(browser).data)["在册儿童"], "姓名")) == ["李思远", "王小明"]


def test_nobody_takes_out_children_of_another_area(client_as, make, registrar):
    make.child(name="外地孩子", area=ELSEWHERE)
    make.child(name="本地孩子")
    browser = client_as(registrar)
    assert column(sheets_of(take(browser, f"{PATH}?area={ELSEWHERE}").data)["在册儿童"], "姓名") == ["本地孩子"]
    stranger = client_as("supervisor", area=f"{ELSEWHERE[:9]}000")
    assert column(sheets_of(take(stranger).data)["在册儿童"], "姓名") == ["外地孩子"]


def test_a_protected_child_leaves_in_no_list_and_its_named_registrar_is_told(client_as, make, registrar, language):
    make.child(name="本地孩子")
    make.child(name="保密孩子", protected=True, protected_registrar_id=registrar.id)
    said = {"zh": "1份保密档案未列入", "en": "1 protected file is left out"}[language]
    named, other = client_as(registrar, language=language), client_as("supervisor", language=language)
    assert said in named.get(PATH).text
    assert said not in other.get(PATH).text
    for browser in (named, other):
        answer = take(browser)
        names = column(sheets_of(answer.data)[ALL[language]], {"zh": "姓名", "en": "Name"}[language])
        assert names == ["本地孩子"]
        assert "保密孩子" not in str(sheets_of(answer.data))


@pytest.mark.parametrize("role", ["officer", "official", "protection_officer", "administrator", "auditor"])
def test_who_keeps_no_files_takes_no_list_out(app, client_as, make, role):
    make.child()
    browser = client_as(role)
    status = 404 if role == "officer" else 403
    browser.get(PATH, status=status)
    token = browser.get("/password").select("input[name=csrf_token]")[0]["value"]
    refused = browser.http.post(PATH, data={"csrf_token": token, "purpose": "report"})
    assert refused.status_code == status
    with app.app_context():
        kinds = list(db.session.scalars(select(AuditEvent.kind)))
    assert kinds.count("refused") == 2
    assert "list_taken_out" not in kinds


def test_a_list_that_is_too_long_is_refused_with_a_reason_and_never_cut(
    app, client_as, make, registrar, limits, language
):
    for _ in range(3):
        make.child()
    browser = client_as(registrar, language=language)
    page = browser.get(PATH)
    limits(most_rows=2)
    refused = page.submit({"purpose": "report"}, status=422)
    assert {"zh": "名单超过2名儿童", "en": "The list holds more than 2 children"}[language] in refused.text
    assert not refused.select("form#form")
    with app.app_context():
        assert not db.session.scalars(select(Download)).all()


def test_what_the_list_is_for_has_to_be_said(client_as, make, registrar, language):
    make.child()
    page = client_as(registrar, language=language).get(PATH).submit({}, status=422)
    assert list(page.errors) == ["purpose"]


@pytest.mark.database
def test_of_changes_who_is_new_who_changed_and_who_is_gone_stand_apart(app, client_as, make, registrar, language):
    stays, changes, leaves, dies, moves = (make.child(name=name) for name in ("甲甲", "乙乙", "丙丙", "丁丁", "戊戊"))
    browser = client_as(registrar, language=language)
    take(browser)
    long_ago, later = now() - timedelta(days=1), now() + timedelta(seconds=5)
    change(app, stays.id, long_ago)
    change(app, changes.id, later)

    def happen():
        db.session.get_one(Episode, leaves.episodes[0].id).status = "left"
        db.session.get_one(Child, dies.id).status = "deceased"
        db.session.get_one(Episode, moves.episodes[0].id).area_code = ELSEWHERE

    make.area(ELSEWHERE)
    in_database(app, happen)
    make.child(name="己己")
    page = browser.get(PATH)
    since = page.select("select[name=since] option")[1]["value"]
    book = sheets_of(take(browser, since=since).data)
    new, changed, gone = (book[name] for name in CHANGES[language])
    heading = {"zh": "姓名", "en": "Name"}[language]
    assert column(new, heading) == ["己己"]
    assert column(changed, heading) == ["乙乙"]
    assert sorted(column(gone, heading)) == ["丁丁", "丙丙"]
    assert (
        set(column(gone, {"zh": "状态", "en": "Status"}[language]))
        == {
            "zh": {"已离开", "死亡"},
            "en": {"Left", "Deceased"},
        }[language]
    )
    assert "戊戊" not in str(book)


def test_of_a_child_that_became_protected_a_list_of_changes_says_nothing(app, client_as, make, registrar, language):
    """Not even that somebody is missing: with the list before it would tell who."""
    make.child(name="甲甲")
    hidden = make.child(name="乙乙")
    browser = client_as(registrar, language=language)
    take(browser)
    in_database(app, lambda: setattr(db.session.get_one(Child, hidden.id), "protected", True))
    since = browser.get(PATH).select("select[name=since] option")[1]["value"]
    book = sheets_of(take(browser, since=since).data)
    assert [len(book[name]) for name in CHANGES[language]] == [1, 1, 1]  # headings
    last = {"zh": "{}：0名儿童", "en": "{}: 0 children"}[language]
    assert book[ABOUT[language]][-3:] == [[last.format(name)] for name in CHANGES[language]]
    assert len(book[ABOUT[language]]) == 3 + len(sheets_of(take(browser).data)[ABOUT[language]]) - 1


def test_a_second_tap_takes_out_the_same_changes_and_counts_once(app, client_as, make, registrar):
    make.child(name="甲甲")
    browser = client_as(registrar)
    take(browser)
    make.child(name="乙乙")
    page = browser.get(PATH)
    since = page.select("select[name=since] option")[1]["value"]
    books = [sheets_of(download(page, {"purpose": "report", "since": since}).data) for _ in range(2)]
    assert books[0]["新增"] == books[1]["新增"]
    assert column(books[1]["新增"], "姓名") == ["乙乙"]
    with app.app_context():
        assert len(db.session.scalars(select(Download)).all()) == 2


def test_downloads_of_another_person_and_of_another_list_are_no_place_to_begin(app, client_as, make, registrar):
    make.child()
    browser = client_as(registrar)
    take(browser)
    with app.app_context():
        mine = db.session.scalars(select(Download)).one()
    other = client_as(make.user("registrar"))
    assert len(other.get(PATH).select("select[name=since] option")) == 1
    assert len(browser.get(f"{PATH}?status=active").select("select[name=since] option")) == 1
    forged = other.get(PATH)
    data = dict(forged.values()) | {"purpose": "report", "since": str(mine.id)}
    assert other.http.post(PATH, data=data).status_code in (404, 422)


def test_reading_a_list_costs_the_same_statements_for_few_and_for_many(app, client_as, make, registrar):
    browser = client_as(registrar)
    counted = []
    for _ in range(2):
        for _ in range(4):
            make.child()
        with statements(app) as sent:
            take(browser)
        counted.append(len([each for each in sent if each.lstrip().startswith("SELECT")]))
    assert counted[0] == counted[1]


def test_a_township_is_read_community_by_community(client_as, make):
    first, second = f"{COMMUNITY[:9]}902", COMMUNITY
    for area, name in ((first, "乙"), (second, "甲"), (first, "丙")):
        make.child(area=area, name=name)
    book = sheets_of(take(client_as("supervisor")).data)
    assert column(book["在册儿童"], "姓名") == ["甲", "乙", "丙"]


def test_while_the_file_is_made_others_write(app, client_as, make, registrar, monkeypatch):
    from registry.ledgers.out import service

    make.child()
    browser, others = client_as(registrar), []

    def meanwhile(*given):
        others.append(make.child(name="同时登记"))  # on the embedded engine this would wait for a writer in vain
        return made(*given)

    made = service.list_book
    monkeypatch.setattr(service, "list_book", meanwhile)
    assert "同时登记" not in str(sheets_of(take(browser).data))
    assert len(others) == 1


def test_a_child_protected_while_the_file_is_made_is_not_in_it(app, client_as, make, registrar, monkeypatch):
    from registry.ledgers.out import service

    make.child(name="本地孩子")
    hidden, made = make.child(name="保密孩子"), service.list_book

    def meanwhile(*given):
        in_database(app, lambda: setattr(db.session.get_one(Child, hidden.id), "protected", True))
        return made(*given)

    monkeypatch.setattr(service, "list_book", meanwhile)
    assert column(sheets_of(take(client_as(registrar)).data)["在册儿童"], "姓名") == ["本地孩子"]
