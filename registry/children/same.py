"""Is a child at the door on file already? Exact hits before anything is saved, and files that are much alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from registry.children import elsewhere, queries, service
from registry.children.facts import birth_of
from registry.children.models import Child, Episode
from registry.database import db
from registry.vault import service as vault
from sop.identity import is_placeholder, normalise_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.queries import Kept
    from registry.vault.service import IndexKind
    from sop.identity import BirthDate

SAME_BIRTH = "same_birth"
UNNAMED = "-"  # no name: a child without one is held by its birth date alone


@dataclass(frozen=True)
class Particulars:
    """What a child is known by before it is registered: `number` and `phones` as `NewChild` and `Place` hold them."""

    name: str
    birth: BirthDate
    number: str | None
    phones: tuple[str, ...]

    @property
    def name_and_birth(self) -> tuple[str, str] | None:
        """What the index of names with birth dates holds; None for a placeholder, which names nobody."""
        name = normalise_name(self.name)
        return None if is_placeholder(name) else (name, self.birth.iso)

    @property
    def identity(self) -> tuple[str, str, str] | None:
        """What the index of numbers with name and birth date holds."""
        return None if self.number is None else (self.number, normalise_name(self.name), self.birth.iso)


class Hit(NamedTuple):
    """The file that a child has for certain. `by_number`: by its ID number, which leaves no room for a second one."""

    child_id: UUID
    by_number: bool


class Alike(NamedTuple):
    """Another file that may be the same child's, and why."""

    file: Kept
    reason: str


def hold(those: Iterable[Particulars]) -> None:
    """Keep whoever else registers one of these children waiting until this transaction ends.

    Everybody holds numbers first and names after them, each in the same order: two workers at the same siblings
    queue up and do not lock each other out. All who have no name yet and one birth date count as one child.
    """
    children = list(those)
    service.hold_numbers(child.number for child in children)
    vault.hold_each(
        db.session(), "name_birth", (child.name_and_birth or (UNNAMED, child.birth.iso) for child in children)
    )


def on_file(viewer: Viewer, child: Particulars, besides: Collection[UUID] = ()) -> Hit | None:
    """Return the file that the child has for certain, the viewer's own before any other; None where there is none.

    For certain: the same name and birth date, with the same ID number or one guardian's phone. A merged file
    answers as the one it was merged into. One that is not told of to another area (protected, withdrawn, deceased)
    answers as if it were not there, except to those who may see it. `besides`: files of which somebody said that
    they are another child's, which only the ID number contradicts.
    """
    return on_file_each(viewer, [child], besides)[0]


def on_file_each(viewer: Viewer, those: Sequence[Particulars], besides: Collection[UUID] = ()) -> list[Hit | None]:
    """Return for each of these children what `on_file` does, in a constant number of queries."""
    session = db.session()
    numbers = vault.find_each(session, "identity", filter(None, (child.identity for child in those)))
    names = vault.find_each(session, "name_birth", filter(None, (child.name_and_birth for child in those)))
    phones = vault.find_each(session, "phone", {(each,) for child in those for each in child.phones}) if names else {}
    found = []
    for child in those:
        named = set(names.get(child.name_and_birth or (), ()))
        reached = {each for phone in child.phones for each in phones.get((phone,), ())}
        found.append((set(numbers.get(child.identity or (), ())), named & reached))
    return _certain(viewer, found, set(besides))


def _certain(viewer: Viewer, found: list[tuple[set[UUID], set[UUID]]], besides: set[UUID]) -> list[Hit | None]:
    """Choose among the files of each child: those found by its number, and those by its name and a phone."""
    kept = queries.kept_by_id({each for by_number, by_name in found for each in by_number | by_name})
    files = {file.id for file in kept.values()}
    seen = queries.seen_among(viewer, files) if files else set()
    told = seen | (elsewhere.told_among(files - seen) if files - seen else set())
    hits: list[Hit | None] = []
    for by_number, by_name in found:
        numbered = {kept[each].id for each in by_number if each in kept}
        named = {kept[each].id for each in by_name if each in kept} - besides
        shown = [Hit(each, each in numbered) for each in sorted((numbered | named) & told)]
        hits.append(min(shown, key=lambda hit: (not hit.by_number, hit.child_id not in seen), default=None))
    return hits


def hidden(viewer: Viewer, child: Particulars) -> set[UUID]:
    """Return the protected files that are the child's for certain and not the viewer's to see."""
    files = queries.kept_files(_holders("identity", child.identity) | _by_name(child))
    protected = {file.id for file in files if file.protected}
    return protected - queries.seen_among(viewer, protected)


def alike(child: Particulars, besides: Collection[UUID]) -> list[Alike]:
    """Return the files that may be the same child's, which somebody has to look at; not those named in `besides`.

    Knows nothing of scope, and tells of protected files: whoever calls puts the pairs before those who may see them.
    """
    ids = _holders("name_birth", child.name_and_birth)
    found = {file.id: Alike(file, SAME_BIRTH) for file in queries.kept_files(ids - set(besides))}
    return [found[each] for each in sorted(found.keys() - set(besides))]


def own_alike(viewer: Viewer, child: Particulars) -> UUID | None:
    """Return a file of the viewer's own with the same name and birth date, unless its ID number tells the two apart."""
    seen = queries.seen_among(viewer, [each.file.id for each in alike(child, ())])
    if child.number is not None:
        seen = queries.without_number(seen)
    return min(seen, default=None)


def of_one_birth(viewer: Viewer, area_code: str, birth: BirthDate, sex: str) -> dict[UUID, str]:
    """Return the files in a 12-digit area of children of one sex and birth date (or month), with their names.

    Files that are not the viewer's are left out unless another area may be told of them.
    """
    rows = select(Child).join(Child.episodes).where(Child.sex == sex, Child.merged_into.is_(None))
    rows = rows.where(Episode.area_code == area_code, Episode.latest, Episode.status.in_(queries.ON_THE_REGISTER))
    rows = rows.where(Child.birth_year == birth.year, Child.birth_month == birth.month)
    files = {child.id: child for child in db.session.scalars(rows) if birth_of(child, viewer) == birth}
    seen = queries.seen_among(viewer, files) if files else set()
    hidden_ones = files.keys() - seen
    told = seen | (elsewhere.told_among(set(hidden_ones)) if hidden_ones else set())
    return {each: files[each].name.open(viewer) or "" for each in sorted(told)}


def with_document(document: tuple[str, str], besides: UUID) -> tuple[Kept, ...]:
    """Return the files that hold a document, but for one: code of the list `document`, and number.

    The number is as `sop.identity.normalise_document` returns it. Knows nothing of scope, as `alike`.
    """
    files = queries.kept_files(_holders("document", document))
    return tuple(file for file in files if file.id != besides)


def _by_name(child: Particulars) -> set[UUID]:
    """The same name and birth date, with one guardian's phone."""
    named = _holders("name_birth", child.name_and_birth)
    return named & set().union(*(_holders("phone", (each,)) for each in child.phones)) if named else set()


def _holders(kind: IndexKind, values: tuple[str, ...] | None) -> set[UUID]:
    return set(vault.find_children(db.session(), kind, *values)) if values else set()
