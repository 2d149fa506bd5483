"""The procedure at work without a database: the local rules at the start, the commands under `registry sop`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.clock import today
from registry.settings import SettingsError
from sop.content import SopError
from sop.version import in_force, use_overlay

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask


def init_app(app: Flask) -> None:
    """Follow the local rules of this deployment, or none. Raises SettingsError, which names every fault in them."""
    folder = app.extensions["settings"].sop_overlay
    if folder and not folder.is_dir():
        raise SettingsError(f"REGISTRY_SOP_OVERLAY: {folder} is no folder. Name that of the local rules, or none.")
    use_overlay(folder)
    try:
        in_force(today())
    except SopError as error:
        raise SettingsError(f"{_at_fault(folder)} cannot be followed:\n{error}") from error


def _at_fault(folder: Path | None) -> str:
    """Say what cannot be followed: the procedure by itself, or else the local rules."""
    use_overlay(None)
    try:
        in_force(today())
    except SopError:
        return "The procedure"
    return f"REGISTRY_SOP_OVERLAY ({folder})"
