"""Pages of coverage: the officials' overview, estimates that an administrator records, how offices perform."""

from __future__ import annotations

from registry.coverage.views import answers, estimates, overview
from registry.coverage.views.blueprint import blueprint, statistics

__all__ = ["answers", "blueprint", "estimates", "overview", "statistics"]
