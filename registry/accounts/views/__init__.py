"""Pages of accounts: signing in, the administrator's accounts, many at once from a list, deputies."""

from __future__ import annotations

from registry.accounts.views import deputies, entering, keeping, listed
from registry.accounts.views.blueprint import blueprint

__all__ = ["blueprint", "deputies", "entering", "keeping", "listed"]
