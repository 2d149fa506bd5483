"""Judging a child's care after the visit: who may, what follows, what is kept, and what the table tells a thief."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from registry.audit.models import AuditEvent
from registry.children.models import Episode
from registry.database import db
from registry.protection import queries, service
from registry.protection.models import RiskAssessment
from registry.protection.queries import Answers
from registry.vault.sealed import opened_fields
from tests.factories import COMMUNITY, ELSEWHERE, VILLAGE
from tests.statements import statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from flask import Flask

    from registry.children.models import Child
    from tests.client import Client, Page
    from tests.factories import Factory

CALM = {"guardianship": "good", "assessment": "good"}
WORRY = {"guardianship": "none", "assessment": "poor", "categories": ["care_missing", "behaviour"]}
NOTE = "夜里常常一个人在河边"


def save(browser: Client, child: Child, **answers: object) -> Page:
    return browser.get(f"/after-visit/{child.id}").submit(answers)


def rows(app: Flask) -> list[RiskAssessment]:
    with app.app_context():
        return list(db.session.scalars(select(RiskAssessment).order_by(RiskAssessment.id)))


@pytest.mark.parametrize("role", ["registrar", "supervisor"])
def test_whoever_keeps_the_file_judges_the_care_and_reads_it_again(
    make: Factory, client_as: Callable[..., Client], role: str, language: str
) -> None:
    child, browser = make.child(), client_as(role, language=language)
    page = save(browser, child, **WORRY, note=NOTE)
    assert page.status == 200
    assert NOTE in page.text
    assert ("须见到孩子" if language == "zh" else "Must be seen") in page.text
    assert ("监护缺失或监护不当" if language == "zh" else "Care missing or improper") in page.text
    again = browser.get(f"/after-visit/{child.id}")
    assert again.form().select("input[checked]") == [], "the answers so far stand beside the form, not in it"


def test_the_protection_officer_judges_in_the_own_county_a_protected_file_too(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    browser = client_as("protection_officer")
    for child in (make.child(), make.child(protected=True)):
        assert save(browser, child, **WORRY).status == 200
    for child in (make.child(area=ELSEWHERE), make.child(area=ELSEWHERE, protected=True)):
        browser.get(f"/after-visit/{child.id}", status=404)


def test_a_note_stays_with_the_side_that_wrote_it_and_what_was_judged_goes_with_the_child(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child = make.child(area=VILLAGE)
    make.area(COMMUNITY)
    assert NOTE in save(client_as("registrar", area=VILLAGE), child, **WORRY, note=NOTE).text
    save(client_as("registrar", area=VILLAGE), child, **CALM)
    with app.app_context():
        db.session.get_one(Episode, child.episodes[0].id).area_code = COMMUNITY
        db.session.commit()
    for role in ("registrar", "supervisor"):
        page = client_as(role, language="en").get(f"/after-visit/{child.id}")
        assert NOTE not in page.text
        assert "Care missing or improper" in page.text
        assert page.text.count("Stays with the office that wrote it") == 1  # where there is one
    assert NOTE in client_as("protection_officer").get(f"/after-visit/{child.id}").text


def test_the_page_of_another_area_or_a_protected_file_is_as_if_absent(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    hidden = (make.child(area=ELSEWHERE), make.child(protected=True))
    for role in ("registrar", "supervisor"):
        for child in hidden:
            client_as(role).get(f"/after-visit/{child.id}", status=404)
    for role in ("officer", "official", "administrator", "auditor"):
        client_as(role).get(f"/after-visit/{make.child().id}", status=403)


def test_an_answer_that_is_missing_is_asked_for_and_the_others_are_kept(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    page = save(client_as("registrar"), make.child(), categories=["poverty"], note=NOTE)
    assert page.status == 422
    assert set(page.errors) == {"guardianship-good", "assessment-good"}
    assert ("categories", "poverty") in page.values()
    assert NOTE in dict(page.values())["note"]
    assert save(client_as("registrar"), make.child(), **CALM, note="长" * 501).status == 422


def test_switching_the_language_keeps_what_was_typed(make: Factory, client_as: Callable[..., Client]) -> None:
    browser = client_as("registrar")
    page = browser.get(f"/after-visit/{make.child().id}")
    browser.language = "en"
    page = page.submit({"note": NOTE, "guardianship": "good"}, button=("_language", "en"), status=200)
    assert "After the visit" in page.text
    assert NOTE in dict(page.values())["note"]


@pytest.mark.database
def test_the_second_saver_is_told_sees_the_first_and_may_still_let_the_own_count(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    child, one, other = make.child(), client_as("registrar"), client_as("supervisor")
    page = one.get(f"/after-visit/{child.id}")
    save(other, child, **WORRY)
    late = page.submit({**CALM, "note": NOTE})
    assert late.status == 409
    assert "其他人刚刚保存了一份评估" in late.text
    assert NOTE in dict(late.values())["note"]
    assert len(rows(app)) == 1
    assert late.submit().status == 200
    assert [row.latest for row in rows(app)] == [False, True]


@pytest.mark.database
def test_a_double_click_records_one_assessment(app: Flask, make: Factory, client_as: Callable[..., Client]) -> None:
    page = client_as("registrar").get(f"/after-visit/{make.child().id}")
    assert page.submit(WORRY).status == page.submit(WORRY).status == 200
    assert len(rows(app)) == 1


@pytest.mark.database
def test_of_two_first_savers_at_once_one_is_told(
    context: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one looked before the first had saved: the database's index decides."""
    viewer, child = make.viewer(), make.child()
    service.assess(viewer, child.id, Answers("good", "good", ()), None)
    monkeypatch.setattr(queries, "latest", lambda _child_id: None)
    with pytest.raises(service.StaleError):
        service.assess(viewer, child.id, Answers("none", "poor", ()), None)


