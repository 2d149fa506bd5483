"""Opening the files of many children whom nobody has met before, in a few statements for all of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from registry.children import card_numbers, service
from registry.children.models import Episode
from registry.children.same import Particulars
from registry.children.service import NewChild, Place, Registered, index_entries
from registry.database import db
from registry.vault import service as vault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.vault.service import IndexKind
    from sop.eligibility import Classification

Key = tuple["IndexKind", tuple[str, ...]]


class Opening(NamedTuple):
    """A file to be opened. `status`: active or pending, where that is not for its completeness to say."""

    new: NewChild
    place: Place
    classification: Classification
    status: str | None = None

    @property
    def particulars(self) -> Particulars:
        """What the child is known by."""
        return Particulars(self.new.name, self.new.birth, self.new.id_number, self.place.phones)


def strangers(those: Sequence[Particulars]) -> list[bool]:
    """Say of each child that nothing on file, and nobody else among them, could be the same one.

    That is: nobody has its ID number, nor its name with its birth date. Whoever calls holds them (`same.hold`), so
    that it stays so until the transaction ends. Two queries, however many they are.
    """
    keys = [list(_keys(child)) for child in those]
    every = Counter(key for each in keys for key in each)
    met = {key for kind in ("id_number", "name_birth") for key in _held(kind, every)}
    return [all(every[key] == 1 and key not in met for key in each) for each in keys]


def register_strangers(viewer: Viewer, those: Sequence[Opening], on: date) -> list[Registered]:
    """Open a file for each of these children, as `service.register_child` does for one; answers are in their order.

    They are strangers, and held: `strangers` said so in this transaction. Call it inside `session.begin_nested()`: a
    card number that was drawn twice, once in thirty thousand million, raises the database's IntegrityError. Raises
    ValueError for a child outside every definition.
    """
    children, indexes = [], list[dict[str, object]]()
    for opening in those:
        if opening.classification.outside is not None:
            raise ValueError("a child outside every definition is not kept as a file")
        child = service.draw_up(viewer, opening.new, opening.place, opening.classification, on)
        child.episodes[0].status = opening.status or child.episodes[0].status
        child.card_number = number = card_numbers.draw(opening.place.area_code, on)
        children.append(child)
        indexes += _indexes(child.id, opening, number)
    db.session.add_all(children)
    db.session.flush()
    vault.index_each(db.session(), indexes)
    done = zip(children, those, strict=True)
    return [service.record_registered(viewer, child, each.classification, ()) for child, each in done]


def register_one(viewer: Viewer, opening: Opening, on: date) -> Registered:
    """Open a file as `service.register_child` does; its episode has the status that the opening names."""
    made = service.register_child(viewer, opening.new, opening.place, opening.classification, on)
    if opening.status is not None:
        db.session.get_one(Episode, made.episode_id).status = opening.status
    return made


def _keys(child: Particulars) -> Iterator[Key]:
    if child.number is not None:
        yield "id_number", (child.number,)
    if child.name_and_birth is not None:
        yield "name_birth", child.name_and_birth


def _held(kind: IndexKind, keys: Counter[Key]) -> Iterator[Key]:
    wanted = [values for each, values in keys if each == kind]
    yield from ((kind, values) for values in vault.find_each(db.session(), kind, wanted))


def _indexes(child_id: UUID, opening: Opening, card: str) -> Iterator[dict[str, object]]:
    new = opening.new
    for entry in index_entries(new.name, new.birth, new.id_number, opening.place.phones):
        yield from vault.index_rows(child_id, entry.kind, *entry.values, exclusive=entry.exclusive)
    yield from vault.index_rows(child_id, "card", card, exclusive=True)
