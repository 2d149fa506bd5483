"""The blueprint of protection. What a reporter opens has an address that says nothing: /after-visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from registry.audit import service as audit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from registry.access import Viewer

blueprint = Blueprint("protection", "registry.protection", template_folder="templates")


def note_opened(viewer: Viewer, records: Iterable[UUID]) -> None:
    """Note which confidential records a page showed: their ids, and no child."""
    shown = [str(record) for record in records]
    if shown:
        audit.note("confidential_opened", viewer=viewer, record=shown[0] if len(shown) == 1 else shown)
