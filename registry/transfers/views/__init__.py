"""Pages of transfers: the lists in `lists`, one transfer in `one`, looking up and claiming in `looking`."""

from __future__ import annotations

from registry.transfers.views import lists, looking, one
from registry.transfers.views.blueprint import blueprint

__all__ = ["blueprint", "lists", "looking", "one"]
