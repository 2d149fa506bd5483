"""Verbs of an intake: send it, which makes the household, its children's files and their referrals in one act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from registry.audit import service as audit
from registry.children import following, same
from registry.children import service as children
from registry.database import db
from registry.households import already, arriving, outside
from registry.households.already import Met, particulars
from registry.households.answers import phones
from registry.households.classifying import Classified, classified
from registry.households.models import Guardian, Household, NoticeGiven
from registry.matching.service import raise_for_new
from registry.names import romanise
from registry.referrals import service as referrals
from sop.version import in_force

if TYPE_CHECKING:
    from datetime import date

    from registry.access import Viewer
    from registry.households.answers import ChildAnswers, FamilyAnswers, GuardianAnswers, Intake
    from registry.households.drafts import Draft


class _AlreadyOnFileError(Exception):
    """Child `number` of the intake has a file, which another act made in this very second."""

    def __init__(self, number: int, child_id: UUID) -> None:
        self.number = number
        self.child_id = child_id
        super().__init__(number)


@dataclass(frozen=True)
class _Sending:
    """Who sends which intake when; `chosen` are the ticked proposals."""

    viewer: Viewer
    draft: Draft
    intake: Intake
    chosen: frozenset[str]
    on: date


def chosen_as(child: int | str, service_code: str) -> str:
    """Return how one proposal is named: the child, by its place (2-education) or its name, and the service."""
    return f"{child}-{service_code}"


def look_for_files(viewer: Viewer, draft: Draft, intake: Intake, on: date) -> bool:
    """Set aside the children of a draft who have a file for certain; say whether any was not set aside before."""
    known = draft.set_aside
    told = {
        number: already.looked_up(viewer, hit, particulars(intake.children[number - 1], intake.family), on)
        for number, hit in already.met(viewer, intake, draft.apart).items()
        if number not in known
    }
    new = {number: met for number, met in told.items() if met is not None}
    if new:
        draft.put_aside(new)
    return bool(new)


def send(viewer: Viewer, draft: Draft, intake: Intake, chosen: frozenset[str], on: date) -> bool:
    """Register the household with every child that belongs on the register, and send the chosen referrals.

    `draft` is the viewer's own, locked, and not yet sent; `chosen` as `chosen_as` writes them. Children who arrive
    by a transfer do so in the same act. Children outside every definition are counted. A child who already has a
    file is set aside: nothing is written but that, the answer is False, and the others can be sent next; so it is
    when a transfer has ended meanwhile. True when the draft has come to its end.
    """
    same.hold(particulars(child, intake.family) for child in intake.children)
    if look_for_files(viewer, draft, intake, on):
        return False
    sending = _Sending(viewer, draft, intake, chosen, on)
    left = [each for each in classified(intake, on) if each.number not in draft.set_aside]
    try:
        with db.session.begin_nested():
            household = _register(sending, [each for each in left if not each.outside])
            slips = [_tally(sending, each) for each in left if each.outside and not each.child.arriving]
    except _AlreadyOnFileError as met:
        draft.put_aside({met.number: Met(met.child_id, by_number=True)})
        return False
    except arriving.TransferEndedError:
        return False
    draft.end(household.id if household else None, slips)
    return True


def _tally(sending: _Sending, each: Classified) -> dict[str, object]:
    return outside.tally(sending.viewer, each, sending.intake.family.area_code, sending.on)


def _register(sending: _Sending, those: list[Classified]) -> Household | None:
    if not those:
        return None
    household = _household(sending)
    db.session.add(household)
    db.session.flush()
    made: list[UUID] = []
    for each in those:
        made.append(_child(sending, household, each, made))
    following.changed(sending.viewer, made)
    audit.record(
        "household_registered",
        viewer=sending.viewer,
        children=made,
        household=household.id,
        notice=sending.intake.given["version"],
    )
    return household


def _household(sending: _Sending) -> Household:
    family = sending.intake.family
    return Household(
        area_code=family.area_code,
        block_id=UUID(family.block_id) if family.block_id else None,
        address=family.address,
        address_answer=family.address_answer,
        registered_on=sending.on,
        office_id=sending.viewer.office_id,
        sop_version=in_force(sending.on).version,
        guardians=[_guardian(position, each) for position, each in enumerate(family.guardians, 1)],
        notices=[_notice(sending)],
    )


def _guardian(position: int, told: GuardianAnswers) -> Guardian:
    return Guardian(
        position=position,
        name=told.name,
        name_answer=told.name_answer,
        pinyin=romanise(told.name) if told.name else None,
        phone=told.phone_digits or told.phone,
        phone_answer=told.phone_answer,
        lives_here=told.lives_here == "yes",
        lives_here_answer=told.lives_here,
    )


def _notice(sending: _Sending) -> NoticeGiven:
    given = sending.intake.given
    return NoticeGiven(
        notice_version=given["version"],
        language=given["language"],
        answer=given["answer"],
        given_at=sending.draft.began_at,
        given_by=sending.viewer.user_id,
    )


def _child(sending: _Sending, household: Household, each: Classified, siblings: list[UUID]) -> UUID:
    place = _place(sending, household)
    if each.child.arriving is not None:
        arriving.arrive(sending.viewer, each, place, sending.on)
        child_id = each.child.arriving.child_id
    else:
        child_id = _new_file(sending, place, each, siblings)
    _refer(sending, each, child_id)
    return child_id


def _new_file(sending: _Sending, place: children.Place, each: Classified, siblings: list[UUID]) -> UUID:
    family = sending.intake.family
    try:
        made = children.register_child(sending.viewer, _new(each, family), place, each.classification, sending.on)
    except children.SameChildError as met:
        raise _AlreadyOnFileError(each.number, met.child_id) from met
    raise_for_new(sending.viewer, made, particulars(each.child, family), family.area_code, siblings=siblings)
    return made.child_id


def _refer(sending: _Sending, each: Classified, child_id: UUID) -> None:
    """Send the chosen proposals; what was asked before a child arrived ended with its arrival."""
    child, area_code = each.child, sending.intake.family.area_code
    for proposed in referrals.proposals(child.birth, child.school, child.certificate, area_code, sending.on):
        code = proposed.service.code
        chosen = proposed.office is not None and chosen_as(each.number, code) in sending.chosen
        if chosen:
            referrals.send(sending.viewer, child_id, code, proposed.reasons, area_code, sending.on)


def _new(each: Classified, family: FamilyAnswers) -> children.NewChild:
    child: ChildAnswers = each.child
    return children.NewChild(
        name=child.name,
        birth=child.birth,
        sex=child.sex,
        id_number=child.id_number,
        id_number_answer=child.id_answer,
        ethnic=family.ethnic,
        hukou_code=each.hukou_code,
        hukou_answer=each.hukou_answer,
        certificate=child.certificate,
        school=child.school,
    )


def _place(sending: _Sending, household: Household) -> children.Place:
    family = sending.intake.family
    relations = zip(household.guardians, family.guardians, strict=True)
    return children.Place(
        household_id=household.id,
        area_code=family.area_code,
        block_id=household.block_id,
        side=sending.intake.side,
        arrived=family.arrived,
        circumstances=family.circumstances,
        source="home_visit",
        guardians=tuple((row.id, told.relation) for row, told in relations),
        phones=phones(family.guardians),
    )
