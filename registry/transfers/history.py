"""What a file and a transfer's page say of moves past: the ways a child went, every step, and the notes of a side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_babel import gettext as _

from registry.children.queries import ON_THE_REGISTER, present_episode
from registry.i18n import language
from registry.transfers.queries import of_child, sides_of
from registry.web.filters import joined, short_date
from sop.transfer import Move, Side, State

if TYPE_CHECKING:
    from uuid import UUID

    from registry.access import Viewer
    from registry.areas.models import Office
    from registry.children.models import Child
    from registry.transfers.models import Transfer, TransferStep

UNLISTED: Final = "unlisted"  # of the list transfer_return_reason


def office_name(office: Office | None) -> str:
    """Return the name of an office in the language of the page, "" for none."""
    return office.name(language()) if office else ""


def ways_of(child: Child) -> list[dict[str, str]]:
    """Return for the timeline of a file every move that was accepted, as title and line, the latest first."""
    return [
        {"title": f"{office_name(each.from_office)} → {office_name(each.to_office)}", "line": _dates(each)}
        for each in of_child(child.id)
        if each.accepted_on is not None
    ]


def _dates(transfer: Transfer) -> str:
    """Say in one line when a transfer was begun, accepted and ended."""
    begun = _("announced on %(day)s") if transfer.begun_by == Side.SENDING else _("claimed on %(day)s")
    said = [(begun, transfer.opened_on), (_("accepted on %(day)s"), transfer.accepted_on)]
    if transfer.state == State.ARRIVED:
        said.append((_("arrived on %(day)s"), transfer.ended_on))
    return str(joined(words % {"day": short_date(day)} for words, day in said))


def unlisted_there(child: Child) -> Office | None:
    """Return the office that found a child living there but in no definition, while the file waits for its keeper.

    The transfer was given back for that reason, nothing was begun since, and the child is on the register here.
    """
    last = next(iter(of_child(child.id)), None)
    if last is None or (last.state, last.reason) != (State.RETURNED, UNLISTED):
        return None
    there = child.status == "registered" and present_episode(child).status in ON_THE_REGISTER
    return last.to_office if there else None


def step_words(step: TransferStep) -> str:
    """Return what one step did; what nobody did, it did by itself."""
    if step.user_id is None:
        return str(_("Ended by itself"))
    words = {
        Move.ANNOUNCE: _("Announced"),
        Move.CLAIM: _("Claimed"),
        Move.ACCEPT: _("Accepted"),
        Move.RETURN_: _("Returned"),
        Move.WITHDRAW: _("Taken back"),
        Move.ARRIVE: _("Arrived"),
    }
    return str(words[Move(step.move)])


def notes_for(viewer: Viewer, transfer: Transfer) -> dict[UUID, str | None]:
    """Return the notes of the viewer's own side by the step's id: a note stays with the side that wrote it."""
    sides = {side.value for side in sides_of(viewer, transfer)}
    return {step.id: step.note.open(viewer) for step in transfer.steps if step.side in sides}
