"""What higher rooms let follow from an act on a file: they say so when they start, and files know nothing of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from uuid import UUID

    from flask import Flask

    from registry.access import Viewer
    from registry.children.queries import Kept

ARRIVAL: Final = "after_arrival"
CHANGE: Final = "after_change"
SAME_DOCUMENT: Final = "after_same_document"


def after_arrival(app: Flask, act: Callable[[Viewer, UUID], None]) -> None:
    """Let `act(viewer, child_id)` be part of every arrival, in its transaction."""
    app.extensions.setdefault(ARRIVAL, []).append(act)


def after_change(app: Flask, act: Callable[[Viewer, Collection[UUID]], None]) -> None:
    """Let `act(viewer, child_ids)` be part of every act that changes what rules look at, in its transaction."""
    app.extensions.setdefault(CHANGE, []).append(act)


def after_same_document(app: Flask, act: Callable[[Viewer, UUID, tuple[Kept, ...]], None]) -> None:
    """Let `act(viewer, child_id, others)` be part of recording a document that other files hold as well."""
    app.extensions.setdefault(SAME_DOCUMENT, []).append(act)


def arrived(viewer: Viewer, child_id: UUID) -> None:
    """Do what follows from an arrival."""
    for act in current_app.extensions.get(ARRIVAL, ()):
        act(viewer, child_id)


def changed(viewer: Viewer, child_ids: Collection[UUID]) -> None:
    """Do what follows when facts of these children have changed.

    Each verb that changes any calls this once, at its end and for all children together.
    """
    if child_ids:
        for act in current_app.extensions.get(CHANGE, ()):
            act(viewer, child_ids)


def same_document(viewer: Viewer, child_id: UUID, others: tuple[Kept, ...]) -> None:
    """Do what follows when a document that was told for a child stands on other files; nothing where there is none."""
    if others:
        for act in current_app.extensions.get(SAME_DOCUMENT, ()):
            act(viewer, child_id, others)
