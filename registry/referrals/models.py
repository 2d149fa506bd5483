"""Tables of referrals: the referral, and every move made with it."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import date, datetime  # noqa: TC003
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.database import Model, Row, Versioned
from registry.vault.sealed import Sealed
from sop.referral import OPEN_STATES, State

if TYPE_CHECKING:
    from registry.areas.models import Office
    from registry.children.models import Child

OPEN = f"state IN ({', '.join(repr(state.value) for state in State if state in OPEN_STATES)})"


class Referral(Row, Versioned, Model):
    """One child, one service, one office that must answer by a date."""

    __tablename__ = "referral"
    __table_args__ = (
        Index(
            "uq_referral_open",
            "child_id",
            "service",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        # All that an office's queue asks of its rows before it shows fifty of them.
        Index("ix_referral_queue", "office_id", "state", "answer_by", "accept_by", "child_id", "id"),
        Index("ix_referral_area_code_state", "area_code", "state"),
    )

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    service: Mapped[str] = mapped_column(String(24))
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    from_office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"), index=True)
    area_code: Mapped[str] = mapped_column(String(12), ForeignKey("area.code"))
    state: Mapped[str] = mapped_column(String(12))
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # as `reasons.kept` makes them
    sent_on: Mapped[date | None]
    accept_by: Mapped[date | None]
    answer_by: Mapped[date | None]
    accepted_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    outcome_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # some speak of health or disability
    outcome = Sealed("referral", "outcome")  # the last one given, interim ones too
    outcome_kind: Mapped[str | None] = mapped_column(String(8))
    recall_on: Mapped[date | None]
    told_at: Mapped[datetime | None]  # when the family was told of the answer
    sop_version: Mapped[str] = mapped_column(String(10))

    child: Mapped[Child] = relationship(back_populates="referrals")
    office: Mapped[Office] = relationship(foreign_keys=[office_id], lazy="joined", innerjoin=True)
    from_office: Mapped[Office] = relationship(foreign_keys=[from_office_id])
    steps: Mapped[list[ReferralStep]] = relationship(back_populates="referral", order_by="ReferralStep.id")

    @property
    def is_open(self) -> bool:
        """Say whether anybody still has to do anything about it."""
        return self.state in OPEN_STATES


class ReferralStep(Row, Model):
    """One move: who, when, from which state to which, with which outcome and reason."""

    __tablename__ = "referral_step"

    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    at: Mapped[datetime]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    move: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12))  # after the move
    outcome_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    outcome = Sealed("referral_step", "outcome")
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    reason = Sealed("referral_step", "reason")
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    note = Sealed("referral_step", "note")

    referral: Mapped[Referral] = relationship(back_populates="steps")
