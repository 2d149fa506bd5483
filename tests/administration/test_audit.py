"""What the auditor reads of administration: names of areas, offices and people in words, never a code alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.accounts import deputies
from registry.administration import service
from registry.clock import today
from registry.database import db

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.factories import Factory

TIANNING = "320402000000"


def test_an_assignment_and_a_deputy_are_told_by_name(
    app: Flask, make: Factory, client_as: Callable[..., Client], language: str
) -> None:
    viewer, bureau = make.viewer("administrator"), make.office("education", TIANNING)
    away, deputy = make.user("registrar"), make.user("registrar")
    with app.app_context():
        service.assign(viewer, "education", TIANNING, bureau.id, None)
        deputies.name(viewer, away.id, deputy.id, today(), today())
        db.session.commit()
    words = client_as("auditor", language=language).get("/audit/events").text
    assert TIANNING not in words
    assert ("天宁区" if language == "zh" else "Tianning") in words
    assert ("就学" if language == "zh" else "Education") in words
    assert deputy.username in words
    assert away.username in words
