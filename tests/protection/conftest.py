"""Fixtures of protection: the two sides of a move, as the tests of transfers have them."""

from __future__ import annotations

from tests.transfers.conftest import world

__all__ = ["world"]
