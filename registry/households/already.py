"""Files that children of an intake already have. Of a file elsewhere nothing is shown: a family may see the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from registry.audit import service as audit
from registry.children import elsewhere, same
from registry.children import queries as children
from registry.households.answers import phones

if TYPE_CHECKING:
    from datetime import date

    from registry.access import Viewer
    from registry.children.same import Hit, Particulars
    from registry.households.answers import ChildAnswers, FamilyAnswers, Intake


PURPOSE = "intake"
DOOR = "households.children"  # the page that asks


@dataclass(frozen=True)
class Met:
    """A file that a child of an intake has for certain, as the draft keeps it. `by_number`: by its ID number.

    `look_up_id`: under which the viewer may read on the same day what a look-up shows of a file elsewhere.
    """

    child_id: UUID
    by_number: bool
    look_up_id: UUID | None = None


@dataclass(frozen=True)
class KnownFile:
    """The same as its page shows it: a link where the file is the viewer's to open, else a neutral sentence.

    `contestable`: the worker may say that it is another child's. `look_up_id`: as in `Met`, while it may be read.
    """

    child_id: UUID
    in_scope: bool
    contestable: bool
    look_up_id: UUID | None


def particulars(child: ChildAnswers, family: FamilyAnswers) -> Particulars:
    """Return what a child of an intake is looked for by."""
    return same.Particulars(child.name, child.birth, child.id_number, phones(family.guardians))


def met(viewer: Viewer, intake: Intake, apart: dict[int, UUID]) -> dict[int, Hit]:
    """Return by number of the child the files that there are for certain; one who arrives comes with its own.

    `apart`: by number of the child a file that the worker said to be another child's.
    """
    found: dict[int, Hit] = {}
    for number, child in enumerate(intake.children, 1):
        if child.arriving is not None:
            continue
        besides = [apart[number]] if number in apart else []
        hit = same.on_file(viewer, particulars(child, intake.family), besides)
        if hit is not None:
            found[number] = hit
    return found


def tell_of_protected(viewer: Viewer, intake: Intake) -> None:
    """Let the protection officer know of protected files that were met before anything is sent; nobody else is told."""
    new = [particulars(child, intake.family) for child in intake.children if child.arriving is None]
    met = set[UUID]().union(*(same.hidden(viewer, child) for child in new))
    elsewhere.tell_protection(viewer, met, "registration")


def looked_up(viewer: Viewer, hit: Hit, child: Particulars, on: date) -> Met | None:
    """Return a hit as a draft keeps it. A file elsewhere goes through the one door: counted, limited and recorded.

    Who has made as many look-ups as one person may is refused the answer, which is recorded: name, birth date and
    phone then tell nothing, and a second file is a pair for the supervisor. Only the ID number still tells that the
    child may be registered, since it cannot be registered twice.
    """
    if children.in_scope(viewer, hit.child_id):
        return Met(hit.child_id, hit.by_number)
    by: elsewhere.By = "identity" if hit.by_number else "name"
    for values in _asked(hit, child):
        try:
            look_up = elsewhere.ask(viewer, by, values, PURPOSE, on)
        except elsewhere.LookUpLimitError:
            audit.note("refused", viewer=viewer, endpoint=DOOR, why="limit")
            return Met(hit.child_id, hit.by_number) if hit.by_number else None
        answer = elsewhere.answered(viewer, look_up, on)
        if answer is not None and answer.found is not None:
            return Met(hit.child_id, hit.by_number, look_up)
    return Met(hit.child_id, hit.by_number)


def _asked(hit: Hit, child: Particulars) -> list[tuple[str, ...]]:
    if hit.by_number:
        return [child.identity] if child.identity else []
    return [(*child.name_and_birth, phone) for phone in child.phones] if child.name_and_birth else []


def files(viewer: Viewer, aside: dict[int, Met], on: date) -> dict[int, KnownFile]:
    """Return by number of the child the file that it has. Whoever shows them notes that they were shown."""
    if not aside:
        return {}
    own = children.seen_among(viewer, [each.child_id for each in aside.values()])
    return {number: _known(viewer, each, each.child_id in own, on) for number, each in aside.items()}


def _known(viewer: Viewer, each: Met, in_scope: bool, on: date) -> KnownFile:
    asked = None if in_scope or each.look_up_id is None else elsewhere.answered(viewer, each.look_up_id, on)
    look_up = each.look_up_id if asked and asked.found else None
    return KnownFile(each.child_id, in_scope, contestable=not each.by_number, look_up_id=look_up)
