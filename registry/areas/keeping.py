"""Writing the places of an installation: its offices, which serves what where, the blocks of a community.

Whoever calls these has asked whether the area is theirs, and records what was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from registry.areas import queries
from registry.areas.models import Area, Block, Office, OfficeService
from registry.database import db

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID


class NameTakenError(ValueError):
    """Another open office or block of the same place has this name."""


class BlockUsedError(ValueError):
    """Families live in the block: it can be closed, not removed."""


class AssignedMeanwhileError(ValueError):
    """Somebody else has assigned the service in the meantime."""


@dataclass(frozen=True)
class OfficeParticulars:
    """What an office is: `area_code` 12 digits, `side` receiving, sending or None, `phone` a public number."""

    kind: str
    name_zh: str
    name_en: str
    area_code: str
    side: str | None
    phone: str | None


def hold(area_code: str) -> None:
    """Let others who change things of the same area wait until this transaction ends: what no index keeps apart."""
    db.session.execute(select(Area.code).where(Area.code == area_code).with_for_update())


def add_office(what: OfficeParticulars) -> Office:
    """Make an office. Raises NameTakenError."""
    _check_office_name(what, None)
    office = Office(**vars(what))
    db.session.add(office)
    return office


def change_office(office: Office, what: OfficeParticulars) -> list[str]:
    """Change an office and return which of its particulars changed. Raises NameTakenError."""
    _check_office_name(what, office.id)
    changed = [name for name, value in vars(what).items() if getattr(office, name) != value]
    for name in changed:
        setattr(office, name, getattr(what, name))
    office.version += bool(changed)
    return changed


def hand_services(office: Office, successor_id: UUID) -> None:
    """Let a successor answer for all that an office serves."""
    served = update(OfficeService).where(OfficeService.office_id == office.id)
    db.session.execute(served.values(office_id=successor_id))


def close_office(office: Office, on: date) -> None:
    """Close an office, which serves nothing any more."""
    office.closed_on = on
    office.version += 1


def assign(service: str, area_code: str, office_id: UUID | None, before: UUID | None) -> None:
    """Let an office answer a service in a 12-digit area; None leaves it to whoever serves the wider area.

    `before` is who did when the page was read. Raises AssignedMeanwhileError where that is no longer so, also
    when two do it at the same moment.
    """
    which = select(OfficeService).where(OfficeService.area_code == area_code, OfficeService.service == service)
    row = db.session.scalars(which.with_for_update()).one_or_none()
    if (row.office_id if row else None) != before:
        raise AssignedMeanwhileError
    if row is None and office_id is not None:
        try:
            with db.session.begin_nested():
                db.session.add(OfficeService(office_id=office_id, service=service, area_code=area_code))
        except IntegrityError as error:
            raise AssignedMeanwhileError from error
    elif row is not None and office_id is not None:
        row.office_id = office_id
    elif row is not None:
        db.session.delete(row)


def add_block(area_code: str, name_zh: str, name_en: str) -> Block:
    """Make a block of a community, last in the order of walking. Raises NameTakenError."""
    _check_block_name(area_code, name_zh, None)
    last = db.session.scalar(select(func.max(Block.position)).where(Block.area_code == area_code)) or 0
    block = Block(area_code=area_code, name_zh=name_zh, name_en=name_en, position=last + 1)
    db.session.add(block)
    return block


def rename_block(block: Block, name_zh: str, name_en: str) -> None:
    """Give a block another name. Raises NameTakenError."""
    _check_block_name(block.area_code, name_zh, block.id)
    block.name_zh, block.name_en = name_zh, name_en
    block.version += 1


def move_block(block: Block, *, up: bool) -> None:
    """Put a block one place earlier or later in the order of walking; at the end of it nothing changes.

    Its version counts the moves too, so that the second click of a double click is told from a second wish.
    """
    hold(block.area_code)
    order = queries.blocks_of(block.area_code)
    place = next((number for number, each in enumerate(order) if each.id == block.id), None)
    if place is None:
        return
    other = place - 1 if up else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
        block.version += 1
    for number, each in enumerate(order, start=1):
        each.position = number


def close_block(block: Block, on: date) -> None:
    """Offer a block no more; the families in it keep it."""
    if block.closed_on is None:
        block.closed_on, block.version = on, block.version + 1


def reopen_block(block: Block) -> None:
    """Offer a closed block again. Raises NameTakenError where another one has its name by now."""
    if block.closed_on is not None:
        _check_block_name(block.area_code, block.name_zh, block.id)
        block.closed_on, block.version = None, block.version + 1


def remove_block(block: Block) -> None:
    """Remove a block that nobody ever lived in. Raises BlockUsedError."""
    try:
        with db.session.begin_nested():
            db.session.delete(block)
    except IntegrityError as error:  # the families' rows hold it: their foreign keys say so, whenever they came
        raise BlockUsedError from error


def _check_office_name(what: OfficeParticulars, own: UUID | None) -> None:
    hold(what.area_code)
    same = select(Office.id).where(Office.area_code == what.area_code, Office.name_zh == what.name_zh)
    found = db.session.scalars(same.where(Office.closed_on.is_(None), Office.kind == what.kind)).all()
    if any(office_id != own for office_id in found):
        raise NameTakenError


def _check_block_name(area_code: str, name_zh: str, own: UUID | None) -> None:
    hold(area_code)
    if any(each.name_zh == name_zh and each.id != own for each in queries.blocks_of(area_code)):
        raise NameTakenError
