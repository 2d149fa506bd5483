"""The only place that asks what time it is. Rules are told the day; they never ask."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present day as the offices reckon it (Asia/Shanghai)."""
    return now().astimezone(ZONE).date()


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins, as the offices reckon it (Asia/Shanghai)."""
    return datetime.combine(day, time.min, ZONE)


def local(instant: datetime) -> datetime:
    """Return an instant as the wall clock of the offices shows it; naive instants are UTC."""
    aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return aware.astimezone(ZONE)
