"""The last step of each referral that fits, found by the database."""

from __future__ import annotations

import pytest

from registry.clock import now
from registry.database import db
from registry.referrals.models import ReferralStep
from registry.referrals.queries import last_steps
from tests.referrals.sending import office_of
from tests.statements import statements


@pytest.mark.database
def test_of_each_referral_the_newest_step_that_fits_is_read_in_one_statement(app, make):
    office, user = office_of(make, "education"), make.user("registrar")
    referrals = [make.referral(make.child(), office) for _ in range(3)]
    made = {}
    with app.app_context():
        for referral, moves in zip(
            referrals, (("send", "return", "send"), ("send",), ("return", "return")), strict=True
        ):
            for move in moves:
                step = ReferralStep(referral_id=referral.id, child_id=referral.child_id, user_id=user.id, at=now())
                step.move, step.state = move, "sent"
                db.session.add(step)
                made.setdefault(referral.id, []).append(step.id)
        db.session.commit()
        one, two, three = (each.id for each in referrals)
        with statements(app) as sent:
            assert {key: step.id for key, step in last_steps(made).items()} == {
                key: ids[-1] for key, ids in made.items()
            }
        assert len([each for each in sent if not each.startswith("BEGIN")]) == 1
        returned = last_steps(made, ReferralStep.move == "return")
        assert {key: step.id for key, step in returned.items()} == {one: made[one][1], three: made[three][1]}
        assert set(last_steps([two])) == {two}
