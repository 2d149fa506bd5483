"""Setting and lifting the protected mark of a file: the act itself, after two protection officers agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.children import merging
from registry.children.service import hold_numbers, index_entries
from registry.database import db
from registry.vault import service as vault
from registry.vault.errors import TokenTakenError

if TYPE_CHECKING:
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child


def protect(viewer: Viewer, child_id: UUID, registrar_id: UUID) -> None:
    """Protect a file, or name another registrar who sees it besides the protection officer.

    The files that were merged into it bear the mark too: what belongs to them stays with them and is read by it.
    Their identity is no longer held for themselves alone: a refusal to register the child again would tell that
    the file exists. Whoever calls has seen that this was asked and confirmed.
    """
    _mark(viewer, child_id, registrar_id)


def unprotect(viewer: Viewer, child_id: UUID) -> bool:
    """Lift the mark. Says whether the file holds its identity alone again: not when it was registered once more."""
    return _mark(viewer, child_id, None)


def _mark(viewer: Viewer, child_id: UUID, registrar_id: UUID | None) -> bool:
    """Set the mark with its registrar, or lift it (None), on all files of a child; says whether the kept one is alone.

    The kept file comes first: of two with the same identity it is the one to hold it.
    """
    files = sorted(_locked(child_id), key=lambda file: (file.id != child_id, file.id))
    hold_numbers(file.id_number.open(viewer) for file in files)
    alone = []
    for file in files:
        file.protected, file.protected_registrar_id = registrar_id is not None, registrar_id
        file.version += 1
        alone.append(_hold_identity(viewer, file, alone=registrar_id is None))
    return alone[0]


def _locked(child_id: UUID) -> list[Child]:
    """Hold a file and all that were merged into it, whoever merges or parts one in this very moment."""
    files: list[Child] = []
    wanted = {child_id, *merging.merged_into([child_id])}
    while {file.id for file in files} != wanted:
        files = merging.locked(wanted)
        wanted = {child_id, *merging.merged_into([child_id])}
    return files


def _hold_identity(viewer: Viewer, child: Child, *, alone: bool) -> bool:
    """Index the identity anew; says whether the file holds it alone, which another file may prevent."""
    number, birth = child.id_number.open(viewer), child.birth_date.open(viewer)
    if number is None or birth is None:
        return alone  # without a number nothing is the same
    session = db.session()
    entries = index_entries(child.name.open(viewer) or "", birth, number, ())
    values = next(entry.values for entry in entries if entry.kind == "identity")
    vault.forget_child_index(session, child.id, "identity")
    if not alone:
        vault.index_child(session, child.id, "identity", *values)
        return False
    try:
        with session.begin_nested():
            vault.index_child(session, child.id, "identity", *values, exclusive=True)
    except TokenTakenError:  # registered once more meanwhile: the pair is for the supervisor now
        vault.index_child(session, child.id, "identity", *values)
        return False
    return True
