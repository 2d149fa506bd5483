"""What tests of proposals share: reckoning, what stands there, and changing what the rules look at."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from registry.children.models import Child, ChildAnswer, Episode, HouseholdAnswer
from registry.clock import today
from registry.database import db
from registry.referrals import confidential
from registry.referrals.models import Proposal, Referral
from registry.referrals.proposals import proposing
from registry.referrals.proposals.knowing import READER
from sop.identity import BirthDate
from sop.version import in_force
from tests.factories import COMMUNITY

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Flask

    from tests.client import Page
    from tests.factories import Factory

ON = date(2026, 11, 22)
COUNTY = f"{COMMUNITY[:6]}000000"
SCHOOL_AGE = BirthDate(2018, 3, 2)  # in grade 3
REASON = {"key": "school_needed", "params": {"age": 8, "grade": {"zh": "三年级", "en": "Primary 3"}}}


def reckon(app: Flask, *children: Child, on: date = ON) -> int:
    with app.app_context():
        done = proposing.reckon([each.id for each in children], on)
        db.session.commit()
    return done


def reckon_today(app: Flask, *children: Child) -> int:
    return reckon(app, *children, on=today())


def proposed(app: Flask) -> list[tuple[UUID, str, str, str, list[str]]]:
    """Every row: child, kind, service, state, keys of the reasons."""
    with app.app_context():
        rows = db.session.scalars(select(Proposal).order_by(Proposal.child_id, Proposal.kind, Proposal.service)).all()
        return [
            (
                row.child_id,
                row.kind,
                confidential.code_of(row, READER),
                row.state,
                [reason.key for reason in confidential.reasons_of(row, READER)],
            )
            for row in rows
        ]


def change(app: Flask, model: type, where: object, **values: object) -> None:
    with app.app_context():
        for row in db.session.scalars(select(model).where(where)).all():
            for name, value in values.items():
                setattr(row, name, value)
        db.session.commit()


def tell(app: Flask, make: Factory, child: Child, **answers: object) -> None:
    """Put answers of the full file where they belong, as a registrar's visit does."""
    user = make.user()
    with app.app_context():
        home = db.session.scalars(select(Episode.household_id).where(Episode.child_id == child.id)).one()
        for key, value in answers.items():
            question = in_force(ON).questions.question(key)
            name = "sensitive" if question.sensitive else key
            told = {"question": name, "answered_on": ON, "answered_by": user.id, "sop_version": in_force(ON).version}
            model, owner = (
                (ChildAnswer, {"child_id": child.id})
                if question.scope == "child"
                else (HouseholdAnswer, {"household_id": home})
            )
            there = db.session.scalars(select(model).filter_by(question=name, **owner)).one_or_none()
            row = there or model(**told, **owner)
            row.value = {**(row.value.open(READER) or {}), key: value}
            db.session.add(row)
            db.session.flush()
        db.session.commit()


def night(app: Flask) -> int:
    """Do a whole round, batch by batch; return how many rows it changed."""
    done, after, ended = 0, None, False
    while not ended:
        with app.app_context():
            batch = proposing.nightly(ON, after)
            db.session.commit()
        done, after, ended = done + batch.done, batch.after, batch.after is None
    return done


def boxes(page: Page, name: str = "send") -> dict[str, bool]:
    return {box["value"]: box.has_attr("checked") for box in page.select(f"input[type=checkbox][name={name}]")}


def sent(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(confidential.code_of(row, READER) for row in db.session.scalars(select(Referral)))


def ids(app: Flask, **wanted: Any) -> list[str]:
    with app.app_context():
        return [row.id.hex for row in db.session.scalars(select(Proposal).filter_by(**wanted).order_by(Proposal.id))]
