"""Entering doses: once each, by whom may, never of a day that cannot be; and withdrawing one entered in error."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from registry.access import Role
from registry.audit.models import AuditEvent
from registry.children.models import Change, Child
from registry.database import db
from registry.doses import queries
from registry.doses.errors import DoseError
from registry.doses.service import Entry
from registry.referrals.models import Referral
from sop.identity import BirthDate
from tests.doses.clinic import BCG, HEPB, ON, SECOND, Clinic, courses, doses, reckon, state
from tests.factories import ELSEWHERE

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Factory


def events(app: Flask, kind: str) -> list[dict[str, object]]:
    with app.app_context():
        rows = select(AuditEvent).where(AuditEvent.kind == kind).order_by(AuditEvent.id)
        return [row.details for row in db.session.scalars(rows)]


@pytest.mark.database
def test_what_is_entered_is_kept_judged_and_reckoned_at_once(app: Flask, clinic: Clinic) -> None:
    child = clinic.referred()
    done = clinic.enter(child, HEPB, BCG, whole=True)
    assert (done.new, done.known, done.version) == ((HEPB, BCG), (), 1)
    assert [(dose.vaccine, dose.source, dose.office_id) for dose in doses(app)] == [
        ("HepB", "certificate", clinic.office.id),
        ("BCG", "certificate", clinic.office.id),
    ]
    assert state(app, child) == ("overdue", "2024-04")
    open_ones = courses(app, child)
    assert open_ones["HepB"] == ("overdue", 2, "2024-04")
    assert "BCG" not in open_ones, "complete"
    assert "2vHPV" in open_ones, "a girl's, years from now"
    record = clinic.record(child)
    assert record.whole
    assert record.version == 2
    assert events(app, "doses_entered") == [{"rows": 2, "whole": 1}]


def test_a_dose_of_the_certificate_tells_that_it_was_seen_and_one_of_the_clinics_record_does_not(
    app: Flask, clinic: Clinic
) -> None:
    seen, unseen = clinic.referred(), clinic.referred()
    clinic.enter(seen, HEPB)
    clinic.enter(unseen, HEPB._replace(source="clinic"))
    with app.app_context():
        assert db.session.get_one(Child, seen.id).certificate == "seen"
        assert db.session.get_one(Child, unseen.id).certificate == "unseen"
        assert db.session.scalars(select(Change.child_id).where(Change.field == "certificate")).all() == [seen.id]


def test_the_same_dose_twice_is_one_in_one_form_and_in_two(app: Flask, clinic: Clinic) -> None:
    child = clinic.referred()
    clinic.enter(child, HEPB, HEPB)
    again = clinic.enter(child, HEPB, HEPB._replace(source="clinic"), SECOND)
    assert again.new == (SECOND,)
    assert len(again.known) == 2
    assert [dose.vaccine for dose in doses(app)] == ["HepB", "HepB"]
    assert clinic.enter(child, HEPB, SECOND).new == ()
    assert len(events(app, "doses_entered")) == 2, "nothing was entered the third time"


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry("Polio9", date(2024, 4, 1), "certificate"), "unknown_vaccine"),
        (Entry("HepB", date(2024, 2, 29), "certificate"), "before_birth"),
        (Entry("HepB", ON + timedelta(days=1), "certificate"), "in_future"),
    ],
)
def test_what_cannot_be_is_named_with_its_place_and_nothing_is_kept(
    app: Flask, clinic: Clinic, entry: Entry, code: str
) -> None:
    child = clinic.referred()
    with pytest.raises(DoseError) as caught:
        clinic.enter(child, HEPB, entry, BCG, entry)
    assert (caught.value.index, caught.value.code) == (1, code)
    assert caught.value.faults == ((1, code), (3, code))
    assert doses(app) == []


def test_on_the_day_of_birth_and_today_doses_can_be(app: Flask, clinic: Clinic) -> None:
    child = clinic.referred()
    assert len(clinic.enter(child, HEPB, Entry("MMR", ON, "clinic")).new) == 2


def test_of_a_month_of_birth_a_dose_on_its_first_day_can_be_and_counts(app: Flask, clinic: Clinic) -> None:
    child = clinic.referred(birth=BirthDate(2024, 3))
    clinic.enter(child, HEPB, SECOND)
    shown = clinic.record(child).doses
    assert [dose.judged[0].number for dose in shown] == [1, 2], "it was born by the day of its first dose"
    with pytest.raises(DoseError):
        clinic.enter(child, Entry("BCG", date(2024, 2, 29), "certificate"))


def test_without_a_dose_the_last_day_of_the_month_of_birth_is_taken(app: Flask, clinic: Clinic, make: Factory) -> None:
    child = make.child(birth=BirthDate(2026, 9), certificate="no_dose")
    reckon(app)
    assert courses(app, child)["polio"] == ("not_yet", 1, "2026-11"), "two months from 30 September, not from the 1st"


def test_a_guardians_word_is_kept_shown_apart_and_never_counted(app: Flask, clinic: Clinic) -> None:
    child = clinic.referred()
    clinic.enter(child, HEPB._replace(source="guardian"))
    assert state(app, child) == ("not_recorded", None)
    assert courses(app, child) == {}
    record = clinic.record(child)
    assert record.doses == []
    assert [dose.vaccine for dose in record.told] == ["HepB"]
    assert (record.state, record.assessment, record.due) == ("not_recorded", None, [])
    assert {line.status for line in record.rows} == {None}, "nothing is claimed"
    clinic.enter(child, HEPB)
    record = clinic.record(child)
    assert len(doses(app)) == 2, "the certificate confirms it"
    assert (len(record.doses), record.told) == (1, [])
    assert clinic.enter(child, HEPB._replace(source="guardian")).new == ()


def test_a_dose_entered_in_error_is_withdrawn_kept_and_counts_no_more(app: Flask, clinic: Clinic) -> None:
    child = clinic.referred()
    clinic.enter(child, HEPB, SECOND)
    clinic.withdraw(doses(app)[1])
    clinic.withdraw(doses(app)[1])
    first, second = doses(app)
    assert first.withdrawn_at is None
    assert second.withdrawn_by == clinic.user.id
    assert courses(app, child)["HepB"] == ("overdue", 2, "2024-04")
    assert [dose.day for dose in clinic.record(child).doses] == [HEPB.day]
    assert events(app, "dose_withdrawn") == [{"dose": str(second.id), "reason": "wrong_day"}], "once"
    assert second.withdrawn_reason == "wrong_day"
    assert clinic.enter(child, SECOND).new == (SECOND,), "and can be entered again"


def test_when_all_are_withdrawn_nothing_is_claimed_any_more(app: Flask, clinic: Clinic) -> None:
    child = clinic.referred()
    clinic.enter(child, HEPB._replace(source="clinic"))
    clinic.withdraw(doses(app)[0])
    assert state(app, child) == ("not_recorded", None)
    assert courses(app, child) == {}


def test_another_clinic_cannot_withdraw_it_and_the_supervisor_of_the_area_can(
    app: Flask, clinic: Clinic, make: Factory
) -> None:
    child, other = clinic.referred(), Clinic(app, make)
    clinic.enter(child, HEPB)
    with app.app_context():
        db.session.query(Referral).update({"state": "closed"})
        db.session.commit()
    other.refer(child)
    dose = doses(app)[0]
    outside = make.viewer("supervisor", user=make.user("supervisor", area=ELSEWHERE[:9] + "000"))
    for viewer in (other.viewer, clinic.viewer, make.viewer("registrar"), outside):
        with pytest.raises(NotFound):
            clinic.withdraw(dose, viewer)
    clinic.withdraw(dose, make.viewer("supervisor"))
    assert doses(app)[0].withdrawn_at is not None


def test_of_a_protected_file_the_protection_officer_withdraws_and_the_supervisor_does_not(
    app: Flask, clinic: Clinic, make: Factory
) -> None:
    child = clinic.referred()
    clinic.enter(child, HEPB)
    with app.app_context():
        db.session.get_one(Child, child.id).protected = True
        db.session.commit()
    for viewer in (clinic.viewer, make.viewer("supervisor")):
        with pytest.raises(NotFound):
            clinic.withdraw(doses(app)[0], viewer)
    clinic.withdraw(doses(app)[0], make.viewer("protection_officer"))
    assert state(app, child) == ("not_recorded", None)


@pytest.mark.parametrize(
    ("state_of", "may"),
    [
        *(("sent", False), ("accepted", True), ("appointed", True)),
        *(("returned", False), ("closed", False), ("withdrawn", False)),
    ],
)
def test_a_clinic_enters_from_acceptance_until_the_end_of_its_referral(
    app: Flask, clinic: Clinic, state_of: str, may: bool
) -> None:
    child = clinic.referred(state_of)
    with app.app_context():
        assert queries.may_enter(clinic.viewer, child.id) is may
    if not may:
        with pytest.raises(NotFound):
            clinic.enter(child, HEPB)
        assert doses(app) == []


def test_only_the_vaccination_referral_of_the_own_office_opens_the_door(
    app: Flask, clinic: Clinic, make: Factory
) -> None:
    child, other = make.child(birth=BirthDate(2024, 3, 1)), Clinic(app, make)
    make.referral(child, clinic.office, service="education", state="accepted")
    other.refer(child)
    with app.app_context():
        assert not queries.may_enter(clinic.viewer, child.id)
        assert queries.may_enter(other.viewer, child.id)


@pytest.mark.parametrize("role", [role.value for role in Role if role is not Role.OFFICER])
def test_nobody_but_an_officer_enters_doses(app: Flask, clinic: Clinic, make: Factory, role: str) -> None:
    child = clinic.referred()
    viewer = make.viewer(role, user=make.user(role, office=clinic.office))
    with app.app_context():
        assert not queries.may_enter(viewer, child.id)


def test_a_protected_or_deceased_child_is_as_if_absent_for_the_clinic(
    app: Flask, clinic: Clinic, make: Factory
) -> None:
    named = make.user("registrar")
    hidden = clinic.referred(protected=True, protected_registrar_id=named.id)
    died = clinic.referred(child_status="deceased")
    for child in (hidden, died):
        with pytest.raises(NotFound):
            clinic.enter(child, HEPB)


@pytest.mark.database
def test_of_two_who_save_both_are_kept_and_the_second_sees_that_somebody_was_before(
    app: Flask, clinic: Clinic, make: Factory
) -> None:
    child = clinic.referred()
    other = Clinic(app, make, clinic.office)
    clinic.enter(child, HEPB)
    shown = [clinic.record(child).version, other.record(child).version]
    first, second = clinic.enter(child, SECOND), other.enter(child, BCG, SECOND)
    assert first.version == shown[0]
    assert second.version != shown[1]
    assert (second.new, second.known) == ((BCG,), (SECOND,))
    assert len(clinic.record(child).doses) == 3
    assert reckon(app) == 0
    assert clinic.record(child).version == 4, "a night is nobody who saved"
