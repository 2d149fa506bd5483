"""Tables of a household: where it lives, its guardians, the notice it was given, drafts, and who stays outside."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import date, datetime  # noqa: TC003
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.database import Model, Row, Versioned
from registry.vault.codecs import JSON
from registry.vault.sealed import Sealed

if TYPE_CHECKING:
    from registry.areas.models import Block
    from registry.children.models import Episode


class Household(Row, Versioned, Model):
    """A family at one place."""

    __tablename__ = "household"

    area_code: Mapped[str] = mapped_column(String(12), ForeignKey("area.code"), index=True)
    block_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("block.id"))
    address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    address = Sealed("household", "address")
    address_answer: Mapped[str] = mapped_column(String(8), default="given", server_default="given")
    registered_on: Mapped[date]
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    visited_on: Mapped[date | None]
    visit_due: Mapped[date | None] = mapped_column(index=True)
    sop_version: Mapped[str] = mapped_column(String(10))

    block: Mapped[Block | None] = relationship()
    guardians: Mapped[list[Guardian]] = relationship(back_populates="household", order_by="Guardian.position")
    notices: Mapped[list[NoticeGiven]] = relationship(back_populates="household", order_by="NoticeGiven.id")
    episodes: Mapped[list[Episode]] = relationship(back_populates="household", order_by="Episode.id")


class Guardian(Row, Versioned, Model):
    """An adult answerable for children of the household."""

    __tablename__ = "guardian"

    household_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("household.id"), index=True)
    position: Mapped[int]
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    name = Sealed("guardian", "name")
    name_answer: Mapped[str] = mapped_column(String(8), default="given", server_default="given")
    pinyin_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    pinyin = Sealed("guardian", "pinyin")
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone = Sealed("guardian", "phone")
    phone_answer: Mapped[str] = mapped_column(String(8), default="given", server_default="given")
    workplace_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    workplace = Sealed("guardian", "workplace")  # 12-digit area, of a parent who is away
    address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    address = Sealed("guardian", "address")  # of a carer who lives elsewhere
    lives_here: Mapped[bool]  # only when somebody said so
    lives_here_answer: Mapped[str] = mapped_column(String(8), default="yes", server_default="yes")

    household: Mapped[Household] = relationship(back_populates="guardians")


class NoticeGiven(Row, Model):
    """The notice to guardians: which version was explained to this household, by whom, and its answer."""

    __tablename__ = "notice_given"

    household_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("household.id"), index=True)
    notice_version: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(2))
    answer: Mapped[str] = mapped_column(String(12))
    given_at: Mapped[datetime]
    given_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))

    household: Mapped[Household] = relationship(back_populates="notices")


class IntakeDraft(Row, Model):
    """An intake on its way: what was sent page by page, sealed. Sent once, it names the household it became."""

    __tablename__ = "intake_draft"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    side: Mapped[str] = mapped_column(String(10))
    answers_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answers = Sealed("intake_draft", "answers", codec=JSON)
    household_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("household.id"))
    began_at: Mapped[datetime]
    kept_at: Mapped[datetime | None] = mapped_column(index=True)  # when a page was last sent
    sent_at: Mapped[datetime | None]


class OutsideTally(Row, Model):
    """How many children were met who fall outside every definition. They get a slip, not a file."""

    __tablename__ = "outside_tally"
    __table_args__ = (Index("uq_outside_tally_key", "month", "area_code", "sex", "age_band", "reason", unique=True),)

    month: Mapped[str] = mapped_column(String(7))
    area_code: Mapped[str] = mapped_column(String(12), ForeignKey("area.code"))
    sex: Mapped[str] = mapped_column(String(1))
    age_band: Mapped[str] = mapped_column(String(6))
    reason: Mapped[str] = mapped_column(String(40))
    children: Mapped[int]
