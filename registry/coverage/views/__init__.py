"""Pages of coverage: the officials' overview, estimates that an administrator records, how offices perform."""

from __future__ import annotations

from registry.coverage.views import estimates, overview, performance
from registry.coverage.views.blueprint import blueprint, statistics

__all__ = ["blueprint", "estimates", "overview", "performance", "statistics"]
