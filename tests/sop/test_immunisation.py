"""Who is proposed for the vaccination clinic."""

import pytest

from sop.immunisation import needs_vaccination
from sop.version import Sop


@pytest.mark.parametrize(("answer", "zh"), [("none", "没有预防接种证"), ("no_dose", "一剂疫苗也没种过")])
def test_no_certificate_or_no_dose_at_all_needs_the_clinic(sop: Sop, answer: str, zh: str) -> None:
    reason = needs_vaccination(answer)
    assert reason is not None
    assert sop.explain(reason, "zh") == zh


@pytest.mark.parametrize("answer", ["seen", "unseen", "unknown", "refused"])
def test_any_other_answer_proposes_nothing(answer: str) -> None:
    assert needs_vaccination(answer) is None
