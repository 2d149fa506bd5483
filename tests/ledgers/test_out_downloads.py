"""What is remembered of lists that were taken out: how much one person took in a day, and who was on the last ones."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from registry.jobs.service import kinds_of
from registry.ledgers.models import Download
from registry.ledgers.out import downloads
from registry.ledgers.out.downloads import TakenOut, TooManyTodayError
from sop.version import in_force
from tests.ledgers.answering import LIST, answer, bring
from tests.ledgers.answering import PATH as ANSWERS
from tests.ledgers.answering import take as take_answers
from tests.ledgers.books import download, filled

PATH = "/ledgers/out/children"
WHOLE = {"purpose": "report"}
LEFT = {"zh": "今天还可导出1行", "en": "You can take out 1 more row today"}


@pytest.fixture
def registrar(make):
    return make.user("registrar")


def since(page, place=1):
    return page.select("select[name=since] option")[place]["value"]


def refusals(app):
    with app.app_context():
        return [event.details for event in db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "refused"))]


def taken_out(app):
    with app.app_context():
        return len(db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "list_taken_out")).all())


@pytest.mark.database
def test_one_person_takes_out_so_many_rows_a_day_in_all_lists_and_no_more(
    app, client_as, make, registrar, limits, language
):
    make.child(school="primary"), make.child(school="kindergarten")
    limits(most_rows_a_day=3)
    browser = client_as(registrar, language=language)
    download(browser.get(PATH), WHOLE)
    page = browser.get(f"{PATH}?school=primary")
    download(page, WHOLE)
    assert refusals(app) == []
    browser.get(f"{PATH}?school=kindergarten").submit(WHOLE, status=422)
    assert refusals(app) == [{"endpoint": "ledgers.take_out", "why": "limit"}]
    assert taken_out(app) == 2
    download(client_as(make.user("registrar")).get(PATH), WHOLE)  # each person has rows of their own


def test_the_page_says_how_many_rows_are_left_and_what_changed_may_still_be_taken(
    client_as, make, registrar, limits, language
):
    make.child(), make.child()
    limits(most_rows_a_day=3)
    browser = client_as(registrar, language=language)
    download(browser.get(PATH), WHOLE)
    refused = browser.get(PATH).submit(WHOLE, status=422)
    assert LEFT[language] in refused.text
    assert {"zh": "最多导出3行", "en": "at most 3 rows a day"}[language] in refused.text
    download(refused, WHOLE | {"since": since(refused)})


def test_a_second_tap_counts_once_a_day_and_the_same_form_with_another_choice_counts_too(app, make, limits):
    limits(most_rows_a_day=3)
    viewer, once, day = make.viewer(), uuid4(), today()
    with app.app_context():
        for _ in range(2):
            downloads.remember(viewer, TakenOut(once, "children", 3), day)
        assert downloads.left_today(viewer, day) == 0
        with pytest.raises(TooManyTodayError):
            downloads.remember(viewer, TakenOut(once, "children", 3, since=uuid4()), day)


def test_the_next_day_counts_anew_and_so_does_a_form_that_was_kept(app, make, limits):
    limits(most_rows_a_day=3)
    viewer, day = make.viewer(), today()
    taken, before = TakenOut(uuid4(), "children", 3), day - timedelta(days=1)
    with app.app_context():
        downloads.remember(viewer, taken, before)
        db.session.scalars(select(Download)).one().at -= timedelta(days=1)
        db.session.flush()
        assert [downloads.left_today(viewer, each) for each in (before, day)] == [0, 3]
        downloads.remember(viewer, taken, day)
        assert downloads.left_today(viewer, day) == 0


@pytest.mark.database
def test_two_lists_at_the_same_moment_do_not_slip_past_the_limit(app, make, limits):
    limits(most_rows_a_day=3)
    viewer, start = make.viewer(), Barrier(2, timeout=5)

    def take(_number):
        with app.app_context():
            start.wait()
            try:
                downloads.remember(viewer, TakenOut(uuid4(), "children", 3), today())
                db.session.commit()
            except TooManyTodayError:
                return "refused"
        return "taken"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, range(2))) == ["refused", "taken"]


def test_an_offices_list_and_its_rows_to_mend_count(app, client_as, officer, asked, limits, language):
    asked(), asked()
    browser = client_as(officer, language=language)
    content = take_answers(browser)
    filled_in = filled(content, answer(1, language=language, note="九霄") | answer(2, language=language, note="九霄"))
    page = bring(browser, filled_in)
    mend = "form[action$=mend]"
    limits(most_rows_a_day=3)
    refused = page.submit({}, form=mend, status=200)
    assert LEFT[language] in refused.text
    assert LEFT[language] in browser.get(ANSWERS).submit({}, form=LIST, status=422).text
    assert refusals(app) == [
        {"endpoint": f"ledgers.{each}", "why": "limit"} for each in ("answers_to_mend", "answers_list")
    ]
    assert taken_out(app) == 1
    limits(most_rows_a_day=4)
    for _ in range(2):
        download(page, form=mend)  # one file's rows count once a day
    browser.get(ANSWERS).submit({}, form=LIST, status=422)


def test_of_a_list_only_the_downloads_that_are_offered_tell_who_was_on_it(app, client_as, make, registrar, limits):
    make.child(school="primary")
    limits(offered_downloads=2)
    browser = client_as(registrar)
    download(browser.get(f"{PATH}?school=primary"), WHOLE)
    for _ in range(4):
        download(browser.get(PATH), WHOLE)
    with app.app_context():
        kept = db.session.scalars(select(Download).order_by(Download.at)).all()
        assert [bool(each.members) for each in kept] == [True, False, False, True, True]
        latest = [str(each.id) for each in kept[:2:-1]]
        forgotten = kept[1].id
    page = browser.get(PATH)
    assert [since(page, place) for place in (1, 2)] == latest  # the latest first
    with app.app_context(), app.test_request_context(), pytest.raises(NotFound):
        downloads.one(make.viewer(user=registrar), "children", forgotten)


@pytest.mark.database
def test_after_a_year_nobody_remembers_who_was_on_a_list(app, client_as, make, registrar):
    make.child()
    browser = client_as(registrar)
    download(browser.get(PATH), WHOLE)
    assert kinds_of(app)["sweep_downloads"].nightly
    keep = in_force(today()).downloads.keep_days
    with app.app_context():
        assert downloads.sweep(today() + timedelta(days=keep), None).done == 0
        assert downloads.sweep(today() + timedelta(days=keep + 2), None).done == 1
        db.session.commit()
        kept = db.session.scalars(select(Download)).one()
        assert (bool(kept.members), kept.number) == (False, 1)
    assert len(browser.get(PATH).select("select[name=since] option")) == 1


def test_what_is_remembered_of_a_list_is_sealed(app, client_as, make, registrar):
    child = make.child()
    download(client_as(registrar).get(PATH), form="form[action='/ledgers/out/children']", **WHOLE)
    with app.app_context():
        kept = db.session.scalars(select(Download)).one()
        assert kept.number == 1
        assert child.id.bytes not in kept.members_sealed
