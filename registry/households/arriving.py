"""Children of an intake who arrive by a transfer: what is known of them, and their arrival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from registry.access import outside_scope
from registry.children import fields, recording
from registry.children.display import answer
from registry.children.facts import birth_of
from registry.children.queries import children_for_service, present_episode, present_schooling
from registry.households.answers import Arriving, ChildAnswers
from registry.households.typed import count, remove
from registry.transfers import arrivals
from registry.transfers import service as transfers
from sop.identity import mask_id_number
from sop.referral import ForbiddenMove

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child
    from registry.children.service import Place
    from registry.households.classifying import Classified
    from registry.households.drafts import Draft
    from registry.households.typed import Typed


FORGOTTEN = "family_forgotten"


class TransferEndedError(Exception):
    """A child does not arrive any more: its transfer was withdrawn or returned, or it has arrived already."""


@dataclass(frozen=True)
class Expected:
    """A child who may arrive: its transfer, and its file as the sending area keeps it."""

    transfer_id: UUID
    child: Child


def expected(viewer: Viewer, transfer_ids: Sequence[UUID]) -> list[Expected]:
    """Return, in this order, the children of these transfers who are still expected in the viewer's area."""
    if not transfer_ids:
        return []
    rows = arrivals.expected(viewer, transfer_ids)
    files = children_for_service(row.child_id for row in rows)
    return [Expected(row.id, files[row.child_id]) for row in rows]


def arriving_together(viewer: Viewer, transfer_id: UUID) -> list[Expected]:
    """Return the child of a transfer, and the others of its old household who are expected in the same community.

    A transfer that does not wait for its child in the viewer's area is as if absent (404).
    """
    first = expected(viewer, [transfer_id])
    if not first:
        outside_scope()
    place = arrivals.expected(viewer, [transfer_id])[0].to_area
    others = [row.id for row in arrivals.expected_at(viewer, place) if row.id != transfer_id]
    home = present_episode(first[0].child).household_id
    return [*first, *(each for each in expected(viewer, others) if present_episode(each.child).household_id == home)]


def answers_of(viewer: Viewer, one: Expected, school: str, certificate: str) -> ChildAnswers:
    """Return what is known of a child who arrives, with the two answers that were confirmed or changed."""
    child = one.child
    return ChildAnswers(
        name=child.name.open(viewer) or "",
        id_number=child.id_number.open(viewer),
        id_answer=child.id_number_answer,
        read=None,
        id_fault=None,
        birth=birth_of(child, viewer),
        sex=child.sex,
        school=school,
        certificate=certificate,
        arriving=Arriving(
            transfer_id=one.transfer_id,
            child_id=child.id,
            hukou_code=child.hukou.open(viewer),
            hukou_answer=child.hukou_answer,
            ethnic=child.ethnic.open(viewer) or "",
            school=school_of(child),
            certificate=child.certificate,
        ),
    )


def school_of(child: Child) -> str:
    """Return the present answer about school on file, "" where nobody was asked."""
    present = present_schooling(child)
    return present.stage if present else ""


def known_facts(viewer: Viewer, child: Child) -> list[tuple[str, Any]]:
    """Return what is not asked again, as (label, value)."""
    number = child.id_number.open(viewer)
    return [
        (_("Sex"), answer("sex", child.sex)),
        (_("Date of birth"), fields.born(child, viewer)),
        (_("ID number"), mask_id_number(number) if number else fields.without_number(child)),
        (_("Place of hukou"), fields.hukou(child, viewer)),
        (_("Ethnic group"), answer("ethnic", child.ethnic.open(viewer))),
    ]


def family_typed(viewer: Viewer, child: Child) -> Typed:
    """Return what a household page holds of a child's family before anybody typed: guardians, hukou, ethnic group.

    No phone: who stands at the door may be the one from whom the other parent keeps the number.
    """
    typed: Typed = []
    present = [each for each in child.guardianships if each.ended_month is None]
    for number, each in enumerate(present):
        told = {"name": each.guardian.name.open(viewer), "relation": each.relation}
        typed += [(f"guardians-{number}-{name}", value or "") for name, value in told.items()]
    if child.hukou_county:
        typed.append(("hukou-found", child.hukou_county))
    return [*typed, ("ethnic", child.ethnic.open(viewer) or "unknown")]


def forget_family(viewer: Viewer, draft: Draft) -> None:
    """Leave out of a draft the adults of the old household of whom nothing was said here, once nobody arrives any more.

    The file may be protected since, or stays where it was. Who gave a phone, or declined to, was spoken with at the
    door and stays. It is done once, and kept with the next page that is sent.
    """
    typed = draft.typed("family")
    if not typed or not draft.arriving or FORGOTTEN in draft.kept or expected(viewer, draft.arriving):
        return
    told = {name.rsplit("-", 1)[0] for name, value in typed if value and name.endswith(("-phone", "-phone_answer"))}
    for number in reversed(range(count(typed, "guardians"))):
        if f"guardians-{number}" not in told:
            typed = remove(typed, "guardians", number)
    draft.kept = draft.kept | {"family": [list(pair) for pair in typed], FORGOTTEN: True}


def arrive(viewer: Viewer, each: Classified, place: Place, on: date) -> None:
    """Let a child arrive, and record the answers that have changed. Raises TransferEndedError."""
    child = each.child
    if child.arriving is None:
        raise ValueError("only a child with a transfer arrives")
    known = child.arriving
    try:
        transfers.arrive(viewer, known.transfer_id, place, each.classification, on)
    except ForbiddenMove as error:
        raise TransferEndedError from error
    if child.school and child.school != known.school:
        recording.record_schooling(viewer, known.child_id, child.school, None, None, on)
    if child.certificate and child.certificate != known.certificate:
        recording.record_certificate(viewer, known.child_id, child.certificate)
