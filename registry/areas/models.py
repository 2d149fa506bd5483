"""Tables of places: divisions and their changes, blocks, offices, and which office serves what where."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import date  # noqa: TC003
from typing import Protocol

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Model, Row, Versioned


class Named(Protocol):
    """What has both names."""

    @property
    def name_zh(self) -> str:
        """The Chinese name."""

    @property
    def name_en(self) -> str:
        """The English name, for divisions the romanised one."""


class Bilingual:
    """What is called by the language of the page."""

    def name(self: Named, language: str) -> str:
        """Return the name in "zh" or "en"."""
        return self.name_zh if language == "zh" else self.name_en


class Area(Model):
    """A division: province, prefecture, county, township or community, by its 12-digit code."""

    __tablename__ = "area"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    level: Mapped[int]
    parent_code: Mapped[str | None] = mapped_column(String(12), index=True)
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class AreaChange(Row, Model):
    """One change of a code: what it was, what it became, in which year."""

    __tablename__ = "area_change"

    old_code: Mapped[str] = mapped_column(String(12), index=True)
    new_code: Mapped[str] = mapped_column(String(12), index=True)
    old_name: Mapped[str] = mapped_column(String(60))
    new_name: Mapped[str] = mapped_column(String(60))
    year: Mapped[int]


class Block(Bilingual, Row, Versioned, Model):
    """A community's own subdivision: a building, a grid cell, a villagers' group."""

    __tablename__ = "block"

    area_code: Mapped[str] = mapped_column(String(12), ForeignKey("area.code"), index=True)
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0, server_default="0")  # in the order of walking
    closed_on: Mapped[date | None]


class Office(Bilingual, Row, Versioned, Model):
    """An office that people sign in for and referrals are sent to."""

    __tablename__ = "office"

    kind: Mapped[str] = mapped_column(String(24))
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(200))
    area_code: Mapped[str] = mapped_column(String(12), ForeignKey("area.code"), index=True)
    side: Mapped[str | None] = mapped_column(String(10))  # receiving or sending: the quick form offered first
    phone: Mapped[str | None] = mapped_column(String(30))  # a public number
    closed_on: Mapped[date | None]


class OfficeService(Row, Model):
    """An office answers referrals of one service for the children who live in one area."""

    __tablename__ = "office_service"
    __table_args__ = (Index("uq_office_service_area_code_service", "area_code", "service", unique=True),)

    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"), index=True)
    service: Mapped[str] = mapped_column(String(24))
    area_code: Mapped[str] = mapped_column(String(12), ForeignKey("area.code"))