def test_no_concern_and_every_concern_leave_a_row_of_the_same_size_and_plain_columns(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    calm, worry, browser = make.child(), make.child(), client_as("registrar")
    save(browser, calm, **CALM)
    save(browser, worry, **WORRY, note=NOTE)
    with app.app_context():
        kept = [dict(row._mapping) for row in db.session.execute(text("SELECT * FROM risk_assessment ORDER BY id"))]
    assert len(kept[0].pop("answers_sealed")) == len(kept[1].pop("answers_sealed"))
    own = {"id", "child_id", "made_at"}
    assert {k: v for k, v in kept[0].items() if k not in own} == {k: v for k, v in kept[1].items() if k not in own}


def test_an_event_of_an_assessment_names_the_record_and_no_child_as_one_of_a_report_does(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    save(client_as("registrar"), make.child(), **WORRY, note=NOTE)
    with app.app_context():
        made = db.session.scalars(select(RiskAssessment)).one()
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.kind.like("confidential%"))).all()
        assert {event.kind for event in events} == {"confidential_opened", "confidential_written"}
        assert all(set(event.details) == {"record"} and not event.children for event in events)
        assert [e.details["record"] for e in events if e.kind == "confidential_written"] == [str(made.id)]


@pytest.mark.database
def test_what_visits_ask_is_answered_from_the_latest_assessment_and_opens_nothing_else(
    context: Flask, make: Factory
) -> None:
    viewer, never, calm, worry, better = make.viewer(), *(make.child() for _ in range(4))
    judged(viewer, calm.id, "good", "good")
    judged(viewer, worry.id, "fair", "fair", "poverty")
    judged(viewer, better.id, "none", "poor", "vagrant")
    judged(viewer, better.id, "fair", "fair")
    ids = [never.id, calm.id, worry.id, better.id]
    with opened_fields() as opened:
        levels = queries.risk_levels(viewer.opening(frozenset({"risk_assessment.answers"})), ids)
    assert levels == {calm.id: "ordinary", worry.id: "raised", better.id: "ordinary"}
    assert len(opened) == 3
    assert queries.must_be_seen(viewer, ids) == {worry.id}
    assert queries.must_be_seen(viewer, []) == set()


def judged(viewer: object, child_id: UUID, guardianship: str, assessment: str, *categories: str) -> None:
    before = queries.latest(child_id)
    answers = Answers(guardianship, assessment, categories)
    service.assess(viewer, child_id, answers, before.id if before else None)  # type: ignore[arg-type]
    db.session.commit()


def test_the_key_care_list_is_the_counties_own_newest_first_and_goes_on_page_by_page(
    app: Flask, make: Factory, client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(queries, "OPENED_AT_MOST", 2)
    registrar, far = make.viewer(), make.viewer(area=ELSEWHERE)
    names = ("钱一", "孙二", "李三", "周四")
    with app.app_context():
        for name in names:
            judged(registrar, make.child(name=name).id, "fair", "fair", "poverty" if name != "李三" else "vagrant")
            judged(registrar, make.child(name="吴无事").id, "good", "good")
        judged(far, make.child(name="郑他县", area=ELSEWHERE).id, "none", "poor", "poverty")
    browser, path, shown = client_as("protection_officer", language=language), "/protection/key-care", []
    while path:
        page = browser.get(path)
        assert not {"吴无事", "郑他县"} & set(page.text.split())
        shown += [name for name in reversed(names) if name in page.text]
        following = page.select("a[rel=next]")
        path = str(following[0]["href"]) if following else ""
    assert shown == [*reversed(names)]
    monkeypatch.undo()
    only = browser.get("/protection/key-care?category=vagrant")
    assert "李三" in only.text
    assert "钱一" not in only.text
    assert str(only.select("tbody a")[0]["href"]).startswith("/after-visit/")


def test_the_key_care_list_takes_as_many_statements_for_many_as_for_one(
    app: Flask, make: Factory, client_as: Callable[..., Client]
) -> None:
    viewer, browser = make.viewer(), client_as("protection_officer")
    with app.app_context():
        judged(viewer, make.child().id, "none", "poor", "vagrant")
    browser.get("/protection/key-care")
    with statements(app) as for_one:
        browser.get("/protection/key-care")
    with app.app_context():
        for _ in range(4):
            judged(viewer, make.child().id, "none", "poor", "vagrant")
    with statements(app) as for_five, opened_fields() as opened:
        assert len(browser.get("/protection/key-care").select("tbody tr")) == 5
    assert len(for_five) == len(for_one)
    assert {field for field, _row in opened} <= {"child.name", "risk_assessment.answers", "user.name"}


def test_nobody_but_the_protection_officer_has_the_key_care_list(client_as: Callable[..., Client]) -> None:
    for role in ("registrar", "supervisor", "officer", "official", "administrator", "auditor"):
        client_as(role).get("/protection/key-care", status=403)


def test_on_the_file_nothing_tells_of_an_assessment_but_that_the_child_must_be_seen(
    make: Factory, client_as: Callable[..., Client]
) -> None:
    """The family may see this screen."""
    child, browser = make.child(area=COMMUNITY), client_as("registrar")
    before = browser.get(f"/children/{child.id}")
    save(browser, child, **WORRY, note=NOTE)
    page = browser.get(f"/children/{child.id}")
    assert page.text.replace(" 须见到孩子", "") == before.text
    assert page.soup.title == before.soup.title
    assert [link.get_text() for link in page.select(f"a[href='/after-visit/{child.id}']")] == ["走访之后"]
