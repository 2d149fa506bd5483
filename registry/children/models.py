"""Tables of a child's file: identity, episodes, guardianships, schooling, and kept searches."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import date, datetime  # noqa: TC003
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.database import Model, Row, Versioned
from registry.vault.codecs import BIRTH, JSON
from registry.vault.sealed import Sealed
from sop.eligibility import FLAGS

if TYPE_CHECKING:
    from registry.areas.models import Block
    from registry.households.models import Guardian, Household
    from registry.referrals.models import Referral


class Child(Row, Versioned, Model):
    """A child: the one long-lived thing, which episodes, schooling and referrals belong to."""

    __tablename__ = "child"

    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    name = Sealed("child", "name")
    pinyin_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    pinyin = Sealed("child", "pinyin")
    birth_date_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    birth_date = Sealed("child", "birth_date", codec=BIRTH)
    birth_year: Mapped[int]
    birth_month: Mapped[int]
    sex: Mapped[str] = mapped_column(String(1))
    ethnic_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    ethnic = Sealed("child", "ethnic")
    id_number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    id_number = Sealed("child", "id_number")
    id_number_answer: Mapped[str] = mapped_column(String(8))  # given, later, none, refused
    hukou_county: Mapped[str | None] = mapped_column(String(12))
    hukou_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # as exact as it was told: county or township
    hukou = Sealed("child", "hukou")
    hukou_answer: Mapped[str] = mapped_column(String(8))  # given, unknown, refused
    certificate: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(12), default="registered")  # aged_out, deceased, merged
    merged_into: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("child.id"))
    protected: Mapped[bool] = mapped_column(default=False)
    protected_registrar_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))  # who else may see it
    registered_at: Mapped[datetime]
    registered_by_office: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    sop_version: Mapped[str] = mapped_column(String(10))

    episodes: Mapped[list[Episode]] = relationship(back_populates="child", order_by="Episode.id.desc()")
    guardianships: Mapped[list[Guardianship]] = relationship(back_populates="child", order_by="Guardianship.id")
    schooling: Mapped[list[Schooling]] = relationship(back_populates="child", order_by="Schooling.id.desc()")
    referrals: Mapped[list[Referral]] = relationship(back_populates="child", order_by="Referral.id.desc()")


class Episode(Row, Versioned, Model):
    """One child on the register of one area, from–to. The days are sealed, their months plain."""

    __tablename__ = "episode"
    __table_args__ = (
        Index("ix_episode_area_code_status", "area_code", "status"),
        Index(
            "uq_episode_present",
            "child_id",
            unique=True,
            sqlite_where=text("left_month IS NULL"),
            postgresql_where=text("left_month IS NULL"),
        ),
    )

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    household_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("household.id"), index=True)
    area_code: Mapped[str] = mapped_column(String(12), ForeignKey("area.code"))
    block_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("block.id"))
    side: Mapped[str] = mapped_column(String(10))  # receiving or sending: by which quick form
    status: Mapped[str] = mapped_column(String(12))
    migrant_monitoring: Mapped[bool] = mapped_column(default=False)
    migrant_statistical: Mapped[bool] = mapped_column(default=False)
    left_behind: Mapped[bool] = mapped_column(default=False)
    unaccompanied: Mapped[bool] = mapped_column(default=False)
    provisional: Mapped[bool] = mapped_column(default=False)
    changes_month: Mapped[str | None] = mapped_column(String(7))  # when time alone changes the flags
    arrived_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    arrived = Sealed("episode", "arrived", codec=BIRTH)
    arrived_month: Mapped[str | None] = mapped_column(String(7))
    left_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    left = Sealed("episode", "left", codec=BIRTH)
    left_month: Mapped[str | None] = mapped_column(String(7))
    circumstances_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    circumstances = Sealed("episode", "circumstances", codec=JSON)  # who is away, who cares: answers of the form
    registered_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(16))
    sop_version: Mapped[str] = mapped_column(String(10))

    child: Mapped[Child] = relationship(back_populates="episodes")
    household: Mapped[Household] = relationship(back_populates="episodes")
    block: Mapped[Block | None] = relationship()

    @property
    def flags(self) -> list[str]:
        """The codes of the flags as they are shown, in the order of the list `flag`."""
        held = [flag for flag in FLAGS if getattr(self, flag)]
        waits = self.provisional and self.changes_month is None
        return [*held[:-1], "unsettled"] if waits else held


class Guardianship(Row, Model):
    """What a guardian is to a child: relation by GB/T 4761, as seen from the child."""

    __tablename__ = "guardianship"
    __table_args__ = (Index("uq_guardianship_child_id_guardian_id", "child_id", "guardian_id", unique=True),)

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    guardian_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("guardian.id"), index=True)
    relation: Mapped[str] = mapped_column(String(8))

    child: Mapped[Child] = relationship(back_populates="guardianships")
    guardian: Mapped[Guardian] = relationship()


class Schooling(Row, Model):
    """One spell of schooling, as told by the family or answered by an office."""

    __tablename__ = "schooling"

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    stage: Mapped[str] = mapped_column(String(12))  # the school answer
    kind_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # a special school speaks of disability
    kind = Sealed("schooling", "kind")
    school_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    school = Sealed("schooling", "school")
    from_month: Mapped[str] = mapped_column(String(7))
    to_month: Mapped[str | None] = mapped_column(String(7))
    told_by: Mapped[str] = mapped_column(String(10))  # guardian or office

    child: Mapped[Child] = relationship(back_populates="schooling")


class Search(Row, Model):
    """What somebody looks for, sealed under an opaque id, so that no address of a page holds it."""

    __tablename__ = "search"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    term_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    term = Sealed("search", "term")
    made_at: Mapped[datetime] = mapped_column(index=True)
