"""The referring side's pages: what was sent and what became of it, whom to tell, taking it back and up again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry.clock import now, today
from registry.database import db
from registry.referrals import confidential
from registry.referrals.lists import sent_list
from registry.referrals.lists.sent_list import TABS, Narrowed
from registry.referrals.models import Referral, ReferralStep
from registry.vault.sealed import opened_fields
from sop.version import in_force
from tests.factories import COMMUNITY
from tests.statements import statements

COUNTY = f"{COMMUNITY[:6]}000000"
FAR = today() + timedelta(days=60)
PAST = today() - timedelta(days=30)
SENT = "/referrals/sent"
TOLD = "form[action*='/told']"
SERVICES = in_force(today()).services


@pytest.fixture
def ours(make):
    return make.office("community", COMMUNITY)


@pytest.fixture
def registrar(make, ours):
    return make.user("registrar", office=ours)


def named(page):
    """The names on the list."""
    return [cell.get_text(strip=True) for cell in page.select("tbody th, .app-check__label strong")]


def told_at(app, referral):
    with app.app_context():
        return db.session.get_one(Referral, referral.id).told_at


@pytest.mark.database
def test_each_referral_stands_under_the_tabs_where_something_is_to_be_done(client_as, registrar, sent, answered):
    answered("已答复")
    answered("已告知", told_at=now())
    sent("被退回", state="returned")
    sent("已逾期", accept_by=PAST, answer_by=PAST)
    sent("在办理", state="accepted")
    sent("先答复", state="accepted", outcome="41", outcome_kind="interim")
    sent("已撤回", state="withdrawn", closed_on=today())
    expected = {
        "to_tell": ["先答复", "已答复"],
        "overdue": ["已逾期"],
        "open": ["已逾期", "在办理", "先答复"],
        "ended": ["已撤回", "已告知", "已答复"],
    }
    browser = client_as(registrar)
    for tab, names in expected.items():
        assert named(browser.get(f"{SENT}?tab={tab}")) == names, tab
    page = browser.get(f"{SENT}?tab=returned")
    assert [card.get_text(strip=True) for card in page.select(".app-card__title")] == ["被退回"]
    counts = [each.get_text(strip=True) for each in page.select(".app-tabs__count")]
    assert counts == ["0", "2", "1", "1", "3", "3"]
    assert named(browser.get(f"{SENT}?tab=nonsense")) == expected["to_tell"]


def test_whom_to_tell_stands_with_the_answer_the_guardian_and_the_phone(client_as, registrar, answered, language):
    answered(recall_on=FAR)
    page = client_as(registrar, language=language).get(SENT)
    (box,) = page.select(".app-proposals .app-check")
    said = " ".join(box.get_text(" ").split())
    assert {"zh": "公办学校就读", "en": "In a public school"}[language] in said
    assert "154 0000" in said
    assert {"zh": "周敏", "en": "Zhou Min"}[language] in said
    assert not box.select_one("input").has_attr("checked")


@pytest.mark.database
def test_several_families_are_told_in_one_go(app, client_as, registrar, answered, language):
    first, second, third = answered("王一"), answered("王二"), answered("王三")
    page = client_as(registrar, language=language).get(SENT)
    ticked = [each.seen.written() for each in (first, third)]
    done = page.submit({"told": ticked}, form=TOLD, status=200)
    assert len(named(done)) == 1
    assert [told_at(app, each) is not None for each in (first, second, third)] == [True, False, True]
    before = told_at(app, first)
    page.submit({"told": ticked}, form=TOLD, status=200)  # the same page once more
    assert told_at(app, first) == before


def test_told_without_a_tick_is_an_error_at_the_boxes_and_nothing_is_told(app, client_as, registrar, answered):
    referral = answered()
    page = client_as(registrar, language="en").get(SENT).submit(form=TOLD, status=422)
    (fault,) = page.select(".govuk-error-summary__list a")
    assert page.select(f"[id='{fault['href'][1:]}']")
    assert told_at(app, referral) is None


def test_an_answer_that_came_meanwhile_stays_to_be_told_and_it_is_said(app, client_as, registrar, answered):
    old, new = answered("王一"), answered("王二")
    page = client_as(registrar, language="en").get(SENT)
    with app.app_context():
        kept = db.session.get_one(Referral, new.id)
        kept.version += 1
        db.session.commit()
    done = page.submit({"told": [each.seen.written() for each in (old, new)]}, form=TOLD, status=200)
    assert len(named(done)) == 1
    assert "1 answer is noted as told." in done.text
    assert "1 answer has changed since the page was shown" in done.text
    assert told_at(app, new) is None


def test_nobody_notes_what_another_office_sent_as_told(app, make, client_as, registrar, answered, child, office):
    answered()
    foreign = make.referral(child, office, state="closed", outcome="11", outcome_kind="solved")
    page = client_as(registrar).get(SENT)
    page.submit({"told": [foreign.seen.written()]}, form=TOLD, status=404)
    assert told_at(app, foreign) is None


@pytest.mark.database
@pytest.mark.parametrize("code", sorted(code for code, each in SERVICES.items() if each.confidential))
def test_a_confidential_service_is_named_to_who_sent_it_and_found_by_its_filter(
    make, client_as, registrar, sent, code, language
):
    desk = make.office(SERVICES[code].office_kinds[0], COUNTY, serves=((code, COUNTY),))
    sent("陈雨桐", service=code, office=desk)
    sent("李思远")
    browser = client_as(registrar, language=language)
    page = browser.get(f"{SENT}?tab=open&service={code}")
    (row,) = page.select("tbody tr")
    assert SERVICES[code].name.in_language(language) in row.get_text()
    assert desk.name(language) in row.get_text()
    others = [each for each in SERVICES if SERVICES[each].confidential and each != code]
    assert all(browser.get(f"{SENT}?tab=open&service={each}").select("tbody tr") == [] for each in others)


@pytest.mark.database
def test_the_list_is_narrowed_by_service_and_by_office_ordinary_and_confidential(
    make, client_as, registrar, sent, office
):
    clinic = make.office("clinic", COUNTY)
    federation = make.office("disability", COUNTY, serves=(("disability", COUNTY),))
    sent("就学孩子")
    sent("接种孩子", service="vaccination", office=clinic)
    sent("残联孩子", service="disability", office=federation)
    browser = client_as(registrar)
    page = browser.get(f"{SENT}?tab=open")
    offered = {each["value"] for each in page.select("select[name=office] option")}
    assert offered == {"", office.id.hex, clinic.id.hex, federation.id.hex}
    assert named(browser.get(f"{SENT}?tab=open&service=vaccination")) == ["接种孩子"]
    assert named(browser.get(f"{SENT}?tab=open&office={federation.id.hex}")) == ["残联孩子"]
    assert named(browser.get(f"{SENT}?tab=open&service=education&office={clinic.id.hex}")) == []
    assert len(named(browser.get(f"{SENT}?tab=open&service=nonsense&office=nonsense"))) == 3


@pytest.mark.database
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_is_paged_without_gap_or_repetition(make, registrar, sent, answered, app, monkeypatch, tab):
    monkeypatch.setattr("registry.referrals.lists.sent_list.PAGE", 2)
    monkeypatch.setattr("registry.referrals.lists.pages.PAGE", 2)
    values = {
        "to_tell": {"state": "closed", "outcome": "11", "outcome_kind": "solved"},
        "returned": {"state": "returned"},
        "overdue": {"accept_by": PAST, "answer_by": PAST},
        "open": {},
        "ended": {"state": "withdrawn"},
    }[tab]
    made = [sent(f"孩子{number}", **values).id for number in range(5)]
    viewer = make.viewer(user=registrar)
    with app.app_context():
        found, after = [], None
        for _ in range(5):
            page = sent_list.sent(viewer, Narrowed(tab), today(), after)
            found += [each.id for each in page.referrals]
            after = page.after
            if after is None:
                break
    assert found == (made if tab in {"overdue", "open"} else made[::-1])


@pytest.mark.database
@pytest.mark.parametrize("tab", TABS)
def test_a_page_costs_the_same_statements_for_few_and_for_many(app, make, client_as, registrar, sent, tab):
    federation = make.office("disability", COUNTY, serves=(("disability", COUNTY),))
    browser, counted = client_as(registrar), []

    def one_more(number):
        answer = {"outcome_kind": "solved", "closed_on": today()}
        sent(f"甲{number}", state="closed", outcome="11", **answer)
        sent(f"乙{number}", state="closed", outcome="511", service="disability", office=federation, **answer)
        sent(f"丙{number}", state="returned")
        sent(f"丁{number}", accept_by=PAST, answer_by=PAST)

    for number in range(3):
        one_more(number)
        if number != 1:
            browser.get(f"{SENT}?tab={tab}&service=disability")
            with statements(app) as found:
                assert browser.get(f"{SENT}?tab={tab}").status == 200
                assert browser.get(f"{SENT}?tab={tab}&service=disability").status == 200
            counted.append(len(found))
    assert counted[0] == counted[1]


@pytest.mark.parametrize("tab", ["open", "ended", "returned"])
def test_a_list_opens_no_more_than_it_shows(client_as, registrar, sent, tab):
    state = {"open": "sent", "ended": "withdrawn", "returned": "returned"}[tab]
    sent(state=state)
    browser = client_as(registrar)
    with opened_fields() as opened:
        browser.get(f"{SENT}?tab={tab}")
    assert {field for field, _ in opened} - {"user.name"} == {"child.name"}


def test_only_the_families_that_are_to_be_told_have_their_phones_opened(client_as, registrar, sent, answered):
    answered()
    sent("李思远")
    browser = client_as(registrar)
    with opened_fields() as opened:
        browser.get(SENT)
    assert len({row for field, row in opened if field == "guardian.phone"}) == 1
    assert not {field for field, _ in opened} & confidential.FIELDS


def test_the_file_shows_the_referral_and_its_limit(client_as, registrar, sent, language):
    referral = sent(accept_by=PAST)
    page = client_as(registrar, language=language).get(f"/children/{referral.child_id}")
    assert page.select(".app-entry .app-tag--late")


def test_each_row_says_when_the_answer_came_and_whose_phone_is_whose(app, client_as, registrar, answered):
    referral = answered()
    at = now() - timedelta(days=3)
    with app.app_context():
        step = ReferralStep(referral_id=referral.id, child_id=referral.child_id, at=at, user_id=registrar.id)
        step.move, step.state, step.outcome = "close", "closed", "11"
        db.session.add(step)
        db.session.commit()
    (box,) = client_as(registrar, language="en").get(SENT).select(".app-proposals .app-check")
    lines = [" ".join(line.get_text(" ").split()) for line in box.select("li")]
    day = today() - timedelta(days=3)
    assert any(line.startswith(f"Answered on {day.day} ") for line in lines)
    assert any("Zhou Min" in line and "154 0000" in line for line in lines)


def test_what_is_proposed_stands_one_tap_beside_what_was_sent(client_as, registrar, sent):
    sent(state="returned")
    browser = client_as(registrar)
    for path in (SENT, "/referrals/proposals"):
        links = [link["href"] for link in browser.get(path).select(".app-tabs__link")]
        assert links == ["/referrals/proposals", *(f"{SENT}?tab={tab}" for tab in TABS)]
    (current,) = browser.get("/referrals/proposals").select(".app-tabs__link--current")
    assert current["href"] == "/referrals/proposals"


def test_the_page_of_a_referral_marks_its_answer_as_told(app, client_as, registrar, answered, language):
    referral = answered()
    page = client_as(registrar, language=language).get(f"{SENT}/{referral.id}")
    page.submit(form=TOLD, status=200)
    assert told_at(app, referral) is not None
    assert not client_as(registrar).get(f"{SENT}/{referral.id}").select(TOLD)
