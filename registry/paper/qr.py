"""A QR code as a picture."""

from __future__ import annotations

import io

import segno

MASK = 4  # fixed: choosing the best of eight costs most of the time and readers do not care
PIXELS = 8  # a module


def qr_code(content: str) -> bytes:
    """Return a QR code as PNG, with its quiet zone, that is read even with a quarter of it worn off."""
    target = io.BytesIO()
    segno.make_qr(content, error="h", mask=MASK, boost_error=False).save(target, kind="png", scale=PIXELS, border=4)
    return target.getvalue()
