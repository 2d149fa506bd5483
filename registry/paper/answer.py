"""A PDF as the answer to a request."""

from __future__ import annotations

from flask import Response


def pdf_answer(document: bytes, name: str) -> Response:
    """Return a document to be shown at once. `name`: of the file, which says nothing about anybody: cards."""
    answer = Response(document, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer
