"""Reasons come back from a row as the rules gave them."""

from __future__ import annotations

import json
from datetime import date

from registry.referrals.reasons import kept, read
from sop.content import Reason, Text


def test_numbers_days_and_words_survive_being_kept():
    reasons = (
        Reason("a", {"age": 7, "on": date(2026, 9, 1), "grade": Text("小学二年级", "Primary 2")}),
        Reason("b", {}),
    )
    assert read(json.loads(json.dumps(kept(reasons)))) == reasons
