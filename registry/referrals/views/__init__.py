"""Pages of referrals: `office` and `answering` of the side that answers, `sender` and `slip` of the one that asks."""

from __future__ import annotations

from registry.referrals.views import (
    answering,
    bulk,
    chase,
    lookup,
    of_one_child,
    office,
    papers,
    proposals,
    sender,
    slip,
)
from registry.referrals.views.blueprint import blueprint

__all__ = [
    "answering",
    "blueprint",
    "bulk",
    "chase",
    "lookup",
    "of_one_child",
    "office",
    "papers",
    "proposals",
    "sender",
    "slip",
]
