"""Children of a ledger who have no name yet: known by their family, for their name tells them from nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.children import queries as children
from registry.children import same
from registry.database import db
from registry.households.from_ledger import shares_home
from registry.ledgers.known import AT_HOME, DOUBTFUL, Met
from registry.ledgers.models import LedgerRow
from registry.ledgers.places import PASSED_ON
from sop.identity import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID

    from registry.access import Viewer
    from registry.ledgers.told import Told


def met(viewer: Viewer, told: Told, besides: Collection[UUID], ledger_id: UUID | None) -> Met | None:
    """Return the file of a child without a name that a ledger of before brought; None for a child who has a name.

    That is a file without a name, of the same birth, sex and family. One that has got its name since may be a twin's,
    and so may any where the row tells nothing of the family: somebody must decide. `besides`: files of other rows;
    no row of one ledger, `ledger_id`, has the file of another one, so that twins are two.
    """
    family = told.family
    if told.particulars.name_and_birth is not None:
        return None
    files = same.of_one_birth(viewer, told.area_code, told.birth, told.new.sex)
    taken = set(besides) | _of_ledger(ledger_id, files)
    left = set(files) - taken
    left = children.without_number(left) if told.particulars.number else left
    homes = {each: shares_home(viewer, each, family) for each in sorted(left)}
    certain = [each for each, is_home in homes.items() if is_home and is_placeholder(files[each])]
    tells_nothing = not (family.guardian or family.phone or family.address)
    doubtful = [each for each, is_home in homes.items() if is_home or tells_nothing]
    if certain:
        return Met(certain[0], children.in_scope(viewer, certain[0]), AT_HOME)
    if not doubtful or told.belongs.why == PASSED_ON:
        return None
    return Met(doubtful[0], children.in_scope(viewer, doubtful[0]), DOUBTFUL)


def _of_ledger(ledger_id: UUID | None, files: Iterable[UUID]) -> set[UUID]:
    rows = select(LedgerRow.child_id).where(LedgerRow.ledger_id == ledger_id, LedgerRow.child_id.in_(list(files)))
    return {child_id for child_id in db.session.scalars(rows) if child_id} if ledger_id else set()
