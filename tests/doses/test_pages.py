"""The clinic's page: doses entered fast, each fault at its box, nothing lost, and what follows from them said."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from sqlalchemy import select, update

from registry.audit.models import AuditEvent
from registry.clock import today
from registry.database import db
from registry.doses import service
from registry.doses.errors import BEFORE_BIRTH, DoseError
from registry.doses.models import Dose
from registry.referrals.models import Referral
from registry.vault.sealed import opened_fields
from tests.doses.clinic import BORN
from tests.factories import COMMUNITY

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.accounts.models import User
    from registry.areas.models import Office
    from registry.children.models import Child
    from tests.client import Client, Page
    from tests.doses.clinic import Clinic
    from tests.factories import Factory

WITHDRAW, CORRECT = "#entered ~ ul a", "#vaccination ~ details a[href$='/correct']"
HEPB_1, HEPB_2, BCG_1, JE_1 = "dose-HepB-1", "dose-HepB-2", "dose-BCG-1", "dose-JE-L-1"


@pytest.fixture
def nurse(clinic: Clinic) -> User:
    """Somebody who works at the clinic."""
    return clinic.user


@pytest.fixture
def child(clinic: Clinic) -> Child:
    """A child of two years whose referral the clinic has accepted."""
    return clinic.referred(school="none", sex="2")


def kept(app: Flask, *, withdrawn: bool = False) -> list[str]:
    with app.app_context():
        rows = db.session.scalars(select(Dose).where(Dose.withdrawn_at.is_not(None) == withdrawn).order_by(Dose.id))
        return [each.vaccine for each in rows]


def work_on(app: Flask, child: Child, office: Office) -> None:
    """Let another office be the one that works on the child."""
    with app.app_context():
        db.session.execute(update(Referral).where(Referral.child_id == child.id).values(office_id=office.id))
        db.session.commit()


def state_of(page: Page) -> str:
    return " ".join(page.select(".app-dose-state")[0].get_text(" ").split())


def value(page: Page, name: str) -> str:
    return str(dict(page.values())[name])


def test_the_table_of_the_certificate_is_filled_in_at_once_and_answers_with_what_is_due(
    app: Flask, client_as: Callable[..., Client], nurse: User, child: Child, language: str
) -> None:
    page = client_as(nurse, language=language).get(f"/doses/{child.id}")
    days = {HEPB_1: "20240301", BCG_1: "24.3.1", HEPB_2: "2024年4月1日", "dose-polio-1": "2024-5-1", "whole": "y"}
    page = page.submit(days)
    assert sorted(kept(app)) == ["BCG", "HepB", "HepB", "IPV"]
    assert {"zh": "已保存4剂", "en": "4 doses are saved"}[language] in page.text
    assert {"zh": "逾期", "en": "Overdue"}[language] in state_of(page)
    assert {"zh": "以接种门诊安排为准", "en": "as arranged by the clinic"}[language] in state_of(page)
    assert not {HEPB_1, BCG_1, HEPB_2} & dict(page.values()).keys(), "what was given is no box any more"
    assert {"zh": "乙肝1 2024-03-01", "en": "Hepatitis B 1 1 Mar 2024"}[language] in page.text


def test_boxes_stand_in_the_order_of_the_paper_and_every_field_is_reached_by_the_key_that_moves_on(
    client_as: Callable[..., Client], nurse: User, child: Child
) -> None:
    page = client_as(nurse).get(f"/doses/{child.id}")
    boxes = [each["name"] for each in page.select(".app-doses--boxes input")]
    assert boxes[:3] == [HEPB_1, BCG_1, HEPB_2]
    assert boxes.index("dose-HepB-3") < boxes.index("dose-MMR-1") < boxes.index("dose-MMR-2")
    assert page.select(".app-doses--boxes select")
    assert not page.select(".app-doses--boxes [tabindex]")


def test_another_vaccine_is_chosen_beside_the_box_typed_before_the_day_or_listed_beneath(
    app: Flask, client_as: Callable[..., Client], nurse: User, child: Child
) -> None:
    page = client_as(nurse).get(f"/doses/{child.id}")
    page = page.submit(
        {
            f"{JE_1}-vaccine": "JE-I",
            JE_1: "20241101",
            "dose-HepA-L-1": "HepA-I 2025-9-1",
            "other-1-vaccine": "乙肝",
            "other-1": "20240301",
            "other-2-vaccine": "DTaP-IPV-Hib 百白破",
            "other-2": "2024.5.1",
            "other-3": "IG 2024-6-1",
        }
    )
    assert sorted(kept(app)) == ["DTaP-IPV-Hib", "HepA-I", "HepB", "IG", "JE-I"]


def test_each_fault_is_said_at_its_box_and_all_that_was_typed_stays(
    app: Flask, client_as: Callable[..., Client], nurse: User, child: Child, language: str
) -> None:
    page = client_as(nurse, language=language).get(f"/doses/{child.id}")
    tomorrow = f"{today() + timedelta(days=1):%Y%m%d}"
    typed = {
        HEPB_1: "20240301",
        HEPB_2: "20240230",
        BCG_1: "when born",
        "dose-MMR-1": tomorrow,
        "dose-MMR-2": "20240229",
        "other-1-vaccine": "乙脑",
        "other-1": "20241101",
        "other-2-vaccine": "HepB",
        "other-3": "20241101",
        "source": "clinic",
        "whole": "y",
    }
    page = page.submit(typed, status=422)
    faulty = {HEPB_2, BCG_1, "dose-MMR-1", "dose-MMR-2", "other-1-vaccine", "other-2", "other-3-vaccine"}
    assert set(page.errors) == faulty
    assert (
        page.errors["dose-MMR-1"]
        == {"zh": "麻腮风1：这一天还没有到", "en": "Measles, mumps, rubella 1: This day has not come yet"}[language]
    )
    assert {name: value(page, name) for name in typed} == typed
    assert all(page.select(f"#{name}-error") for name in faulty)
    assert kept(app) == []
    right = {HEPB_2: "20240401", BCG_1: "", "dose-MMR-1": "", "dose-MMR-2": "", "other-1-vaccine": "je-l"}
    page.submit(right | {"other-2": "20240901", "other-3-vaccine": "MMR"})
    assert sorted(kept(app)) == ["HepB", "HepB", "HepB", "JE-L", "MMR"]


def test_a_dose_that_does_not_count_is_said_with_the_reason(
    client_as: Callable[..., Client], nurse: User, child: Child, language: str
) -> None:
    page = client_as(nurse, language=language).get(f"/doses/{child.id}")
    page = page.submit({HEPB_1: "20240301", HEPB_2: "20240310"})
    reason = {
        "zh": "乙肝 2024-03-10 乙肝：接种时未到最小月龄",
        "en": "HepB 10 Mar 2024 Hepatitis B: Given below the minimum age",
    }
    assert reason[language] in state_of(page)
    assert HEPB_2 in dict(page.values()), "its box is free for the right one"


def test_all_that_the_certificate_shows_is_ticked_once_and_stays(
    client_as: Callable[..., Client], nurse: User, child: Child
) -> None:
    page = client_as(nurse).get(f"/doses/{child.id}")
    page = page.submit({HEPB_1: "20240301", "whole": "y"})
    assert value(page, "whole") == "y"
    page = page.submit({"whole": None})
    assert "whole" not in dict(page.values())


def test_a_dose_entered_in_error_is_withdrawn_by_its_own_office_alone(
    app: Flask, client_as: Callable[..., Client], make: Factory, clinic: Clinic, nurse: User, child: Child
) -> None:
    browser, other = client_as(nurse), make.office("clinic", COMMUNITY)
    page = browser.get(f"/doses/{child.id}").submit({HEPB_1: "20240301"})
    action = str(page.select(WITHDRAW)[0]["href"])
    asking = browser.get(action)
    work_on(app, child, other)
    stranger = client_as(make.user("officer", office=other)).get(f"/doses/{child.id}")
    assert not stranger.select(WITHDRAW)
    stranger.client.post(action, [("csrf_token", dict(stranger.values())["csrf_token"])], status=404)
    asking.submit({"reason": "wrong_day"}, status=404)
    browser.get(action, status=404)
    assert kept(app) == ["HepB"], "an office that works on the child no more withdraws nothing either"
    work_on(app, child, clinic.office)
    page = asking.submit({"reason": "wrong_day"}, status=200)
    assert (kept(app), kept(app, withdrawn=True)) == ([], ["HepB"])
    assert HEPB_1 in dict(page.values())


def test_a_supervisor_of_the_area_withdraws_it_from_the_file(
    app: Flask, client_as: Callable[..., Client], make: Factory, nurse: User, child: Child
) -> None:
    client_as(nurse).get(f"/doses/{child.id}").submit({HEPB_1: "20240301"})
    page = client_as("supervisor").get(f"/children/{child.id}")
    assert not client_as("registrar", area=COMMUNITY).get(f"/children/{child.id}").select(CORRECT)
    page.client.get(page.select(CORRECT)[0]["href"]).submit({"reason": "wrong_vaccine"}, status=200)
    assert kept(app, withdrawn=True) == ["HepB"]


def test_who_saves_second_is_told_and_sees_both(
    app: Flask,
    client_as: Callable[..., Client],
    make: Factory,
    clinic: Clinic,
    nurse: User,
    child: Child,
    language: str,
) -> None:
    mine = client_as(nurse, language=language).get(f"/doses/{child.id}")
    theirs = client_as(make.user("officer", office=clinic.office)).get(f"/doses/{child.id}")
    theirs.submit({HEPB_1: "20240301", BCG_1: "20240302", "whole": "y"})
    page = mine.submit({HEPB_1: "20240302", HEPB_2: "20240402", BCG_1: "20240302"})
    assert {"zh": "其他人", "en": "Somebody else"}[language] in page.text
    assert sorted(kept(app)) == ["BCG", "HepB", "HepB", "HepB"]
    assert value(page, "whole") == "y", "a box that I left alone stays as the other one left it"
    assert {"zh": "1剂原已录入", "en": "1 dose was there already"}[language] in page.text


def test_nobody_is_told_of_somebody_else_who_saves_alone(
    client_as: Callable[..., Client], nurse: User, child: Child
) -> None:
    page = client_as(nurse).get(f"/doses/{child.id}").submit({HEPB_1: "20240301"})
    page = page.submit({HEPB_2: "20240402"}).submit({})
    assert "其他人" not in page.text


def test_the_referral_leads_to_the_page_after_it_is_accepted_and_the_page_back(
    client_as: Callable[..., Client], make: Factory, clinic: Clinic, nurse: User
) -> None:
    child = make.child(birth=BORN, school="none")
    referral = make.referral(child, clinic.office, service="vaccination")
    browser = client_as(nurse)
    link = f"a[href^='/doses/{child.id}']"
    page = browser.get(f"/referrals/{referral.id}")
    assert not page.select(link)
    page = page.submit(form="form[action$='/accept']")
    page = browser.get(str(page.select(link)[0]["href"])).submit({HEPB_1: "20240301"})
    assert page.select(".app-back")[0]["href"] == f"/referrals/{referral.id}"


@pytest.mark.parametrize("state", ["sent", "closed", "returned", "withdrawn"])
def test_without_an_accepted_referral_the_child_is_as_if_absent(
    client_as: Callable[..., Client], clinic: Clinic, nurse: User, state: str
) -> None:
    child = clinic.referred(state)
    client_as(nurse).get(f"/doses/{child.id}", status=404)


def test_the_page_opens_no_more_than_it_shows_and_its_reading_is_recorded(
    app: Flask, client_as: Callable[..., Client], nurse: User, child: Child
) -> None:
    browser = client_as(nurse)
    page = browser.get(f"/doses/{child.id}").submit({HEPB_1: "20240301"})
    with opened_fields() as opened:
        browser.get(f"/doses/{child.id}")
    assert {field for field, _ in opened} - {"user.name"} == {"child.name", "child.birth_date", "dose.day"}
    assert page.soup.title is not None
    assert "陈" not in page.soup.title.get_text()
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == "child_opened")).all()
        assert {"part": "doses"} in [event.details for event in events]


def test_a_change_of_language_keeps_what_was_typed(
    app: Flask, client_as: Callable[..., Client], nurse: User, child: Child
) -> None:
    browser = client_as(nurse)
    page = browser.get(f"/doses/{child.id}")
    typed: dict[str, Any] = {HEPB_1: "2024.3.1", "other-1-vaccine": "乙肝"}
    pairs = [(name, typed.get(name, was)) for name, was in page.values()]
    browser.language = "en"
    page = browser.post(f"/doses/{child.id}", [*pairs, ("_language", "en")])
    assert {name: value(page, name) for name in typed} == typed
    assert kept(app) == []


def test_what_the_service_refuses_is_said_at_its_box_too(
    client_as: Callable[..., Client], nurse: User, child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_told: object) -> NoReturn:
        raise DoseError(((1, BEFORE_BIRTH),))

    page = client_as(nurse).get(f"/doses/{child.id}")
    monkeypatch.setattr(service, "enter", refuse)
    page = page.submit({HEPB_1: "20240301", HEPB_2: "20240401"}, status=422)
    assert set(page.errors) == {HEPB_2}
    assert value(page, HEPB_1) == "20240301"
