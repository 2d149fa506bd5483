"""Children as this room reads them, by way of the relationship that leads there: plain rows, many at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import and_, or_, select, true

from registry.database import db
from registry.doses.models import Dose, Immunisation
from sop.identity import BirthDate
from sop.immunisation import Given
from sop.immunisation.standing import NOT_RECORDED
from sop.status import ChildStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from registry.vault.sealed import Opener

COUNTING: Final = ("certificate", "clinic")  # sources of doses that count; a guardian's word is only kept


class Reckoned(NamedTuple):
    """What of a child decides how it stands, apart from its doses."""

    id: UUID
    birth: BirthDate
    sex: str
    certificate: str
    merged: bool = False


def children() -> Any:  # noqa: ANN401 -- a mapped class that its own room alone may name
    """Return the table of children."""
    return Dose.child.property.mapper.class_


def to_reckon(reader: Opener, after: UUID | None, most: int) -> list[Reckoned]:
    """Return the next children of the nightly round: who died or grew up is not reckoned.

    A merged file is among them once, as long as something is still said of it beside the kept one.
    """
    child = children()
    rest = child.id > after if after else true()
    said = select(Immunisation.id).where(Immunisation.child_id == child.id, Immunisation.state != NOT_RECORDED)
    left_over = and_(child.merged_into.is_not(None), said.exists())
    return _read(reader, select(*_columns()).where(or_(_present(), left_over), rest).order_by(child.id).limit(most))


def those(reader: Opener, child_ids: Iterable[UUID]) -> list[Reckoned]:
    """Return these children, of those that are reckoned at all, as `to_reckon` does."""
    child = children()
    return _read(reader, select(*_columns()).where(_present(), child.id.in_(set(child_ids))).order_by(child.id))


def _present() -> Any:  # noqa: ANN401 -- a condition on a table without a name here
    child = children()
    return and_(child.status == ChildStatus.REGISTERED, child.merged_into.is_(None))


def _columns() -> tuple[Any, ...]:
    child = children()
    born = child.birth_date_sealed, child.birth_year, child.birth_month
    return (child.id, *born, child.sex, child.certificate, child.merged_into)


def _read(reader: Opener, wanted: Any) -> list[Reckoned]:  # noqa: ANN401 -- of a table without a name here
    rows = db.session.execute(wanted).all()
    sealed = [(row.id.bytes, row.birth_date_sealed) for row in rows if row.birth_date_sealed is not None]
    births = children().birth_date.open_each(sealed, reader)
    return [
        Reckoned(
            row.id,
            BirthDate(row.birth_year, row.birth_month) if row.birth_date_sealed is None else next(births),
            row.sex,
            row.certificate,
            row.merged_into is not None,
        )
        for row in rows
    ]


def counting_doses(reader: Opener, files: dict[UUID, UUID]) -> dict[UUID, list[Given]]:
    """Return by kept file the doses that count, of all its files, unordered. One statement.

    `files` is from `merging.files_of`. What was withdrawn, and a guardian's word, are left out.
    """
    counts = Dose.child_id.in_(files), Dose.withdrawn_at.is_(None), Dose.source.in_(COUNTING)
    # Read plainly: a row is one of ten thousand in a batch.
    rows = db.session.execute(select(Dose.id, Dose.child_id, Dose.vaccine, Dose.day_sealed).where(*counts)).all()
    days = Dose.day.open_each([(row[0].bytes, row[3] or b"") for row in rows], reader)
    found: dict[UUID, list[Given]] = {}
    for (_id, child_id, vaccine, _sealed), day in zip(rows, days, strict=True):
        found.setdefault(files[child_id], []).append(Given(vaccine, day))
    return found
