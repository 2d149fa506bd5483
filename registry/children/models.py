"""Tables of a child's file: identity, episodes, guardianships, schooling, answers, changes, and what is looked for."""

from __future__ import annotations

import uuid  # noqa: TC003
from datetime import date, datetime  # noqa: TC003
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, LargeBinary, String, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.database import Model, Row, Versioned
from registry.vault.codecs import BIRTH, JSON
from registry.vault.sealed import Sealed
from sop.eligibility import FLAGS
from sop.identity import BirthDate

if TYPE_CHECKING:
    from registry.accounts.models import User
    from registry.areas.models import Block, Office
    from registry.households.models import Guardian, Household
    from registry.referrals.models import Referral


def few(name: str, column: str, condition: str, on_sqlite: str | None = None) -> Index:
    """Return an index of those rows only for which a condition holds; `on_sqlite`: the same, where it is written so."""
    return Index(name, column, postgresql_where=text(condition), sqlite_where=text(on_sqlite or condition))


PROTECTION = ("protected", "protected_registrar_id")


class Child(Row, Versioned, Model):
    """A child: the one long-lived thing, which episodes, schooling and referrals belong to."""

    __tablename__ = "child"
    __table_args__ = (
        # Few files are one of these, and the index holds no other.
        few("ix_child_merged_into", "merged_into", "merged_into IS NOT NULL"),
        few("ix_child_protected", "id", "protected", on_sqlite="protected = 1"),
        few("ix_child_deceased", "id", "status = 'deceased'"),
        # What lists and counts ask of a child; they would else read its whole row, most of which is sealed.
        Index("ix_child_plain", "id", "status", "merged_into", *PROTECTION, "sex", "birth_year", "birth_month"),
    )

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
    card_number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    card_number = Sealed("child", "card_number")  # for life
    certificate: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(12), default="registered")  # aged_out, deceased, merged
    merged_into: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("child.id"))
    protected: Mapped[bool] = mapped_column(default=False)
    protected_registrar_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))  # who else may see it
    registered_at: Mapped[datetime]
    registered_by_office: Mapped[uuid.UUID] = mapped_column(ForeignKey("office.id"))
    sop_version: Mapped[str] = mapped_column(String(10))

    episodes: Mapped[list[Episode]] = relationship(back_populates="child", order_by="Episode.id.desc()")
    guardianships: Mapped[list[Guardianship]] = relationship(  # those that hold; what has ended is history
        back_populates="child",
        order_by="Guardianship.id",
        primaryjoin="and_(Child.id == Guardianship.child_id, Guardianship.ended_month.is_(None))",
    )
    schooling: Mapped[list[Schooling]] = relationship(back_populates="child", order_by="Schooling.id.desc()")
    referrals: Mapped[list[Referral]] = relationship(back_populates="child", order_by="Referral.id.desc()")

    @property
    def birth_in_plain(self) -> BirthDate:
        """Year and month of birth: what stands in plain, and is enough for lists and grades."""
        return BirthDate(self.birth_year, self.birth_month)


