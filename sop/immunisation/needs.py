"""Who needs the vaccination clinic, as far as the answers about the certificate tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sop.content import Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

REASONS: Final[Mapping[str, frozenset[str]]] = {
    "certificate_missing": frozenset(),
    "no_dose": frozenset(),
}
NEEDED: Final = {"none": "certificate_missing", "no_dose": "no_dose"}


def needs_vaccination(certificate_answer: str) -> Reason | None:
    """Say why the child is to be referred: no certificate, or not a single dose; else None."""
    key = NEEDED.get(certificate_answer)
    return None if key is None else Reason(key, {})
