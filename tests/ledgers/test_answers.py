"""A list that comes back filled in is shown first and applied then, row by row, as the office's pages would."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children.models import Schooling
from registry.clock import today
from registry.database import db
from registry.ledgers.models import Ledger
from registry.referrals.models import Referral
from sop.version import in_force
from tests.client import OPENER
from tests.ledgers.answering import FAR, answer, apply, bring, cell, states, take
from tests.ledgers.books import download, filled, sheets_of, written
from tests.referrals.sending import BEGINS
from tests.statements import statements

WAITS = {"alternative": "waiting_list"}  # without which no child of compulsory age is refused
FAULTS_SAID = {
    "zh": [
        "办理结果：本项服务没有这一办理结果",
        "原因：这一结果须注明原因",
        "日期：日期无法识别",
        "日期：这一结果的日期应为今天或以后",
        "办理结果：请选择办理结果",
        "原因：这一原因与办理结果不符",
    ],
    "en": [
        "Outcome: This is no outcome",
        "Reason: This outcome needs a reason",
        "Date: The date cannot be read",
        "Date: The date for this outcome is today or later",
        "Outcome: Choose an outcome",
        "Reason: This reason does not go",
    ],
}


@pytest.mark.database
def test_filled_in_it_is_shown_first_and_applied_then(app, client_as, officer, asked, language):
    first, second, third = asked(), asked("李思远", state="accepted"), asked("赵一一")
    browser = client_as(officer, language=language)
    content = filled(
        take(browser),
        answer(1, outcome="11 公办学校就读", school="采菱小学", language=language)
        | answer(2, outcome="Does not meet the conditions", reason="age", note="差两个月", **WAITS, language=language),
    )
    page = bring(browser, content)
    assert states(app, first, second, third) == ["sent", "accepted", "sent"]
    assert "采菱小学" in page.text
    done = apply(page)
    assert states(app, first, second, third) == ["closed", "closed", "sent"]
    assert {"zh": "已办理2件答复", "en": "2 answers are applied"}[language] in done.text
    with app.app_context():
        spell = db.session.scalars(
            select(Schooling).where(Schooling.child_id == first.child_id).order_by(Schooling.id.desc())
        )
        assert spell.first().school.open(OPENER) == "采菱小学"
        moves = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "referral_moved")).all()
        assert sorted(each.details["move"] for each in moves) == ["accept", "close", "close"]


def test_what_was_filled_in_the_other_language_is_understood(app, client_as, officer, asked):
    referral = asked()
    content = filled(
        take(client_as(officer, language="en")),
        answer(1, outcome="公办学校就读", begins=BEGINS.isoformat(), language="en"),
        "Education",
    )
    apply(bring(client_as(officer), content))
    assert states(app, referral) == ["closed"]


def test_a_row_may_only_take_the_referral_on(app, client_as, officer, asked):
    referral = asked()
    browser = client_as(officer)
    choice = in_force(today()).downloads.accept.zh
    apply(bring(browser, filled(take(browser), answer(1, outcome=choice))))
    assert states(app, referral) == ["accepted"]


def test_a_dose_stands_in_the_note_of_the_answer(app, make, client_as, asked, clinic):
    referral = asked(service="vaccination", office=clinic, state="accepted")
    browser = client_as(make.user("officer", office=clinic))
    typed = {"outcome": "02", "dose": "麻腮风第2剂", "note": "家长已告知", "day": FAR.isoformat()}
    apply(bring(browser, filled(take(browser), answer(1, **typed))))
    with app.app_context():
        kept = db.session.get_one(Referral, referral.id)
        assert kept.recall_on == FAR
        assert kept.steps[-1].note.open(OPENER) == "剂次：麻腮风第2剂; 家长已告知"


@pytest.mark.parametrize(
    "written_day",
    [
        f"{FAR.year}年{FAR.month}月{FAR.day}日",
        f"{FAR:%Y/%m/%d}",
        f"{FAR:%Y%m%d}",
        FAR,
        str((FAR - (FAR.replace(year=1899, month=12, day=30))).days),
    ],
    ids=["characters", "slashes", "digits", "a date", "the number of a date"],
)
def test_days_are_read_as_spreadsheet_programs_leave_them(context, written_day):
    from registry.ledgers.out.answer_judging import read_day
    from registry.ledgers.out.reading import text

    assert read_day(text(written_day)) == FAR


def test_faults_are_named_by_row_and_column_and_the_rest_is_applied(app, client_as, officer, asked, language):
    made = [asked() for _ in range(7)]
    browser = client_as(officer, language=language)
    content = filled(
        take(browser),
        answer(1, outcome="11", language=language)
        | answer(2, outcome="随便写的", language=language)
        | answer(3, outcome="42", language=language)
        | answer(4, outcome="32", day="去年", language=language)
        | answer(5, outcome="32", day="2020-01-01", language=language)
        | answer(6, note="没有结果", language=language)
        | answer(7, outcome="42", reason="cost", language=language),
    )
    page = bring(browser, content)
    said = {
        row[1]: row[-1]
        for row in (
            [" ".join(each.get_text(" ").split()) for each in line.select("td, th")] for line in page.select("tbody tr")
        )
    }
    row_words = {"zh": "第{}行", "en": "Row {}"}[language]
    assert said[row_words.format(2)] == ""
    expected = FAULTS_SAID[language]
    for row, words in enumerate(expected, start=3):
        assert said[row_words.format(row)].startswith(words), said
    apply(page)
    assert states(app, *made) == ["closed", *["sent"] * 6]


def test_rows_to_mend_come_as_a_spreadsheet_with_the_reasons_and_are_applied_when_mended(
    app, client_as, officer, asked
):
    good, bad = asked(), asked("李思远")
    browser = client_as(officer)
    page = apply(
        bring(browser, filled(take(browser), answer(1, outcome="11") | answer(2, outcome="42", note="差两个月")))
    )
    mend = "form[action$=mend]"
    answered = download(page, form=mend)
    assert answered.headers["Content-Disposition"] == f'attachment; filename="referrals-to-mend-{today()}.xlsx"'
    book = sheets_of(answered.data)
    assert len(book["就学"]) == 2
    assert cell(book, "就学", 1, "wrong").startswith("原因：这一结果须注明原因")
    assert cell(book, "就学", 1, "note") == "差两个月"
    apply(bring(browser, filled(answered.data, answer(1, reason="age", **WAITS))))
    assert states(app, good, bad) == ["closed", "closed"]


def test_a_changed_referral_can_be_answered_again_from_the_rows_to_mend(app, client_as, make, officer, asked, office):
    referral = asked()
    browser = client_as(officer)
    content = filled(take(browser), answer(1, outcome="11"))
    client_as(make.user("officer", office=office)).get(f"/referrals/{referral.id}").submit(form="form[action$=accept]")
    page = bring(browser, content)
    apply(bring(browser, download(page, form="form[action$=mend]").data))
    assert states(app, referral) == ["closed"]


def test_rows_sorted_moved_and_saved_as_csv_are_still_read(app, client_as, officer, asked):
    referrals = [asked(), asked("李思远")]
    browser = client_as(officer)
    rows = sheets_of(filled(take(browser), answer(1, outcome="11") | answer(2, outcome="21")))["就学"]
    rows = [["某某教育局"], [], *(row[::-1] for row in [rows[0], rows[2], rows[1]])]
    text = "\r\n".join(",".join(f'"{each}"' for each in row) for row in rows)
    apply(bring(browser, text.encode("gb18030"), "名单.csv"))
    assert states(app, *referrals) == ["closed", "closed"]
    with app.app_context():
        outcomes = [db.session.get_one(Referral, each.id).outcome.open(OPENER) for each in referrals]
    assert outcomes == ["11", "21"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.4", {"zh": "不是电子表格", "en": "This is no spreadsheet"}),
        (written({"a": [["甲", "乙"], ["丙", "丁"]]}), {"zh": "未找到系统码一列", "en": "No column of keys"}),
        (b"", {"zh": "请选择填好的文件", "en": "Choose the file"}),
    ],
    ids=["no spreadsheet", "no keys", "nothing"],
)
def test_what_cannot_be_read_is_told_at_the_field(client_as, officer, language, content, said):
    page = bring(client_as(officer, language=language), content, status=422)
    assert said[language] in page.errors["file"]


def test_more_answers_than_one_upload_may_bring_are_refused_whole(app, client_as, officer, asked, limits):
    asked(), asked()
    browser = client_as(officer)
    content = filled(take(browser), answer(1, 2, outcome="11"))
    limits(most_answers=1)
    assert "文件中的答复超过1件" in bring(browser, content, status=422).errors["file"]
    with app.app_context():
        assert not db.session.scalars(select(Ledger)).all()


def test_reading_and_showing_cost_the_same_statements_for_few_and_for_many(app, client_as, officer, asked):
    asked(), asked()
    browser, counted = client_as(officer), []
    bring(browser, filled(take(browser), answer(1, outcome="42")))  # the next ones take its place
    for _ in range(2):
        asked(), asked()
        with statements(app) as sent:
            page = bring(browser, filled(take(browser), answer(1, 2, outcome="42")))
        assert page.status == 200
        counted.append(len([each for each in sent if each.lstrip().startswith("SELECT")]))
    assert counted[0] == counted[1]
