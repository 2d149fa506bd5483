"""Pages of protection: after a visit, reports of harm, and what the protection officer works on."""

from __future__ import annotations

from registry.protection.views import care, files, reporting, working
from registry.protection.views.blueprint import blueprint

__all__ = ["blueprint", "care", "files", "reporting", "working"]
