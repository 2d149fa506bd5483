"""What an intake calls for and was not sent stays proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from registry.database import db
from registry.referrals.models import Proposal
from tests.households.conftest import without_number

if TYPE_CHECKING:
    from flask import Flask

    from tests.households.conftest import Intake


@pytest.mark.database
def test_an_intake_proposes_what_was_not_sent(app: Flask, intake: Intake) -> None:
    intake.to_summary(without_number(0, school="none", certificate="none"))
    intake.finish(referral=["1-vaccination"])
    with app.app_context():
        assert db.session.scalars(select(Proposal.service)).all() == ["education"]
