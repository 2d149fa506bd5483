"""Verbs of administration: what an administrator does with offices, services and blocks of the own area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.access import Role, outside_scope
from registry.accounts import fitting
from registry.accounts import queries as accounts
from registry.accounts.keeping import sign_out_office
from registry.administration import queries
from registry.areas import keeping
from registry.areas import queries as areas
from registry.areas.keeping import AssignedMeanwhileError, BlockUsedError, NameTakenError
from registry.areas.offices import areas_served, held_open
from registry.audit import service as audit
from registry.clock import today
from registry.referrals.waiting import pass_on, waiting_at
from sop.version import in_force

if TYPE_CHECKING:
    from uuid import UUID

    from registry.access import Viewer
    from registry.administration.queries import Hindrances
    from registry.areas.keeping import OfficeParticulars
    from registry.areas.models import Block, Office


class RefusedError(ValueError):
    """What was asked cannot be; `why` is a key of `forms.NOT_SO`, told at `field`."""

    def __init__(self, why: str, field: str) -> None:
        super().__init__(why)
        self.why, self.field = why, field


def make_office(viewer: Viewer, what: OfficeParticulars) -> Office:
    """Make an office in the own area. Raises RefusedError; the same one sent twice is told as taken."""
    _check_place(viewer, what)
    try:
        office = keeping.add_office(what)
    except NameTakenError as error:
        raise RefusedError("office_taken", "name_zh") from error
    audit.record("office_changed", viewer=viewer, office=office.id, act="made")
    return office


def change_office(viewer: Viewer, office_id: UUID, what: OfficeParticulars) -> None:
    """Change an office. With another area its people are signed out. Raises RefusedError; 404 elsewhere."""
    office = queries.office_of(viewer, office_id, lock=True)
    _check_place(viewer, what)
    if office.closed_on is not None:
        raise RefusedError("office_closed", "name_zh")
    if office.id == viewer.office_id and (what.kind, what.area_code) != (office.kind, office.area_code):
        raise RefusedError("own_office", "kind" if what.kind != office.kind else "area")
    if not all(fitting.fits(role, what.kind) for role in accounts.roles_in_use_at(office.id)):
        raise RefusedError("kind_people", "kind")
    if not all(what.kind in _kinds_for(service) for service, _area in areas_served(office.id)):
        raise RefusedError("kind_services", "kind")
    try:
        changed = keeping.change_office(office, what)
    except NameTakenError as error:
        raise RefusedError("office_taken", "name_zh") from error
    if "area_code" in changed:
        sign_out_office(office.id)
    for name in changed:
        audit.record("office_changed", viewer=viewer, office=office.id, act=name)


def close_office(viewer: Viewer, office_id: UUID, successor_id: UUID | None) -> int:
    """Close an office that nobody works at; a successor takes over what it serves, has to answer and follows.

    Where more waits than is passed on at once, the office stays open, serves nothing any more, and is asked for again:
    return how many are still to be passed on, 0 once it is closed. One that is closed stays as it is. Raises
    RefusedError; 404 elsewhere.
    """
    office = queries.office_of(viewer, office_id, lock=True)
    if office.closed_on is not None:
        return 0
    hindrances = queries.hindrances(office)
    if hindrances.accounts:
        raise RefusedError("people", "successor")
    if not hindrances.needs_successor:
        keeping.close_office(office, today())
    elif successor_id is None or successor_id not in {each.id for each in successors(viewer, office)}:
        raise RefusedError("successor", "successor")
    elif left := _taken_over(viewer, office, hindrances, successor_id):
        return left
    audit.record("office_changed", viewer=viewer, office=office.id, act="closed")
    return 0


def _taken_over(viewer: Viewer, office: Office, hindrances: Hindrances, successor_id: UUID) -> int:
    """Let a successor take over, and close the office once nothing is left; return how many are."""
    if not held_open([successor_id]):
        raise RefusedError("successor", "successor")
    keeping.hand_services(office, successor_id)
    for service, area in hindrances.served:
        audit.record("service_assigned", viewer=viewer, office=successor_id, service=service, area=area)
    left = hindrances.received + hindrances.sent - pass_on(viewer, office.id, successor_id, today())
    if not left:
        keeping.close_office(office, today())
    return left


def successors(viewer: Viewer, office: Office) -> list[Office]:
    """Return the open offices of the viewer's area that may take over all that this one answers for or follows."""
    waiting = waiting_at(office.id)
    served = {service for service, _area in areas_served(office.id)} | waiting.services
    kinds = [_kinds_for(service) for service in served] + ([fitting.KINDS[Role.REGISTRAR]] if waiting.sent else [])
    those = areas.open_offices(viewer.prefixes, frozenset.intersection(*kinds) if kinds else ())
    return [each for each in those if each.id != office.id and (not waiting.sent or _covers(each, office))]


