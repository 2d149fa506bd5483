"""The procedure at work without a database: the local rules at the start, the commands under `registry sop`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.clock import today
from registry.settings import SettingsError
from sop.content import SopError
from sop.version import in_force, use_overlay

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Follow the local rules of this deployment, or none. Raises SettingsError, which names every fault in them."""
    folder = app.extensions["settings"].sop_overlay
    use_overlay(folder)
    try:
        in_force(today())
    except SopError as error:
        where = f"REGISTRY_SOP_OVERLAY ({folder})" if folder else "The procedure"
        raise SettingsError(f"{where} cannot be followed:\n{error}") from error
