"""Counts kept with the writes: read, folded every night and when many wait, and proven equal to a count in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Register what the worker does each night, and between its batches."""
    from registry.counts import service
    from registry.jobs import service as jobs

    jobs.nightly(app, "fold-counts", service.fold_nightly)
    jobs.between(app, service.fold_when_many)
