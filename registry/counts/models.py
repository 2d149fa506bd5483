"""Tables of counts: what was counted, rolled up over areas, and what each write has added or taken away since.

The database's own triggers (migration 0005) write the deltas, whoever writes the rows that are counted. No row of
these tables says who was counted, and none refers to another table.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, FetchedValue, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from registry.database import Model


class RolledUp:
    """A sum over one area: `digits` is the level (6 county, 9 town, 12 community), `area_code` padded to 12.

    A city without counties is divided by its towns at the level of counties, as in `areas.queries.district`.
    """

    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 -- as SQLAlchemy wants it; read in order of its key

    digits: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    area_code: Mapped[str] = mapped_column(String(12), primary_key=True)
    n: Mapped[int] = mapped_column(sort_order=1)


class Delta:
    """What one write added to a count, or took from it, and nobody has folded into the sums yet."""

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    area_code: Mapped[str] = mapped_column(String(12))
    n: Mapped[int] = mapped_column(sort_order=1)


class ChildTally(RolledUp, Model):
    """Children on the register of one area, of one sex and month of birth."""

    __tablename__ = "child_tally"

    sex: Mapped[str] = mapped_column(String(1), primary_key=True)
    birth_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    birth_month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class PopulationTally(RolledUp, Model):
    """Children on the register of one area, of one sex, in exactly these populations, by when they were counted.

    `month`: in which they came to be counted so (n may be negative: more ceased to be). The sum over all months is
    the present number, that up to a month what was known at its end.
    """

    __tablename__ = "population_tally"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    sex: Mapped[str] = mapped_column(String(1), primary_key=True)
    migrant_monitoring: Mapped[bool] = mapped_column(primary_key=True)
    migrant_statistical: Mapped[bool] = mapped_column(primary_key=True)
    left_behind: Mapped[bool] = mapped_column(primary_key=True)


class ChildTallyDelta(Delta, Model):
    """A child who came on the register of a community, left it, or is counted there as another kind of child."""

    __tablename__ = "child_tally_delta"

    month: Mapped[str] = mapped_column(String(7), server_default=FetchedValue())  # the present one
    sex: Mapped[str] = mapped_column(String(1))
    birth_year: Mapped[int]
    birth_month: Mapped[int]
    migrant_monitoring: Mapped[bool]
    migrant_statistical: Mapped[bool]
    left_behind: Mapped[bool]


class ReferralTally(RolledUp, Model):
    """Referrals of one area for one service, with one result: open, solved, unsolved."""

    __tablename__ = "referral_tally"

    service: Mapped[str] = mapped_column(String(24), primary_key=True)
    result: Mapped[str] = mapped_column(String(8), primary_key=True)


class ReferralTallyDelta(Delta, Model):
    """A referral that was sent, or whose result became another."""

    __tablename__ = "referral_tally_delta"

    service: Mapped[str] = mapped_column(String(24))
    result: Mapped[str] = mapped_column(String(8))
