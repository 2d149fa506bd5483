"""What is told about a child after it was registered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.children.models import Child, Schooling
from registry.children.recording import record_certificate, record_schooling
from registry.database import db
from tests.children.test_register import events
from tests.client import OPENER

if TYPE_CHECKING:
    from flask import Flask

    from tests.factories import Factory


def test_an_answer_about_school_closes_the_present_spell_and_opens_the_next(context: Flask, make: Factory) -> None:
    child = make.child(school="none")
    record_schooling(make.viewer("officer"), child.id, "primary", "public", "采菱小学", date(2026, 11, 22))
    spells = db.session.scalars(select(Schooling).where(Schooling.child_id == child.id).order_by(Schooling.id))
    told = [(one.stage, one.to_month, one.told_by, one.school.open(OPENER)) for one in spells]
    assert told == [("none", "2026-11", "guardian", None), ("primary", None, "office", "采菱小学")]
    assert [each.details for each in events("child_changed")] == [{"field": "schooling", "before": "none"}]


def test_an_answer_about_the_certificate_is_kept_and_counts_as_a_change(context: Flask, make: Factory) -> None:
    child = make.child(certificate="none")
    record_certificate(make.viewer("officer"), child.id, "seen")
    after = db.session.get_one(Child, child.id)
    assert (after.certificate, after.version) == ("seen", child.version + 1)
    assert [each.details for each in events("child_changed")] == [{"field": "certificate", "before": "none"}]
