"""What tests of administration share: the events of a kind, and a post that no page offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.audit.models import AuditEvent
from registry.database import db

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client


@pytest.fixture
def recorded(app: Flask) -> Callable[[str], list[dict[str, object]]]:
    """Return a function: the details of the events of a kind, in their order."""

    def of_kind(kind: str) -> list[dict[str, object]]:
        with app.app_context():
            rows = db.session.scalars(select(AuditEvent).where(AuditEvent.kind == kind).order_by(AuditEvent.id))
            return [row.details for row in rows]

    return of_kind


@pytest.fixture
def forged() -> Callable[..., int]:
    """Return a function: the status of a post with a right token, whether any page offers it or not."""

    def post(browser: Client, path: str, **values: str) -> int:
        token = browser.get("/password").select("input[name=csrf_token]")[0]["value"]
        return browser.http.post(path, data={"csrf_token": token, **values}).status_code

    return post
