"""Pages of coverage: the officials' overview, and the estimates that an administrator records."""

from __future__ import annotations

from registry.coverage.views import estimates, overview
from registry.coverage.views.blueprint import blueprint

__all__ = ["blueprint", "estimates", "overview"]
