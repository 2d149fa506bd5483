"""Pages of referrals: the answering office's in `office`, the referring side's in `sender`."""

from __future__ import annotations

from registry.referrals.views import office, sender
from registry.referrals.views.blueprint import blueprint

__all__ = ["blueprint", "office", "sender"]
