"""Pages of administration: offices, services, blocks."""

from __future__ import annotations

from registry.administration.views import blocks, offices, services
from registry.administration.views.blueprint import blueprint

__all__ = ["blocks", "blueprint", "offices", "services"]
