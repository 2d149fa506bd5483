"""What tests of accounts share: sessions that can be aged, events that were recorded, words in a language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask_babel import force_locale, gettext
from sqlalchemy import select, update

from registry.accounts.models import UserSession
from registry.audit.models import AuditEvent
from registry.database import db
from registry.i18n import LOCALES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from flask import Flask


@pytest.fixture
def age(app: Flask) -> Callable[..., None]:
    """Return a function that lets every session look older: `age(seen_at=timedelta(minutes=15))`."""

    def older(**by: timedelta) -> None:
        with app.app_context():
            for row in db.session.scalars(select(UserSession)):
                values = {column: getattr(row, column) - much for column, much in by.items()}
                db.session.execute(update(UserSession).where(UserSession.id == row.id).values(values))
            db.session.commit()

    return older


@pytest.fixture
def sessions(app: Flask) -> Callable[[], list[UserSession]]:
    """Return a function: all sessions as they are now, the oldest first."""

    def now() -> list[UserSession]:
        with app.app_context():
            rows = list(db.session.scalars(select(UserSession).order_by(UserSession.id)))
            db.session.expunge_all()
            return rows

    return now


@pytest.fixture
def recorded(app: Flask) -> Callable[[str], list[AuditEvent]]:
    """Return a function: the events of a kind."""

    def of_kind(kind: str) -> list[AuditEvent]:
        with app.app_context():
            rows = list(db.session.scalars(select(AuditEvent).where(AuditEvent.kind == kind)))
            db.session.expunge_all()
            return rows

    return of_kind


@pytest.fixture
def said(app: Flask) -> Callable[..., str]:
    """Return a function: a sentence as the catalogue has it in a language."""

    def in_language(language: str, sentence: str, **values: Any) -> str:
        with app.test_request_context(), force_locale(LOCALES[language]):
            return str(gettext(sentence, **values))

    return in_language
