"""Why a dose is withdrawn is asked and kept; and what a dose had told of the certificate goes with the last of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.children import recording
from registry.children.models import Change, Child
from registry.database import db
from registry.doses.errors import UnknownReasonError
from tests.client import OPENER
from tests.doses.clinic import BCG, HEPB, Clinic, doses

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client

ASKED = {"zh": "请选择撤销的原因", "en": "Choose why it is withdrawn"}


def certificate(app: Flask, child: Child) -> str:
    with app.app_context():
        return db.session.get_one(Child, child.id).certificate


def test_without_a_reason_nothing_is_withdrawn_and_the_field_says_so(
    app: Flask, client_as: Callable[..., Client], clinic: Clinic, language: str
) -> None:
    child = clinic.referred()
    clinic.enter(child, HEPB)
    browser = client_as(clinic.user, language=language)
    asking = browser.get(browser.get(f"/doses/{child.id}").select("#entered ~ ul a")[0]["href"])
    assert asking.submit({}, status=422).errors == {"reason-wrong_child": ASKED[language]}
    assert doses(app)[0].withdrawn_at is None
    asking.submit({"reason": "wrong_child"}, status=200)
    assert doses(app)[0].withdrawn_reason == "wrong_child"


def test_a_reason_that_the_procedure_does_not_know_withdraws_nothing(app: Flask, clinic: Clinic) -> None:
    clinic.enter(clinic.referred(), HEPB)
    with pytest.raises(UnknownReasonError):
        clinic.withdraw(doses(app)[0], reason="because")
    assert doses(app)[0].withdrawn_at is None


@pytest.mark.database
@pytest.mark.parametrize("before", ["unseen", "none", "no_dose"])
def test_with_the_last_dose_of_a_certificate_the_answer_is_what_it_was_before(
    app: Flask, clinic: Clinic, before: str
) -> None:
    child = clinic.referred(certificate=before)
    clinic.enter(child, HEPB, BCG)
    clinic.withdraw(doses(app)[0])
    assert certificate(app, child) == "seen", "another dose of it stands"
    clinic.withdraw(doses(app)[1])
    assert certificate(app, child) == before
    with app.app_context():
        last = db.session.scalars(
            select(Change).where(Change.field == "certificate").order_by(Change.id.desc())
        ).first()
        assert last is not None
        assert (last.before.open(OPENER), last.after.open(OPENER), last.reason) == ("seen", before, "mistyped")


@pytest.mark.parametrize("told", ["registrar", "office before", "family after"])
def test_a_certificate_that_somebody_saw_otherwise_stays_seen(app: Flask, clinic: Clinic, told: str) -> None:
    child = clinic.referred(certificate="seen" if told == "registrar" else "unseen")
    if told == "office before":
        tell(app, clinic, child, "seen", "office")
    clinic.enter(child, HEPB)
    if told == "family after":
        tell(app, clinic, child, "unseen", "guardian")
        tell(app, clinic, child, "seen", "guardian")
    clinic.withdraw(doses(app)[0])
    assert certificate(app, child) == "seen"


def tell(app: Flask, clinic: Clinic, child: Child, answer: str, reason: str) -> None:
    with app.app_context():
        recording.record_certificates(clinic.viewer, [child.id], answer, reason=reason)
        db.session.commit()
