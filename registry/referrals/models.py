"""Tables of referrals: the referral, every move made with it, what rules propose, and how offices perform."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import date, datetime  # noqa: TC003
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.database import Model, Row, Versioned
from registry.referrals.seen import Seen
from registry.vault import codecs
from registry.vault.sealed import Sealed
from sop.referral import OPEN_STATES, Deadlines, State

if TYPE_CHECKING:
    from registry.areas.models import Office
    from registry.children.models import Child

OPEN = f"state IN ({', '.join(repr(state.value) for state in State if state in OPEN_STATES)})"
REFER = "kind = 'refer'"
IN_PLAIN = "asked_token IS NULL"
HANDED_ON = "move = 'hand_on'"
DESK = ("office_id", "due_on", "id", "state", "child_id", "area_code", "entry_year", "service", "outcome_kind")
TOKEN_DESK = ("office_token", *DESK[1:])
AT_DESK = "office_id IS NOT NULL AND due_on IS NOT NULL"
# What stands for the service of a kind that says much about a child: which it is, is sealed.
CONFIDENTIAL = "confidential"
# Blocks are wide enough for whatever stands there, so that no length tells one confidential service from another.
OFFICE, SLIP = "office", "slip"  # of the list `answer_source`; what is answered, an office has told either way
CODE = codecs.padded(codecs.TEXT, 32)


def few(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index of those rows only for which a condition holds, on both engines."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class ServiceAsked:
    """A service that is asked for a child, and why. Of a confidential one only that it is one stands in plain.

    `registry.referrals.confidential` writes and reads these columns; `asked_token` is the blind index of child and
    service of a confidential one, so that nobody asks twice.
    """

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    service: Mapped[str] = mapped_column(String(24))  # a code of the procedure, or CONFIDENTIAL
    asked_token: Mapped[uuid.UUID | None]
    # As `reasons.kept` makes them; None where they are confidential.
    reasons: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    # {service, reasons, office, agreed_on, offered} of a confidential one.
    confidential_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    area_code: Mapped[str] = mapped_column(String(12), ForeignKey("area.code"))
    sop_version: Mapped[str] = mapped_column(String(10))


class Referral(ServiceAsked, Row, Versioned, Model):
    """One child, one service, one office that must answer by a date."""

    __tablename__ = "referral"
    __table_args__ = (
        few("uq_referral_open", "child_id", "service", unique=True, where=f"{OPEN} AND service <> '{CONFIDENTIAL}'"),
        few("uq_referral_asked_token", "asked_token", unique=True, where=f"{OPEN} AND asked_token IS NOT NULL"),
        # All that an office's list asks of its rows before it shows fifty of them, in the order of their limits.
        few("ix_referral_office_due", *DESK, where=AT_DESK),
        few("ix_referral_token_due", *TOKEN_DESK, where="office_token IS NOT NULL AND due_on IS NOT NULL"),
        # Its other orders; the places that it has something of.
        few("ix_referral_office_area", "office_id", "area_code", "id", where=AT_DESK),
        few("ix_referral_office_entry", "office_id", "entry_year", "id", where=AT_DESK),
        few("ix_referral_office_sent", "office_id", "sent_on", "id", where=AT_DESK),
        few("ix_referral_office_ended", "office_id", "id", where="office_id IS NOT NULL AND due_on IS NULL"),
        few("ix_referral_token_ended", "office_token", "id", where="office_token IS NOT NULL AND due_on IS NULL"),
        Index("ix_referral_from_office_id", "from_office_id", "id"),
        Index("ix_referral_area_code_state", "area_code", "state"),
        few("ix_referral_resend", "area_code", "resend_by", where="resend_by IS NOT NULL"),
        few("ix_referral_climbed", "climbed_to", "due_on", "id", where="climbed > 0"),
    )

    confidential = Sealed("referral", "confidential", codec=codecs.padded(codecs.JSON, 512))
    office_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"))  # of an ordinary service
    office_token: Mapped[uuid.UUID | None]  # the blind index by which the office finds a confidential one
    from_office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    state: Mapped[str] = mapped_column(String(12))
    sent_on: Mapped[date | None]
    accept_by: Mapped[date | None]
    answer_by: Mapped[date | None]
    due_on: Mapped[date | None]  # the one of the two that counts now; None where no office's clock runs
    resend_by: Mapped[date | None]  # while it is returned: by when its sender sends it again or takes it back
    accepted_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    climbed: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")  # 1 supervisor, 2 the level above
    climbed_to: Mapped[str | None] = mapped_column(String(12), ForeignKey("area.code"))  # whose supervisors chase it
    # When the child enters primary school, by the rules of its area.
    entry_year: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    outcome_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # some speak of health or disability
    outcome = Sealed("referral", "outcome", codec=CODE)  # the last one given, interim ones too
    outcome_kind: Mapped[str | None] = mapped_column(String(8))
    recall_on: Mapped[date | None]
    told_at: Mapped[datetime | None]  # when the family was told of the answer

    child: Mapped[Child] = relationship(back_populates="referrals")
    office: Mapped[Office | None] = relationship(
        foreign_keys=[office_id], lazy="joined"
    )  # see `confidential.office_of`
    from_office: Mapped[Office] = relationship(foreign_keys=[from_office_id])
    steps: Mapped[list[ReferralStep]] = relationship(back_populates="referral", order_by="ReferralStep.id")

    @property
    def seen(self) -> Seen:
        """What a page carries of it: which one, and at which version."""
        return Seen(self.id, self.version)

    @property
    def deadlines(self) -> Deadlines | None:
        """Its two limits; None before it is sent."""
        return Deadlines(self.accept_by, self.answer_by) if self.accept_by and self.answer_by else None

    @property
    def is_open(self) -> bool:
        """Say whether anybody still has to do anything about it."""
        return self.state in OPEN_STATES


class ReferralStep(Row, Model):
    """One move: who, when, from which state to which, with which outcome and reason."""

    __tablename__ = "referral_step"
    __table_args__ = (few("ix_referral_step_handed_on", "at", where=HANDED_ON),)

    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    at: Mapped[datetime]
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    move: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12))  # after the move
    outcome_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    outcome = Sealed("referral_step", "outcome", codec=CODE)
    source: Mapped[str] = mapped_column(String(6), default=OFFICE, server_default=OFFICE)  # of `answer_source`
    details_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # What an answer says further, or whom it went to; of a confidential service always something, if only {}.
    details = Sealed("referral_step", "details", codec=codecs.padded(codecs.JSON, 256))
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    reason = Sealed("referral_step", "reason", codec=CODE)
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    note = Sealed("referral_step", "note")

    referral: Mapped[Referral] = relationship(back_populates="steps")


class Proposal(ServiceAsked, Row, Versioned, Model):
    """What the rules propose for a child, until a registrar follows it or says why not; reckoned, never typed.

    `kind`: refer, or withdraw, which is to take back `referral` because the facts no longer justify it. `state`: open,
    or declined, which stands as long as the same facts give the same reasons.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        few("uq_proposal_child_id_service", "child_id", "service", unique=True, where=f"{REFER} AND {IN_PLAIN}"),
        few("uq_proposal_asked_token", "asked_token", unique=True, where=f"{REFER} AND asked_token IS NOT NULL"),
        few("uq_proposal_referral_id", "referral_id", unique=True, where="referral_id IS NOT NULL"),
        Index("ix_proposal_area_code", "area_code", "state", "child_id"),
    )

    confidential = Sealed("proposal", "confidential", codec=codecs.padded(codecs.JSON, 512))
    kind: Mapped[str] = mapped_column(String(8))
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"))
    state: Mapped[str] = mapped_column(String(8), default="open", server_default="open")
    made_on: Mapped[date]
    declined_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    declined_reason: Mapped[str | None] = mapped_column(String(12))  # of `decline_reason`

    child: Mapped[Child] = relationship()