def _covers(successor: Office, office: Office) -> bool:
    """Say whether registrars of a successor see the children of an office's area."""
    return office.area_code.startswith(areas.scope_prefixes(successor.area_code))


def candidates(viewer: Viewer, service: str) -> list[Office]:
    """Return the open offices of the viewer's area whose kind may answer a service."""
    return areas.open_offices(viewer.prefixes, _kinds_for(service))


def assign(viewer: Viewer, service: str, area_code: str, office_id: UUID | None, before: UUID | None) -> None:
    """Let an office answer a service in a division of the own area; None leaves it to the wider area's.

    `before`: who did when the page was read. New referrals follow at once, those sent stay where they are.
    Raises RefusedError; 404 for an area elsewhere.
    """
    queries.place_of(viewer, area_code)
    if office_id is not None and office_id not in {each.id for each in candidates(viewer, service)}:
        raise RefusedError("office", "office")
    if office_id == before:
        return
    try:
        keeping.assign(service, area_code, office_id, before)
    except AssignedMeanwhileError as error:
        raise RefusedError("meanwhile", "office") from error
    audit.record("service_assigned", viewer=viewer, office=office_id, service=service, area=area_code)


def add_block(viewer: Viewer, area_code: str, name_zh: str, name_en: str) -> None:
    """Add a block to a community of the own area. Raises RefusedError; 404 elsewhere."""
    queries.place_of(viewer, area_code)
    try:
        block = keeping.add_block(area_code, name_zh, name_en)
    except NameTakenError as error:
        raise RefusedError("block_taken", "name_zh") from error
    audit.record("block_changed", viewer=viewer, block=block.id, act="made")


def rename_block(viewer: Viewer, block_id: UUID, name_zh: str, name_en: str) -> Block:
    """Rename a block; the families in it follow. Raises RefusedError; 404 elsewhere."""
    block = queries.block_of(viewer, block_id, lock=True)
    if (block.name_zh, block.name_en) == (name_zh, name_en):
        return block
    try:
        keeping.rename_block(block, name_zh, name_en)
    except NameTakenError as error:
        raise RefusedError("block_taken", "name_zh") from error
    audit.record("block_changed", viewer=viewer, block=block.id, act="renamed")
    return block


def change_block(viewer: Viewer, block_id: UUID, act: str, seen: int) -> str:
    """Do one of up, down, close, reopen, remove with a block, and return its community's code.

    `seen`: the version of the block that the page showed. Raises RefusedError where it is another one by now, where
    families live in a block that is to be removed, or its name is another one's. What is closed or in use as wished
    stays as it is. Answers 404 for another act, and for a block elsewhere.
    """
    block = queries.block_of(viewer, block_id, lock=True)
    area_code, today_ = block.area_code, today()
    acts = {
        "up": lambda: keeping.move_block(block, up=True),
        "down": lambda: keeping.move_block(block, up=False),
        "close": lambda: keeping.close_block(block, today_),
        "reopen": lambda: keeping.reopen_block(block),
        "remove": lambda: keeping.remove_block(block),
    }
    if act not in acts:
        outside_scope()
    if act == ("close" if block.closed_on else "reopen"):
        return area_code
    if seen != block.version:
        raise RefusedError("block_meanwhile", area_code)
    try:
        acts[act]()
    except BlockUsedError as error:
        raise RefusedError("block_used", area_code) from error
    except NameTakenError as error:
        raise RefusedError("block_taken", area_code) from error
    audit.record("block_changed", viewer=viewer, block=block_id, act=act)
    return area_code


def _check_place(viewer: Viewer, what: OfficeParticulars) -> None:
    if not viewer.covers(what.area_code):
        raise RefusedError("area", "area")


def _kinds_for(service: str) -> frozenset[str]:
    known = in_force(today()).services.get(service)
    return frozenset(known.office_kinds) if known else frozenset()