class Episode(Row, Versioned, Model):
    """One child on the register of one area, from–to. The days are sealed, their months plain.

    The latest episode says whose file it is: also after the child left for nobody knows where, until it arrives
    somewhere else.
    """

    __tablename__ = "episode"
    __table_args__ = (
        Index("ix_episode_area_code", "area_code", "latest", "status", "child_id", "household_id"),
        Index(
            "uq_episode_latest",
            "child_id",
            unique=True,
            sqlite_where=text("latest"),
            postgresql_where=text("latest"),
        ),
    )

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    household_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("household.id"), index=True)
    area_code: Mapped[str] = mapped_column(String(12), ForeignKey("area.code"))
    block_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("block.id"))
    side: Mapped[str] = mapped_column(String(10))  # receiving or sending: by which quick form
    status: Mapped[str] = mapped_column(String(12))  # pending, active, left, not_found, withdrawn
    latest: Mapped[bool] = mapped_column(default=True, server_default=true())
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
    destination_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    destination = Sealed("episode", "destination", codec=JSON)  # where to, and why
    absence_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    absence = Sealed("episode", "absence", codec=JSON)  # a summer visit, which closes nothing
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
    """What an adult is to a child: relation by GB/T 4761 as seen from the child, and how far it cares for it."""

    __tablename__ = "guardianship"
    __table_args__ = (Index("uq_guardianship_child_id_guardian_id", "child_id", "guardian_id", unique=True),)

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    guardian_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("guardian.id"), index=True)
    relation: Mapped[str] = mapped_column(String(8))
    care: Mapped[str] = mapped_column(String(10), default="guardian", server_default="guardian")  # entrusted, actual
    ended_month: Mapped[str | None] = mapped_column(String(7))

    child: Mapped[Child] = relationship(back_populates="guardianships")
    guardian: Mapped[Guardian] = relationship()


class Schooling(Row, Model):
    """One spell of schooling, as told by the family or answered by an office."""

    __tablename__ = "schooling"
    __table_args__ = (Index("ix_schooling_child_id", "child_id", "to_month", "stage"),)

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
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
    filters_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    filters = Sealed("search", "filters", codec=JSON)
    made_at: Mapped[datetime] = mapped_column(index=True)


class ChildAnswer(Row, Versioned, Model):
    """The answer to a question of the full file, by the question's key in the procedure: {key: value}.

    All answers that say much about a child stand together in one row, whose name says nothing.
    """

    __tablename__ = "child_answer"
    __table_args__ = (Index("uq_child_answer_child_id_question", "child_id", "question", unique=True),)

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    question: Mapped[str] = mapped_column(String(32))
    value_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    value = Sealed("child_answer", "value", codec=JSON)
    to_come: Mapped[bool] = mapped_column(default=False, server_default=false())  # a paper was promised
    answered_on: Mapped[date]
    answered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    sop_version: Mapped[str] = mapped_column(String(10))


class HouseholdAnswer(Row, Versioned, Model):
    """The answer to one question of the full file that is the same for all children of a household."""

    __tablename__ = "household_answer"
    __table_args__ = (Index("uq_household_answer_household_id_question", "household_id", "question", unique=True),)

    household_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("household.id"))
    question: Mapped[str] = mapped_column(String(32))
    value_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    value = Sealed("household_answer", "value", codec=JSON)
    answered_on: Mapped[date]
    answered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    sop_version: Mapped[str] = mapped_column(String(10))


class Change(Row, Model):
    """One value that was changed: which, from what to what, by whom, when and why. Never changed itself."""

    __tablename__ = "child_change"

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"), index=True)
    at: Mapped[datetime]
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))  # None: time alone changed it
    office_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("office.id"))
    subject: Mapped[str] = mapped_column(String(16))  # child, episode, household, guardian, schooling, answer
    subject_id: Mapped[uuid.UUID]
    field: Mapped[str] = mapped_column(String(32))
    before_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    before = Sealed("child_change", "before", codec=JSON)
    after_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    after = Sealed("child_change", "after", codec=JSON)
    reason: Mapped[str] = mapped_column(String(24))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    note = Sealed("child_change", "note")
    approved_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    office: Mapped[Office | None] = relationship()
    approver: Mapped[User | None] = relationship(foreign_keys=[approved_by])


class LookUp(Row, Model):
    """One exact look-up beyond the own area: counted, so that there is a limit, and what it may show again."""

    __tablename__ = "look_up"
    __table_args__ = (Index("ix_look_up_user_id_at", "user_id", "at"),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(12))  # card, id_number, document, name, identity
    purpose: Mapped[str] = mapped_column(String(24))
    found: Mapped[int]  # how many files may be told of; of more than one, none is shown
    child_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("child.id"), index=True)