class BulkReport(Row, Model):
    """What became of many referrals at once, sealed under an opaque id, so that its page can be read again."""

    __tablename__ = "bulk_report"

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), index=True)
    told_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    told = Sealed("bulk_report", "told", codec=codecs.JSON)  # as `answers.report` keeps it
    made_at: Mapped[datetime] = mapped_column(index=True)


class Performance(Row, Model):
    """How one office did in one month, for one service and the children of one town: counted in the nightly round.

    Numbers only, and sealed: where they are small, they and the plain columns of the referrals would tell outcomes.
    What is confidential is in one row for each office that may be asked for it, whether it was or not, without its
    outcomes: as the service stands CONFIDENTIAL, as the area the city, as the month nothing, all else is sealed.
    """

    __tablename__ = "performance"
    __table_args__ = (
        Index("uq_performance_office_id", "office_id", "service", "area_code", "month", unique=True),
        Index("ix_performance_area_code", "area_code", "month"),
    )

    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    service: Mapped[str] = mapped_column(String(24))
    area_code: Mapped[str] = mapped_column(String(12))  # the town, where there is one below the county
    month: Mapped[str] = mapped_column(String(7))
    counts_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    counts = Sealed("performance", "counts", codec=codecs.JSON)  # as `sop.performance` counts
