"""Pages of matching: a supervisor's pairs and what is decided about them, and a protection officer's files."""

from __future__ import annotations

from registry.matching.views import deciding, lists
from registry.matching.views.blueprint import blueprint

__all__ = ["blueprint", "deciding", "lists"]
