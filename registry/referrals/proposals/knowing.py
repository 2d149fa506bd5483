"""What the rules of referrals look at, gathered for many children in a constant number of statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import current_app

from registry.children import known
from registry.children.queries import kept_by_id
from registry.jobs.service import Reader
from sop.referral import QUESTIONS, Facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from uuid import UUID

    from flask import Flask

    from registry.children.known import Known
    from sop.version import Sop

    Vaccinated = tuple[str, bool]

VACCINATED: Final = "how_children_are_vaccinated"
NOT_RECORDED: Final = ("not_recorded", False)
# Rules look, and not the one who happens to save or to open a page: what they open, nobody is shown.
READER: Final = Reader(
    known.FIELDS | {"referral.confidential", "proposal.confidential", "referral_step.reason"},
)


def vaccinated_by(app: Flask, read: Callable[[Iterable[UUID]], dict[UUID, Vaccinated]]) -> None:
    """Let `read(child_ids)` say how children stand with their vaccines: the room that knows stands above this one.

    It returns by child the state over all courses, and whether a dose has been overdue for long; one statement.
    """
    app.extensions[VACCINATED] = read


def facts_of(sop: Sop, files: Mapping[UUID, UUID]) -> dict[UUID, tuple[str, Facts]]:
    """Return by child on the register its 12-digit area, and what the rules look at. Five statements.

    `files` as `children.merging.files_of` returns it; who is not worked on is left out.
    """
    questions = [each for each in sop.questions if each.key in QUESTIONS]
    those = known.known_of(files, questions, READER)
    vaccinated: dict[UUID, Vaccinated] = current_app.extensions[VACCINATED](those)
    return {key: (one.area_code, _facts(one, vaccinated.get(key, NOT_RECORDED))) for key, one in those.items()}


def immunised(child_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return by child how it stands over all courses, whichever of its files is asked about; two statements.

    What was never reckoned is not recorded. Knows nothing of scope.
    """
    kept = {key: one.id for key, one in kept_by_id(child_ids).items()}
    states: dict[UUID, Vaccinated] = current_app.extensions[VACCINATED](kept.values())
    return {key: states.get(file, NOT_RECORDED)[0] for key, file in kept.items()}


def _facts(one: Known, vaccinated: Vaccinated) -> Facts:
    return Facts(
        birth=one.birth,
        area=one.area_code,
        school=one.school,
        certificate=one.certificate,
        immunisation=vaccinated[0],
        long_overdue=vaccinated[1],
        arrived=one.arrived.latest if one.arrived else None,
        answers=one.answers,
    )
