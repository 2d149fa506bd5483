"""What the arriving intake starts from: as much of an accepted child's file as the new place needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.children.facts import birth_of
from registry.children.queries import children_for_service, present_schooling
from sop.identity import mask_id_number

if TYPE_CHECKING:
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child, Guardianship
    from sop.identity import BirthDate


@dataclass(frozen=True)
class KnownGuardian:
    """A guardian at the place that the child leaves. Where they live is not told."""

    name: str | None
    name_answer: str
    relation: str
    phone: str | None
    phone_answer: str


@dataclass(frozen=True)
class Known:
    """A child as its file knows it. `id_number` is masked, None where `id_number_answer` says why.

    `hukou_code`: 12 digits. `ethnic`, `certificate`, `school`: codes of their lists.
    """

    child_id: UUID
    name: str
    birth: BirthDate
    sex: str
    id_number: str | None
    id_number_answer: str
    ethnic: str | None
    hukou_code: str | None
    hukou_answer: str
    certificate: str
    school: str | None
    guardians: tuple[KnownGuardian, ...]


def known(viewer: Viewer, child_id: UUID) -> Known:
    """Open what the arriving intake starts from; whoever calls has checked that the child was accepted."""
    child = children_for_service([child_id])[child_id]
    number, spell = child.id_number.open(viewer), present_schooling(child)
    return Known(
        child_id=child.id,
        name=child.name.open(viewer) or "",
        birth=birth_of(child, viewer),
        sex=child.sex,
        id_number=mask_id_number(number) if number else None,
        id_number_answer=child.id_number_answer,
        ethnic=child.ethnic.open(viewer),
        hukou_code=child.hukou.open(viewer),
        hukou_answer=child.hukou_answer,
        certificate=child.certificate,
        school=spell.stage if spell else None,
        guardians=_guardians(viewer, child),
    )


def _guardians(viewer: Viewer, child: Child) -> tuple[KnownGuardian, ...]:
    return tuple(_guardian(viewer, each) for each in child.guardianships if each.ended_month is None)


def _guardian(viewer: Viewer, held: Guardianship) -> KnownGuardian:
    adult = held.guardian
    return KnownGuardian(
        name=adult.name.open(viewer),
        name_answer=adult.name_answer,
        relation=held.relation,
        phone=adult.phone.open(viewer),
        phone_answer=adult.phone_answer,
    )
