"""The registrar's pages of proposals: who sees them, what one click sends, what is declined, and nothing done twice."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.children.models import Child
from registry.clock import today
from registry.database import db
from registry.referrals import confidential
from registry.referrals.models import Proposal, Referral
from registry.referrals.proposals import proposal_list, proposing
from registry.vault.sealed import opened_fields
from tests.client import OPENER
from tests.factories import ELSEWHERE
from tests.referrals.proposals import REASON, SCHOOL_AGE, boxes, change, ids, reckon_today, sent, tell
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.accounts.models import User
    from registry.areas.models import Office
    from tests.client import Client, Page
    from tests.factories import Factory

PATH = "/referrals/proposals"
ALL = ("act", "send")


@pytest.mark.database
def test_everything_that_an_office_answers_is_ticked_and_one_click_sends_it(
    app: Flask, make: Factory, browser: Client, family: list[Child]
) -> None:
    other = make.child(birth=SCHOOL_AGE, school="none")
    reckon_today(app, other)
    page = browser.get(PATH)
    assert len(page.select(".app-card")) == 2
    assert list(boxes(page).values()) == [True] * 5
    assert len(family) == 2
    done = page.submit(button=ALL, status=200)
    assert sent(app) == ["education"] * 3 + ["vaccination"] * 2
    assert done.select(".app-notice--done")
    assert boxes(done) == {}
    again = page.submit(button=ALL, status=200)  # the same page once more, as a double click does
    assert len(sent(app)) == 5
    assert again.select(".app-notice--done")


def test_one_family_is_sent_alone_and_the_other_boxes_stay_as_they_are(
    app: Flask, make: Factory, browser: Client, family: list[Child]
) -> None:
    other = make.child(birth=SCHOOL_AGE, school="none", certificate="none")
    reckon_today(app, other)
    unticked, kept = ids(app, child_id=other.id)
    page = browser.get(PATH)
    home = family[0].episodes[0].household_id
    left = page.submit({"send": [*ids(app, child_id=family[0].id), kept]}, button=("act", f"send:{home}"), status=200)
    assert sent(app) == ["education", "vaccination"]
    now = boxes(left)
    assert (now[unticked], now[kept]) == (False, True)
    assert [now[each] for each in ids(app, child_id=family[1].id)] == [False, False]


def test_enter_in_a_field_sends_nothing(app: Flask, browser: Client, family: list[Child]) -> None:
    page = browser.get(PATH)
    (first, *_rest) = ids(app, child_id=family[0].id)
    back = page.submit({"send": [first]}, status=200)
    assert sent(app) == []
    assert [key for key, ticked in boxes(back).items() if ticked] == [first]


def test_where_no_office_answers_nothing_is_ticked_and_nothing_sent(app: Flask, make: Factory, browser: Client) -> None:
    child = make.child(birth=SCHOOL_AGE)
    tell(app, make, child, birth_certificate="none")
    reckon_today(app, child)
    page = browser.get(PATH)
    (key,) = boxes(page)
    assert boxes(page) == {key: False}
    assert page.submit({"send": [key]}, button=ALL, status=200).select(".app-notice--done")
    assert sent(app) == []
    assert len(ids(app)) == 1


@pytest.mark.database
def test_without_the_offer_and_the_guardians_agreement_nothing_is_sent_and_nothing_is_lost(
    app: Flask, make: Factory, browser: Client, family: list[Child], language: str
) -> None:
    tell(app, make, family[0], hukou_registered="no")
    reckon_today(app, *family)
    with app.app_context():
        rows = db.session.scalars(select(Proposal).where(Proposal.service == "confidential")).all()
        (key,) = [row.id.hex for row in rows]
    page = browser.get(PATH)
    assert boxes(page)[key] is False
    words = {"zh": "法律援助", "en": "Legal aid"}[language]
    assert words in page.select(f"label[for=offered-{key}]")[0].get_text()
    (other, *_rest) = ids(app, child_id=family[1].id)
    refused = page.submit({"send": [key, other]}, button=ALL, status=422)
    assert list(refused.errors) == [f"offered-{key}", f"agreed-{key}"]
    assert sent(app) == []
    assert {one for one, ticked in boxes(refused).items() if ticked} == {key, other}
    half = refused.submit({f"offered-{key}": "y"}, button=ALL, status=422)
    assert list(half.errors) == [f"agreed-{key}"]
    assert sent(app) == []
    half.submit({f"agreed-{key}": "y"}, button=ALL, status=200)
    assert len(sent(app)) == 2
    assert "identity" in sent(app)
    with app.app_context():
        agreed = db.session.scalars(select(Referral).where(Referral.service == "confidential")).one()
        assert confidential.agreed_on(agreed, OPENER) == today()


def test_what_is_not_needed_says_why_and_is_not_proposed_again(
    app: Flask, browser: Client, family: list[Child]
) -> None:
    (key, *rest) = ids(app, child_id=family[0].id)
    page = browser.get(PATH)
    unticked = {"send": rest}
    refused = page.submit(unticked, button=("act", f"decline:{key}"), status=422)
    assert list(refused.errors) == [f"why-{key}"]
    done = refused.submit({f"why-{key}": "family_declines"}, button=("act", f"decline:{key}"), status=200)
    assert key not in boxes(done)
    assert [one for one, ticked in boxes(done).items() if ticked] == rest, "all others stay as they were"
    reckon_today(app, *family)
    assert key not in boxes(browser.get(PATH))
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "proposal_declined")).one()
        assert event.details == {"service": "education", "reason": "family_declines"}


@pytest.mark.database
def test_a_proposal_that_has_changed_meanwhile_is_left_alone_and_told(
    app: Flask, browser: Client, family: list[Child], language: str
) -> None:
    page = browser.get(PATH)
    (changed, *_rest) = ids(app, child_id=family[0].id)
    with app.app_context():
        row = db.session.get_one(Proposal, UUID(changed))
        row.version += 1
        db.session.commit()
    told = page.submit(button=ALL, status=200)
    assert len(sent(app)) == 3
    assert boxes(told) == {changed: True}
    words = {"zh": "1", "en": "1 proposal has changed meanwhile"}[language]
    assert words in told.select(".app-notice--done")[1].get_text()
    stale = page.submit({f"why-{changed}": "later"}, button=("act", f"decline:{changed}"), status=409)
    assert changed in boxes(stale)
    assert len(ids(app, state="declined")) == 0


@pytest.mark.database
def test_what_no_longer_holds_is_withdrawn_the_same_way_and_only_by_who_sent_it(
    app: Flask, make: Factory, browser: Client, bureau: Office, ours: Office
) -> None:
    mine = make.referral(make.child(birth=SCHOOL_AGE), bureau, from_office=ours, reasons=[REASON])
    theirs = make.referral(make.child(birth=SCHOOL_AGE), bureau, reasons=[REASON])
    with app.app_context():
        proposing.reckon([mine.child_id, theirs.child_id], today())
        db.session.commit()
    assert len(ids(app, kind="withdraw")) == 2
    page = browser.get(PATH)
    (key,) = ids(app, referral_id=mine.id)
    assert boxes(page, "withdraw") == {key: True}
    page.submit(form="form#withdrawing", button=("act", "withdraw"), status=200)
    with app.app_context():
        assert db.session.get_one(Referral, mine.id).state == "withdrawn"
        assert db.session.get_one(Referral, theirs.id).state == "sent"
    assert ids(app, referral_id=mine.id) == []
    page.submit(form="form#withdrawing", button=("act", "withdraw"), status=200)


def test_one_that_stays_with_its_office_is_not_proposed_for_withdrawal_again(
    app: Flask, make: Factory, browser: Client, bureau: Office, ours: Office
) -> None:
    mine = make.referral(make.child(birth=SCHOOL_AGE), bureau, from_office=ours, reasons=[REASON])
    with app.app_context():
        proposing.reckon([mine.child_id], today())
        db.session.commit()
    (key,) = ids(app)
    page = browser.get(PATH)
    page.submit({f"why-{key}": "mistake"}, form="form#withdrawing", button=("act", f"decline:{key}"), status=200)
    assert boxes(browser.get(PATH), "withdraw") == {}
    with app.app_context():
        assert db.session.get_one(Referral, mine.id).state == "sent"


@pytest.mark.database
def test_children_of_another_area_and_protected_ones_are_as_if_absent(
    app: Flask, make: Factory, browser: Client, registrar: User
) -> None:
    far = make.child(area=make.area(ELSEWHERE), birth=SCHOOL_AGE, school="none")
    hidden = make.child(birth=SCHOOL_AGE, school="none", protected=True)
    named = make.child(birth=SCHOOL_AGE, school="none", protected=True, protected_registrar_id=registrar.id)
    grown = make.child(birth=SCHOOL_AGE, school="none")
    reckon_today(app, far, hidden, named, grown)
    change(app, Child, Child.id == grown.id, status="aged_out")  # and no night has come since
    page = browser.get(PATH)
    assert list(boxes(page)) == ids(app, child_id=named.id)
    for child in (far, hidden):
        (key,) = ids(app, child_id=child.id)
        pairs = [*page.values(), (f"seen-{key}", "1"), ("send", key), ("act", "send")]
        browser.post(PATH, pairs, status=404)
        browser.post(
            PATH, [*page.values(), (f"seen-{key}", "1"), (f"why-{key}", "later"), ("act", f"decline:{key}")], status=404
        )
    assert sent(app) == []


@pytest.mark.parametrize("role", ["supervisor", "officer", "protection_officer", "official", "administrator"])
def test_it_is_the_registrars_page(client_as: Callable[..., Client], role: str) -> None:
    client_as(role).get(PATH, status=403)


def test_the_list_is_narrowed_to_a_service_and_confidential_ones_stand_under_one_name(
    app: Flask, make: Factory, browser: Client, family: list[Child]
) -> None:
    tell(app, make, family[0], health="disabled")
    reckon_today(app, *family)
    assert sorted(boxes(browser.get(f"{PATH}?service=vaccination"))) == sorted(ids(app, service="vaccination"))
    assert list(boxes(browser.get(f"{PATH}?service=confidential"))) == ids(app, service="confidential")
    assert len(boxes(browser.get(f"{PATH}?service=nothing"))) == 5
    assert "disability" not in str(browser.get(PATH).soup.select("select#filter-service"))


@pytest.mark.database
def test_pages_follow_each_other_family_by_family_in_a_constant_number_of_statements(
    app: Flask, make: Factory, browser: Client, monkeypatch: pytest.MonkeyPatch, ours: Office
) -> None:
    monkeypatch.setattr(proposal_list, "HOUSEHOLDS", 2)

    def fetch(path: str) -> tuple[Page, int]:
        with statements(app) as told:
            page = browser.get(path)
        return page, len(told)

    def more(number: int) -> None:
        for _ in range(number):
            child = make.child(
                household=make.household(office=ours), birth=SCHOOL_AGE, school="none", certificate="none"
            )
            tell(app, make, child, health="disabled")
            reckon_today(app, child)

    more(1)
    browser.get(PATH)
    _page, few = fetch(PATH)
    more(4)
    seen: list[str] = []
    path: str | None = PATH
    while path:
        page, many = fetch(path)
        # Only the first page asks what is to be withdrawn.
        assert many == (few if path == PATH else few - 1)
        seen += boxes(page)
        path = next((str(link["href"]) for link in page.select("a[rel=next]")), None)
    assert len(seen) == len(set(seen)) == 15


def test_the_list_opens_no_more_than_it_shows(app: Flask, browser: Client, family: list[Child]) -> None:
    assert family
    with opened_fields() as opened:
        browser.get(PATH)
    shown = {"child.name", "child.pinyin", "guardian.name", "guardian.pinyin", "household.address"}
    assert {field for field, _row in opened} - {"user.name"} <= shown
    assert app


def test_todays_page_and_the_file_lead_to_what_is_proposed(browser: Client, family: list[Child], language: str) -> None:
    assert browser.get("/today").select(f"a[href='{PATH}']")
    filed = browser.get(f"/children/{family[0].id}")
    (link,) = filed.select(f".app-notice a[href='/referrals/propose/{family[0].id}']")
    words = {"zh": "就学、接种", "en": "Education, Vaccination"}[language]
    assert words in link.find_parent(class_="app-notice").get_text()
