"""Sealed fields and blind indexes. The only code that sees a key."""

from registry.vault.service import init_app

__all__ = ["init_app"]
