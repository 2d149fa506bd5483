"""Reasons as they are kept with a referral: plain JSON in the row, the SOP's Reason everywhere else."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sop.content import Reason, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

Param = int | date | str | Text


def kept(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """Return reasons for the column: key, and parameters of which days and words say what they are."""
    return [
        {"key": reason.key, "params": {name: _kept(value) for name, value in reason.params.items()}}
        for reason in reasons
    ]


def read(stored: Iterable[dict[str, Any]]) -> tuple[Reason, ...]:
    """Return what `kept` stored."""
    return tuple(
        Reason(entry["key"], {name: _read(value) for name, value in entry.get("params", {}).items()})
        for entry in stored
    )


def _kept(value: Param) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return {"zh": value.zh, "en": value.en} if isinstance(value, Text) else value


def _read(value: Any) -> Param:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return date.fromisoformat(value["day"]) if "day" in value else Text(value["zh"], value["en"])
    read_back: int | str = value
    return read_back
