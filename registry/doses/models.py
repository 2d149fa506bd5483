"""Tables of doses: what was given, and how a child stands with its vaccines as far as lists may know it."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import date, datetime  # noqa: TC003
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.database import Model, Row, Versioned
from registry.vault.codecs import DAY
from registry.vault.sealed import Sealed

if TYPE_CHECKING:
    from registry.children.models import Child


class Dose(Row, Model):
    """One dose that somebody entered: which vaccine, on which sealed day, and where that is known from.

    Never changed: what was entered in error is withdrawn, and entered again.
    """

    __tablename__ = "dose"
    __table_args__ = (Index("ix_dose_child_id", "child_id", "withdrawn_at"),)

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    vaccine: Mapped[str] = mapped_column(String(16))  # a code of the schedule
    day_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    day = Sealed("dose", "day", codec=DAY)
    source: Mapped[str] = mapped_column(String(12))  # certificate, clinic, guardian: a guardian's word does not count
    office_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    entered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    entered_at: Mapped[datetime]
    withdrawn_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(String(16))  # a code of `dose_withdrawal_reason`
    sop_version: Mapped[str] = mapped_column(String(10))

    child: Mapped[Child] = relationship()


class Immunisation(Row, Versioned, Model):
    """How one child stands: the state over all courses, and the month in which something is due next.

    Reckoned after each entry and each night, and written only where it has changed: `reckoned_on` is the day since
    which it stands so. The day itself is known only after opening the doses. `version` counts who entered or withdrew.
    """

    __tablename__ = "immunisation"
    __table_args__ = (Index("ix_immunisation_state", "state", "due_month"),)

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), unique=True)
    # not_recorded: nobody entered the doses, or the file is merged; partly: some are entered and `whole` is false, so
    # that nothing is claimed; else overdue, due, not_yet, ask, complete: the most urgent of its courses
    state: Mapped[str] = mapped_column(String(12))
    due_month: Mapped[str | None] = mapped_column(String(7))  # of the earliest recommended dose
    whole: Mapped[bool] = mapped_column(default=False, server_default=false())  # all that the certificate shows is here
    # A dose is overdue for so long that the child is to be referred: see `sop.immunisation.standing`.
    long_overdue: Mapped[bool] = mapped_column(default=False, server_default=false())
    reckoned_on: Mapped[date]
    sop_version: Mapped[str] = mapped_column(String(10))


class CourseState(Row, Model):
    """How one course of a child stands, where it is neither complete nor not for this child."""

    __tablename__ = "course_state"
    __table_args__ = (
        Index("uq_course_state_child_id_course", "child_id", "course", unique=True),
        Index("ix_course_state_course_status", "course", "status", "due_month"),
    )

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    course: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(10))  # not_yet, due, overdue, aged_out, ask
    next_dose: Mapped[int | None]
    due_month: Mapped[str | None] = mapped_column(String(7))
