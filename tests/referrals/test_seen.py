"""What a page carries of a referral: written and read in one way, and what was tampered with is counted."""

from __future__ import annotations

from uuid import UUID

import pytest

from registry.referrals.seen import Seen, read_all

FIRST, SECOND = Seen(UUID(int=1), 3), Seen(UUID(int=2), 1)


def test_what_is_written_is_read_again_in_its_order() -> None:
    assert read_all([SECOND.written(), FIRST.written()]) == ([SECOND, FIRST], 0)


@pytest.mark.parametrize("text", ["", "nonsense", f"{FIRST.id.hex}", f"{FIRST.id.hex}.x", f"{FIRST.id.hex}.1234567890"])
def test_what_cannot_be_read_is_counted_and_left_out(text: str) -> None:
    assert read_all([text, FIRST.written()]) == ([FIRST], 1)


def test_of_two_for_one_referral_the_first_stands() -> None:
    assert read_all([FIRST.written(), FIRST._replace(version=9).written()]) == ([FIRST], 0)
