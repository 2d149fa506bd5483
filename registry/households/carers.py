"""Verbs of the adults of a household: who answers or cares for a child, where they live and where they work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from registry.children import guardianships, together
from registry.children.correcting import Why
from registry.children.history import record_change
from registry.children.queries import present_episode
from registry.database import db
from registry.households import moving
from registry.households.models import Guardian
from registry.names import romanise

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from registry.access import Viewer
    from registry.children.models import Child, Guardianship

TOLD: Final = "guardian"  # the reason, in a history, of what a family told at a later visit
OF_PLACE: Final = ("lives_here", "address", "workplace")
OF_ADULT: Final = ("name", "name_answer", "phone", "phone_answer", *OF_PLACE)
OF_CARE: Final = ("care", "relation")


@dataclass(frozen=True)
class CarerAnswers:
    """One adult. `care`: guardian, entrusted or actual. `relation`: GB/T 4761 code, unknown or refused.

    `lives_here`: yes, no, unknown or refused. `phone`: as `sop.identity.normalise_phone` returns it. `workplace`:
    12-digit area. Answers beside a value as in `answers.GuardianAnswers`; "" says that nobody answered.
    """

    care: str
    relation: str
    name: str | None
    name_answer: str
    phone: str | None
    phone_answer: str
    lives_here: str
    address: str | None
    workplace: str | None


def told_of(one: Guardianship, viewer: Viewer) -> CarerAnswers:
    """Return what is known of an adult and of what they are to the child."""
    adult = one.guardian
    return CarerAnswers(
        care=one.care,
        relation=one.relation,
        name=adult.name.open(viewer),
        name_answer=adult.name_answer,
        phone=adult.phone.open(viewer),
        phone_answer=adult.phone_answer,
        lives_here=adult.lives_here_answer,
        address=adult.address.open(viewer),
        workplace=adult.workplace.open(viewer),
    )


def add(viewer: Viewer, children: Iterable[Child], told: CarerAnswers, on: date) -> None:
    """Make a new adult of the household, who is the same to all these children of it.

    Whoever calls has checked that the viewer may change these files. The first one's household takes the adult.
    """
    files = list(children)
    home = present_episode(files[0]).household_id
    last = db.session.scalar(select(func.max(Guardian.position)).where(Guardian.household_id == home)) or 0
    adult = Guardian(
        household_id=home,
        position=last + 1,
        name=told.name,
        name_answer=told.name_answer,
        pinyin=romanise(told.name) if told.name else None,
        phone=told.phone,
        phone_answer=told.phone_answer,
    )
    _place(adult, told)
    db.session.add(adult)
    db.session.flush()
    link(viewer, files, adult.id, told, on)


def link(viewer: Viewer, children: Iterable[Child], adult_id: UUID, told: CarerAnswers, on: date) -> None:
    """Let an adult of the household be to these children what is told; nothing else about the adult changes."""
    for child in children:
        guardianships.begin(viewer, child.id, adult_id, told.relation, told.care)
        guardianships.settle(viewer, child, on)


def change(viewer: Viewer, child: Child, one: Guardianship, fields: dict[str, str | None], on: date) -> None:
    """Let these fields of an adult, or of what they are to the child, be what is told now.

    An adult is the same for all children of the household: the history of each of them keeps it.
    """
    before, adult = told_of(one, viewer), one.guardian
    after = replace(before, **fields)  # type: ignore[arg-type]  # the names are fields of it
    for name in ("name", "phone"):
        told = getattr(after, name) or getattr(after, f"{name}_answer")
        if told:
            moving.correct_guardian(viewer, adult, name, told, Why(TOLD))
    _place(adult, after)
    adult.version += 1
    db.session.flush()
    files = together.children_of_guardian(adult.id)
    for file in files:
        for name in OF_PLACE:
            was, now = getattr(before, name), getattr(after, name)
            record_change(viewer, file.id, "guardian", adult.id, f"guardian_{name}", was, now, TOLD)
    if any(name in fields for name in OF_CARE):
        guardianships.begin(viewer, child.id, adult.id, after.relation, after.care)
    for file in files:
        guardianships.settle(viewer, file, on)


def _place(adult: Guardian, told: CarerAnswers) -> None:
    adult.lives_here, adult.lives_here_answer = told.lives_here == "yes", told.lives_here
    adult.address, adult.workplace = told.address, told.workplace
