"""Whether a closed referral may be opened again: by whom, for how long, and of which child."""

from datetime import date, timedelta

import pytest

from sop.referral import TAKES_BACK, Hindrance, Side, reopening_hindered
from sop.version import Sop

CLOSED = date(2026, 8, 24)
OFFICES = (Side.RECEIVER, Side.SLIP)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("days", [0, 1, 90, 91, 400])
@pytest.mark.parametrize("is_here", [True, False])
def test_every_service_is_opened_again_only_in_time_where_the_child_is_and_with_its_agreement_by_its_sender(
    sop: Sop, side: Side, days: int, *, is_here: bool
) -> None:
    assert sop.referrals.reopen_days == 90
    for service in sop.services.values():
        by_office = service.needs_agreement and side in OFFICES
        expected = (
            Hindrance.ELSEWHERE
            if not is_here
            else Hindrance.TOO_LATE
            if days > 90
            else Hindrance.SENDER_ONLY
            if by_office
            else None
        )
        on = CLOSED + timedelta(days=days)
        assert reopening_hindered(sop, service, side, CLOSED, on, is_here=is_here) is expected


def test_the_services_that_need_agreement_are_those_of_papers(sop: Sop) -> None:
    assert [service.code for service in sop.services.values() if service.needs_agreement] == ["identity"]


def test_of_what_has_no_day_of_its_end_nobody_knows_how_long_ago_it_was(sop: Sop) -> None:
    found = reopening_hindered(sop, sop.services["vaccination"], Side.SENDER, None, CLOSED, is_here=True)
    assert found is Hindrance.TOO_LATE


def test_an_answer_is_taken_back_only_by_reasons_of_the_procedure(sop: Sop) -> None:
    assert all(sop.codes["reopen_reason"].has(code) for code in TAKES_BACK)
    assert sop.codes["reopen_reason"].known > TAKES_BACK
