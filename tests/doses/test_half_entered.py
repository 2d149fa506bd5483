"""A certificate that is entered by halves: what is there is shown, and of what is not nothing is called overdue."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.children.models import Change, Child
from registry.database import db
from registry.doses import service
from registry.doses.service import Entry, Tick
from sop.identity import BirthDate
from tests.doses.clinic import BCG, BORN, HEPB, ON, SECOND, Clinic, courses, put, reckon, state

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

CLAIMS = ("逾期", "应种", "未到期", "Overdue", "overdue", "Due", "Not due")
SENTENCE = {"zh": "接种证上的剂次尚未全部录入", "en": "Not all doses of the certificate are entered yet."}


@pytest.mark.database
def test_until_all_is_entered_a_child_stands_partly_and_by_no_course(app: Flask, clinic: Clinic) -> None:
    child = clinic.referred()
    clinic.enter(child, HEPB, whole=False)
    assert (state(app, child), courses(app, child)) == (("partly", None), {})
    assert reckon(app) == 0, "the night says the same"
    clinic.enter(child, SECOND, whole=True)
    assert state(app, child)[0] == "overdue"
    assert courses(app, child)["polio"][0] == "overdue"
    clinic.enter(child, whole=False)
    assert (state(app, child), courses(app, child)) == (("partly", None), {})


def test_the_round_reckons_it_so_too(app: Flask, make: Factory) -> None:
    child = make.child(birth=BORN)
    put(app, make, child, [HEPB, BCG], whole=False)
    reckon(app)
    assert (state(app, child), courses(app, child)) == (("partly", None), {})


def test_who_has_no_dose_by_its_answer_or_none_entered_is_not_half_entered(app: Flask, make: Factory) -> None:
    none, newborn = make.child(birth=BORN, certificate="no_dose"), BirthDate(2026, 10, 23)
    young, told = make.child(birth=newborn, certificate="none"), make.child(birth=BORN, certificate="seen")
    put(app, make, told, [HEPB._replace(source="guardian")], whole=False)
    reckon(app)
    assert [state(app, child)[0] for child in (none, young, told)] == ["overdue", "overdue", "not_recorded"]


def test_its_record_shows_what_is_entered_and_says_nothing_of_the_rest(app: Flask, clinic: Clinic) -> None:
    child = clinic.referred(sex="1")
    clinic.enter(child, HEPB, HEPB._replace(vaccine="MMR"), whole=False)
    record = clinic.record(child)
    lines = {(line.row.course, line.row.number): line.status for line in record.rows}
    assert (record.state, record.due, record.whole) == ("partly", [], False)
    assert lines["HepB", 1] == "given"
    assert lines["HepB", 2] is lines["polio", 1] is lines["BCG", 1] is None
    assert lines["2vHPV", 1] == "none"
    assert [dose.judged[0].reason for dose in record.doses if dose.vaccine == "MMR"] == ["too_young"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_neither_the_file_nor_the_clinics_page_claims_anything_is_overdue(
    client_as: Callable[..., Client], clinic: Clinic, language: str
) -> None:
    child = clinic.referred(school="primary")
    clinic.enter(child, HEPB, BCG, whole=False)
    file = client_as("registrar", language=language).get(f"/children/{child.id}")
    page = client_as(clinic.user, language=language).get(f"/doses/{child.id}")
    said = " ".join(each.get_text(" ") for each in file.select("#vaccination ~ *"))
    for words in (said, page.select(".app-dose-state")[0].get_text(" ")):
        assert SENTENCE[language] in words
        assert {"zh": "已录入2剂", "en": "2 doses entered so far"}[language] in f"{words} {file.text}"
    chips = [each.get_text() for shown in (file, page) for each in shown.select(".app-dose")]
    assert chips
    assert not [each for each in chips if any(claim in each for claim in CLAIMS)]
    assert not any({"zh": "提醒家长", "en": "Remind the family"}[language] in text for text in (file.text, page.text))
    assert not [words for words in ("逾期", "Overdue") if words in page.select(".app-dose-state")[0].get_text()]


@pytest.mark.parametrize(
    ("there", "tick", "after"),
    [
        *((False, Tick(True, False), True), (True, Tick(False, True), False)),
        *((True, Tick(False, False), True), (False, Tick(True, True), False)),
    ],
)
def test_a_box_that_was_left_alone_stays_as_somebody_else_left_it_however_late(
    app: Flask, clinic: Clinic, there: bool, tick: Tick, after: bool
) -> None:
    child = clinic.referred()
    clinic.enter(child, HEPB, whole=there)
    with app.app_context():
        service.enter(clinic.viewer, child.id, [BCG], tick, ON)
        db.session.commit()
    assert clinic.record(child).whole is after


@pytest.mark.parametrize(("source", "answer"), [("certificate", "seen"), ("clinic", "unseen"), ("guardian", "no_dose")])
def test_a_dose_that_counts_ends_the_answer_that_there_is_none(
    app: Flask, clinic: Clinic, source: str, answer: str
) -> None:
    child = clinic.referred(certificate="no_dose")
    clinic.enter(child, Entry("HepB", date(2024, 3, 1), source))
    with app.app_context():
        assert db.session.get_one(Child, child.id).certificate == answer
        changes = db.session.scalars(select(Change.field)).all()
    assert changes == ([] if answer == "no_dose" else ["certificate"])
