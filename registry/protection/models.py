"""Tables of protection: risk assessments, reports of harm, and who asked to protect a file."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import date, datetime  # noqa: TC003
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.database import Model, Row, Versioned
from registry.vault.codecs import JSON
from registry.vault.sealed import Sealed

if TYPE_CHECKING:
    from registry.accounts.models import User
    from registry.areas.models import Office
    from registry.children.models import Child


class RiskAssessment(Row, Model):
    """What was judged of a child's care after a visit: kind of guardianship, assessment, key-care categories.

    There is a row for "no concern" too, and all rows are of a size: neither tells who is in key care.
    """

    __tablename__ = "risk_assessment"
    __table_args__ = (
        Index(
            "uq_risk_assessment_latest",
            "child_id",
            unique=True,
            sqlite_where=text("latest"),
            postgresql_where=text("latest"),
        ),
    )

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    latest: Mapped[bool] = mapped_column(default=True)
    answers_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answers = Sealed("risk_assessment", "answers", codec=JSON)
    sop_version: Mapped[str] = mapped_column(String(10))

    user: Mapped[User] = relationship()
    office: Mapped[Office] = relationship()


class HarmReport(Row, Versioned, Model):
    """A report of harm or suspected harm. Which child it concerns is sealed too: no column leads from the child."""

    __tablename__ = "harm_report"

    county: Mapped[str] = mapped_column(String(12), index=True)
    reporter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    made_at: Mapped[datetime]
    child_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    child = Sealed("harm_report", "child")
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    content = Sealed("harm_report", "content", codec=JSON)
    closed_at: Mapped[datetime | None]

    reporter: Mapped[User] = relationship()
    told: Mapped[list[HarmTold]] = relationship(back_populates="report", order_by="HarmTold.id")


class HarmTold(Row, Model):
    """One body that was told of a report of harm: public security, civil affairs or education."""

    __tablename__ = "harm_told"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("harm_report.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(24))
    told_at: Mapped[datetime]
    told_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    way_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    way = Sealed("harm_told", "way")

    report: Mapped[HarmReport] = relationship(back_populates="told")
    teller: Mapped[User] = relationship()


class ProtectionRequest(Row, Versioned, Model):
    """One protection officer asks to set or lift the protected mark; another confirms or refuses."""

    __tablename__ = "protection_request"
    __table_args__ = (
        Index(
            "uq_protection_request_open",
            "child_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    county: Mapped[str] = mapped_column(String(12), index=True)
    act: Mapped[str] = mapped_column(String(4))  # set, lift
    registrar_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))  # who else may see it
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    reason = Sealed("protection_request", "reason", codec=JSON)
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime]
    decision: Mapped[str | None] = mapped_column(String(10))  # confirmed, refused, withdrawn
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]

    child: Mapped[Child] = relationship()
    registrar: Mapped[User | None] = relationship(foreign_keys=[registrar_id])
    asker: Mapped[User] = relationship(foreign_keys=[asked_by])
    decider: Mapped[User | None] = relationship(foreign_keys=[decided_by])
