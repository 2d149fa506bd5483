"""The list of every service goes out, is filled in and comes back: each outcome with all that it may carry."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.clock import today
from registry.database import db
from registry.ledgers.out.answer_columns import ACCEPT, offers, taken, words_of
from registry.ledgers.out.answer_list import sheet_name
from registry.referrals import confidential
from registry.referrals.models import Referral
from registry.vault.sealed import opened_fields
from sop.content import LANGUAGES, Code
from sop.downloads import ITEM
from sop.identity import BirthDate
from sop.referral import move_for
from sop.version import in_force
from tests.client import OPENER
from tests.factories import COMMUNITY
from tests.ledgers.answering import FAR, LIST, PATH, answer, apply, bring, states, take
from tests.ledgers.books import download, filled, sheets_of
from tests.referrals.sending import have_doses

COUNTY = f"{COMMUNITY[:6]}000000"
SOP = in_force(today())
SERVICES = sorted(SOP.services)
CONFIDENTIAL = sorted(code for code, service in SOP.services.items() if service.confidential)
BEGINS = today() + timedelta(days=7)
NEEDED = "This outcome needs an entry here. Choose one from the list."
STRANGE = "This does not go with the outcome."
UNUSED = "This outcome takes nothing here."
STATE = {"close": "closed", "appoint": "appointed", "record_interim": "accepted"}


@pytest.fixture
def desk(make):
    """Return a function: an office that answers for a service, and a browser-less officer of it."""

    def at(code):
        kind = SOP.services[code].office_kinds[0]
        office = make.office(kind, COUNTY, serves=((code, COUNTY),))
        return office, make.user("officer", office=office)

    return at


@pytest.fixture
def sent(make):
    """Return a function: a child of compulsory age, or one that fits an outcome, sent to an office for a service."""

    def send(code, office, name="陈雨桐", outcome=None, **values):
        years = 4 if outcome and outcome.below_school_age else 9
        child = make.child(name=name, birth=BirthDate(today().year - years, 3, 2), school="none")
        if outcome and outcome.code == SOP.services[code].when_complete:
            have_doses(make.app, child.id)
        return make.referral(child, office, service=code, accept_by=FAR, answer_by=FAR, **values)

    return send


def whole(service, outcome, language):
    """Everything that an outcome may carry, as an officer chooses it from the lists of the file."""
    first = {column: words_of(offer[0], language) for column, offer in offers(service, SOP).items() if offer}
    typed = first | {"day": FAR.isoformat(), "begins": BEGINS.isoformat(), "school": "采菱小学", "note": "家长已告知"}
    use = taken(service, outcome) - {"dose"}
    typed = {column: text for column, text in typed.items() if column in use}
    if outcome.reasons:
        typed["reason"] = SOP.codes["outcome_reason"].text(outcome.reasons[0]).in_language(language)
    if outcome.alternative:
        typed["alternative"] = SOP.codes["alternative"].text(outcome.alternative[0]).in_language(language)
    return typed | {"outcome": words_of(Code(outcome.code, outcome.text), language)}


def details(service, outcome):
    """What the step of such an answer must hold."""
    kind = next(each.code for each in SOP.codes["schooling_kind"])
    told = {"school": "采菱小学", "school_kind": kind, "grade": 0, "begins": BEGINS.isoformat()}
    kept = {name: value for name, value in told.items() if name in outcome.takes}
    if outcome.alternative:
        kept["alternative"] = outcome.alternative[0]
    if service.items:
        kept["items"] = dict.fromkeys(service.items, next(each.code for each in SOP.codes["item_result"]))
    return kept or None


@pytest.mark.database
@pytest.mark.parametrize("code", SERVICES)
def test_every_outcome_of_a_service_comes_back_with_all_that_goes_with_it(app, client_as, desk, sent, code, language):
    service, (office, officer) = SOP.services[code], desk(code)
    asked = [sent(code, office, f"孩子{each.code}", each) for each in service.outcomes]
    browser = client_as(officer, language=language)
    answers = {}
    for row, outcome in enumerate(service.outcomes, start=1):
        answers |= answer(row, language=language, **whole(service, outcome, language))
    page = apply(bring(browser, filled(take(browser), answers)))
    assert not page.select(".app-tag--late"), page.text
    assert states(app, *asked) == [STATE[move_for(each)] for each in service.outcomes]
    with app.app_context():
        for referral, outcome in zip(asked, service.outcomes, strict=True):
            kept = db.session.get_one(Referral, referral.id)
            step = kept.steps[-1]
            assert kept.outcome.open(OPENER) == outcome.code
            assert kept.recall_on == (FAR if outcome.asks else None)
            assert step.reason.open(OPENER) == (outcome.reasons[0] if outcome.reasons else None)
            assert (step.details.open(OPENER) or None) == details(service, outcome)
            assert (step.note.open(OPENER), step.source) == ("家长已告知", "office")


@pytest.mark.parametrize("code", SERVICES)
def test_a_sheet_has_the_columns_that_the_outcomes_of_its_service_take_and_no_others(client_as, desk, sent, code):
    service, (office, officer) = SOP.services[code], desk(code)
    sent(code, office)
    rows = sheets_of(take(client_as(officer)))[sheet_name(service, "zh")]
    columns = {SOP.downloads.answer_column(heading) for heading in rows[0]} & set(SOP.downloads.filled_in)
    assert columns == {"outcome"}.union(*(taken(service, each) for each in service.outcomes))


def test_every_service_has_a_sheet_of_its_own_with_a_name_that_spreadsheet_programs_take():
    for language in LANGUAGES:
        names = [sheet_name(service, language) for service in SOP.services.values()]
        assert len(set(names)) == len(names)
        assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_an_office_of_many_services_has_a_sheet_for_each_with_its_own_choices(app, make, client_as, sent, language):
    codes = ("disability", "education", "identity", "vaccination")
    office = make.office("civil_affairs", COUNTY, serves=tuple((code, COUNTY) for code in codes))
    asked = {code: sent(code, office, outcome=SOP.services[code].outcomes[0]) for code in codes}
    browser = client_as(make.user("officer", office=office), language=language)
    content = take(browser)
    assert set(sheets_of(content)) >= {sheet_name(SOP.services[code], language) for code in codes}
    for code in codes:
        service = SOP.services[code]
        typed = whole(service, service.outcomes[0], language)
        done = filled(content, answer(1, language=language, **typed), sheet_name(service, language))
        apply(bring(browser, done))
    assert states(app, *asked.values()) == ["closed"] * len(codes)


@pytest.mark.database
@pytest.mark.parametrize("code", CONFIDENTIAL)
def test_of_a_confidential_service_neither_the_files_name_nor_the_record_tells_which(app, client_as, desk, sent, code):
    office, officer = desk(code)
    child = sent(code, office).child_id
    answered = download(client_as(officer).get(PATH), form=LIST)
    assert answered.headers["Content-Disposition"] == f'attachment; filename="referrals-{today()}.xlsx"'
    with app.app_context():
        from registry.audit.models import AuditEvent

        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "list_taken_out")).one()
        assert [each.child_id for each in event.children] == [child]
        assert code not in str(event.details)


@pytest.mark.parametrize("code", CONFIDENTIAL)
def test_a_confidential_list_shows_before_acceptance_no_more_than_its_service_sees(client_as, desk, sent, code):
    office, officer = desk(code)
    sent(code, office)
    page = client_as(officer).get(PATH)
    with opened_fields() as opened:
        download(page, form=LIST)
    fields = {field for field, _row in opened} - {"child.pinyin", "guardian.pinyin", "user.name"}
    assert fields - confidential.FIELDS == {"child.name", "child.birth_date", "guardian.name", "guardian.phone"}


def test_what_the_police_did_not_compare_is_named_at_its_column(app, client_as, desk, sent):
    service, (office, officer) = SOP.services["identity"], desk("identity")
    asked = sent("identity", office)
    browser = client_as(officer, language="en")
    typed = whole(service, service.outcomes[0], "en")
    del typed[f"{ITEM}hukou"], typed[f"{ITEM}sex"]
    page = bring(browser, filled(take(browser), answer(1, language="en", **typed)))
    named = [sentence for sentence in page.select("tbody tr")[0].stripped_strings if NEEDED in sentence]
    assert named == [f"Compared: {item}: {NEEDED}" for item in ("Sex", "Place of hukou")]
    assert states(app, asked) == ["sent"]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        (
            {"outcome": "42", "reason": "age"},
            "Offered instead: A child of compulsory age is offered something instead.",
        ),
        ({"outcome": "42", "reason": "age", "alternative": "回家"}, f"Offered instead: {STRANGE}"),
        ({"outcome": "11", "grade": "大班"}, f"Grade: {STRANGE}"),
        ({"outcome": "11", "begins": "开学"}, "First day at school: The date cannot be read."),
        ({"outcome": "46", "school_kind": "贵族学校"}, f"Kind of school: {STRANGE}"),
        ({"outcome": "46"}, "Kind of school: This outcome needs an entry here."),
        ({"outcome": "11", "begins": ""}, "First day at school: This outcome needs the first day at school."),
        ({"outcome": "11", "school_kind": "民办"}, f"Kind of school: {UNUSED}"),
        ({"outcome": "21", "school": "采菱小学"}, f"Name of the school: {UNUSED}"),
        ({"outcome": "41", "day": FAR.isoformat()}, f"Date: {UNUSED}"),
        ({"outcome": SOP.downloads.accept.en, "grade": "3"}, "Grade: Only an outcome can have this."),
    ],
)
def test_what_does_not_go_with_an_outcome_is_named_at_its_cell_and_nothing_is_lost(
    app, client_as, officer, asked, typed, fault
):
    referral, browser = asked(), client_as(officer, language="en")
    page = bring(browser, filled(take(browser), answer(1, language="en", **typed)))
    assert fault in page.text
    assert not page.select("form[action$=apply]")
    mended = sheets_of(download(page, form="form[action$=mend]").data)["Education"]
    assert set(typed.values()) <= set(mended[1])
    assert states(app, referral) == ["sent"]


@pytest.mark.parametrize(("typed", "grade"), [("3", 3), ("3 小学三年级", 3), ("Primary 3", 3), ("0", 0), ("12", 12)])
def test_a_grade_is_read_by_its_number_and_by_its_name(app, client_as, officer, asked, typed, grade):
    referral, browser = asked(), client_as(officer)
    apply(bring(browser, filled(take(browser), answer(1, outcome="11", grade=typed))))
    with app.app_context():
        assert db.session.get_one(Referral, referral.id).steps[-1].details.open(OPENER)["grade"] == grade


def test_what_may_be_chosen_can_be_told_apart_in_both_languages():
    for service in SOP.services.values():
        for column, offer in offers(service, SOP).items():
            for language in LANGUAGES:
                words = [words_of(entry, language) for entry in offer]
                assert len(set(words)) == len(words), (service.code, column)


def test_a_referral_that_was_handed_on_is_no_longer_this_offices_to_answer(app, make, client_as, desk, sent):
    office, officer = desk("disability")
    referral, browser = sent("disability", office), client_as(officer)
    content = filled(take(browser), answer(1, outcome="511"))
    other = make.office("disability", COUNTY)
    with app.app_context():
        kept = db.session.get_one(Referral, referral.id)
        confidential.address(kept, other, OPENER)
        kept.version += 1
        db.session.commit()
    page = bring(browser, content)
    assert "这不是本单位的系统码" in page.text
    assert "陈雨桐" not in page.text
    assert ACCEPT not in page.text
