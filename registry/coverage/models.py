"""Table of estimates: how many children there may be, said by whom, as of when, and by which definition."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import date, datetime  # noqa: TC003

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Model, Row


class Estimate(Row, Model):
    """A number or a range for one area and one population; a newer one ends the older, which stays."""

    __tablename__ = "estimate"

    area_code: Mapped[str] = mapped_column(String(12), ForeignKey("area.code"), index=True)
    population: Mapped[str] = mapped_column(String(24))  # migrant_monitoring, migrant_statistical, left_behind
    low: Mapped[int]
    high: Mapped[int]
    source: Mapped[str] = mapped_column(String(200))
    as_of: Mapped[date]
    definition: Mapped[str] = mapped_column(String(400))
    made_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
